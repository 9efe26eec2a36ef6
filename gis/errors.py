"""The base of every refusal.

A refusal is a class that writes its own sentence: what was given, and what would have been right. Each room keeps its
own beside the code that raises them, those of several rooms stand here; the shell prints the sentence, the service
answers it as problem+json.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_TWO_MARKS = re.compile(r"([.!?…])\s*\.$")
_MOST_LISTED, _SOME = 20, 8


class QuyhoachError(Exception):
    """Say in one sentence, fit for a planner's eyes, what was refused and what would have been right.

    It ends in one mark, also where what it quotes, such as the reason a library gives, ends in one of its own.
    """

    def __init__(self, sentence: str = "") -> None:
        super().__init__(_TWO_MARKS.sub(r"\1", sentence))


def nearest_of(name: str, known: Sequence[str]) -> str:
    """Return what would have been right: the nearest of the known names, or all of them, where they are many some."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"the nearest is {near[0]}"
    if len(known) == 1:
        return f"there is {known[0]} alone"
    if len(known) > _MOST_LISTED:
        return f"there are {len(known)}, such as {', '.join(known[:_SOME])}"
    return f"there are {', '.join(known)}"


class UnknownLayerError(QuyhoachError):
    """There is no layer, or group of layers, of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name.lower(), names, n=1, cutoff=0.5)
        hint = f"the nearest name is {near[0]}" if near else f"there are {', '.join(names)}"
        super().__init__(f"There is no layer {name[:60]!r}; {hint}.")
