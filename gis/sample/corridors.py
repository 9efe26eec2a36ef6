"""Protected corridors and road reserves: land that must be kept free along lines, waters and works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Shape, areal, points_at, shapes_on_grid
from gis.sample.arterials import DISTRICT_MAIN, EXPRESSWAY, RAIL
from gis.sample.layout import Layout
from gis.sample.patterns import RED_LINES_M, Make
from gis.sample.plans import GENERAL
from gis.sample.stream import Batch, batches

_POWER_LINE = [(-2.0, 0.30), (-1.5, 0.10), (-0.95, -0.18), (-0.55, -0.42), (-0.30, -0.75), (-0.34, -1.48)]
_CHUNK = 4_000


@dataclass(frozen=True, slots=True)
class Corridor:
    """One corridor: what it protects, its name, its area, its width and the clause it rests on."""

    kind: str
    name: str
    area: Shape
    width_m: float
    basis: str
    max_height_m: float | None = None


def corridors(plan: Layout, works: dict[str, np.ndarray]) -> Iterator[Batch]:
    """Yield the corridors, for 2030 and for 2045; the river bank is kept wider in 2045.

    Parameters
    ----------
    works
        Places of works: `wastewater_treatment`, `water_intake` (points) and `water_main` (points along it).
    """
    for horizon in ("2030", "2045"):
        kept = _corridors(plan, works, wide=horizon == "2045")
        city = shapely.coverage_union_all(plan.wards.shapes)
        shapes = areal(shapely.intersection(np.array([one.area for one in kept], dtype=object), city))
        there = ~shapely.is_empty(shapes)
        kept = [one for one, here in zip(kept, there, strict=True) if here]
        columns = {
            "corridor_type": [one.kind for one in kept],
            "name": [one.name for one in kept],
            "width_m": [one.width_m for one in kept],
            "max_height_m": [one.max_height_m for one in kept],
            "basis": [one.basis for one in kept],
            "horizon": horizon,
        }
        yield from batches("corridor", shapes[there], columns)


def _corridors(plan: Layout, works: dict[str, np.ndarray], *, wide: bool) -> list[Corridor]:
    home, bones = plan.home, plan.bones
    water = shapely.coverage_union_all(home.face[home.made == Make.WATER])
    bank = 50.0 if wide else 30.0
    shore = shapely.transform(plan.shore.coast, plan.frame.ground)
    power = shapely.transform(
        shapely.segmentize(shapely.LineString(np.array(_POWER_LINE) * plan.frame.radius_m), 200), plan.frame.ground
    )
    railway = shapely.union_all(bones.edges[bones.ranks == RAIL])
    code = "QCVN 01:2021/BXD"
    found = [
        Corridor("power_line", "Đường dây 110 kV (mẫu)", _along(power, 7.5), 7.5, "Mẫu", 4.0),
        Corridor("railway", "Đường sắt mẫu", _along(railway, 20), 20, f"{code} 2.9.2.2"),
        Corridor("river_bank", "Bờ sông Mẫu", shapely.difference(_along(water, bank), water), bank, "Mẫu"),
        Corridor("coast", "Bờ biển mẫu", _along(shore, 100), 100, "Mẫu"),
        Corridor("heritage", "Di tích khu phố cổ (mẫu)", _along(_oldest(plan), 60), 60, "Mẫu", 16.0),
        Corridor("airport", "Tĩnh không sân bay (mẫu)", _airport(plan), 0.4 * plan.frame.radius_m, "Mẫu", 45.0),
        Corridor("military", "Khu quốc phòng (mẫu)", _military(plan), 150, "Mẫu", 9.0),
    ]
    graves = home.site[home.made == Make.CEMETERY]
    plants, intakes = points_at(works["wastewater_treatment"]), points_at(works["water_intake"])
    found += [Corridor("cemetery", "Nghĩa trang", _along(site, 100), 100, f"{code} 2.25") for site in graves]
    found += [Corridor("wastewater_plant", "Trạm xử lý", _along(place, 250), 250, f"{code} 2.22") for place in plants]
    found += [Corridor("water_intake", "Điểm lấy nước", _along(place, 200), 200, f"{code} 2.20") for place in intakes]
    main = shapely.LineString(works["water_main"])
    found.append(Corridor("water_main", "Ống truyền tải", _along(main, 7), 7, f"{code} 2.20"))
    return found


def _along(what: Shape, width: float) -> Shape:
    return shapely.buffer(what, width, quad_segs=8)


def _oldest(plan: Layout) -> Shape:
    old = np.flatnonzero(np.isin(plan.home.made, (Make.OLD, Make.ROW)))
    return shapely.Point(plan.home.centre[old[np.argmin(plan.home.share[old])]])


def _airport(plan: Layout) -> Shape:
    centre = plan.frame.ground(np.array([-0.30, -0.36]) * plan.frame.radius_m)
    return _along(shapely.Point(centre), 0.4 * plan.frame.radius_m)


def _military(plan: Layout) -> Shape:
    wild = np.flatnonzero(plan.home.made == Make.FOREST)
    place = plan.home.centre[wild[len(wild) // 2]] if len(wild) else plan.frame.centre
    return _along(shapely.Point(place), 150)


def reserves(plan: Layout, named: list[str | None]) -> Iterator[Batch]:
    """Yield the reserves of streets from district main up, for both horizons; arterials are wider in 2045."""
    drawn = np.flatnonzero(plan.road & (plan.bones.ranks <= DISTRICT_MAIN))
    for horizon, wider in (("2030", 0.0), ("2045", 6.0)):
        for start in range(0, len(drawn), _CHUNK):
            edge = drawn[start : start + _CHUNK]
            rank = plan.bones.ranks[edge]
            width = np.array(RED_LINES_M)[rank] + np.where((rank < DISTRICT_MAIN) & (rank > EXPRESSWAY), wider, 0.0)
            shapes = shapes_on_grid(shapely.buffer(plan.bones.edges[edge], width / 2, cap_style="flat", quad_segs=2))
            columns = {
                "plan_code": GENERAL,
                "horizon": horizon,
                "name": [named[number] for number in edge],
                "red_line_width_m": width,
            }
            yield from batches("road_reserve", shapes, columns)
