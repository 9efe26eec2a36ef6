"""What a tile holds, read by a library that knows nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import mapbox_vector_tile
from shapely.geometry import box, shape

_EXTENT = 4096
# A peer that does not look beyond the tile's edge misses what only touches it there; so does rounding to whole units.
_INSIDE = box(1, 1, _EXTENT - 1, _EXTENT - 1)


def inside(body: bytes) -> int:
    """Count the features of a tile that reach into it, those in its margin alone left out."""
    return sum(shape(one["geometry"]).intersects(_INSIDE) for one in features(body))


def features(body: bytes) -> Sequence[Mapping[str, Any]]:  # Any: the library says no more
    """Return the features of every layer of a tile."""
    if not body:
        return []
    layers = cast(Mapping[str, Mapping[str, Any]], mapbox_vector_tile.decode(body))
    return [one for layer in layers.values() for one in layer["features"]]
