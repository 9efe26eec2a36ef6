"""What is wrong with an outline that is no proper area, and where."""

from __future__ import annotations

import re

import shapely
from shapely.geometry.base import BaseGeometry

_WHERE = re.compile(r"^(.*?)\[(\S+) (\S+)\]$")


def invalid(outline: BaseGeometry) -> str:
    """Return what is wrong with an outline in longitude and latitude, as the end of a sentence about it."""
    reason = shapely.is_valid_reason(outline)
    where = _WHERE.match(reason)
    if where is None:
        return f"is not valid: {reason}"
    what = "crosses or touches itself" if "elf-intersection" in where[1] else f"is not valid ({where[1]})"
    return f"{what} at longitude {float(where[2]):.6f}, latitude {float(where[3]):.6f}"
