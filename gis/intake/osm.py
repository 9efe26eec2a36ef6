"""OpenStreetMap files: objects chosen by their tags become rows, with those tags as columns; a mapping says which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # pyosmium's objects are views on its own memory

import osmium as pyosmium
import pyarrow as pa
import shapely

from gis.intake.errors import DamagedFileError, IntakeError, MappingError
from gis.intake.formats import Delivered
from gis.intake.source import GEOMETRY, Noticed, Source
from layers.model import Layer

osmium: Any = pyosmium
"""Its objects are one of five kinds, told apart by asking them."""
OSM_ID = "osm_id"
_BATCH_ROWS = 4_096
_POLYGONS = "multipolygon"
_KINDS = frozenset({"node", "way", "area", "route"})

Wanted = Mapping[str, frozenset[str]]
"""Tag -> its values that are meant; none named means any."""


class NoObjectsError(IntakeError):
    """A mapping that does not say which objects of OpenStreetMap are of the layer."""

    def __init__(self, layer: Layer, known: Sequence[str]) -> None:
        able = f"it does for: {', '.join(known)}" if known else "without --map the one that comes with it is used"
        super().__init__(f"The mapping does not say which OpenStreetMap objects are of layer {layer.name!r}; {able}.")


@dataclass(frozen=True, slots=True)
class Rules:
    """Which objects are of a layer, and which of their tags are read."""

    objects: frozenset[str]
    any_of: Wanted
    none_of: Wanted
    tags: tuple[str, ...]

    def fit(self, tags: Any) -> bool:
        """Say whether an object with these tags is of the layer."""
        return _meets(tags, self.any_of) and not _meets(tags, self.none_of)


def _meets(tags: Any, wanted: Wanted) -> bool:
    for tag, values in wanted.items():
        value = tags.get(tag)
        if value is not None and (not values or value in values):
            return True
    return False


def rules(tables: dict[str, Any], layer: Layer) -> Rules:
    """Return what the mapping file says of a layer's objects in OpenStreetMap.

    Raises
    ------
    NoObjectsError, MappingError
        When it says nothing, or something that cannot be.
    """
    own = tables.get(layer.name, tables)
    said: dict[str, Any] | None = own.get("osm") if isinstance(own, dict) else None
    if said is None:
        known = [name for name, table in tables.items() if isinstance(table, dict) and "osm" in table]
        raise NoObjectsError(layer, known)
    objects = frozenset(_listed(said.get("objects", [])))
    if not objects or objects - _KINDS:
        raise MappingError(layer.name, f"osm.objects lists some of {', '.join(sorted(_KINDS))}")
    columns: dict[str, Any] = own.get("columns", {})
    sources = {each for given in columns.values() for each in (given if isinstance(given, list) else [given])}
    any_of, none_of = _wanted(said.get("any", {})), _wanted(said.get("none", {}))
    tags = {*sources, *own.get("only", {}), *any_of} - {OSM_ID}
    return Rules(objects, any_of, none_of, tuple(sorted(tags)))


def _wanted(table: dict[str, Any]) -> Wanted:
    return {tag: frozenset() if values is True else frozenset(_listed(values)) for tag, values in table.items()}


def _listed(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def opened(delivered: Delivered, chosen: Rules, *, named: Path) -> Source:
    """Open an OpenStreetMap file; its rows are the objects the rules choose, the others that have tags are counted."""
    noticed = Noticed()

    def batches() -> Iterator[pa.RecordBatch]:
        rows = _Rows(chosen.tags)
        try:
            for name, tags, shape in _objects(delivered.path, chosen, noticed):
                rows.add(name, tags, shape)
                if len(rows) == _BATCH_ROWS:
                    yield rows.batch()
        except (RuntimeError, osmium.InvalidLocationError) as error:
            raise DamagedFileError(named, str(error)) from error
        yield rows.batch()

    columns = (OSM_ID, *chosen.tags)
    return Source(named, delivered.format.value, columns, "EPSG:4326", None, batches, noticed)


class _Rows:
    def __init__(self, tags: tuple[str, ...]) -> None:
        self._tags = tags
        self._values: list[tuple[str | None, ...]] = []
        self._shapes: list[bytes | None] = []

    def __len__(self) -> int:
        return len(self._values)

    def add(self, name: str, tags: Mapping[str, str], shape: bytes | None) -> None:
        self._values.append((name, *(tags.get(tag) for tag in self._tags)))
        self._shapes.append(shape)

    def batch(self) -> pa.RecordBatch:
        names = [OSM_ID, *self._tags]
        columns = list(zip(*self._values, strict=True)) or [()] * len(names)
        arrays: list[Any] = [pa.array(column, pa.string()) for column in columns]
        arrays.append(pa.array(self._shapes, pa.binary()))
        self._values, self._shapes = [], []
        return pa.RecordBatch.from_arrays(arrays, names=[*names, GEOMETRY])


_Object = tuple[str, Mapping[str, str], bytes | None]


def _objects(path: Path, chosen: Rules, noticed: Noticed) -> Iterator[_Object]:
    if "route" in chosen.objects:
        yield from _routes(path, chosen, noticed)
    if chosen.objects - {"route"}:
        yield from _mapped(path, chosen, noticed)


def _mapped(path: Path, chosen: Rules, noticed: Noticed) -> Iterator[_Object]:
    """Yield nodes, ways and areas; a way or relation whose area cannot be put together has no geometry."""
    factory = osmium.geom.WKBFactory()
    awaited: dict[str, dict[str, str]] = {}
    for each in osmium.FileProcessor(str(path)).with_areas().with_filter(osmium.filter.EmptyTagFilter()):
        fits = chosen.fit(each.tags)
        if each.is_area():
            if fits and "area" in chosen.objects:
                name = f"{'way' if each.from_way() else 'relation'}/{each.orig_id()}"
                awaited.pop(name, None)
                yield name, dict(each.tags), bytes.fromhex(factory.create_multipolygon(each))
        elif fits and _waits_for_area(each, chosen):
            awaited[f"{'way' if each.is_way() else 'relation'}/{each.id}"] = dict(each.tags)
        elif fits and each.is_way():
            yield f"way/{each.id}", dict(each.tags), _line(factory, each)
        elif fits and each.is_node() and "node" in chosen.objects:
            yield f"node/{each.id}", dict(each.tags), bytes.fromhex(factory.create_point(each))
        elif not (each.is_relation() and "route" in chosen.objects):
            noticed.left_out += 1
    for name, tags in awaited.items():
        yield name, tags, None


def _waits_for_area(each: Any, chosen: Rules) -> bool:
    if "area" not in chosen.objects or each.is_node():
        return False
    return each.is_closed() and each.tags.get("area") != "no" if each.is_way() else each.tags.get("type") == _POLYGONS


def _line(factory: Any, way: Any) -> bytes | None:
    try:
        return bytes.fromhex(factory.create_linestring(way))
    except (osmium.InvalidLocationError, RuntimeError):
        return None


def _routes(path: Path, chosen: Rules, noticed: Noticed) -> Iterator[_Object]:
    """Yield route relations as the lines of their ways, in the order of the relation; stops are no part of the path."""
    found: dict[int, tuple[dict[str, str], list[int]]] = {}
    for each in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        if each.tags.get("type") == "route" and chosen.fit(each.tags):
            members = [member.ref for member in each.members if member.type == "w" and "platform" not in member.role]
            found[each.id] = dict(each.tags), members
        elif len(each.tags):
            noticed.left_out += 1
    needed = {way for _, members in found.values() for way in members}
    factory = osmium.geom.WKBFactory()
    lines: dict[int, shapely.LineString] = {}
    for each in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations():
        if each.is_way() and each.id in needed and (wkb := _line(factory, each)):
            lines[each.id] = shapely.LineString(shapely.get_coordinates(shapely.from_wkb(wkb)))
    for number, (tags, members) in found.items():
        parts = [lines[member] for member in members if member in lines]
        yield f"relation/{number}", tags, shapely.MultiLineString(parts).wkb if parts else None
