"""Drains written out: sewers drawn downstream, manholes, outfalls, catchments, wastewater works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # columns are arrays of many kinds

import numpy as np
import shapely

from gis.sample.arrays import Floats, Ints, Shapes, keys, lines_through, merged_by, on_grid, points_at
from gis.sample.drains import STORM, Drains, catchments, drains
from gis.sample.layout import Layout
from gis.sample.parcels import STAGES
from gis.sample.patterns import Make
from gis.sample.roads import Streets
from gis.sample.splitting import split_lines
from gis.sample.stream import Batch, batches
from gis.sample.waterways import BAY_NAME, RIVER_NAME, river_shape

_MANHOLE_EVERY_M = 55.0
_M3_DAY_PER_M = 4.0
_PAVED = {Make.OLD: 0.9, Make.ROW: 0.78, Make.MIXED: 0.82, Make.APARTMENT: 0.65, Make.VILLA: 0.55, Make.INDUSTRY: 0.8,
          Make.RESORT: 0.5, Make.OFFICE: 0.6, Make.CAMPUS: 0.5, Make.VILLAGE: 0.3}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Laid:
    """Sewers between manholes. `points` : the nodes, outfalls last; `bed`, `cover` : theirs; `stage` : of sewers."""

    sewers: Shapes
    ends: Ints
    points: Floats
    bed: Floats
    cover: Floats
    stage: Ints
    passing: Floats
    outfalls: int


def storm_drains(plan: Layout, ways: Streets) -> Iterator[Batch]:
    """Yield the sewers, manholes and outfalls of the storm water, and its catchments."""
    net = drains(plan, ways, STORM)
    laid = _laid(plan, net)
    yield from _system(plan, net, laid, "T")
    yield from _catchments(plan, net, _outlets(net, laid, "T"))


def sanitary_drains(plan: Layout, net: Drains) -> Iterator[Batch]:
    """Yield the sewers, manholes and outfalls of the wastewater, and its works."""
    yield from _system(plan, net, _laid(plan, net), "S")
    yield from _works(net)


def _laid(plan: Layout, net: Drains) -> Laid:
    """Set manholes along the streets, turn every sewer downstream, and lead the last ones out."""
    starts = shapely.get_coordinates(shapely.get_point(net.lines, 0))
    backwards = keys(starts) != keys(net.points[net.upper])
    lines = np.where(backwards, shapely.reverse(net.lines), net.lines)
    lengths = np.asarray(shapely.length(lines))
    count = np.maximum(np.ceil(lengths / _MANHOLE_EVERY_M).astype(np.int64), 1)
    street = np.repeat(np.arange(len(lines)), count - 1)
    place = np.arange(len(street)) - np.repeat(np.cumsum(count - 1) - (count - 1), count - 1) + 1
    along = place / np.repeat(count, count - 1)
    spots = on_grid(shapely.get_coordinates(shapely.line_interpolate_point(lines[street], along, normalized=True)))
    pieces, source = split_lines(lines, street, spots)
    high, low = net.invert[net.upper], net.invert[net.lower]
    outlets = lines_through(np.stack([net.points[net.outfall], net.mouth], axis=1))
    sewers = np.concatenate([pieces, outlets])
    ends = np.stack([shapely.get_coordinates(shapely.get_point(sewers, end)) for end in (0, -1)], axis=1).reshape(-1, 2)
    mark, first, node = np.unique(keys(ends), return_index=True, return_inverse=True)
    bed = np.full(len(mark), np.nan)
    bed[np.searchsorted(mark, keys(spots))] = high[street] + (low - high)[street] * along
    for nodes in (net.upper, net.lower, net.outfall):
        bed[np.searchsorted(mark, keys(net.points[nodes]))] = net.invert[nodes]
    bed[np.searchsorted(mark, keys(net.mouth))] = net.system.outfall_level_m
    stage = np.concatenate([net.stage[source], np.zeros(len(outlets), dtype=np.int64)])
    passing = np.concatenate([net.passing[net.upper][source] + 40, net.passing[net.outfall] + 40])
    points = ends[first]
    mouths = np.isin(mark, keys(net.mouth))
    order = np.argsort(mouths, kind="stable")
    rank = np.argsort(order)
    cover = np.maximum(plan.ground.at(points), bed + 0.9)
    return Laid(
        sewers, rank[node.reshape(-1, 2)], points[order], bed[order], cover[order], stage, passing, int(mouths.sum())
    )


def _system(plan: Layout, net: Drains, laid: Laid, letter: str) -> Iterator[Batch]:
    codes = _codes(laid, letter)
    system = net.system
    sizes = np.array(system.sizes_mm)
    size = sizes[np.searchsorted([250, 700, 1_600, 3_500, 7_000, 14_000], laid.passing)]
    box = size > 1_500
    start, end = laid.bed[laid.ends[:, 0]], laid.bed[laid.ends[:, 1]]
    columns: dict[str, Any] = {
        "code": [f"{letter}C{number + 1:06d}" for number in range(len(laid.sewers))],
        "sewer_system": system.name,
        "start_node": codes[laid.ends[:, 0]],
        "end_node": codes[laid.ends[:, 1]],
        "shape": np.where(box, "box", "circular").astype(object),
        "diameter_mm": np.where(box, np.nan, size),
        "width_m": np.where(box, size / 1000, np.nan),
        "height_m": np.where(box, size / 1000 * 0.8, np.nan),
        "invert_start_m": np.round(start, 4),
        "invert_end_m": np.round(end, 4),
        "roughness_n": 0.013,
        "material": "concrete" if letter == "T" else "HDPE",
        "stage": STAGES[laid.stage],
    }
    yield from batches("sewer", laid.sewers, columns)
    born = np.full(len(laid.points), 2)
    np.minimum.at(born, laid.ends.reshape(-1), np.repeat(laid.stage, 2))
    holes = slice(0, len(laid.points) - laid.outfalls)
    columns = {
        "code": codes[holes],
        "sewer_system": system.name,
        "ground_level_m": np.round(laid.cover[holes], 3),
        "invert_level_m": np.round(laid.bed[holes], 4),
        "stage": STAGES[born[holes]],
    }
    yield from batches("manhole", points_at(laid.points[holes]), columns)
    yield from _outfalls(plan, net, laid, codes)


def _outfalls(plan: Layout, net: Drains, laid: Laid, codes: np.ndarray) -> Iterator[Batch]:
    mouths = slice(len(laid.points) - laid.outfalls, len(laid.points))
    points = points_at(laid.points[mouths])
    in_river = np.asarray(shapely.dwithin(points, river_shape(plan), 1.0))
    names = np.where(in_river, RIVER_NAME, BAY_NAME).astype(object)
    columns = {
        "code": codes[mouths],
        "sewer_system": net.system.name,
        "invert_level_m": np.round(laid.bed[mouths], 4),
        "receiving_water": names if net.system is STORM else "Trạm xử lý nước thải mẫu",
        "stage": "existing",
    }
    yield from batches("outfall", points, columns)


def _codes(laid: Laid, letter: str) -> np.ndarray:
    """Return the code of each node: manholes first, then outfalls."""
    return np.array([f"{letter}{number + 1:06d}" for number in range(len(laid.points))], dtype=object)


def _outlets(net: Drains, laid: Laid, letter: str) -> np.ndarray:
    """Return the code of each outfall, in the order of `Drains.outfall`."""
    mark = keys(laid.points)
    order = np.argsort(mark)
    return _codes(laid, letter)[order[np.searchsorted(mark[order], keys(net.mouth))]]


def _catchments(plan: Layout, storm: Drains, outlets: np.ndarray) -> Iterator[Batch]:
    place, land = catchments(plan, storm)
    number, shapes = merged_by(plan.home.face[land], place)
    paved = np.zeros(max(Make) + 1) + 0.08
    for kind, share in _PAVED.items():
        paved[kind] = share
    group = np.searchsorted(number, place)
    weight = np.maximum(np.asarray(shapely.area(plan.home.face[land])), 1.0)
    share = np.bincount(group, weight * paved[plan.home.made[land]]) / np.bincount(group, weight)
    levels = plan.ground.at(plan.home.centre[land])
    spread = np.sqrt(np.bincount(group, weight))
    top, bottom = np.full(len(number), -np.inf), np.full(len(number), np.inf)
    np.maximum.at(top, group, levels)
    np.minimum.at(bottom, group, levels)
    columns = {
        "code": [f"LV{item + 1:04d}" for item in range(len(number))],
        "outlet": outlets[number],
        "impervious_share": np.round(share, 3),
        "curve_number": np.round(62 + 34 * share, 1),
        "slope_share": np.round(np.maximum(top - bottom, 0.2) / spread, 5),
        "stage": "existing",
    }
    yield from batches("catchment", shapes, columns)


def _works(sanitary: Drains) -> Iterator[Batch]:
    count = len(sanitary.mouth)
    flow = np.round(sanitary.passing[sanitary.outfall] * _M3_DAY_PER_M, -1)
    columns = {
        "name": [f"Trạm xử lý nước thải mẫu {number + 1}" for number in range(count)],
        "plant_type": "wastewater_treatment",
        "capacity_m3_day": flow,
        "land_area_m2": np.maximum(1_500, np.round(flow * 0.2, -1)),
        "stage": "existing",
    }
    yield from batches("plant", points_at(sanitary.mouth), columns)
    stations = {
        "name": [f"Trạm bơm nước thải mẫu {number + 1}" for number in range(count)],
        "plant_type": "pumping_station",
        "capacity_m3_day": flow,
        "land_area_m2": 150.0,
        "stage": "existing",
    }
    yield from batches("plant", points_at(sanitary.points[sanitary.outfall]), stations)
