"""Footprints of the rows of a delivery, kept in a file while they are sent; the server need not be asked for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any, cast  # Arrow arrays are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gis.copy import GEOMETRY
from gis.intake.coverage.footprints import Box, Shapes, Window

_compute: Any = pc
"""Arrow's functions are made when it is imported; what stubs there are know only some of them."""
_BLOCK = 256
_BOX_BYTES = 32

Boxes = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


class SpooledFootprints:
    """Rows added batch after batch, all of them new.

    They are named by their uid where they bring one, otherwise by their place among those added, counted from 0. Blocks
    of neighbours are written one after the other; of each only its box and its place in the file is kept.
    """

    def __init__(self, exclusive: tuple[str, ...]) -> None:
        self.bring_uids = False
        self._exclusive, self._rows = exclusive, 0
        self._file = TemporaryFile(prefix="quyhoach-footprints-")  # noqa: SIM115 - it is gone when the last one lets go of it
        self._boxes: list[Boxes] = []
        self._blocks: list[Numbers] = []
        """For each block: where it begins, its bytes, its rows."""
        self._end = 0

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def add(self, rows: pa.RecordBatch, shapes: Shapes) -> None:
        """Add rows as they are stored, and their areas once more as shapes."""
        if not len(shapes):
            return
        bounds = shapely.bounds(shapes)
        order = _packed(bounds)
        bounds, together = bounds[order], _digests(rows, self._exclusive)[order]
        names = self._names(rows)[order]
        areas = rows.column(GEOMETRY).cast(pa.large_binary()).take(cast("Any", pa.array(order)))
        offsets = np.frombuffer(memoryview(areas.buffers()[1] or b""), dtype=np.int64)[: len(order) + 1]
        data = memoryview(areas.buffers()[2] or b"")
        blocks: list[tuple[int, int, int]] = []
        written: list[bytes | memoryview] = []
        for start in range(0, len(order), _BLOCK):
            end = min(start + _BLOCK, len(order))
            first, last = int(offsets[start]), int(offsets[end])
            lengths = np.diff(offsets[start : end + 1])
            parts = [each[start:end].tobytes() for each in (bounds, names, together)]
            parts += [lengths.tobytes(), data[first:last]]
            size = sum(map(len, parts))
            written.extend(parts)
            blocks.append((self._end, size, end - start))
            self._end += size
        self._file.write(b"".join(written))
        starts = np.arange(0, len(order), _BLOCK)
        low, high = np.minimum.reduceat(bounds[:, :2], starts), np.maximum.reduceat(bounds[:, 2:], starts)
        self._boxes.append(np.hstack([low, high]))
        self._blocks.append(np.array(blocks, dtype=np.int64))

    def _names(self, rows: pa.RecordBatch) -> Numbers:
        self.bring_uids = "uid" in rows.schema.names
        self._rows += rows.num_rows
        if self.bring_uids:
            return np.asarray(rows.column("uid").to_numpy(), dtype=np.int64)
        return np.arange(self._rows - rows.num_rows, self._rows)

    def reach(self) -> Box | None:
        """Return the box all of them lie in; None where there is none."""
        if not self._boxes:
            return None
        self._file.flush()
        self._boxes, self._blocks = [np.concatenate(self._boxes)], [np.concatenate(self._blocks)]
        west, south = self._boxes[0][:, :2].min(axis=0).tolist()
        east, north = self._boxes[0][:, 2:].max(axis=0).tolist()
        return west, south, east, north

    def crowd(self, box: Box) -> int:
        """Return how many meet a box."""
        boxes, blocks = self._boxes[0], self._blocks[0]
        inside = (boxes[:, :2] >= box[:2]).all(axis=1) & (boxes[:, 2:] <= box[2:]).all(axis=1)
        count = int(blocks[inside, 2].sum())
        for at, _, rows in blocks[_meeting(boxes, box) & ~inside].tolist():
            bounds = np.frombuffer(os.pread(self._file.fileno(), rows * _BOX_BYTES, at)).reshape(rows, 4)
            count += int(np.count_nonzero(_meeting(bounds, box)))
        return count

    def window(self, box: Box) -> Window | None:
        """Return those that meet a box; None where none does."""
        found = list(self._found(box))
        if not found:
            return None
        names, together, shapes = (np.concatenate(each) for each in zip(*found, strict=True))
        return Window(box, names, np.ones(len(names), dtype=np.bool_), together, shapes)

    def _found(self, box: Box) -> Iterator[tuple[Numbers, Numbers, Shapes]]:
        for at, size, rows in self._blocks[0][_meeting(self._boxes[0], box)].tolist():
            block = memoryview(os.pread(self._file.fileno(), size, at))
            chosen = np.flatnonzero(_meeting(np.frombuffer(block, count=4 * rows).reshape(rows, 4), box))
            if not len(chosen):
                continue
            numbers = np.frombuffer(block, dtype=np.int64, offset=rows * _BOX_BYTES, count=3 * rows).reshape(3, rows)
            offsets = np.concatenate([[0], np.cumsum(numbers[2])])
            data = block[len(block) - int(offsets[-1]) :]
            buffers = [None, pa.py_buffer(cast("Any", offsets)), pa.py_buffer(cast("Any", data))]
            areas = pa.Array.from_buffers(pa.large_binary(), rows, buffers).take(cast("Any", pa.array(chosen)))
            wkb = areas.to_numpy(zero_copy_only=False)
            yield numbers[0, chosen], numbers[1, chosen], np.asarray(shapely.from_wkb(wkb), dtype=object)


def _meeting(boxes: Boxes, box: Box) -> npt.NDArray[np.bool_]:
    west, south, east, north = box
    return (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)


def _packed(bounds: Boxes) -> Numbers:
    """Return an order in which neighbours stand together: strips from south to north, each from west to east."""
    strips = int(np.ceil(np.sqrt(len(bounds) / _BLOCK)))
    northward = np.empty(len(bounds), dtype=np.int64)
    northward[np.argsort(bounds[:, 1])] = np.arange(len(bounds))
    return np.lexsort((bounds[:, 0], northward * strips // len(bounds)))


def _digests(rows: pa.RecordBatch, exclusive: tuple[str, ...]) -> Numbers:
    """Return a digest of what each row may not overlap within; a column that is not delivered is the same for all."""
    texts = [rows.column(name).cast(pa.large_string()) for name in exclusive if name in rows.schema.names]
    if not texts:
        return np.zeros(rows.num_rows, dtype=np.int64)
    joined = _compute.binary_join_element_wise(*texts, pa.scalar(" · ", pa.large_string()), null_handling="skip")
    encoded = joined.dictionary_encode()
    digests = np.array([hash(text) for text in encoded.dictionary.to_pylist()], dtype=np.int64)
    return digests[encoded.indices.to_numpy()]
