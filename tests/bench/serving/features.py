"""What a tile holds, read by a library that knows nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import mapbox_vector_tile
from mapbox_vector_tile.Mapbox import vector_tile_pb2
from shapely.geometry import box, shape

EXTENT = 4096
_SQUARE = box(0, 0, EXTENT, EXTENT)
# A peer that does not look beyond the tile's edge misses what only touches it there; so does rounding to whole units.
_INSIDE = box(1, 1, EXTENT - 1, EXTENT - 1)


def inside(body: bytes) -> int:
    """Count the features of a tile that reach into it, those in its margin alone left out."""
    return sum(shape(one["geometry"]).intersects(_INSIDE) for one in features(body))


def area_units(body: bytes) -> float:
    """Return the area that the features of a tile cover inside it, in square units of the tile."""
    shapes = (shape(one["geometry"]).buffer(0) for one in features(body))
    return sum(one.intersection(_SQUARE).area for one in shapes)


def features(body: bytes) -> Sequence[Mapping[str, Any]]:  # Any: the library says no more
    """Return the features of every layer of a tile."""
    if not body:
        return []
    layers = cast(Mapping[str, Mapping[str, Any]], mapbox_vector_tile.decode(body))
    return [one for layer in layers.values() for one in layer["features"]]


def values_of(body: bytes, column: str) -> dict[int, str | None]:
    """Return the text of one attribute by feature id, geometries left unread: quick also for a large tile."""
    read = vector_tile_pb2.tile()
    read.ParseFromString(body)
    found: dict[int, str | None] = {}
    for layer in read.layers:
        keys = list(layer.keys)
        wanted = keys.index(column) if column in keys else -1
        for feature in layer.features:
            tags = feature.tags
            places = (tags[n + 1] for n in range(0, len(tags), 2) if tags[n] == wanted)
            place = next(places, None)
            found[feature.id] = None if place is None else layer.values[place].string_value
    return found
