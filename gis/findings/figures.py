"""Figures in words: 2.159,6 in Vietnamese, 2,159.6 in English."""

from __future__ import annotations

from collections.abc import Iterable

from gis.wording import pointed
from layers.model import Words

_DECIMALS = 3


def figure(number: float, language: str, *, decimals: int = _DECIMALS) -> str:
    """Return a number as a language writes it, without zeros that say nothing."""
    written = f"{number:,.{decimals}f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    if written == "-0":
        written = "0"
    return pointed(written, language).replace("-", "−")


def said(vi: str, en: str | None = None, /, **numbers: float | str) -> Words:
    """Return a sentence, or an equation, with its numbers in both languages.

    Parameters
    ----------
    vi, en : the sentence with `{name}` for each number; an equation is the same in both.
    """
    return Words(_filled(vi, "vi", numbers), _filled(en or vi, "en", numbers))


def _filled(text: str, language: str, numbers: dict[str, float | str]) -> str:
    return text.format(
        **{name: each if isinstance(each, str) else figure(each, language) for name, each in numbers.items()}
    )


def known_sum(amounts: Iterable[float | None]) -> float | None:
    """Return the sum of what is known of amounts; None where nothing is."""
    known = [each for each in amounts if each is not None]
    return sum(known) if known else None
