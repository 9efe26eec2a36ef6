"""From the batches of a delivery to rows fit to be stored; what is not fit is refused on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast  # Arrow arrays are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gis.copy import Constant, Rows, copied_columns, encoded
from gis.intake.attributes import Attributes
from gis.intake.coverage.spooled import SpooledFootprints
from gis.intake.geometry import GeometryCheck, Shaped
from gis.intake.keyed import ROW_NUMBER
from gis.intake.mapping import Mapping
from gis.intake.refused import RefusedRows
from gis.intake.remarks import Reason, Refusals, Tally
from gis.intake.seen import Seen
from gis.intake.source import GEOMETRY
from layers.model import Geometry, Layer

_SITE_AREA = "land_area_m2"
_DUPLICATE = "it repeats row {} exactly (same attributes, same geometry)"

Watch = Callable[[int], None]
"""Told how many rows of the file have been dealt with."""


class Pipeline:
    """The checks of one load, batch after batch, with the counts of what they found."""

    def __init__(
        self, layer: Layer, mapping: Mapping, geometry: GeometryCheck, tally: Tally, refused: RefusedRows
    ) -> None:
        self.footprints: SpooledFootprints | None = None
        """Where the areas of the rows are kept, if they are to be held against each other."""
        self.read = 0
        self.left_out = 0
        self.columns: tuple[str, ...] = ()
        self._layer, self._mapping, self._refused, self._tally = layer, mapping, refused, tally
        self._geometry = geometry
        self._attributes = Attributes(layer, mapping, tally)
        self._seen = Seen()
        names = [column.name for column in layer.columns]
        self._fills_site_area = layer.geometry is Geometry.POINT and _SITE_AREA in names

    def rows(
        self, batches: Iterable[pa.RecordBatch], constants: dict[str, Constant], watch: Watch, *, numbered: bool = False
    ) -> Iterator[Rows]:
        """Yield the rows that are fit, as a binary COPY takes them.

        Parameters
        ----------
        numbered
            Whether each row carries its place in the file, so that it can be told of when it is stored by key.
        """
        place = 1
        for batch in batches:
            numbers = np.arange(place, place + batch.num_rows, dtype=np.int64)
            place += batch.num_rows
            meant = self._meant(batch)
            chosen = batch if meant.all() else batch.filter(_mask(meant))
            self.left_out += batch.num_rows - chosen.num_rows
            self.read += chosen.num_rows
            if chosen.num_rows:
                yield self._fit(chosen, numbers[meant], constants, numbered=numbered)
            watch(place - 1)

    def _meant(self, batch: pa.RecordBatch) -> npt.NDArray[np.bool_]:
        mask = np.ones(batch.num_rows, dtype=np.bool_)
        for name, values in self._mapping.only.items():
            text = batch.column(name).cast(pa.string())
            chosen = pc.is_in(text, pa.array(values, pa.string())) if values else text.is_valid()
            mask &= np.asarray(chosen.to_numpy(zero_copy_only=False), dtype=np.bool_)
        return mask

    def _fit(
        self, batch: pa.RecordBatch, numbers: npt.NDArray[np.int64], constants: dict[str, Constant], *, numbered: bool
    ) -> Rows:
        refusals = Refusals(batch.num_rows)
        columns = self._attributes.read(batch, refusals)
        shaped = self._geometry.shaped(batch.column(GEOMETRY), numbers, refusals)
        if self._fills_site_area:
            columns[_SITE_AREA] = _site_area(columns.get(_SITE_AREA), shaped)
        kept = np.flatnonzero(refusals.kept())
        made = _taken(columns, shaped, kept, self._layer.geometry)
        self.columns = copied_columns(self._layer, made.schema.names, constants)
        rows = encoded(made, self._layer, self.columns, constants)
        fresh = self._without_duplicates(rows, numbers[kept], kept, refusals)
        self._refused.add(batch, numbers, refusals)
        if self.footprints is not None:
            shapes = shaped.shapes[kept]
            self.footprints.add(*(made, shapes) if fresh.all() else (made.filter(_mask(fresh)), shapes[fresh]))
        if numbered:
            self.columns = (ROW_NUMBER, *self.columns)
            made = made.append_column(ROW_NUMBER, pa.array(numbers[kept]))
            rows = encoded(made, self._layer, self.columns, constants)
        return rows if fresh.all() else rows.filter(_mask(fresh))

    def _without_duplicates(
        self, rows: Rows, numbers: npt.NDArray[np.int64], places: npt.NDArray[np.int64], refusals: Refusals
    ) -> npt.NDArray[np.bool_]:
        first = self._seen.first_rows(cast("list[bytes]", rows.to_pylist()), numbers)
        for index in np.flatnonzero(first):
            refusals.add(int(places[index]), Reason.DUPLICATE, _DUPLICATE.format(first[index]))
        return first == 0


def _mask(chosen: npt.NDArray[np.bool_]) -> Any:
    return pa.array(chosen)


def _site_area(given: pa.Array[Any] | None, shaped: Shaped) -> pa.Array[Any]:
    rows = len(shaped.shapes)
    measured = np.full(rows, np.nan) if shaped.site_area_m2 is None else shaped.site_area_m2
    filled = pa.array(measured, pa.float64(), mask=np.isnan(measured))
    return filled if given is None else pc.coalesce(given, filled)


def _taken(
    columns: dict[str, pa.Array[Any]], shaped: Shaped, kept: npt.NDArray[np.int64], geometry: Geometry
) -> pa.RecordBatch:
    places = pa.array(kept)
    everything = len(kept) == len(shaped.shapes)
    arrays = [array if everything else array.take(cast("Any", places)) for array in columns.values()]
    return pa.RecordBatch.from_arrays([*arrays, shaped.wkb(kept, geometry)], names=[*columns, GEOMETRY])
