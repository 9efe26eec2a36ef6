"""The unique number of a feature as it stands in an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BeforeValidator

_LAST = 2**63 - 1


def _digits(uid: str) -> str:
    if not (uid.isascii() and uid.isdigit()):
        raise ValueError("it is a whole number from 0, in digits")
    return uid


Uid = Annotated[int, Path(ge=0, le=_LAST), BeforeValidator(_digits)]
"""A whole number, in digits alone."""
