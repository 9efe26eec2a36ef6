"""What may stand in a mapping file: every entry held against its kind before a word of it is used."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from typing import Any, cast  # TOML is untyped until it is checked here

from gis.intake.errors import MappingError, nearest
from gis.intake.values import date_of, number_of, whole_number_of, yes_no_of
from layers import LAYERS
from layers.model import Column, Kind

SETTINGS = frozenset({"layer", "crs", "encoding", "source_layer", "decimal"})
KERNEL = ("source", "source_document", "source_date", "quality", "valid_from", "valid_to")
VALID_FROM, VALID_TO = KERNEL[-2:]
LISTS = frozenset({"ignored", "lenient"})
TABLES = frozenset({"columns", "values", "constants", "defaults", "only", "osm", "scale"})
_OF_LAYER = SETTINGS | {*KERNEL} | LISTS | TABLES
_TEXT = "a text that is not empty"
_TEXTS = "a text, or a list of texts"
_PLAIN = "a text, a finite number, true or false, or a date"
_TRUE_OR_TEXTS = "true (any value), or a list of texts"
_MEANT = "true (any value), a value, or a list of values"
_FACTOR = "a number other than 0"
_LONGEST_SHOWN = 60
_MOST_CODES = 12
_BEYOND = 2**63


def check_entries(tables: dict[str, Any], name: str) -> None:
    """Refuse a mapping file with an entry that is unknown or of the wrong kind.

    Raises
    ------
    MappingError
        When there is one; it names the entry and says what would be right.
    """
    if not tables:
        raise MappingError(name, "it is empty; it needs at least a table [columns] or [constants]")
    for key, said in tables.items():
        if key not in LAYERS:
            _check_entry(key, key, said, name, [*_OF_LAYER, *LAYERS])
            continue
        for entry, value in _table(key, said, name).items():
            _check_entry(entry, f"{key}.{entry}", value, name, _OF_LAYER)


def _check_entry(entry: str, place: str, said: object, name: str, known: Iterable[str]) -> None:
    if entry not in _OF_LAYER:
        raise MappingError(name, f"it has the unknown entries {place}.{nearest(entry, known)}".rstrip("."))
    if entry == "osm":
        _check_osm(place, _table(place, said, name), name)
    elif entry == "values":
        for column, values in _table(place, said, name).items():
            _check_each(f"{place}.{column}", values, name, _is_plain, _PLAIN)
    elif entry in _OF_TABLES:
        _check_each(place, said, name, *_OF_TABLES[entry])
    else:
        fits, wanted = _SINGLE.get(entry, (_is_plain, _PLAIN))
        _check(place, said, name, fits, wanted)


def _check_osm(place: str, said: dict[str, Any], name: str) -> None:
    if unknown := sorted(set(said) - {"objects", "any", "none"}):
        raise MappingError(name, f"it has the unknown entries {place}.{unknown[0]}; there are objects, any and none")
    _check(f"{place}.objects", said.get("objects", []), name, _is_text_or_texts, _TEXTS)
    for key in ("any", "none"):
        _check_each(f"{place}.{key}", said.get(key, {}), name, _is_true_or_texts, _TRUE_OR_TEXTS)


def _check_each(place: str, said: object, name: str, fits: Callable[[object], bool], wanted: str) -> None:
    for key, value in _table(place, said, name).items():
        _check(f"{place}.{key}", value, name, fits, wanted)


def _check(place: str, said: object, name: str, fits: Callable[[object], bool], wanted: str) -> None:
    if not fits(said):
        raise MappingError(name, f"{place} is {wanted}, not {_shown(said)}")


def _table(place: str, said: object, name: str) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise MappingError(name, f"{place} is a table (written [{place}]), not {_shown(said)}")
    return cast("dict[str, Any]", said)


def _shown(said: object) -> str:
    text = said.isoformat() if isinstance(said, (dt.date, dt.time)) else repr(said)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _is_text(said: object) -> bool:
    return isinstance(said, str) and said.strip() != "" and "\0" not in said


def _is_text_or_texts(said: object) -> bool:
    texts = cast("list[object]", said if isinstance(said, list) else [said])
    return all(map(_is_text, texts))


def _is_source(said: object) -> bool:
    return said != [] and _is_text_or_texts(said)


def _is_true_or_texts(said: object) -> bool:
    return said is True or _is_text_or_texts(said)


def _is_system(said: object) -> bool:
    return _is_text(said) or (isinstance(said, int) and not isinstance(said, bool))


def _is_mark(said: object) -> bool:
    return isinstance(said, str) and said in {".", ","}


def _is_plain(said: object) -> bool:
    if isinstance(said, (int, float)):
        return _is_number(said)
    return isinstance(said, dt.date) or (isinstance(said, str) and "\0" not in said)


def _is_meant(said: object) -> bool:
    if isinstance(said, list):
        return all(map(_is_plain, cast("list[object]", said)))
    return said is not False and _is_plain(said)


def _is_factor(said: object) -> bool:
    return isinstance(said, (int, float)) and not isinstance(said, bool) and _is_number(said) and said != 0


def _is_number(said: float) -> bool:
    return abs(said) < _BEYOND if isinstance(said, int) else math.isfinite(said)


_SINGLE: dict[str, tuple[Callable[[object], bool], str]] = {
    "layer": (_is_text, _TEXT),
    "crs": (_is_system, "a text such as EPSG:5899"),
    "encoding": (_is_text, "the name of a text encoding, such as utf-8 or windows-1258"),
    "source_layer": (_is_text, _TEXT),
    "decimal": (_is_mark, '"." or ","'),
    "ignored": (_is_text_or_texts, _TEXTS),
    "lenient": (_is_text_or_texts, _TEXTS),
}
_OF_TABLES: dict[str, tuple[Callable[[object], bool], str]] = {
    "columns": (_is_source, "a column of the delivery, or a list of some"),
    "constants": (_is_plain, _PLAIN),
    "defaults": (_is_plain, _PLAIN),
    "only": (_is_meant, _MEANT),
    "scale": (_is_factor, _FACTOR),
}


def of_kind(given: object, column: Column) -> str | int | float | bool | dt.date | None:
    """Return a value of a mapping file as a column holds it; None where the column cannot hold it."""
    if column.kind is Kind.TEXT:
        return _text_of(given, column)
    if column.kind is Kind.BOOLEAN:
        return yes_no_of(given)
    if isinstance(given, bool):
        return None
    if column.kind in {Kind.DATE, Kind.TIMESTAMP}:
        return None if isinstance(given, (int, float)) else date_of(given)
    if isinstance(given, dt.date):
        return None
    read = whole_number_of if column.kind is Kind.INTEGER else number_of
    number = read(given, ".", column.unit)
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    return number if number is not None and math.isfinite(number) and low <= number <= high else None


def _text_of(given: object, column: Column) -> str | None:
    text = given.isoformat() if isinstance(given, dt.date) else str(given)
    return text if column.codes is None or text in column.codes.values else None


def wanted_of(column: Column) -> str:
    """Say what a column holds, for a refusal."""
    if column.codes is not None:
        values = column.codes.values
        return f"one of {', '.join(values[:_MOST_CODES])}{' …' if len(values) > _MOST_CODES else ''}"
    words = {
        Kind.TEXT: "a text",
        Kind.INTEGER: "a whole number",
        Kind.NUMBER: "a number",
        Kind.BOOLEAN: "true or false",
    }.get(column.kind, "a date (2026-12-31)")
    bounds = [
        *([f"at least {column.minimum:g}"] if column.minimum is not None else []),
        *([f"at most {column.maximum:g}"] if column.maximum is not None else []),
    ]
    return ", ".join([words, *bounds])
