"""Whether there are streets enough: density and spacing by class, land for them, lines of public transport."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gis.certainty import Certainty
from gis.days import day
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Subject, Table, Verdict
from gis.findings.figures import said
from gis.findings.sources import plan_source, standard_source
from gis.findings.table import Cell
from gis.indicators.measured import CITY, Measured, measured
from gis.networks.streets.provision import LEVELS, StreetSums, density_km_km2, even_spacing_m
from gis.planning.plans import plan_in_force
from gis.standards import Edition, MissingFactError, Norm, NotApplicableError, UnknownRuleError, in_force
from gis.standards import edition as edition_named
from gis.standards.rule import Case
from gis.statements import statements
from layers.model import Words
from layers.transport import ROAD_CLASSES

_SQL = Path(__file__).with_suffix(".sql")
_TITLE = Words("Mạng lưới đường so với quy chuẩn", "Streets against the standards")
_CITY = Words("Toàn thành phố", "The whole city")
_NO_LAND = Words("Không rõ diện tích đất xây dựng đô thị", "The urban construction land is not known")
_NO_WIDTH = Words("Có đường chưa rõ lộ giới", "Some streets have no red-line width")
_NO_NORM = Words("Quy chuẩn không nêu, hoặc chưa rõ", "The standard does not say it, or it is not known")
_NO_ROUTES = Words("Chưa có tuyến vận tải công cộng trong dữ liệu", "No route of public transport is loaded")
_LAND_LEVELS = ("inter_district", "district", "sub_district")
_TO_DISTRICT = "district"
_LOOKS = {
    Outcome.PASS: Look(Words("Đủ mật độ đường đến cấp khu vực", "Dense enough down to district streets"), "#3f8f4f"),
    Outcome.FAIL: Look(Words("Thiếu đường đến cấp khu vực", "Too few streets down to district streets"), "#c22f2f"),
    Outcome.UNDECIDED: Look(Words("Chưa đủ căn cứ", "Cannot be decided"), "#9a9a9a"),
}
_M_OF_KM, _M2_OF_HA = 1_000, 10_000


def street_network(city: City, *, on: str = "", edition: str = "", plan: str = "") -> Finding:
    """Hold the streets against the standards: density and spacing by class, land for streets, public transport.

    Streets are counted down to a class, with all above it, on urban construction land: that of present use today, that
    of the zones of the plan in 2030 and 2045. The spacing is that of an even grid as dense, two over the density. Land
    for streets is their length times the width between the red lines.

    Parameters
    ----------
    on : the day of the standards; today where none is given.
    edition : the edition of QCVN 01, such as `01:2026`; the one in force on the day where none is given.
    plan : code of the plan whose zones are built on in 2030 and 2045; the approved general plan where none is given.

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
    streets = _Held(city, standard, measured(city, of_plan), StreetSums.read(city), _routes_m(city))
    verdicts = (*streets.densities(), *streets.land(), streets.lines())
    arguments = {"on": when.isoformat(), "edition": standard.number, "plan": of_plan.code}
    return Finding(
        question="street_network",
        title=_TITLE,
        arguments=arguments,
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=streets.quantities,
        tables=(streets.class_table, streets.ward_table),
        verdicts=verdicts,
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

    city: City
    edition: Edition
    land_of: Measured
    sums: StreetSums
    routes_m: float | None

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """All streets, all construction land."""
        length_m = sum(each.length_m for _, each in self.sums.classes())
        land_m2 = self.land_of.amount("construction_m2")
        return (
            Quantity("streets_km", Words("Tổng chiều dài đường", "Streets"), length_m / _M_OF_KM, "km"),
            Quantity(
                "construction_ha",
                Words("Đất xây dựng đô thị", "Urban construction land"),
                None if land_m2 is None else land_m2 / _M2_OF_HA,
                "ha",
            ),
            Quantity(
                "routes_km",
                Words("Đường có tuyến vận tải công cộng", "Streets with public transport"),
                None if self.routes_m is None else self.routes_m / _M_OF_KM,
                "km",
            ),
        )

    def densities(self) -> Iterator[Verdict]:
        """Yield a verdict for each class that the standard counts, on the whole city; then on wards, down to district."""
        for level in LEVELS:
            yield self._density(level, CITY, Subject("city", _CITY.vi))
        for ward in self.land_of.wards:
            yield self._density(_TO_DISTRICT, ward.code, Subject("ward", ward.label))

    def _density(self, level: str, ward: str, subject: Subject) -> Verdict:
        streets, land_m2 = self.sums.down_to(level, ward), self.land_of.amount("construction_m2", ward)
        found = density_km_km2(streets.length_m, land_m2)
        inputs = {"length_m": streets.length_m, "construction_m2": land_m2, "road_level": level}
        arithmetic = said(
            "{length} km / {land} km² = {density} km/km²", length=streets.length_m / _M_OF_KM,
            land=(land_m2 or 0.0) / 1e6, density=found or 0.0,
        )  # fmt: skip
        title = Words(f"Mật độ đường đến cấp: {_title(level).vi}", f"Density down to: {_title(level).en}")
        return self._held("road_density", {"road_level": level}, subject, title, found, inputs, arithmetic)

    def land(self) -> Iterator[Verdict]:
        """Yield a verdict for each class down to which the standard asks land for streets."""
        land_m2 = self.land_of.amount("construction_m2")
        for level in _LAND_LEVELS:
            streets = self.sums.down_to(level)
            found = streets.land_m2 / land_m2 if land_m2 else None
            inputs = {"land_m2": streets.land_m2, "construction_m2": land_m2, "unknown_m": streets.unknown_m}
            arithmetic = said(
                "{land} ha / {all} ha = {share} %", land=streets.land_m2 / _M2_OF_HA,
                all=(land_m2 or 0.0) / _M2_OF_HA, share=100 * (found or 0.0),
            )  # fmt: skip
            title = Words(
                f"Đất giao thông đến cấp: {_title(level).vi}", f"Land for streets down to: {_title(level).en}"
            )
            held = self._held(
                "transport_land_share",
                {"road_level": level},
                Subject("city", _CITY.vi),
                title,
                found,
                inputs,
                arithmetic,
            )
            # Streets whose width is not known may have what is missing.
            short = held.outcome is Outcome.FAIL and streets.unknown_m > 0
            yield _undecided(held, _NO_WIDTH) if short else held

    def lines(self) -> Verdict:
        """Return the verdict on how dense the lines of public transport are."""
        land_m2 = self.land_of.amount("construction_m2")
        found = None if self.routes_m is None else density_km_km2(self.routes_m, land_m2)
        inputs = {"routes_m": self.routes_m, "construction_m2": land_m2}
        arithmetic = said(
            "{length} km / {land} km² = {density} km/km²", length=(self.routes_m or 0.0) / _M_OF_KM,
            land=(land_m2 or 0.0) / 1e6, density=found or 0.0,
        )  # fmt: skip
        title = Words("Mật độ mạng lưới giao thông công cộng", "Density of public transport")
        case: Case = {"urban_class": "I"}
        held = self._held("transit_network_density", case, Subject("city", _CITY.vi), title, found, inputs, arithmetic)
        return _undecided(held, _NO_ROUTES) if self.routes_m is None else held

    def _held(
        self,
        rule: str,
        case: Case,
        subject: Subject,
        title: Words,
        found: float | None,
        inputs: Mapping[str, float | str | None],
        arithmetic: Words,
    ) -> Verdict:
        raise NotImplementedError
