"""Numbers as they are written in an address."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def read_number(text: str) -> float | None:
    """Return a number of ASCII digits, infinite where it is larger than can be held; None where the text is none."""
    return float(text) if _WRITTEN.fullmatch(text) else None
