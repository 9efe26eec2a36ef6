"""The geometry of a delivery: read, flattened, brought to EPSG:5899, made the layer's type, repaired, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast  # Arrow arrays are generic over what they hold

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from gis.crs import Transformation
from gis.intake.boundary import Boundary
from gis.intake.remarks import Reason, Refusals, Repair, Tally
from gis.wkb import is_plain
from layers.model import Geometry, Layer

_compute: Any = pc
"""Arrow's functions are made when it is imported; what stubs there are know only some of them."""
Shapes = npt.NDArray[np.object_]

REPAIR_METHOD = "make_valid (structure)"
_POINT, _LINE, _RING, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON, _COLLECTION = range(8)
_ACCEPTED = {
    Geometry.POINT: (_POINT,),
    Geometry.LINE: (_LINE, _MULTILINE),
    Geometry.POLYGON: (_POLYGON, _MULTIPOLYGON),
}
_NAMES = ("Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "Collection")
_NOT_FINITE = "a coordinate is not a number or infinite"
_CORNERS = 3
_FLAT = 2
_LARGEST_M = 2e7
"""No position on Earth is further from the origin in any projected system that is read."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """Geometries of one batch as they will be stored, and the site areas of those that were areas.

    Parameters
    ----------
    delivered
        Their WKB, where no geometry of the batch was changed; None where one was.
    """

    shapes: Shapes
    site_area_m2: npt.NDArray[np.float64] | None
    delivered: pa.Array[Any] | None

    def wkb(self, rows: npt.NDArray[np.int64], geometry: Geometry) -> pa.Array[Any]:
        """Return the geometries of some rows as little-endian 2D WKB; what was delivered so is not written anew."""
        if self.delivered is None:
            return as_wkb(self.shapes[rows])
        taken = self.delivered.take(cast("Any", pa.array(rows)))
        other = ~is_plain(taken, geometry)
        if not other.any():
            return taken
        written = as_wkb(self.shapes[rows[other]])
        return cast("pa.Array[Any]", _compute.replace_with_mask(taken, pa.array(other), written))


class GeometryCheck:
    """Checks the geometry of batch after batch of one layer."""

    def __init__(self, layer: Layer, transformation: Transformation, boundary: Boundary | None, tally: Tally) -> None:
        self._layer, self._transformation, self._boundary, self._tally = layer, transformation, boundary, tally

    def shaped(self, wkb: pa.Array[Any], row_numbers: npt.NDArray[np.int64], refusals: Refusals) -> Shaped:
        """Return the geometries as stored; rows whose geometry cannot be stored are added to the refusals."""
        read = self._read(wkb, refusals)
        shapes = self._moved(self._flat(read), refusals)
        shapes, site_area_m2 = self._typed(shapes, refusals)
        shapes = self._valid(shapes, row_numbers, refusals)
        if self._boundary is not None:
            there = _present(shapes)
            missing = np.zeros(len(shapes), dtype=np.bool_)
            missing[there] = self._boundary.misses(shapes[there])
            for row in np.flatnonzero(missing):
                refusals.add(
                    int(row), Reason.OUT_OF_CITY, f"it lies at {_place(shapes[row])}, outside {self._boundary.name}"
                )
        # Each step copies what it changes and only empties the place of what it refuses.
        return Shaped(shapes, site_area_m2, wkb.cast(pa.large_binary()) if shapes is read else None)

    def _read(self, wkb: pa.Array[Any], refusals: Refusals) -> Shapes:
        given = np.asarray(wkb.to_numpy(zero_copy_only=False), dtype=object)
        absent = np.asarray(wkb.is_null().to_numpy(zero_copy_only=False))
        shapes: Shapes = np.asarray(shapely.from_wkb(given, on_invalid="ignore"), dtype=object)
        refusals.add_where(absent, Reason.NULL_GEOMETRY, "it has no geometry")
        broken = shapely.is_missing(shapes) & ~absent
        refusals.add_where(broken, Reason.BROKEN_GEOMETRY, "its geometry cannot be read (cut off, or rings not closed)")
        empty = shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
        refusals.add_where(empty, Reason.EMPTY_GEOMETRY, "its geometry is empty")
        shapes[empty] = None
        return shapes

    def _flat(self, shapes: Shapes) -> Shapes:
        raised = shapely.get_coordinate_dimension(shapes) > _FLAT
        if raised.any():
            self._tally.count("heights or measures (Z, M) dropped", int(np.count_nonzero(raised)))
            shapes = shapes.copy()
            shapes[raised] = shapely.force_2d(shapes[raised])
        return shapes

    def _moved(self, shapes: Shapes, refusals: Refusals) -> Shapes:
        if (
            self._transformation.transformer is None
            and np.nanmax(np.abs(shapely.bounds(shapes)), initial=0) < _LARGEST_M
        ):
            return shapes  # positions that are not numbers have no bounds, and no validity either: they are found there
        positions = shapely.get_coordinates(shapes)
        moved = self._transformation.stored(positions)
        if not len(moved) or np.abs(moved).max() < _LARGEST_M:  # not so where one is not a number
            return np.asarray(shapely.set_coordinates(shapes.copy(), moved), dtype=object)
        return self._moved_where_possible(shapes, moved, refusals)

    def _moved_where_possible(self, shapes: Shapes, moved: npt.NDArray[np.float64], refusals: Refusals) -> Shapes:
        positions, owners = shapely.get_coordinates(shapes, return_index=True)
        finite = np.isfinite(positions).all(axis=1)
        lost = _rows_of(owners[~finite], len(shapes))
        refusals.add_where(lost, Reason.NOT_FINITE, _NOT_FINITE)
        absurd = finite & ~(np.abs(np.where(np.isfinite(moved), moved, np.inf)) < _LARGEST_M).all(axis=1)
        nowhere = _rows_of(owners[absurd], len(shapes)) & ~lost
        for row in np.flatnonzero(nowhere):
            place = positions[np.searchsorted(owners, row)]
            refusals.add(
                int(row), Reason.OUT_OF_CITY, f"its coordinates ({place[0]:g}, {place[1]:g}) are nowhere on Earth"
            )
        kept = ~(lost | nowhere)
        moving = shapes.copy()
        moving[~kept] = None
        return np.asarray(shapely.set_coordinates(moving, moved[kept[owners]]), dtype=object)

    def _typed(self, shapes: Shapes, refusals: Refusals) -> tuple[Shapes, npt.NDArray[np.float64] | None]:
        accepted = _ACCEPTED[self._layer.geometry]
        if self._layer.geometry is Geometry.POLYGON:
            shapes = self._as_areas(shapes)
        kinds = shapely.get_type_id(shapes)
        other = (kinds >= 0) & ~np.isin(kinds, accepted)
        site_area_m2 = None
        if other.any() and self._layer.geometry is Geometry.POINT:
            shapes, site_area_m2 = self._as_points(shapes, kinds)
            other &= ~np.isin(shapely.get_type_id(shapes), accepted)
        for row in np.flatnonzero(other):
            wanted = " or ".join(_NAMES[kind] for kind in accepted)
            refusals.add(
                int(row), Reason.WRONG_TYPE, f"it is a {_NAMES[kinds[row]]}; layer {self._layer.name} takes {wanted}"
            )
        shapes[other] = None
        return shapes, site_area_m2

    def _as_areas(self, shapes: Shapes) -> Shapes:
        """Return lines that end where they begin as the areas they enclose: drawings have no other way to say it."""
        rings = shapely.get_type_id(shapes) == _LINE
        rings[rings] = shapely.is_closed(shapes[rings]) & (shapely.get_num_coordinates(shapes[rings]) > _CORNERS)
        if rings.any():
            self._tally.count("closed line became the area it encloses", int(np.count_nonzero(rings)))
            shapes = shapes.copy()
            positions, owners = shapely.get_coordinates(shapes[rings], return_index=True)
            shapes[rings] = shapely.polygons(shapely.linearrings(positions, indices=owners))
        return shapes

    def _as_points(self, shapes: Shapes, kinds: npt.NDArray[np.int32]) -> tuple[Shapes, npt.NDArray[np.float64]]:
        shapes = shapes.copy()
        areas = np.isin(kinds, (_POLYGON, _MULTIPOLYGON))
        site_area_m2 = np.where(areas, shapely.area(shapes), np.nan)
        shapes[areas] = shapely.point_on_surface(shapes[areas])
        self._tally.count("area became a point on its surface", int(np.count_nonzero(areas)))
        single = (kinds == _MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
        shapes[single] = shapely.get_geometry(shapes[single], 0)
        return shapes, site_area_m2

    def _valid(self, shapes: Shapes, row_numbers: npt.NDArray[np.int64], refusals: Refusals) -> Shapes:
        faulty = _present(shapes) & ~shapely.is_valid(shapes)
        if faulty.any():
            faulty &= ~self._without_numbers(shapes, faulty, refusals)
        rows = np.flatnonzero(faulty)
        if not len(rows):
            return shapes
        before = shapes[rows]
        faults = shapely.is_valid_reason(before)
        areas_before_m2 = shapely.area(before)
        after = self._of_type(shapely.make_valid(before, method="structure", keep_collapsed=False))
        for index, row in enumerate(rows):
            if after[index] is None or shapely.is_empty(after[index]):
                refusals.add(int(row), Reason.BEYOND_REPAIR, f"{faults[index]}; nothing is left of it when repaired")
                after[index] = None
                continue
            area_after_m2 = float(shapely.area(after[index]))
            number = int(row_numbers[row])
            self._tally.repair(
                Repair(number, str(faults[index]), REPAIR_METHOD, float(areas_before_m2[index]), area_after_m2)
            )
        repaired = shapes.copy()
        repaired[rows] = after
        return repaired

    def _without_numbers(
        self, shapes: Shapes, faulty: npt.NDArray[np.bool_], refusals: Refusals
    ) -> npt.NDArray[np.bool_]:
        """Return which faulty geometries hold a coordinate that is no number; they are refused, not repaired."""
        positions, owners = shapely.get_coordinates(shapes[faulty], return_index=True)
        lost = np.zeros(len(shapes), dtype=np.bool_)
        lost[np.flatnonzero(faulty)[np.unique(owners[~np.isfinite(positions).all(axis=1)])]] = True
        refusals.add_where(lost, Reason.NOT_FINITE, _NOT_FINITE)
        shapes[lost] = None
        return lost

    def _of_type(self, shapes: Shapes) -> Shapes:
        """Return repaired geometries without the parts of another dimension a repair may leave behind."""
        accepted = _ACCEPTED[self._layer.geometry]
        made = np.asarray(shapes, dtype=object)
        for index in np.flatnonzero(shapely.get_type_id(made) == _COLLECTION):
            parts = shapely.get_parts(shapely.get_parts(made[index]))
            fitting = parts[np.isin(shapely.get_type_id(parts), accepted)]
            made[index] = shapely.union_all(fitting) if len(fitting) else None
        made[~np.isin(shapely.get_type_id(made), accepted)] = None
        return made


def _present(shapes: Shapes) -> npt.NDArray[np.bool_]:
    return ~shapely.is_missing(shapes)


def _rows_of(owners: npt.NDArray[np.int64], rows: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(rows, dtype=np.bool_)
    mask[owners] = True
    return mask


def _place(shape: shapely.Geometry) -> str:
    position = shapely.get_coordinates(shape)[0]
    return f"E {position[0]:.0f} m, N {position[1]:.0f} m"


def as_wkb(shapes: Shapes) -> pa.Array[Any]:
    """Return geometries as little-endian 2D WKB; null where there is none."""
    return pa.array(shapely.to_wkb(shapes, output_dimension=2, byte_order=1).tolist(), pa.large_binary())
