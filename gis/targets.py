"""What the master plan says in figures: population, land, targets of indicators, sub-areas, each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.certainty import Certainty
from gis.errors import QuyhoachError, nearest_of
from gis.written import Written, written
from layers.model import DATA, Words

_FOLDER = DATA / "plans"
_PERCENT = "%"
COUNTS = {
    "residents": Words("dân thường trú và tạm trú", "permanent and temporary residents"),
    "residents_and_visitors": Words("kể cả khách quy đổi", "converted visitors included"),
    "not_said": Words("nguồn không nêu cách tính", "the source does not say who is counted"),
}
"""Who a population counts."""
ZONES = {
    "waterfront": Words("Vùng ven mặt nước", "Waterfront"),
    "green_core": Words("Vùng lõi xanh", "Green core"),
    "hillside": Words("Vùng sườn đồi", "Hillside"),
    "ecological": Words("Vùng sinh thái", "Ecological"),
}


class NoFigureError(QuyhoachError):
    """A figure that was not found; it is unknown, not zero."""

    def __init__(self, plan: Plan, name: str, year: int | None, counts: str | None) -> None:
        asked = " ".join(str(each) for each in (name[:60], year, counts) if each is not None)
        known = sorted({figure.name for figure in plan.figures})
        super().__init__(f"No figure {asked} of {plan.code} was found; there are {', '.join(known)}.")


class SeveralFiguresError(QuyhoachError):
    """A figure of which there are several, so that which is meant has to be said."""

    def __init__(self, plan: Plan, found: Sequence[Figure]) -> None:
        each = "; ".join(" ".join(str(said) for said in (one.year, one.counts) if said is not None) for one in found)
        super().__init__(f"{plan.code} has several figures {found[0].name}: {each}; say which is meant.")


class UnknownPlanError(QuyhoachError):
    """There are no figures of a plan of that code."""

    def __init__(self, code: str, known: Sequence[Plan]) -> None:
        super().__init__(f"There are no figures of a plan {code[:60]!r}; {nearest_of(code, [p.code for p in known])}.")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or the range in which it lies, in `unit`; a share is 0-1 (`is_percent`: written in per cent).

    `counts` says of a population who is counted, by the codes of `COUNTS`. `instrument` is the one it stands in, which
    may be another than the plan.
    """

    name: str
    title: Words | None
    unit: str
    minimum: float
    maximum: float
    year: int | None
    counts: str | None
    instrument: str
    instrument_words: Words
    certainty: Certainty
    sources: tuple[str, ...]
    note: Words | None
    is_percent: bool

    @property
    def value(self) -> float:
        """The figure, where it is no range."""
        if self.minimum != self.maximum:
            raise ValueError(f"{self.name} is a range, {self.minimum:g}-{self.maximum:g} {self.unit}")
        return self.minimum


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of a sub-area: an area in ha, or a number of people, by a year where it names one."""

    value: float
    year: int | None
    source: str
    note: str | None


@dataclass(frozen=True, slots=True)
class SubArea:
    """A sub-area of the plan, with all that sources say of it side by side."""

    number: int
    name: Words
    zone: str
    areas_ha: tuple[Claim, ...]
    populations: tuple[Claim, ...]
    certainty: Certainty = Certainty.SECONDARY

    @property
    def is_disputed(self) -> bool:
        """Whether sources contradict each other about its area, or about its people in one year."""
        by_year: dict[int | None, set[float]] = {}
        for claim in self.populations:
            by_year.setdefault(claim.year, set()).add(claim.value)
        return len({claim.value for claim in self.areas_ha}) > 1 or any(len(values) > 1 for values in by_year.values())


@dataclass(frozen=True, slots=True)
class Later:
    """A decision that came after the plan."""

    instrument: str
    day: dt.date | None
    words: Words
    certainty: Certainty
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The figures of one plan.

    `targets` and `observed` bear the names of indicators; `unknown` says what was looked for and not found.
    """

    code: str
    title: Words
    decision_date: dt.date
    scope: Words
    certainty: Certainty
    sources: tuple[str, ...]
    figures: tuple[Figure, ...]
    targets: tuple[Figure, ...]
    observed: tuple[Figure, ...]
    sub_areas: tuple[SubArea, ...]
    later: tuple[Later, ...]
    unknown: Mapping[str, Words]

    def figure(self, name: str, *, year: int | None = None, counts: str | None = None) -> Figure:
        """Return a figure.

        Parameters
        ----------
        counts : who a population counts; needed where the plan has it in several ways.

        Raises
        ------
        NoFigureError, SeveralFiguresError
            When there is none, or when what was said does not tell which.
        """
        found = [
            each
            for each in self.figures
            if each.name == name and year in (None, each.year) and counts in (None, each.counts)
        ]
        if not found:
            raise NoFigureError(self, name, year, counts)
        if len(found) > 1:
            raise SeveralFiguresError(self, found)
        return found[0]

    def targets_of(self, indicator: str) -> tuple[Figure, ...]:
        """Return the targets of an indicator, by year; none where none was found."""
        return tuple(sorted((each for each in self.targets if each.name == indicator), key=lambda each: each.year or 0))

    def observed_of(self, indicator: str) -> tuple[Figure, ...]:
        """Return what others have measured of an indicator, by year."""
        return tuple(
            sorted((each for each in self.observed if each.name == indicator), key=lambda each: each.year or 0)
        )


@cache
def plans(folder: Path = _FOLDER) -> tuple[Plan, ...]:
    """Return the plans of a folder, the oldest first; WrittenError where a file is wrong."""
    return tuple(sorted((_plan(written(path)) for path in folder.glob("*.toml")), key=lambda plan: plan.decision_date))


def plan(code: str = "359/QĐ-TTg", *, folder: Path = _FOLDER) -> Plan:
    """Return the figures of a plan; UnknownPlanError where there are none."""
    known = plans(folder)
    for each in known:
        if each.code == code:
            return each
    raise UnknownPlanError(code, known)


def _plan(file: Written) -> Plan:
    file.check_names(
        *("plan", "instruments", "figure", "target", "observed"),
        *("sub_area", "sub_area_sources", "later", "unknown"),
    )
    said = file.table("plan")
    said.check_names("code", "title", "decision_date", "scope", "certainty", "sources")
    instruments = {name: file.table("instruments").words(name) for name in file.table("instruments").names}
    sources = {name: file.table("sub_area_sources").of(str, name) for name in file.table("sub_area_sources").names}
    return Plan(
        code=said.of(str, "code"),
        title=said.words("title"),
        decision_date=said.of(dt.date, "decision_date"),
        scope=said.words("scope"),
        certainty=said.certainty(),
        sources=said.texts("sources"),
        figures=tuple(_figure(each, "name", instruments) for each in file.each("figure")),
        targets=tuple(_figure(each, "indicator", instruments) for each in file.each("target")),
        observed=tuple(_figure(each, "indicator", instruments) for each in file.each("observed")),
        sub_areas=tuple(_sub_area(each, sources) for each in file.each("sub_area")),
        later=tuple(map(_later, file.each("later"))),
        unknown={each.of(str, "name"): each.words("words") for each in file.each("unknown")},
    )


def _figure(said: Written, name: str, instruments: Mapping[str, Words]) -> Figure:
    said.check_names(
        *(name, "title", "unit", "year", "counts", "value", "minimum", "maximum"),
        *("instrument", "certainty", "sources", "note"),
    )
    if ("value" in said) == ("minimum" in said and "maximum" in said):
        raise said.wrong("it says a value, or a minimum and a maximum")
    unit, instrument, counts = said.of(str, "unit"), said.of(str, "instrument"), said.maybe(str, "counts")
    if instrument not in instruments:
        raise said.wrong(f"its instrument {instrument!r} is not among those of the file")
    if counts is not None and counts not in COUNTS:
        raise said.wrong(f"it counts {counts!r}; there are {', '.join(COUNTS)}")
    if unit == "people" and counts is None:
        raise said.wrong("a population says who it counts")
    scale = 100 if unit == _PERCENT else 1
    low, high = ("value", "value") if "value" in said else ("minimum", "maximum")
    minimum, maximum = said.number(low) / scale, said.number(high) / scale
    if minimum > maximum:
        raise said.wrong(f"the minimum {minimum:g} is above the maximum {maximum:g}")
    return Figure(
        name=said.of(str, name),
        title=said.maybe_words("title"),
        unit="1" if unit == _PERCENT else unit,
        minimum=minimum,
        maximum=maximum,
        year=said.maybe(int, "year"),
        counts=counts,
        instrument=instrument,
        instrument_words=instruments[instrument],
        certainty=said.certainty(),
        sources=said.texts("sources"),
        note=said.maybe_words("note"),
        is_percent=unit == _PERCENT,
    )


def _sub_area(said: Written, sources: Mapping[str, str]) -> SubArea:
    said.check_names("number", "name", "zone", "area", "population")
    zone = said.of(str, "zone")
    if zone not in ZONES:
        raise said.wrong(f"its zone is {zone!r}; there are {', '.join(ZONES)}")
    return SubArea(
        said.of(int, "number"),
        said.words("name"),
        zone,
        tuple(_claim(each, sources) for each in said.each("area")),
        tuple(_claim(each, sources) for each in said.each("population")),
    )


def _claim(said: Written, sources: Mapping[str, str]) -> Claim:
    said.check_names("value", "year", "source", "note")
    source = said.of(str, "source")
    if source not in sources:
        raise said.wrong(f"its source {source!r} is not among sub_area_sources")
    return Claim(said.number("value"), said.maybe(int, "year"), sources[source], said.maybe(str, "note"))


def _later(said: Written) -> Later:
    said.check_names("instrument", "day", "words", "certainty", "sources")
    return Later(
        said.of(str, "instrument"),
        said.maybe(dt.date, "day"),
        said.words("words"),
        said.certainty(),
        said.texts("sources"),
    )
