"""Features as FlatGeobuf writes them: each a flatbuffer of one geometry and of the values that are known.

A flatbuffer is laid out here from front to back. What is the same in every feature, its tables of offsets, is one
constant; places are counted from the length that stands before the flatbuffer.
"""

from __future__ import annotations

import struct
from collections.abc import Generator, Sequence
from itertools import pairwise
from typing import Any  # Arrow's arrays are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from gis.export.rows import shapes
from gis.streams.flat_values import values
from layers.model import Geometry

_POINT, _MULTI_LINE, _POLYGON, _MULTI_POLYGON = 1, 5, 3, 6
"""Types of geometry as FlatGeobuf numbers them."""

_FEATURE_OFFSETS, _FEATURE = 8, 16
_FLAT_OFFSETS, _PARTED_OFFSETS, _GEOMETRY = 28, 48, 68
_TABLES = (
    struct.pack("<4H", 8, 12, 4, 8)  # a feature: geometry, properties
    + struct.pack("<iII", _FEATURE - _FEATURE_OFFSETS, _GEOMETRY - (_FEATURE + 4), 0)[:8]
)
_GEOMETRY_TABLES = (
    struct.pack("<10H", 18, 16, 4, 8, 0, 0, 0, 0, 12, 0)  # a geometry: ends, positions, type
    + struct.pack("<10H", 20, 12, 0, 0, 0, 0, 0, 0, 8, 4)  # a geometry of parts: type, parts
)
_ROOT = _FEATURE - 4
_FLAT_BYTES = 16
_PARTED_BYTES = 12


def features(batch: pa.RecordBatch, geometry: Geometry) -> Generator[bytes]:
    """Yield the features of a batch whose last column is the geometry."""
    drawn = _DRAWN[geometry](shapes(batch))
    for shape, known in zip(drawn, values(batch), strict=True):
        yield _feature(shape, known)


def _feature(shape: bytes, known: bytes) -> bytes:
    properties = _GEOMETRY + len(shape)
    size = properties + 4 + len(known) + -len(known) % 4
    return b"".join(
        (
            struct.pack("<II", size - 4, _ROOT),
            _TABLES,
            struct.pack("<I", properties - (_FEATURE + 8)),
            _GEOMETRY_TABLES,
            shape,
            struct.pack("<I", len(known)),
            known,
            bytes(-len(known) % 4),
        )
    )


def _flat(place: int, type_: int, ends: Sequence[int], positions: bytes) -> bytes:
    """Return a geometry of one list of positions: its table, where its rings or lines end, the positions.

    Positions begin at a multiple of eight.
    """
    ends_at = place + _FLAT_BYTES
    after = ends_at + 4 + 4 * len(ends)
    gap = (4 - after) % 8
    table = struct.pack("<iIIB3x", place - _FLAT_OFFSETS, ends_at - (place + 4), after + gap - (place + 8), type_)
    listed = struct.pack(f"<{len(ends) + 1}I{gap}xI", len(ends), *ends, len(positions) // 8)
    return table + listed + positions


def _parted(parts: Sequence[tuple[Sequence[int], bytes]]) -> bytes:
    """Return a geometry of several polygons."""
    listed = _GEOMETRY + _PARTED_BYTES
    place = listed + 4 + 4 * len(parts)
    offsets: list[int] = []
    written: list[bytes] = []
    for number, (ends, positions) in enumerate(parts):
        offsets.append(place - (listed + 4 + 4 * number))
        written.append(_flat(place, _POLYGON, ends, positions))
        place += len(written[-1])
    table = struct.pack("<iIB3x", _GEOMETRY - _PARTED_OFFSETS, listed - (_GEOMETRY + 4), _MULTI_POLYGON)
    return table + struct.pack(f"<{len(parts) + 1}I", len(parts), *offsets) + b"".join(written)


def _points(drawn: npt.NDArray[Any]) -> Generator[bytes]:
    for position in shapely.get_coordinates(drawn):
        yield _flat(_GEOMETRY, _POINT, (), position.tobytes())


def _lines(drawn: npt.NDArray[Any]) -> Generator[bytes]:
    _, positions, (lines, shapes_) = shapely.to_ragged_array(drawn)
    for first, last in pairwise(shapes_.tolist()):
        ends, part = _part(positions, lines, first, last)
        yield _flat(_GEOMETRY, _MULTI_LINE, ends, part)


def _polygons(drawn: npt.NDArray[Any]) -> Generator[bytes]:
    _, positions, (rings, polygons, shapes_) = shapely.to_ragged_array(drawn)
    borders = polygons.tolist()
    for first, last in pairwise(shapes_.tolist()):
        yield _parted([_part(positions, rings, borders[part], borders[part + 1]) for part in range(first, last)])


def _part(positions: npt.NDArray[Any], borders: npt.NDArray[Any], first: int, last: int) -> tuple[list[int], bytes]:
    """Return where the lists from one to another end, counted from the first position, and their positions."""
    edges = borders[first : last + 1]
    return (edges[1:] - edges[0]).tolist(), np.ascontiguousarray(positions[edges[0] : edges[-1]]).tobytes()


_DRAWN = {Geometry.POINT: _points, Geometry.LINE: _lines, Geometry.POLYGON: _polygons}
