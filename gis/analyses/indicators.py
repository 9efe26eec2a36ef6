"""The indicators of the city against the targets of the master plan, today, in 2030 and in 2045."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gis.answering import told_through
from gis.db import City, seen_at, sight_kept
from gis.findings import NOT_APPLICABLE, Feature, Finding, Heading, Look, Quantity, Source, Subject, Table
from gis.findings.figures import said
from gis.findings.sources import plan_source
from gis.findings.table import Cell
from gis.indicators import CATALOGUE, Indicator, Measured, measured, standing
from gis.indicators.measured import CITY
from gis.indicators.standing import Standing, Status
from gis.planning.plans import RegisteredPlan, plan_in_force
from gis.targets import COUNTS, Figure, Plan
from gis.targets import plan as targets_of_plan
from gis.wording import LANGUAGES, SHARE, YEAR, unit_in
from layers.kernel import HORIZONS
from layers.model import Horizon, Words

_TITLE = Words("Chỉ tiêu so với mục tiêu quy hoạch", "Indicators against the targets of the plan")
_TODAY = 2024
_LOOK = Look(Words("Phường, xã", "Wards"), "#5f86a8", is_outline=True)
_CONSUMPTION = ("land_consumption_rate", "population_growth_rate")


def indicators(city: City, *, plan: str = "", targets: str = "359/QĐ-TTg", present_year: int = _TODAY) -> Finding:
    """Measure every indicator today, in 2030 and in 2045, and hold it against its target.

    A figure for each person names whom it counts. A target that was not found is no target of zero; what cannot be
    measured from the layers has no value. Uses are grouped by this system (`gis.indicators.uses`), and the plan's own
    figures may group them otherwise.

    Parameters
    ----------
    plan : code of the plan in the register; the approved general plan where none is given.
    targets : code of the plan whose targets are taken, as in `data/plans/`.
    present_year : the year that the layers of today describe.

    Returns
    -------
    Finding
        Tables `indicators` (value, target, gap, status, for the city), `targets` (with instrument and certainty) and
        `wards` (values by ward and horizon).

    Raises
    ------
    PlanError, UnknownPlanError
        When there is no such plan, or no figures of it.
    """
    of_plan, figures = plan_in_force(city, plan), targets_of_plan(targets)
    with sight_kept(city):
        seen = {
            each: measured(seen_at(city.connection, each, city.scenario), of_plan)
            for each in told_through(tuple(Horizon))
        }
    years = {Horizon.EXISTING: present_year, Horizon.H2030: 2030, Horizon.H2045: 2045}
    report = _Report(seen, years, figures)
    rows = list(report.rows())
    return Finding(
        question="indicators",
        title=_TITLE,
        arguments={"plan": of_plan.code, "targets": figures.code, "present_year": present_year},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(_counted(rows)),
        tables=(_table(rows), _target_table(rows), report.ward_table()),
        features=tuple(report.features()),
        notes=_notes(seen, figures),
        sources=_sources(of_plan, figures),
        argument_words={"plan": of_plan.label, "targets": figures.title},
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One indicator at one horizon, for the city."""

    indicator: Indicator
    horizon: Horizon
    year: int
    value: float | None
    counted: Words | None
    target: Figure | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class _Report:
    """What was measured at each horizon, and the figures it is held against."""

    seen: Mapping[Horizon, Measured]
    years: Mapping[Horizon, int]
    figures: Plan

    def rows(self) -> Iterator[_Row]:
        """Yield each indicator at each horizon; where there are several targets of a year, one row for each."""
        for indicator in CATALOGUE:
            for horizon, found in self.seen.items():
                value = self._value(indicator, horizon, CITY)
                counted = found.counted if "people" in (indicator.numerator, indicator.denominator) else None
                for target in self._targets(indicator, self.years[horizon]) or (None,):
                    observed = next(iter(self.figures.observed_of(indicator.name)), None)
                    stands = standing(value, self.years[horizon], target, observed, indicator.direction)
                    yield _Row(indicator, horizon, self.years[horizon], value, counted, target, stands)

    def _targets(self, indicator: Indicator, year: int) -> tuple[Figure, ...]:
        """Return the nearest targets that are not past, the latest where all are; figures of the plan count too."""
        known = self.figures.targets_of(indicator.name) or tuple(
            each for each in self.figures.figures if each.name == indicator.name and each.year is not None
        )
        years = sorted({each.year for each in known if each.year is not None})
        if not years:
            return ()
        chosen = next((each for each in years if each >= year), years[-1])
        return tuple(each for each in known if each.year == chosen)

    def _value(self, indicator: Indicator, horizon: Horizon, ward: str) -> float | None:
        if indicator.numerator in _CONSUMPTION:
            return self._consumption(horizon, ward)
        found = self.seen[horizon]
        above = None if indicator.numerator is None else found.amount(indicator.numerator, ward)
        if above is None:
            return None
        below = 1.0 if indicator.denominator is None else found.amount(indicator.denominator, ward)
        return indicator.factor * above / below if below else None

    def _consumption(self, horizon: Horizon, ward: str) -> float | None:
        """Return `((V2 − V1) / V1 / T) / (ln(P2 / P1) / T)` since the horizon before."""
        order = list(Horizon)
        if horizon is Horizon.EXISTING:
            return None
        before = order[order.index(horizon) - 1]
        land = [self.seen[each].amount("construction_m2", ward) for each in (before, horizon)]
        people = [self.seen[each].amount("people", ward) for each in (before, horizon)]
        if not all(land) or not all(people):
            return None
        land_1, land_2, people_1, people_2 = (float(each or 0) for each in (*land, *people))
        growth = math.log(people_2 / people_1)
        return (land_2 - land_1) / land_1 / growth if growth else None

    def ward_table(self) -> Table:
        """Return the values of each ward."""
        headings = (
            Heading("ward", Words("Phường, xã", "Ward")),
            Heading("indicator", Words("Chỉ tiêu", "Indicator")),
            Heading("unit", Words("Đơn vị", "Unit")),
            *(Heading(each.value, _horizon(each), unit_column="unit") for each in self.seen),
        )
        rows = [
            (
                ward.label,
                indicator.title,
                _unit(indicator),
                *(self._value(indicator, each, ward.code) for each in self.seen),
            )
            for ward in self.seen[Horizon.EXISTING].wards
            for indicator in CATALOGUE
            if indicator.numerator is not None
        ]
        return Table("wards", Words("Theo phường, xã", "By ward"), headings, tuple(rows))

    def features(self) -> Iterator[Feature]:
        """Yield the wards, with their values of today."""
        for ward in self.seen[Horizon.EXISTING].wards:
            values = {each.name: self._value(each, Horizon.EXISTING, ward.code) for each in CATALOGUE}
            yield Feature(Subject("ward", ward.label), ward.geometry, values, _LOOK)


def _unit(indicator: Indicator) -> Words:
    if indicator.unit == SHARE.en:
        return SHARE
    return Words(*(unit_in(indicator.unit, language) or "–" for language in LANGUAGES))


def _horizon(horizon: Horizon) -> Words:
    code = HORIZONS.named(horizon.value)
    return code.title if code else Words(horizon.value, horizon.value)


def _table(rows: Sequence[_Row]) -> Table:
    headings = (
        Heading("indicator", Words("Chỉ tiêu", "Indicator")),
        Heading("horizon", Words("Mốc", "Horizon")),
        Heading("value", Words("Giá trị", "Value"), unit_column="unit"),
        Heading("unit", Words("Đơn vị", "Unit")),
        Heading("counted", Words("Dân số tính", "People counted")),
        Heading("target", Words("Mục tiêu", "Target"), unit_column="unit"),
        Heading("target_year", Words("Năm", "Year"), YEAR),
        Heading("gap", Words("Còn thiếu", "Gap"), unit_column="unit"),
        Heading("status", Words("Tình trạng", "Status")),
    )
    return Table("indicators", _TITLE, headings, tuple(map(_cells, rows)))


def _target_table(rows: Sequence[_Row]) -> Table:
    """Return the targets that values were held against, with the instrument of each."""
    headings = (
        Heading("indicator", Words("Chỉ tiêu", "Indicator")),
        Heading("target", Words("Mục tiêu", "Target"), unit_column="unit"),
        Heading("unit", Words("Đơn vị", "Unit")),
        Heading("target_year", Words("Năm", "Year"), YEAR),
        Heading("counts", Words("Dân số tính", "People counted")),
        Heading("instrument", Words("Văn bản", "Instrument")),
        Heading("certainty", Words("Độ tin cậy", "Certainty")),
    )
    listed = dict.fromkeys((row.indicator, row.target) for row in rows if row.target is not None)
    cells = tuple(
        (
            *(
                indicator.title,
                _range(target),
                _unit(indicator),
                target.year,
                _counts(target),
            ),
            *(target.instrument_words, target.certainty.words),
        )
        for indicator, target in listed
    )
    return Table("targets", Words("Mục tiêu và văn bản", "Targets and their instruments"), headings, cells)


def _cells(row: _Row) -> tuple[Cell, ...]:
    target = row.target
    return (
        *(row.indicator.title, _horizon(row.horizon), row.value, _unit(row.indicator), row.counted or NOT_APPLICABLE),
        *((None, None) if target is None else (_range(target), target.year)),
        *(row.standing.gap, row.standing.status.words),
    )


def _range(target: Figure) -> float | Words:
    """Return a target as a number, or as a range in words."""
    if target.minimum == target.maximum:
        return target.minimum
    return said("{least}–{most}", least=target.minimum, most=target.maximum)


def _counted(rows: Sequence[_Row]) -> Iterator[Quantity]:
    for status in Status:
        number = sum(row.standing.status is status for row in rows)
        yield Quantity(status.value, status.words, number, "indicators")


def _notes(seen: Mapping[Horizon, Measured], figures: Plan) -> tuple[Words, ...]:
    counted = [found.counted for found in seen.values()]
    return (
        figures.title,
        figures.scope,
        Words("; ".join(each.vi for each in counted), "; ".join(each.en for each in counted)),
        *_not_found(list(figures.unknown.values())),
    )


def _counts(target: Figure) -> Words:
    return COUNTS.get(target.counts or "", NOT_APPLICABLE)


def _not_found(unknown: Sequence[Words]) -> Iterator[Words]:
    if unknown:
        vi, en = "; ".join(each.vi for each in unknown), "; ".join(each.en for each in unknown)
        yield Words(f"Chưa tìm thấy: {vi}", f"Not found: {en}")


def _sources(plan: RegisteredPlan, figures: Plan) -> tuple[Source, ...]:
    return (
        plan_source(plan),
        Source(figures.title, f"{figures.code}; {', '.join(figures.sources)}", figures.certainty),
        *(Source(each.title, each.source) for each in CATALOGUE if each.source is not None),
    )
