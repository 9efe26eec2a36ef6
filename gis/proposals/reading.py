"""Reading a proposal: a file, GeoJSON, or what a scenario changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any  # attributes of a file are of any kind until they are checked

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.answering import file_named
from gis.db import City
from gis.proposals.checking import checked
from gis.proposals.errors import ProposalError
from gis.proposals.given import Given
from gis.proposals.placing import city_area, refuse_elsewhere
from gis.proposals.proposal import GEOJSON, LAYERS_PROPOSED, Proposal, Proposed
from gis.proposals.scenario import changed
from gis.schema import stored_columns
from layers import LAYERS

_SCENARIO = "scenario:"
_MOST_BYTES = 200 * 1024**2
_MOST_OBJECTS = 20_000
_MOST_VERTICES = 2_000_000
_DIGEST_DIGITS = 16
_LONGEST_NAME = 200
_SHOWN = 60
_TOO_LARGE = "too complex/large"
"""What GDAL says of GeoJSON with one object of too many positions."""
_OF_EXPORTS = frozenset(["uid", "fid", "id", "recorded_at"])
"""What an export, or a program, adds to the columns of a layer."""


def read(city: City, given: str) -> Proposal:
    """Read a proposal.

    Parameters
    ----------
    given : GeoJSON in longitude and latitude, `scenario:NAME`, or the path of a file that GDAL reads. Features belong
        to the layer that `layer` names or that the layer of the file is called; without one their attributes tell.

    Raises
    ------
    ProposalError, FileRefusedError
        When it cannot be read, holds nothing, is too large, lies outside of the city, or has objects that are wrong.
    """
    said = given.strip()
    if said.startswith(_SCENARIO):
        return changed(city, said.removeprefix(_SCENARIO))
    name, digest, objects = _geojson(said) if said.startswith("{") else _file(file_named("proposal", said))
    area = city_area(city)
    refuse_elsewhere(name, objects, area)
    found = checked(name, objects, area)
    if not found:
        raise ProposalError(f"{name} holds no object; give lots (zone), parcels, buildings or facilities.")
    return Proposal(name, digest, found, unread=_unread(objects, found))


def _unread(given: Sequence[Given], found: Sequence[Proposed]) -> tuple[str, ...]:
    """Return the attributes with a value that no column takes up."""
    unread: dict[str, None] = {}
    for object_, each in zip(given, found, strict=True):
        known = {column.name for column in stored_columns(LAYERS[each.layer])} | _OF_EXPORTS
        unread |= {name: None for name, value in object_.values.items() if value is not None and name not in known}
    return tuple(unread)


def _geojson(text: str) -> tuple[str, str, list[Given]]:
    name = GEOJSON
    try:
        said: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise ProposalError(f"The proposal is no GeoJSON: {wrong}.") from wrong
    features = said.get("features") if said.get("type") == "FeatureCollection" else [said]
    if not isinstance(features, list) or len(features) > _MOST_OBJECTS:
        raise ProposalError(f"The proposal has no list of features, or more than {_MOST_OBJECTS:,}.")
    objects = [_feature(place, each) for place, each in enumerate(features, 1)]
    _refuse_large(name, [each.geometry for each in objects if each.geometry is not None])
    to_stored = crs.transformation(crs.LONLAT_SRID).stored
    moved = [replace(each, geometry=_moved(each.geometry, to_stored)) for each in objects]
    return name, sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:_DIGEST_DIGITS], moved


def _feature(place: int, said: Any) -> Given:
    if (
        not isinstance(said, dict)
        or said.get("type") != "Feature"
        or not isinstance(said.get("properties") or {}, dict)
    ):
        raise ProposalError(f"Object {place} of the proposal is no GeoJSON feature.")
    values = dict(said.get("properties") or {})
    geometry = None
    if said.get("geometry") is not None:
        try:
            geometry = shape(said["geometry"])
        except (shapely.errors.GEOSException, ValueError, TypeError, KeyError, IndexError, AttributeError) as wrong:
            raise ProposalError(f"Object {place} of the proposal has a geometry that is none.") from wrong
    return Given(place, str(values.pop("layer", "") or ""), geometry, values, delivered=geometry)


def _file(path: Path) -> tuple[str, str, list[Given]]:
    import pyogrio  # noqa: PLC0415 - GDAL is not loaded by who gives GeoJSON
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415

    if len(path.name) > _LONGEST_NAME or not path.is_file():
        raise ProposalError(f"There is no file {str(path)[:_SHOWN]!r}; give a file, GeoJSON, or scenario:NAME.")
    if path.stat().st_size > _MOST_BYTES:
        raise ProposalError(f"{path.name} is larger than {_MOST_BYTES // 1024**2} MB; a proposal is smaller.")
    try:
        layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        objects = [each for layer in layers for each in _layer(path, layer, alone=len(layers) == 1)]
    except (DataSourceError, DataLayerError, OSError, RuntimeError) as wrong:
        if _TOO_LARGE in str(wrong):
            most = f"a proposal has at most {_MOST_VERTICES:,} vertices"
            raise ProposalError(f"{path.name} holds an object that is too large to be read; {most}.") from wrong
        raise ProposalError(f"{path.name} cannot be read as a file of features: {wrong}.") from wrong
    return path.name, sha256(path.read_bytes()).hexdigest()[:_DIGEST_DIGITS], objects


def _layer(path: Path, layer: str, *, alone: bool) -> Iterator[Given]:
    """Yield the objects of one layer of a file, in EPSG:5899."""
    from pyogrio.raw import read as read_raw  # noqa: PLC0415 - GDAL is not loaded by who gives GeoJSON

    meta, _, written, columns = read_raw(path, layer=layer, max_features=_MOST_OBJECTS + 1)
    if len(columns) and len(columns[0]) > _MOST_OBJECTS:
        raise ProposalError(f"{path.name} has more than {_MOST_OBJECTS:,} objects.")
    if written is None:
        raise ProposalError(f"{path.name}: layer {layer!r} has no geometry.")
    geometries = shapely.from_wkb(written)
    _refuse_large(path.name, list(geometries))
    system = _system(path, layer, meta["crs"])
    moved = crs.transformation(system).stored
    fields = [str(name) for name in meta["fields"]]
    named = layer if layer in LAYERS_PROPOSED or not alone else ""
    for place, geometry in enumerate(geometries, 1):
        values = {name: _plain(column[place - 1]) for name, column in zip(fields, columns, strict=True)}
        named_here = str(values.pop("layer", "") or named)
        yield Given(place, named_here, _moved(geometry, moved), values, geometry, system)


def _system(path: Path, layer: str, declared: str | None) -> CRS:
    if declared is None:
        raise ProposalError(
            f"{path.name}: layer {layer!r} names no coordinate system; save it with the one it is in, for VN-2000 / "
            "TM-3 107-45 EPSG:5899."
        )
    return CRS.from_user_input(declared)


def _refuse_large(name: str, geometries: list[Any]) -> None:
    vertices = int(np.sum(shapely.get_num_coordinates(np.array(geometries, dtype=object))))
    if vertices > _MOST_VERTICES:
        raise ProposalError(f"{name} has {vertices:,} vertices; a proposal has at most {_MOST_VERTICES:,}.")


def _moved(geometry: BaseGeometry | None, move: Any) -> BaseGeometry | None:
    return None if geometry is None or geometry.is_empty else shapely.transform(shapely.force_2d(geometry), move)


def _plain(value: Any) -> Any:
    """Return a value of an array as Python has it; None for what is missing."""
    if value is None or (isinstance(value, (float, np.floating)) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def named_again(given: str, proposal: Proposal) -> str:
    """Return a proposal as it is asked for again; one that was given as text is named by what was in it."""
    return f"geojson:{proposal.digest}" if given.strip().startswith("{") else given.strip()
