"""Whether a proposal fits the plan and the standards: one verdict for each object and rule, with its proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from gis.answering import FILE
from gis.conformance import Terms, verdicts_on
from gis.conformance.compatibility import compatibility
from gis.days import day
from gis.db import City, seen_at, sight_kept
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Source, Table, Verdict
from gis.findings.figures import said
from gis.findings.sources import plan_source, standard_source
from gis.planning.plans import plan_in_force
from gis.proposals import Proposal, named_again, read
from gis.standards import edition as edition_named
from gis.standards import in_force
from layers import LAYERS
from layers.model import Horizon, Words

_MOST_UNREAD = 20
_TITLE = Words("Sự phù hợp của đề xuất với quy hoạch và quy chuẩn", "Conformance of a proposal with plan and standards")
_LOOKS = {
    Outcome.FAIL: Look(Outcome.FAIL.words, "#c22f2f"),
    Outcome.UNDECIDED: Look(Outcome.UNDECIDED.words, "#d9a02b"),
    Outcome.PASS: Look(Outcome.PASS.words, "#3f8f4f"),
    Outcome.NOT_APPLICABLE: Look(Outcome.NOT_APPLICABLE.words, "#9a9a9a"),
}


def plan_conformance(
    city: City,
    *,
    proposal: Annotated[str, FILE],
    plan: str = "",
    on: str = "",
    edition: str = "",
    area: Literal["new", "existing"] = "new",
) -> Finding:
    """Hold every object of a proposal against the zones of a plan and the rules of the standards.

    A verdict is pass, fail, not applicable, or cannot be decided: where a value is not given, where a rule is not
    known, or where it depends on a line of the plan that may lie off by the tolerance of its scale. Buildings that are
    built over count as gone. The city is looked at in 2030 where it is asked about as it stands.

    Parameters
    ----------
    proposal : GeoJSON in longitude and latitude, `scenario:NAME`, or a file with lots (`zone`), `parcel`, `building`,
        `facility`.
    plan : code of the plan in the register; the approved general plan where none is given.
    on : the day of the standards and of what holds; today where none is given.
    edition : the edition of QCVN 01, such as `01:2026`; the one in force on the day where none is given.
    area : whether the ground is a `new` area or an `existing` one, for which the standards ask less.

    Returns
    -------
    Finding
        Verdicts; tables `summary` (objects by outcome) and `rules` (verdicts by rule and outcome).

    Raises
    ------
    ProposalError, PlanError, DayError, NoEditionError, UnknownEditionError
        When the proposal cannot be read, or there is no such plan, day or edition.
    """
    when = day(on)
    standard = edition_named(edition) if edition else in_force(on=when)
    horizon = Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon
    with sight_kept(city):
        seen = seen_at(city.connection, horizon, city.scenario)
        proposed = read(seen, proposal)
        terms = Terms(plan_in_force(seen, plan), standard, when, area, horizon)
        verdicts = verdicts_on(seen, proposed, terms)
    return Finding(
        question="plan_conformance",
        title=_TITLE,
        arguments={
            "proposal": named_again(proposal, proposed),
            "plan": terms.plan.code,
            "on": when.isoformat(),
            "edition": standard.number,
            "area": area,
        },
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(proposed, verdicts),
        tables=(_object_table(proposed, verdicts), _rule_table(verdicts)),
        verdicts=verdicts,
        features=tuple(_features(proposed, verdicts)),
        notes=_notes(proposed, terms),
        sources=_sources(terms),
        argument_words={"proposal": proposed.label, "plan": terms.plan.label, "edition": standard.label},
    )


def _quantities(proposed: Proposal, verdicts: Sequence[Verdict]) -> tuple[Quantity, ...]:
    counts = Counter(verdict.outcome for verdict in verdicts)
    return (
        Quantity("objects", Words("Số đối tượng", "Objects"), len(proposed.objects), "objects"),
        *(Quantity(outcome.value, outcome.words, counts[outcome], "verdicts") for outcome in _LOOKS),
    )


def _object_table(proposed: Proposal, verdicts: Sequence[Verdict]) -> Table:
    headings = (
        Heading("object", Words("Đối tượng", "Object")),
        Heading("layer", Words("Lớp", "Layer")),
        Heading("outcome", Words("Kết luận", "Outcome")),
        *(Heading(outcome.value, outcome.words) for outcome in _LOOKS),
    )
    by_subject: dict[tuple[str, str], Counter[Outcome]] = {
        (each.layer, each.label): Counter() for each in proposed.objects
    }
    for verdict in verdicts:
        by_subject.setdefault((verdict.subject.layer, verdict.subject.label), Counter())[verdict.outcome] += 1
    rows = tuple(
        (label, LAYERS[layer].title, _worst(counts).words, *(counts[outcome] for outcome in _LOOKS))
        for (layer, label), counts in by_subject.items()
    )
    return Table("summary", Words("Tổng hợp theo đối tượng", "Summary by object"), headings, rows)


def _rule_table(verdicts: Sequence[Verdict]) -> Table:
    headings = (
        Heading("rule", Words("Mã", "Rule")),
        Heading("title", Words("Quy định", "What is asked")),
        *(Heading(outcome.value, outcome.words) for outcome in _LOOKS),
    )
    titles = {verdict.rule: verdict.title for verdict in verdicts}
    counts = Counter((verdict.rule, verdict.outcome) for verdict in verdicts)
    rows = tuple((rule, title, *(counts[rule, outcome] for outcome in _LOOKS)) for rule, title in titles.items())
    return Table("rules", Words("Tổng hợp theo quy định", "Summary by rule"), headings, rows)


def _features(proposed: Proposal, verdicts: Sequence[Verdict]) -> Iterator[Feature]:
    counts: dict[tuple[str, str], Counter[Outcome]] = {}
    for verdict in verdicts:
        counts.setdefault((verdict.subject.layer, verdict.subject.label), Counter())[verdict.outcome] += 1
    for each in proposed.objects:
        worst = _worst(counts.get((each.layer, each.label), Counter()))
        yield Feature(each.subject, each.geometry, {"outcome": worst.value}, _LOOKS[worst])


def _worst(counts: Counter[Outcome]) -> Outcome:
    return next((outcome for outcome in _LOOKS if counts[outcome]), Outcome.NOT_APPLICABLE)


def _notes(proposed: Proposal, terms: Terms) -> tuple[Words, ...]:
    plan, standard = terms.plan, terms.edition
    notes = [
        Words(f"Đề xuất: {proposed.name}", f"Proposal: {proposed.name}"),
        Words(f"{plan.name}, mốc {terms.horizon.value}", f"{plan.name}, horizon {terms.horizon.value}"),
        standard.title,
        Words(
            f"Tương thích chức năng: {compatibility().certainty.words.vi}",
            f"Compatibility of uses: {compatibility().certainty.words.en}",
        ),
    ]
    if proposed.unread:
        unread = ", ".join(proposed.unread[:_MOST_UNREAD]) + (", …" if len(proposed.unread) > _MOST_UNREAD else "")
        notes.append(
            Words(
                f"Các cột không được đọc, vì không lớp nào có: {unread}",
                f"Attributes that were not read, since no layer has them: {unread}",
            )
        )
    if plan.tolerance_m is None:
        notes.append(
            said(
                "Đồ án không nêu tỷ lệ: sai số nét vẽ được lấy {tolerance} m",
                "The plan names no scale: its lines are taken to be good to {tolerance} m",
                tolerance=terms.tolerance_m,
            )
        )
    return tuple(notes)


def _sources(terms: Terms) -> tuple[Source, ...]:
    plan, standard = terms.plan, terms.edition
    return (
        plan_source(plan),
        standard_source(standard),
        Source(compatibility().title, "data/conventions/use-compatibility.toml", compatibility().certainty),
    )
