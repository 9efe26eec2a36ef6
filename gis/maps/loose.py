"""Shapes on a map that are in no layer of the city: those of findings, and those of frames."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # what the drawing code is told is a tree of plain values

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.features import Box
from gis.maps.columns import declared, described
from gis.maps.leaflet import PaintedLayer
from gis.reports.plain import plain
from gis.schema import STORED_SRID
from gis.wording import LANGUAGES
from layers.model import Words

if TYPE_CHECKING:
    import geopandas

KINDS = ("Point", "MultiLineString", "MultiPolygon")
"""Kinds of shape by dimension, as the drawing code calls them."""
_LEAST_DEGREES = 0.0002
"""A single point is shown with this much about it."""
_OVER = {"color": "#1d2a33", "outline": "#1d2a33", "width": 2.2, "radius": 6, "opacity": 0.12, "dashed": False}


def loose_layer(
    title: Words,
    kind: str,
    paint: dict[str, Any],
    columns: list[dict[str, Any]],
    rows: list[list[Any]],
    *,
    side: str | None = None,
) -> PaintedLayer:
    """Return shapes as a layer of the map.

    Parameters
    ----------
    kind : one of `KINDS`.
    columns : what their attributes are called; the first stands in the hint.
    rows : uid or None, attributes, and geometry in EPSG:5899 of each.
    """
    declared = {
        "name": "finding",
        "title": [plain(title.vi), plain(title.en)],
        "geometry": kind,
        "paint": paint,
        "by": None,
        "label": 0 if columns else None,
        "columns": columns,
        "codes": [],
        "others": 0,
        "shown": len(rows),
        "total": len(rows),
    }
    written = ",".join(
        f"[{json.dumps(uid)},{json.dumps(values, ensure_ascii=False)},{_outline(geometry)}]"
        for uid, values, geometry in rows
    )
    reach = around_shapes([row[2] for row in rows])
    return PaintedLayer(title.vi, declared=declared, features=f"[{written}]", reach=reach, side=side)


def frame_layers(title: Words | str, frame: geopandas.GeoDataFrame, *, side: str | None = None) -> list[PaintedLayer]:
    """Return a frame as outlines, one layer for each kind of shape; its columns are shown by what layers call them."""
    stored = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].to_crs(STORED_SRID)
    names = [str(name) for name in stored.columns if name != stored.geometry.name]
    columns = [_column(name, frame.attrs) for name in names]
    shapes: list[BaseGeometry] = stored.geometry.tolist()
    known = stored[names].astype(object).where(stored[names].notna(), None)
    told = [[_value(value) for value in row] for row in known.itertuples(index=False, name=None)]
    rows: list[list[Any]] = [[None, values, shape] for values, shape in zip(told, shapes, strict=True)]
    parts = [(kind, [row for row in rows if kind_of(row[2]) == kind]) for kind in reversed(KINDS)]
    named = Words(title, title) if isinstance(title, str) else title
    return [loose_layer(named, kind, dict(_OVER), columns, part, side=side) for kind, part in parts if part]


def kind_of(geometry: BaseGeometry) -> str:
    """Return which of `KINDS` a shape is."""
    return KINDS[int(shapely.get_dimensions(geometry))]


def around_shapes(geometries: Sequence[BaseGeometry]) -> Box | None:
    """Return the box around shapes in EPSG:5899, with a little room; None where there are none."""
    full = [each for each in geometries if not each.is_empty]
    if not full:
        return None
    corners = shapely.total_bounds([_lonlat(shapely.box(*shapely.total_bounds(full)))]).tolist()
    west, south, east, north = corners
    room = _LEAST_DEGREES
    return Box(west - room, south - room, east + room, north + room)


def _column(name: str, attrs: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what a column is called: as the frame says, if it is one of ours, or as the layers do."""
    titles, units = attrs.get("titles", {}), attrs.get("units", {})
    vi, en = (titles.get(language, {}).get(name) for language in LANGUAGES)
    found = declared(name)
    if vi and en:
        said = described(name, Words(vi, en), units.get(name))
        return said if found is None or "values" not in found else {**said, "values": found["values"]}
    return described(name, Words(plain(name), plain(name))) if found is None else found


def _value(value: Any) -> str | float | bool | None:
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    return float(value) if isinstance(value, (int, float, np.number)) else plain(str(value))


def _outline(geometry: BaseGeometry) -> str:
    return shapely.to_geojson(shapely.set_precision(_lonlat(shapely.force_2d(geometry)), 1e-7, mode="pointwise"))


def _lonlat(geometry: BaseGeometry) -> BaseGeometry:
    def moved(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(to_lonlat.delivered_lists(places[:, 0].tolist(), places[:, 1].tolist()))

    to_lonlat = crs.transformation(crs.LONLAT_SRID)
    return shapely.transform(geometry, moved)
