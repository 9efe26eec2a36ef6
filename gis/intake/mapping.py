"""What the columns and values of a delivery mean in the layer: read from a TOML file."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast  # TOML is untyped until it is checked here

from gis.intake.entries import KERNEL, LISTS, SETTINGS, TABLES, VALID_FROM, VALID_TO, check_entries, of_kind, wanted_of
from gis.intake.errors import MappingError, NoSuchColumnError, NoSuchFileError
from gis.schema import stored_columns
from layers.model import Kind, Layer

OTHERWISE = "*"
"""In a table of values: every value that is not named."""

Plain = str | int | float | bool | dt.date


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
            "values": {name: _jsonable(table) for name, table in self.values.items()},
            "constants": _jsonable(self.constants),
            "defaults": _jsonable(self.defaults),
            "only": {name: [_plain(value) for value in values] for name, values in self.only.items()},
            "ignored": list(self.ignored),
            "lenient": list(self.lenient),
            "scale": dict(self.scale),
        }
        return {name: part for name, part in parts.items() if part}


def _jsonable(values: Table[str, Plain]) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Plain) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def mapping_file(path: Path) -> dict[str, Any]:
    """Return the tables of a mapping file, each entry of the kind it has to be.

    Raises
    ------
    NoSuchFileError, MappingError
        When it is not there, no TOML, or has an entry that cannot be.
    """
    if not path.is_file():
        raise NoSuchFileError(path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise MappingError(path.name, str(error)) from error
    check_entries(tables, path.name)
    return tables


def mapping(tables: dict[str, Any], layer: Layer, name: str) -> Mapping:
    """Return what a mapping file says about one layer.

    A file that speaks of several layers has one table of the layer's name for each.

    Raises
    ------
    MappingError, NoSuchColumnError
        When it says something that the layer cannot hold.
    """
    said = _said(tables, layer, name)
    kernel = {column: said[column] for column in KERNEL if column in said}
    crs = said.get("crs")
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
        crs=f"EPSG:{crs}" if isinstance(crs, int) else crs,
        encoding=said.get("encoding"),
        source_layer=said.get("source_layer"),
    )
    return fitted(made, layer, name)


def _said(tables: dict[str, Any], layer: Layer, name: str) -> dict[str, Any]:
    """Return what a file says of a layer: its own table with what it says of all, or the file itself."""
    shared = {key: value for key, value in tables.items() if key in SETTINGS | {*KERNEL} | LISTS}
    own: object = tables.get(layer.name, tables if "columns" in tables or "constants" in tables else None)
    if not isinstance(own, dict):
        raise MappingError(name, f"it says nothing about layer {layer.name!r}")
    if own is not tables and (beside := sorted(TABLES & set(tables))):
        raise MappingError(name, f"[{beside[0]}] stands beside [{layer.name}]; write it as [{layer.name}.{beside[0]}]")
    said: dict[str, Any] = shared | cast("dict[str, Any]", own)
    if said.get("layer", layer.name) != layer.name:
        raise MappingError(name, f"it is for layer {said['layer']!r}, not for {layer.name!r}")
    return said


def _strings(given: object) -> tuple[str, ...]:
    """Return one or several values as Arrow writes them."""
    each = cast("list[object]", given if isinstance(given, (list, tuple)) else [given])
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in each)


def fitted(made: Mapping, layer: Layer, name: str) -> Mapping:
    """Return a mapping with its constants and defaults as the layer holds them.

    Raises
    ------
    MappingError, NoSuchColumnError
        When it says something that the layer cannot hold.
    """
    _check_columns(made, layer, name)
    constants = _typed("constants", made.constants, layer, name)
    begins, ends = constants.get(VALID_FROM), constants.get(VALID_TO)
    if isinstance(begins, dt.date) and isinstance(ends, dt.date) and ends < begins:
        raise MappingError(name, f"{VALID_TO}, {ends}, is before {VALID_FROM}, {begins}")
    return replace(
        made,
        constants=constants,
        defaults=_typed("defaults", made.defaults, layer, name),
    )


def _typed(table: str, given: Table[str, Plain], layer: Layer, name: str) -> dict[str, Plain]:
    typed: dict[str, Plain] = {}
    for column in stored_columns(layer):
        if column.name not in given:
            continue
        value = of_kind(given[column.name], column)
        if value is None:
            place = column.name if table == "constants" and column.name in KERNEL else f"{table}.{column.name}"
            raise MappingError(name, f"{place} is {wanted_of(column)}, not {given[column.name]!r}")
        if isinstance(value, str) and len(value) > (longest := layer.longest_text(column.name)):
            raise MappingError(name, f"{column.name} has {len(value):,} letters, and may have {longest:,}")
        typed[column.name] = value
    return typed


def _check_columns(made: Mapping, layer: Layer, name: str) -> None:
    known = ["uid", *(column.name for column in stored_columns(layer) if column.name != "delivery")]
    for column in (*made.columns, *made.values, *made.constants, *made.defaults, *made.lenient, *made.scale):
        if column not in known:
            raise NoSuchColumnError(column, f"Layer {layer.name!r}, of which {name!r} speaks,", known)
    if "uid" in {*made.constants, *made.defaults}:
        raise MappingError(name, "uid is the name of one feature, so all cannot have the same; map a column to it")
    kinds = {column.name: column.kind for column in stored_columns(layer)}
    for column in made.scale:
        if kinds.get(column) not in {Kind.INTEGER, Kind.NUMBER}:
            raise MappingError(name, f"scale.{column} multiplies numbers, and {column} holds none")
    if twice := set(made.columns) & set(made.constants):
        raise MappingError(name, f"columns and constants both fill {', '.join(sorted(twice))}")
    for column in stored_columns(layer):
        codes = column.codes.values if column.codes else None
        for value in made.values.get(column.name, {}).values():
            if codes is not None and str(value) not in {"", *codes}:
                raise MappingError(
                    name, f"values.{column.name}: {value!r} is no code of {column.name!r}; it is {wanted_of(column)}"
                )


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
