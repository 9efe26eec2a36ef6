"""What lies under a water level on an elevation model: land, streets, people and schools, by depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from gis.answering import FILE, file_named
from gis.db import City
from gis.elevation import Surface, checked_error_m, surface_opened
from gis.findings import Feature, Finding, Heading, Look, Quantity, Source, Subject, Table
from gis.findings.figures import said
from gis.findings.table import Cell
from gis.planning.depths import BOUNDS_M, LEAST, MOST, Depths
from gis.planning.exposed import Exposed
from gis.planning.people import people
from gis.planning.places import place
from gis.planning.plans import plan_if_any
from layers.land import FACILITIES, LAND_USES
from layers.model import Words
from layers.zoning import PLAN_USES

_TITLE = Words("Độ sâu ngập theo mô hình độ cao", "Depth of water on an elevation model")
_M2_OF_HA, _M_OF_KM = 10_000, 1_000
_MOST_DRAWN = 20_000
_BLUES = ("#9ec9ea", "#5f9fd0", "#2f6fb2", "#1f4a80")
_AMOUNTS = (
    Heading("ground_ha", Words("Đất", "Ground"), "ha"),
    Heading("parcels_ha", Words("Đất thửa", "Parcel land"), "ha"),
    Heading("people", Words("Số người", "People"), "people"),
    Heading("road_km", Words("Đường", "Streets"), "km"),
    Heading("schools", Words("Trường học", "Schools"), "schools"),
)
_CASES = (
    (Words("Ít nhất (mực nước trừ sai số)", "At the least (level less the error)"), LEAST),
    (Words("Theo mô hình", "As the model says"), 0),
    (Words("Nhiều nhất (mực nước cộng sai số)", "At the most (level and the error)"), MOST),
)
_SCHOOL = Look(Words("Trường học dưới nước", "School under water"), "#c22f2f")


def elevation_exposure(
    city: City,
    *,
    elevation: Annotated[str, FILE],
    water_level_m: float,
    stated_error_m: float,
    crs: str = "",
    within: str = "city",
    plan: str = "",
) -> Finding:
    """Measure what lies under a water level on an elevation model: ground, parcels, people, streets, schools, by depth.

    Depth is the level less the height of the model, and both are in the levels of the model: global models count from
    the geoid EGM2008 or EGM96, not from the tide gauge at Hòn Dấu, and the difference is not known here. Low ground
    that no water can reach counts too: this is a screening, no simulation of a flood. By the error that its maker
    states, the least and the most that lies under water is told beside what the model says. Bridges are left out.

    Parameters
    ----------
    elevation : path of the elevation model, a GeoTIFF of one band, heights in m.
    water_level_m : water level in m, in the levels of the model.
    stated_error_m : error of the model that its maker states, in m.
    crs : coordinate system of the model, where it declares none or a wrong one.
    within : the place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.
    plan : code of the plan whose uses and people count in 2030 and 2045; the approved general plan where none is given.

    Returns
    -------
    Finding
        Tables `depths` by class of depth, `bounds` with the least and the most, `uses` by the use of land, `schools`.

    Raises
    ------
    PlaceError, PlanError, NoElevationError, StatedErrorError, FileRefusedError
        When there is no such place, plan or elevation model.
    """
    where, of_plan = place(city, within), plan_if_any(city, plan)
    path = file_named("elevation", elevation)
    with surface_opened(path, crs=crs or None) as surface:
        depths = Depths(surface, water_level_m, checked_error_m(stated_error_m))
        found = _Answer(Exposed.of(city, depths, where, of_plan))
    return Finding(
        question="elevation_exposure",
        title=_TITLE,
        arguments={"elevation": elevation, "water_level_m": water_level_m, "stated_error_m": stated_error_m, "crs": crs}
        | {"within": within, "plan": of_plan.code if of_plan else ""},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=found.quantities,
        tables=(found.by_depth, found.by_error, found.by_use, found.schools),
        features=tuple(found.features()),
        notes=(
            where.label,
            people(city, of_plan).counted,
            *_notes(surface, water_level_m, stated_error_m),
            *found.cut(),
        ),
        sources=(Source(Words("Mô hình độ cao", "Elevation model"), f"{surface.name}, {surface.crs.name}"),),
    )


def _notes(surface: Surface, level_m: float, error_m: float) -> Iterator[Words]:
    yield said(
        "Mực nước {level} m theo hệ cao độ của mô hình (không phải hệ Hòn Dấu); ô lưới khoảng {cell} m",
        "Water level {level} m in the levels of the model (not the Hòn Dấu datum); cells of about {cell} m",
        level=level_m,
        cell=surface.cell_m,
    )
    yield said(
        "Sai số được công bố của mô hình: ± {error} m",
        "Error of the model as it is stated: ± {error} m",
        error=error_m,
    )
    if error_m >= BOUNDS_M[1]:
        yield Words(
            "Sai số không nhỏ hơn cấp độ sâu: chỉ dùng để sàng lọc",
            "The error is no less than a class of depth: for screening alone",
        )


@dataclass(frozen=True)
class _Answer:
    """What lies under water, told."""

    found: Exposed

    def _amounts(self, at: int, less: int | None = None) -> tuple[float, ...]:
        """Return what lies below a level, less what lies below another."""
        found = self.found
        columns = (
            (found.ground_m2, _M2_OF_HA),
            (found.parcels.below_m2, _M2_OF_HA),
            (found.people.below, 1),
            (found.streets.below_m, _M_OF_KM),
            (found.schools_below, 1),
        )
        return tuple(float(each[at] - (0.0 if less is None else each[less])) / unit for each, unit in columns)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What lies under water, and what the model does not know."""
        found = self.found
        schools_unknown = sum(not np.isfinite(each.height_m) for each in found.schools)
        inhabitants, parcels_ha = found.people, found.parcels.unknown_m2 / _M2_OF_HA
        ground_ha, road_km = found.ground_unknown_m2 / _M2_OF_HA, found.streets.unknown_m / _M_OF_KM
        unknown = (
            ("ground_unknown_ha", "Đất chưa rõ cao độ", "Ground of unknown height", ground_ha, "ha"),
            ("parcels_unknown_ha", "Đất thửa chưa rõ cao độ", "Parcel land of such height", parcels_ha, "ha"),
            (
                "people_unknown",
                "Số người trên đất chưa rõ cao độ",
                "People on such ground",
                inhabitants.unknown,
                "people",
            ),
            ("road_unknown_km", "Đường chưa rõ cao độ", "Streets of such height", road_km, "km"),
            ("schools_unknown", "Trường học chưa rõ cao độ", "Schools of such height", schools_unknown, "schools"),
            (
                "uncounted_ha",
                "Đất ở chưa rõ số người",
                "Dwelling land whose people are not known",
                inhabitants.uncounted_m2 / _M2_OF_HA,
                "ha",
            ),
        )
        return (
            *(
                Quantity(heading.name, heading.title, value, heading.unit or "1")
                for heading, value in zip(_AMOUNTS, self._amounts(0), strict=True)
            ),
            *(Quantity(name, Words(vi, en), float(value), unit) for name, vi, en, value, unit in unknown),
        )

    @property
    def by_depth(self) -> Table:
        """A row for each class of depth, and all of them."""
        last = len(BOUNDS_M) - 1
        classes = tuple(
            (_class(number), *self._amounts(number, None if number == last else number + 1))
            for number in range(len(BOUNDS_M))
        )
        headings = (Heading("depth", Words("Độ sâu", "Depth")), *_AMOUNTS)
        whole = (Words("Tất cả", "All"), *self._amounts(0))
        return Table("depths", Words("Theo cấp độ sâu", "By depth"), headings, (*classes, whole), sums=1)

    @property
    def by_error(self) -> Table:
        """What lies under water at the least and at the most."""
        headings = (
            Heading("case", Words("Trường hợp", "Case")),
            *_AMOUNTS,
            Heading("parcels", Words("Số thửa bị chạm", "Parcels touched")),
        )
        rows = tuple((words, *self._amounts(at), int(self.found.parcels.touched[at])) for words, at in _CASES)
        return Table("bounds", Words("Theo sai số của mô hình", "By the error of the model"), headings, rows)

    @property
    def by_use(self) -> Table:
        """What of each use lies under water."""
        headings = (
            Heading("use", Words("Loại đất", "Use")),
            Heading("area_ha", Words("Diện tích", "Area"), "ha"),
            Heading("wet_ha", Words("Dưới nước", "Under water"), "ha"),
            Heading("wet_share", Words("Tỷ lệ", "Share"), "1"),
            Heading("least_share", Words("Ít nhất", "At the least"), "1"),
            Heading("most_share", Words("Nhiều nhất", "At the most"), "1"),
        )
        codes = PLAN_USES if self.found.is_planned else LAND_USES
        rows: list[tuple[Cell, ...]] = []
        for code, amounts in sorted(self.found.uses.items(), key=lambda each: (-each[1][1], str(each[0]))):
            named, whole = codes.named(code), max(float(amounts[0]), 1e-9)
            shares = (float(amounts[1 + at]) / whole for at in (0, LEAST, MOST))
            title = named.title if named else Words("Chưa rõ", "Unknown")
            rows.append((title, whole / _M2_OF_HA, float(amounts[1]) / _M2_OF_HA, *shares))
        return Table("uses", Words("Theo loại đất", "By use"), headings, tuple(rows))

    @property
    def schools(self) -> Table:
        """The schools that may stand under water, the lowest first."""
        headings = (
            Heading("facility_type", Words("Loại", "Kind")),
            Heading("name", Words("Tên", "Name")),
            Heading("uid", Words("Mã đối tượng", "Uid")),
            Heading("height_m", Words("Cao độ nền", "Ground"), "m"),
            Heading("depth_m", Words("Độ sâu", "Depth"), "m"),
            Heading("is_certain", Words("Chắc chắn", "Certain")),
        )
        levels = self.found.depths.levels
        wet = sorted(
            (each for each in self.found.schools if each.height_m < levels[MOST]), key=lambda each: each.height_m
        )
        rows: list[tuple[Cell, ...]] = []
        for each in wet:
            code = FACILITIES.named(each.kind)
            depth = self.found.depths.level_m - each.height_m
            said_ = (each.height_m, max(depth, 0.0), bool(each.height_m < levels[LEAST]))
            rows.append((code.title if code else each.kind, each.name, each.uid, *said_))
        return Table(
            "schools", Words("Trường học có thể ngập", "Schools that may be under water"), headings, tuple(rows)
        )

    def cut(self) -> Iterator[Words]:
        """Yield how many parcels are drawn, where that is not all."""
        number = len(self.found.parcels.deep)
        if number > _MOST_DRAWN:
            yield said(
                "Vẽ {most} thửa ngập sâu nhất trong {number}",
                "The {most} parcels deepest under water are drawn, of {number}",
                most=_MOST_DRAWN,
                number=number,
            )

    def features(self) -> Iterator[Feature]:
        """Yield parcels half of which lies below a bound of depth, the deepest where there are very many; schools."""
        deep = sorted(self.found.parcels.deep, key=lambda each: -each[0])[:_MOST_DRAWN]
        for bound, parcel in reversed(deep):
            words = _class(bound)
            yield Feature(Subject("parcel", words.vi), parcel, {}, Look(words, _BLUES[bound]))
        for each in self.found.schools:
            if each.height_m < self.found.depths.level_m:
                subject = Subject("facility", each.name or each.kind, each.uid)
                depth = self.found.depths.level_m - each.height_m
                yield Feature(subject, each.position, {"depth_m": depth}, _SCHOOL)


def _class(number: int) -> Words:
    low = BOUNDS_M[number]
    if number + 1 == len(BOUNDS_M):
        return said("sâu trên {low} m", "deeper than {low} m", low=low)
    return said("sâu {low}–{high} m", "{low}–{high} m deep", low=low, high=BOUNDS_M[number + 1])
