"""Whether there are streets enough: density and spacing by class, land for them, lines of public transport."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import shapely

from gis.answering import told
from gis.days import day
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Subject, Table, Verdict
from gis.findings.figures import said
from gis.findings.sources import plan_source, standard_source
from gis.findings.table import Cell
from gis.indicators.measured import CITY, measured
from gis.networks.streets.density import NO_LAND, Density, to_level
from gis.networks.streets.provision import LEVELS, StreetSums, even_spacing_m, road_class_title
from gis.planning.judging import Check, Found, Judge
from gis.planning.plans import plan_in_force
from gis.planning.wards import Ward
from gis.standards import Edition, in_force
from gis.standards import edition as edition_named
from gis.statements import statements
from layers.model import Words

_SQL = Path(__file__).with_suffix(".sql")
_TITLE = Words("Mạng lưới đường so với quy chuẩn", "Streets against the standards")
_WHOLE = Subject("city", "Toàn thành phố")
_NO_WIDTH = Words("Có đường chưa rõ lộ giới", "Some streets have no red-line width")
_NO_ROUTES = Words("Chưa có tuyến vận tải công cộng trong dữ liệu", "No route of public transport is loaded")
_LAND_LEVELS = ("inter_district", "district", "sub_district")
_SHOWN_LEVEL = "district"
_LOOKS = {
    Outcome.PASS: Look(Words("Đủ mật độ đường đến cấp khu vực", "Dense enough down to district streets"), "#3f8f4f"),
    Outcome.FAIL: Look(Words("Thiếu đường đến cấp khu vực", "Too few streets down to district streets"), "#c22f2f"),
    Outcome.UNDECIDED: Look(Words("Chưa đủ căn cứ", "Cannot be decided"), "#9a9a9a"),
}
_M_OF_KM, _M2_OF_HA = 1_000, 10_000


def street_network(
    city: City,
    *,
    on: str = "",
    edition: str = "",
    plan: str = "",
    urban_class: Literal["special", "I", "II", "III", "IV", "V"] = "I",
) -> Finding:
    """Hold the streets against the standards: density and spacing by class, land for streets, public transport.

    Streets are counted down to a class, with all above it, on urban construction land: that of present use today, that
    of the zones of the plan in 2030 and 2045. The spacing is that of an even grid as dense, two over the density. Land
    for streets is their length times the width between the red lines.

    Parameters
    ----------
    on : the day of the standards; today where none is given.
    edition : the edition of QCVN 01, such as `01:2026`; the one in force on the day where none is given.
    plan : code of the plan whose zones are built on in 2030 and 2045; the approved general plan where none is given.
    urban_class : class of the city; the former Đà Nẵng was of class I.

    Returns
    -------
    Finding
        Tables `classes` (km, km/km², m), `wards`; verdicts on density, land and lines of public transport.

    Raises
    ------
    PlanError, DayError, NoEditionError, UnknownEditionError
        When there is no such plan, day or edition.
    """
    when = day(on)
    standard = edition_named(edition) if edition else in_force(on=when)
    of_plan = plan_in_force(city, plan)
    told(0.1)
    sums = StreetSums.read(city)
    told(0.5)
    streets = _Held(Density(standard, measured(city, of_plan), sums), urban_class, _routes_m(city))
    arguments = {"on": when.isoformat(), "edition": standard.number, "plan": of_plan.code, "urban_class": urban_class}
    return Finding(
        question="street_network",
        title=_TITLE,
        arguments=arguments,
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=streets.quantities,
        tables=(streets.class_table, streets.ward_table),
        verdicts=tuple(streets.verdicts),
        features=tuple(streets.features),
        notes=(standard.title,),
        sources=(standard_source(standard), plan_source(of_plan)),
    )


def _routes_m(city: City) -> float | None:
    """Return the length of streets that public transport runs along; None where no route is loaded."""
    listed = city.connection.execute(statements(_SQL)["routes"].sql(), binary=True).fetchall()
    if not listed:
        return None
    lines = shapely.from_wkb(np.array([geometry for (geometry,) in listed], dtype=object))
    return float(shapely.length(shapely.union_all(lines)))


@dataclass(frozen=True)
class _Held:
    """The streets of the city and of its wards, held against an edition."""

    density: Density
    urban_class: str
    routes_m: float | None

    @property
    def edition(self) -> Edition:
        """The edition they are held against."""
        return self.density.edition

    @property
    def sums(self) -> StreetSums:
        """The streets, by class and ward."""
        return self.density.sums

    @property
    def wards(self) -> tuple[Ward, ...]:
        """The wards of the city."""
        return self.density.land_of.wards

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All streets, all construction land."""
        length_m = sum(each.length_m for _, each in self.sums.classes())
        return (
            Quantity("streets_km", Words("Tổng chiều dài đường", "Streets"), length_m / _M_OF_KM, "km"),
            Quantity(
                "construction_ha",
                Words("Đất xây dựng đô thị", "Urban construction land"),
                _scaled(self.density.land_m2(), _M2_OF_HA),
                "ha",
            ),
            Quantity(
                "routes_km",
                Words("Đường có tuyến vận tải công cộng", "Streets with public transport"),
                _scaled(self.routes_m, _M_OF_KM),
                "km",
            ),
        )

    @property
    def verdicts(self) -> Iterator[Verdict]:
        """The verdicts: density down to each class, land for streets, lines of public transport; then the wards."""
        for level in LEVELS:
            yield self.density.verdict(level, CITY, _WHOLE)
        for level in _LAND_LEVELS:
            yield self._land(level)
        check = Check("transit_network_density", Words("Mật độ mạng lưới vận tải công cộng", "Public transport lines"))
        found = self.density.found(self.routes_m, CITY, _NO_ROUTES)
        yield Judge(self.edition, check, _WHOLE).by_standard(check.name, {"urban_class": self.urban_class}, found)
        for ward in self.wards:
            yield self.density.verdict(_SHOWN_LEVEL, ward.code, Subject("ward", ward.label))

    def _land(self, level: str) -> Verdict:
        check = Check("transport_land_share", to_level(Words("Đất đường đến cấp", "Land for streets down to"), level))
        streets, land_m2 = self.sums.down_to(level), self.density.land_m2()
        inputs = {"land_m2": streets.land_m2, "construction_m2": land_m2, "unknown_m": streets.unknown_m}
        found = Found(None, "1", missing=NO_LAND, inputs=inputs, is_share=True)
        if land_m2:
            share = streets.land_m2 / land_m2
            arithmetic = said(
                "{land} ha / {all} ha = {share} %",
                land=streets.land_m2 / _M2_OF_HA,
                all=land_m2 / _M2_OF_HA,
                share=100 * share,
            )
            found = Found(share, "1", arithmetic, inputs=inputs, is_share=True)
        verdict = Judge(self.edition, check, _WHOLE).by_standard(check.name, {"road_level": level}, found)
        # Streets whose width is not known may have what is missing.
        if verdict.outcome is Outcome.FAIL and streets.unknown_m:
            return replace(verdict, outcome=Outcome.UNDECIDED, reason=_NO_WIDTH)
        return verdict

    @property
    def class_table(self) -> Table:
        """Streets by class, and down to each class that the standard counts."""
        headings = (
            Heading("road_class", Words("Cấp đường", "Class")),
            Heading("length_km", Words("Chiều dài", "Length"), "km"),
            Heading("density", Words("Mật độ tính đến cấp", "Density down to it"), "km/km²"),
            Heading("spacing_m", Words("Khoảng cách lưới đều", "Spacing of an even grid"), "m"),
            Heading("land_ha", Words("Đất trong lộ giới", "Land between red lines"), "ha"),
            Heading("unknown_km", Words("Chưa rõ lộ giới", "Width not known"), "km"),
        )
        return Table("classes", _TITLE, headings, tuple(self._class_rows()))

    def _class_rows(self) -> Iterator[tuple[Cell, ...]]:
        for code, sums in self.sums.classes():
            density = (
                self.density.found(self.sums.down_to(code).length_m, CITY, NO_LAND).value if code in LEVELS else None
            )
            yield (
                road_class_title(code),
                sums.length_m / _M_OF_KM,
                density,
                even_spacing_m(density),
                sums.land_m2 / _M2_OF_HA,
                sums.unknown_m / _M_OF_KM,
            )

    @property
    def ward_table(self) -> Table:
        """Density of each ward, down to district streets."""
        headings = (
            Heading("ward", Words("Phường, xã", "Ward")),
            Heading("length_km", Words("Đường đến cấp khu vực", "Streets down to district streets"), "km"),
            Heading("construction_ha", Words("Đất xây dựng đô thị", "Urban construction land"), "ha"),
            Heading("density", Words("Mật độ", "Density"), "km/km²"),
        )
        rows = tuple(
            (
                ward.label,
                (length_m := self.sums.down_to(_SHOWN_LEVEL, ward.code).length_m) / _M_OF_KM,
                _scaled(self.density.land_m2(ward.code), _M2_OF_HA),
                self.density.found(length_m, ward.code, NO_LAND).value,
            )
            for ward in self.wards
        )
        return Table("wards", Words("Theo phường, xã", "By ward"), headings, rows)

    @property
    def features(self) -> Iterator[Feature]:
        """The wards, by whether they are dense enough."""
        for ward in self.wards:
            subject = Subject("ward", ward.label)
            verdict = self.density.verdict(_SHOWN_LEVEL, ward.code, subject)
            density = verdict.found if isinstance(verdict.found, float) else None
            yield Feature(subject, ward.geometry, {"density": density}, _LOOKS.get(verdict.outcome))


def _scaled(number: float | None, unit: float) -> float | None:
    return None if number is None else number / unit
