"""Well-known binary: which geometries are written in the plainest way, told from their first bytes."""

from __future__ import annotations

from typing import Any  # Arrow arrays are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from layers.model import Geometry

_POINT, _LINE, _POLYGON, _MULTILINE, _MULTIPOLYGON = (b"\x01" + code.to_bytes(4, "little") for code in (1, 2, 3, 5, 6))
_ONE = (1).to_bytes(4, "little")
_BEGINNINGS = {
    Geometry.POINT: (),
    Geometry.LINE: (_LINE, _MULTILINE + _ONE + _LINE),
    Geometry.POLYGON: (_POLYGON + _ONE, _MULTIPOLYGON + _ONE + _POLYGON + _ONE),
}
"""What stands before the number of positions, in a geometry of one part and one ring."""
_POINT_BYTES, _POSITION_BYTES, _NUMBER_BYTES = 21, 16, 4


def is_plain(wkb: pa.Array[Any], geometry: Geometry) -> npt.NDArray[np.bool_]:
    """Return which geometries are little-endian, in two dimensions, of one part and one ring, and no byte too long.

    Parameters
    ----------
    wkb
        Arrow large binary; null where there is none.
    geometry
        The type of the layer; its single and its multi-part form are both taken.
    """
    offsets = np.frombuffer(memoryview(wkb.buffers()[1] or b""), dtype=np.int64)
    offsets = offsets[wkb.offset : wkb.offset + len(wkb) + 1]
    data = np.frombuffer(memoryview(wkb.buffers()[2] or b""), dtype=np.uint8)
    starts, lengths = offsets[:-1], np.diff(offsets)
    if geometry is Geometry.POINT:
        plain = lengths == _POINT_BYTES
        plain[plain] = _begins(data, starts[plain], _POINT)
        return plain
    plain = np.zeros(len(wkb), dtype=np.bool_)
    for beginning in _BEGINNINGS[geometry]:
        head = len(beginning) + _NUMBER_BYTES
        rows = np.flatnonzero(~plain & (lengths >= head))
        rows = rows[_begins(data, starts[rows], beginning)]
        numbers = data[starts[rows, None] + np.arange(len(beginning), head)]
        positions = np.ascontiguousarray(numbers).view("<u4")[:, 0].astype(np.int64)
        plain[rows] = lengths[rows] == head + positions * _POSITION_BYTES
    return plain


def _begins(data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], beginning: bytes) -> npt.NDArray[np.bool_]:
    wanted = np.frombuffer(beginning, dtype=np.uint8)
    return (data[starts[:, None] + np.arange(len(wanted))] == wanted).all(axis=1)
