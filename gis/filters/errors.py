"""Why a filter is refused."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from gis.errors import QuyhoachError


class FilterError(QuyhoachError):
    """A filter that cannot be answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The filter is refused: {reason}{'' if reason.endswith('?') else '.'}")


class FilterSyntaxError(FilterError):
    """Text that is no CQL2."""

    def __init__(self, language: str, reason: str) -> None:
        super().__init__(f"it is not {language}: {' '.join(reason.split())[:300]}")


class FilterBoundError(FilterError):
    """A filter that is larger than what is answered."""

    def __init__(self, what: str, given: int, most: int) -> None:
        super().__init__(f"it has {given} {what}; at most {most} are taken")


class UnknownPropertyError(FilterError):
    """A property that a layer does not have, or does not show."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = list(known)
        near = get_close_matches(name.lower(), names, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        super().__init__(f"there is no property {name[:60]!r}; {hint}")


class FilterTypeError(FilterError):
    """Things that cannot be held against one another."""


class UnknownOperatorError(FilterError):
    """An operator or a function that is not understood."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name.lower(), names, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        super().__init__(f"{name[:60]} is not understood; {hint}")


class LiteralError(FilterError):
    """A value that is not what it says it is."""
