"""What the drawing code is told of an attribute: what it is called, in which unit, what its codes mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any  # what the drawing code is told is a tree of plain values

from gis.findings import Outcome
from gis.reports.plain import plain
from gis.wording import LANGUAGES, NUMBER, YEAR, unit_in
from layers import LAYERS
from layers.model import Column, Words

_OUTCOMES = {each.value: each.words for each in Outcome}


def pair(words: Words) -> list[str]:
    """Return words as the drawing code takes them."""
    return [plain(words.vi), plain(words.en)]


def described(
    name: str,
    title: Words,
    unit: str | None = None,
    *,
    kind: str = "text",
    values: Mapping[str, Words] | None = None,
) -> dict[str, Any]:
    """Return an attribute as the drawing code takes it; shares are read in per cent, years are no amounts."""
    said: dict[str, Any] = {"title": pair(title), "unit": None, "kind": kind}
    if unit == YEAR:
        said["kind"] = YEAR
    elif unit == NUMBER and name.endswith("share"):
        said["kind"] = "share"
    elif unit is not None and unit != NUMBER:
        said["unit"] = [unit_in(unit, language) for language in LANGUAGES]
    if values is not None:
        said["values"] = {code: pair(words) for code, words in values.items()}
    return said


def declared(name: str, layers: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """Return an attribute as layers declare it, those that are named first; None where none does."""
    if name == "outcome":
        return described(name, Words("Kết luận", "Outcome"), values=_OUTCOMES)
    column = _declared(name, layers)
    if column is None:
        return None
    values = {code.code: code.title for code in column.codes.codes} if column.codes else None
    return described(name, column.title, column.unit, values=values)


def _declared(name: str, layers: tuple[str, ...]) -> Column | None:
    in_order = [*(LAYERS[layer] for layer in layers if layer in LAYERS), *LAYERS.values()]
    return next((column for layer in in_order for column in layer.columns if column.name == name), None)
