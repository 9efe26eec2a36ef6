"""The engine: stores, loads, exports, draws and questions the layers of a city. What a notebook needs stands here."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any  # what stands here is of several kinds

if TYPE_CHECKING:
    from gis.asking import ask
    from gis.findings.listed import listed
    from gis.maps import compare, draw, save
    from gis.opening import city, connect

__all__ = ["ask", "city", "compare", "connect", "draw", "listed", "save"]

_ROOMS = {
    "ask": "gis.asking",
    "city": "gis.opening",
    "compare": "gis.maps",
    "connect": "gis.opening",
    "draw": "gis.maps",
    "listed": "gis.findings.listed",
    "save": "gis.maps",
}


def __getattr__(name: str) -> Any:
    """Enter the room of a name when it is first asked for: a small command does not wait for large libraries."""
    if name not in _ROOMS:
        raise AttributeError(f"gis has no {name!r}; it has {', '.join(__all__)}, and its rooms")
    return getattr(importlib.import_module(_ROOMS[name]), name)
