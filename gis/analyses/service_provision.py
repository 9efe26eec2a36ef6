"""How much land public services have, against what the standards ask for the people of each ward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gis.answering import part, told, told_through
from gis.days import day
from gis.db import City
from gis.findings import NOT_APPLICABLE, Feature, Finding, Heading, Look, Outcome, Quantity, Subject, Table, Verdict
from gis.findings.figures import known_sum
from gis.findings.sources import layer_source, standard_source
from gis.findings.table import Cell
from gis.planning.people import people
from gis.planning.plans import RegisteredPlan, plan_in_force
from gis.planning.provision import UNKNOWN_LEVEL, LandAsked, Supply, supply, verdict
from gis.planning.services import SERVICES
from gis.planning.wards import Ward, people_together, wards
from gis.standards import Edition, in_force
from gis.standards import edition as edition_named
from layers.land import FACILITIES
from layers.model import Words

_TITLE = Words("Đất dịch vụ công cộng so với quy chuẩn", "Land of public services against the standards")
_DECIDABLE = (Outcome.PASS, Outcome.FAIL, Outcome.UNDECIDED)
_LOOKS = (
    (
        Outcome.FAIL,
        Look(Words("Thiếu từ một nửa dịch vụ", "Half of the services are short"), "#c22f2f"),
    ),
    (Outcome.UNDECIDED, Look(Words("Thiếu một số dịch vụ", "Some services are short"), "#e0a040")),
    (Outcome.PASS, Look(Words("Đủ đất dịch vụ", "Enough land"), "#3f8f4f")),
)


def service_provision(
    city: City,
    *,
    ward: str = "",
    on: str = "",
    edition: str = "",
    area: Literal["new", "existing"] = "new",
    urban_class: Literal["special", "I", "II", "III", "IV", "V"] = "I",
    plan: str = "",
) -> Finding:
    """Hold the land of schools, health, sport, markets and parks against the norm for the people of each ward.

    What is needed is people times m² a person. People of today are those of the wards; those of 2030 and 2045 are those
    the plan provides for, by the share of each zone in the ward. Facilities are those that stand at the horizon the
    city is seen at. Where a school of unknown level, or a facility of unknown area, could make up for what is missing,
    it cannot be decided.

    Parameters
    ----------
    ward : code of one ward; all of them where none is given.
    on : the day of the standards; today where none is given.
    edition : the edition of QCVN 01, such as `01:2026`; the one in force on the day where none is given.
    area : whether the wards are taken for `new` or `existing` areas, for which less is asked of all but schools.
    urban_class : class of the city; the former Đà Nẵng was of class I.
    plan : code of the plan whose people count in 2030 and 2045; the approved general plan where none is given.

    Returns
    -------
    Finding
        A verdict for each ward and service; tables `totals`, by service, and `provision`, by ward and service (m², m² a
        person, shares 0-1).

    Raises
    ------
    PlaceError, PlanError, DayError, NoEditionError, UnknownEditionError
        When there is no such ward, plan, day or edition.
    """
    when = day(on)
    standard = edition_named(edition) if edition else in_force(on=when)
    of_plan = plan_in_force(city, plan)
    with part(0.0, 0.4):
        found = wards(city, of_plan, code=ward)
    told(0.4)
    asked = LandAsked(standard, area, urban_class)
    supplied = supply(city)
    asked_for = [service for service in SERVICES if asked.knows(service)]
    verdicts = tuple(
        verdict(asked, each, service, supplied) for each in told_through(found, begin=0.7) for service in asked_for
    )
    arguments = {"ward": ward, "on": when.isoformat(), "edition": standard.number, "area": area}
    return Finding(
        question="service_provision",
        title=_TITLE,
        arguments={**arguments, "urban_class": urban_class, "plan": of_plan.code},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(city, found, supplied, verdicts),
        tables=(_totals(verdicts), _table(verdicts)),
        verdicts=verdicts,
        features=tuple(_features(found, verdicts)),
        notes=_notes(city, of_plan, standard),
        sources=(standard_source(standard), layer_source("ward", "facility")),
        argument_words={**_ward_words(ward, found), "plan": of_plan.label, "edition": standard.label},
    )


def _table(verdicts: Sequence[Verdict]) -> Table:
    headings = (
        Heading("ward", Words("Phường, xã", "Ward")),
        Heading("service", Words("Dịch vụ", "Service")),
        Heading("people", Words("Dân số", "People"), "people"),
        Heading("facilities", Words("Số công trình", "Facilities")),
        Heading("without_area", Words("Chưa rõ diện tích, cấp học", "Area or level not known")),
        Heading("norm_m2", Words("Chỉ tiêu", "Norm"), "m²/person"),
        Heading("need_m2", Words("Nhu cầu", "Needed"), "m²"),
        Heading("have_m2", Words("Hiện có", "There"), "m²"),
        Heading("met_share", Words("Mức đáp ứng", "Met"), "1"),
        Heading("short_m2", Words("Còn thiếu", "Short of"), "m²"),
        Heading("outcome", Words("Kết luận", "Outcome")),
    )
    return Table("provision", _TITLE, headings, tuple(_Provided(each).row for each in verdicts))


def _totals(verdicts: Sequence[Verdict]) -> Table:
    headings = (
        Heading("service", Words("Dịch vụ", "Service")),
        Heading("need_m2", Words("Nhu cầu", "Needed"), "m²"),
        Heading("have_m2", Words("Hiện có", "There"), "m²"),
        Heading("met_share", Words("Mức đáp ứng", "Met"), "1"),
        Heading("short_m2", Words("Thiếu tại các phường, xã", "Short of, ward by ward"), "m²"),
        Heading("wards_short", Words("Số phường, xã thiếu", "Wards short")),
        Heading("wards_unknown", Words("Số phường, xã chưa rõ", "Wards not known")),
    )
    rows: list[tuple[Cell, ...]] = []
    for title in dict.fromkeys(each.title for each in verdicts):
        mine = [_Provided(each) for each in verdicts if each.title == title and each.outcome in _DECIDABLE]
        need, have, short = (known_sum(each.of(name) for each in mine) for name in ("need_m2", "have_m2", "short_m2"))
        met = have / need if need and have is not None else None
        unknown = sum(each.of("short_m2") is None for each in mine)
        rows.append((title, need, have, met, short, sum(bool(each.of("short_m2")) for each in mine), unknown))
    return Table("totals", Words("Tổng hợp theo dịch vụ", "By service"), headings, tuple(rows))


@dataclass(frozen=True, slots=True)
class _Provided:
    """A verdict, and what it says of the land of a service in a ward; None where it is not known."""

    verdict: Verdict

    def of(self, name: str) -> float | None:
        """Return an amount: one of the inputs, or what follows from them."""
        need_m2, have_m2 = (self._input(each) for each in ("need_m2", "have_m2"))
        if name == "met_share":
            return have_m2 / need_m2 if need_m2 and have_m2 is not None else None
        if name == "short_m2":
            return None if need_m2 is None or have_m2 is None else max(0.0, need_m2 - have_m2)
        return self._input(name)

    def _input(self, name: str) -> float | None:
        value = self.verdict.inputs.get(name)
        return float(value) if isinstance(value, (int, float)) else None

    @property
    def row(self) -> tuple[Cell, ...]:
        """All of it, as a row of the table."""
        is_asked = self.verdict.outcome in _DECIDABLE
        counts = (self.of("facilities"), self.of("without_area"))
        return (
            *(self.verdict.subject.label, self.verdict.title, self.of("people")),
            *(None if each is None else int(each) for each in counts),
            *((self.of(name) if is_asked else NOT_APPLICABLE) for name in ("norm_m2", "need_m2")),
            self.of("have_m2"),
            *((self.of(name) if is_asked else NOT_APPLICABLE) for name in ("met_share", "short_m2")),
            self.verdict.outcome.words,
        )


def _quantities(
    city: City, found: Sequence[Ward], supplied: Supply, verdicts: Sequence[Verdict]
) -> tuple[Quantity, ...]:
    codes = {each.code for each in found}
    unknown = sum(each.facilities for (ward, kind), each in supplied.items() if kind == UNKNOWN_LEVEL and ward in codes)
    title = FACILITIES.named(UNKNOWN_LEVEL)
    return (
        Quantity("people", Words("Dân số", "People"), people_together(city, found), "people"),
        Quantity("unknown_schools", title.title if title else _TITLE, unknown, "schools"),
        *(
            Quantity(each.value, each.words, sum(verdict.outcome is each for verdict in verdicts), "verdicts")
            for each in Outcome
        ),
    )


def _ward_words(code: str, found: Sequence[Ward]) -> Mapping[str, Words]:
    return {"ward": Words(found[0].label, found[0].label)} if code and found else {}


def _features(found: Sequence[Ward], verdicts: Sequence[Verdict]) -> Iterator[Feature]:
    for ward in found:
        subject = Subject("ward", f"{ward.name} ({ward.code})")
        mine = [each.outcome for each in verdicts if each.subject == subject]
        short = sum(each is Outcome.FAIL for each in mine)
        worst = Outcome.FAIL if 2 * short >= max(1, len(mine)) else Outcome.UNDECIDED if short else Outcome.PASS
        yield Feature(subject, ward.geometry, {"short": short, "services": len(mine)}, dict(_LOOKS)[worst])


def _notes(city: City, plan: RegisteredPlan, standard: Edition) -> tuple[Words, ...]:
    counted = people(city, plan).counted
    silent = [each.title for each in SERVICES if not LandAsked(standard, "new", "I").knows(each)]
    notes = [standard.title, counted]
    if silent:
        notes.append(
            Words(
                f"Chưa có chỉ tiêu đất bình quân trong {standard.code}: {', '.join(each.vi for each in silent)}",
                f"No land per person known in {standard.code}: {', '.join(each.en for each in silent)}",
            )
        )
    return tuple(notes)
