"""Text that any document can hold: without the control characters that some formats refuse."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """Return a text without control characters, and without those that turn the direction of reading."""
    return _CONTROL.sub("", text)


def shortened(text: str, most: int) -> str:
    """Return a text, its middle left out where it is longer than it may be."""
    half = most // 2
    return text if len(text) <= most else f"{text[:half]} … {text[-half:]}"
