"""What the columns and values of a delivery mean in the layer: read from a TOML file."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast  # TOML is untyped until it is checked here

from gis.intake.errors import MappingError, NoSuchColumnError, NoSuchFileError
from gis.schema import stored_columns
from layers.model import Layer

OTHERWISE = "*"
"""In a table of values: every value that is not named."""

Plain = str | int | float | bool | dt.date
_SETTINGS = frozenset({"layer", "crs", "encoding", "source_layer", "decimal"})
_KERNEL = ("source", "source_document", "source_date", "quality", "valid_from", "valid_to")
_LISTS = frozenset({"ignored", "lenient"})
_TABLES = frozenset({"columns", "values", "constants", "defaults", "only", "osm", "scale"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a delivery becomes rows of a layer.

    Parameters
    ----------
    columns
        Layer column -> source columns; the first that says something counts.
    values
        Layer column -> value as delivered -> value as stored. "Phường *" stands for every value that begins so, "*" for
        every other one; "" as the stored value means unknown.
    constants, defaults
        What every row gets, and what a row gets whose source column is empty.
    only
        Source column -> the values that are meant (empty: any); other rows of the file are left out and counted.
    ignored
        Source columns that are known and not loaded.
    lenient
        Layer columns in which a value that cannot be read becomes unknown, and is counted, instead of refusing its row.
    scale
        Layer column -> what its numbers are multiplied by to be in the unit of the layer.
    decimal
        The decimal mark of numbers written as text.
    """

    columns: Table[str, tuple[str, ...]]
    values: Table[str, Table[str, Plain]] = field(default_factory=dict[str, dict[str, Plain]])
    constants: Table[str, Plain] = field(default_factory=dict[str, Plain])
    defaults: Table[str, Plain] = field(default_factory=dict[str, Plain])
    only: Table[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    ignored: tuple[str, ...] = ()
    lenient: tuple[str, ...] = ()
    scale: Table[str, float] = field(default_factory=dict[str, float])
    decimal: str = "."
    crs: str | None = None
    encoding: str | None = None
    source_layer: str | None = None

    def described(self) -> dict[str, object]:
        """Return it as it stands in the register of deliveries."""
        parts = {
            "columns": {name: list(sources) for name, sources in self.columns.items()},
            "values": {name: dict(table) for name, table in self.values.items()},
            "constants": _jsonable(self.constants),
            "defaults": _jsonable(self.defaults),
            "only": {name: list(values) for name, values in self.only.items()},
            "ignored": list(self.ignored),
            "lenient": list(self.lenient),
            "scale": dict(self.scale),
        }
        return {name: part for name, part in parts.items() if part}


def _jsonable(values: Table[str, Plain]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def mapping_file(path: Path) -> dict[str, Any]:
    """Return the tables of a mapping file.

    Raises
    ------
    NoSuchFileError, MappingError
        When it is not there, or no TOML.
    """
    if not path.is_file():
        raise NoSuchFileError(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(path.name, str(error)) from error


def mapping(tables: dict[str, Any], layer: Layer, name: str) -> Mapping:
    """Return what a mapping file says about one layer.

    A file that speaks of several layers has one table of the layer's name for each.

    Raises
    ------
    MappingError, NoSuchColumnError
        When it says something that the layer cannot hold.
    """
    shared = {key: value for key, value in tables.items() if key in _SETTINGS | {*_KERNEL} | _LISTS}
    own: object = tables.get(layer.name, tables if "columns" in tables or "constants" in tables else None)
    if not isinstance(own, dict):
        raise MappingError(name, f"it says nothing about layer {layer.name!r}")
    said: dict[str, Any] = shared | cast("dict[str, Any]", own)
    if said.get("layer", layer.name) != layer.name:
        raise MappingError(name, f"it is for layer {said['layer']!r}, not for {layer.name!r}")
    if unknown := set(said) - _SETTINGS - {*_KERNEL} - _LISTS - _TABLES - _other_layers(said):
        raise MappingError(name, f"it has the unknown entries {', '.join(sorted(unknown))}")
    kernel = {column: said[column] for column in _KERNEL if column in said}
    made = Mapping(
        columns={column: _strings(sources) for column, sources in said.get("columns", {}).items()},
        values={
            column: {str(old): new for old, new in table.items()} for column, table in said.get("values", {}).items()
        },
        constants={**kernel, **said.get("constants", {})},
        defaults=said.get("defaults", {}),
        only={column: () if values is True else _strings(values) for column, values in said.get("only", {}).items()},
        ignored=_strings(said.get("ignored", ())),
        lenient=_strings(said.get("lenient", ())),
        scale={column: float(factor) for column, factor in said.get("scale", {}).items()},
        decimal=said.get("decimal", "."),
        crs=said.get("crs"),
        encoding=said.get("encoding"),
        source_layer=said.get("source_layer"),
    )
    if made.decimal not in {".", ","}:
        raise MappingError(name, f'decimal is "." or ",", not {made.decimal!r}')
    _check_columns(made, layer, name)
    return made


def _other_layers(said: dict[str, Any]) -> set[str]:
    return {key for key, value in said.items() if isinstance(value, dict) and key not in _TABLES}


def _strings(given: object) -> tuple[str, ...]:
    if isinstance(given, (list, tuple)):
        return tuple(str(each) for each in cast("list[object]", given))
    return (str(given),)


def _check_columns(made: Mapping, layer: Layer, name: str) -> None:
    known = ["uid", *(column.name for column in stored_columns(layer) if column.name != "delivery")]
    for column in (*made.columns, *made.values, *made.constants, *made.defaults, *made.lenient, *made.scale):
        if column not in known:
            raise NoSuchColumnError(column, f"Layer {layer.name!r}, of which {name!r} speaks,", known)
    if twice := set(made.columns) & set(made.constants):
        raise MappingError(name, f"columns and constants both fill {', '.join(sorted(twice))}")
    for column in stored_columns(layer):
        codes = column.codes.values if column.codes else None
        for value in made.values.get(column.name, {}).values():
            if codes is not None and str(value) not in {"", *codes}:
                raise MappingError(name, f"{value!r} is no code of {column.name!r}")


def check_source(made: Mapping, columns: tuple[str, ...], where: str) -> None:
    """Refuse a mapping that speaks of columns the delivery does not have.

    Raises
    ------
    NoSuchColumnError
        When it does; the nearest column is offered.
    """
    for source in (*(source for sources in made.columns.values() for source in sources), *made.only):
        if source not in columns:
            raise NoSuchColumnError(source, where, columns)
