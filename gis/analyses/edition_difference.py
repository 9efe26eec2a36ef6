"""What changes when one edition of the standards replaces another: for services, for a proposal, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from gis.answering import FILE, part, told, told_through
from gis.conformance import Terms, verdicts_on
from gis.days import day
from gis.db import City, seen_at, sight_kept
from gis.findings import NOT_APPLICABLE, Finding, Heading, Outcome, Quantity, Table, Verdict
from gis.findings.figures import known_sum
from gis.findings.sources import plan_source, standard_source
from gis.findings.table import Cell
from gis.planning.plans import plan_in_force
from gis.planning.provision import LandAsked, Supply, supply, verdict
from gis.planning.services import SERVICES
from gis.planning.wards import Ward, wards
from gis.proposals import named_again, read
from gis.standards import Edition
from gis.standards import edition as edition_named
from gis.standards.differences import RulePair, asked_in_words, rule_pairs
from gis.wording import LANGUAGES, SHARE, unit_in
from layers.model import Horizon, Words

_TITLE = Words("Khác biệt giữa hai ấn bản quy chuẩn", "What another edition of the standards changes")
_CHANGES: Mapping[bool | None, Words] = {
    True: Words("Thay đổi", "Changes"),
    False: Words("Giữ nguyên", "Stays"),
    None: Words("Chưa rõ có thay đổi", "Not known whether it changes"),
}


def edition_difference(
    city: City,
    *,
    before: str = "01:2021",
    after: str = "01:2026",
    proposal: Annotated[str, FILE] = "",
    plan: str = "",
    urban_class: Literal["special", "I", "II", "III", "IV", "V"] = "I",
) -> Finding:
    """Hold the wards, and a proposal if one is given, against two editions, and say what differs.

    A rule that is known of one edition alone is not taken for gone in the other: what changes is then not known.

    Parameters
    ----------
    before : the edition of QCVN 01 that is replaced.
    after : the edition that replaces it.
    proposal : GeoJSON, `scenario:NAME`, or a file; what it is judged by changes with the edition. None where empty.
    plan : code of the plan; the approved general plan where none is given.
    urban_class : class of the city; the former Đà Nẵng was of class I.

    Returns
    -------
    Finding
        Tables `services` (land needed in each ward, m²), `rules` (what both editions ask) and, with a proposal,
        `verdicts` (those whose outcome changes).

    Raises
    ------
    UnknownEditionError, PlanError, ProposalError
        When there is no such edition or plan, or the proposal cannot be read.
    """
    first, second = edition_named(before), edition_named(after)
    of_plan = plan_in_force(city, plan)
    with part(0.0, 0.2):
        found = wards(city, of_plan)
    services = list(_services(found, supply(city), (first, second), urban_class))
    told(0.4)
    arguments = {"before": first.number, "after": second.number, "plan": of_plan.code, "urban_class": urban_class}
    called = {"before": first.label, "after": second.label, "plan": of_plan.label}
    changed: list[tuple[Verdict, Verdict]] = []
    if proposal:
        horizon = Horizon.H2030 if city.horizon is Horizon.EXISTING else city.horizon
        with sight_kept(city):
            seen = seen_at(city.connection, horizon, city.scenario)
            proposed = read(seen, proposal)
            verdicts = [
                verdicts_on(seen, proposed, Terms(of_plan, each, day(""), "new", horizon))
                for each in told_through((first, second), begin=0.4)
            ]
        changed = [pair for pair in zip(*verdicts, strict=True) if pair[0].outcome is not pair[1].outcome]
        arguments["proposal"] = named_again(proposal, proposed)
        called["proposal"] = proposed.label
    rules = list(rule_pairs(first, second))
    told(1.0)
    return Finding(
        question="edition_difference",
        title=_TITLE,
        arguments=arguments,
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(services, rules, changed),
        tables=(_service_totals(services), _service_table(services), _rule_table(rules), _verdict_table(changed)),
        notes=(first.title, second.title),
        sources=(standard_source(first), standard_source(second), plan_source(of_plan)),
        argument_words=called,
    )


@dataclass(frozen=True, slots=True)
class _Service:
    """The land one service needs in one ward under both editions."""

    ward: Ward
    title: Words
    before: Verdict
    after: Verdict

    def need_m2(self, of: Verdict) -> float | None:
        """Return what is needed, in m²; None where it is not known."""
        need = of.inputs.get("need_m2")
        return need if isinstance(need, float) else None

    @property
    def change_m2(self) -> float | None:
        """How much more is needed; None where either is not known."""
        first, second = self.need_m2(self.before), self.need_m2(self.after)
        return None if first is None or second is None else second - first

    @property
    def have_m2(self) -> float | None:
        """What is there, in m²; None where it is not known."""
        have = self.before.inputs["have_m2"]
        return float(have) if isinstance(have, (int, float)) else None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What is needed before and after, the change, what is there, and both outcomes."""
        pair = (self.before, self.after)
        asked = [each.outcome is not Outcome.NOT_APPLICABLE for each in pair]
        needs = [self.need_m2(each) if is_asked else NOT_APPLICABLE for each, is_asked in zip(pair, asked, strict=True)]
        change = self.change_m2 if all(asked) else NOT_APPLICABLE
        return (*needs, change, self.have_m2, *(each.outcome.words for each in pair))


def _services(
    found: Sequence[Ward], supplied: Supply, editions: tuple[Edition, Edition], urban_class: str
) -> Iterator[_Service]:
    first, second = (LandAsked(each, "new", urban_class) for each in editions)
    for ward in found:
        for service in SERVICES:
            if first.knows(service) or second.knows(service):
                pair = (verdict(each, ward, service, supplied) for each in (first, second))
                yield _Service(ward, service.title, *pair)


def _service_headings() -> tuple[Heading, ...]:
    return (
        Heading("service", Words("Dịch vụ", "Service")),
        Heading("before_m2", Words("Cần theo ấn bản trước", "Needed before"), "m²"),
        Heading("after_m2", Words("Cần theo ấn bản sau", "Needed after"), "m²"),
        Heading("change_m2", Words("Thay đổi", "Change"), "m²"),
        Heading("have_m2", Words("Hiện có", "There"), "m²"),
    )


def _service_table(services: Sequence[_Service]) -> Table:
    headings = (
        Heading("ward", Words("Phường, xã", "Ward")),
        *_service_headings(),
        Heading("outcome_before", Words("Kết luận trước", "Outcome before")),
        Heading("outcome_after", Words("Kết luận sau", "Outcome after")),
    )
    rows = tuple((each.ward.label, each.title, *each.cells) for each in services)
    return Table("services", Words("Đất dịch vụ theo phường, xã", "Land of services by ward"), headings, rows)


def _service_totals(services: Sequence[_Service]) -> Table:
    """Add up the wards of which both are known."""
    rows: list[tuple[Cell, ...]] = []
    for title in dict.fromkeys(each.title for each in services):
        mine = [each for each in services if each.title == title]
        sums = [
            known_sum([each.need_m2(each.before) for each in mine]),
            known_sum([each.need_m2(each.after) for each in mine]),
            known_sum([each.change_m2 for each in mine]),
            known_sum([each.have_m2 for each in mine]),
        ]
        rows.append((title, *sums))
    title = Words("Đất dịch vụ toàn thành phố", "Land of services, whole city")
    return Table("totals", title, _service_headings(), tuple(rows))


def _rule_table(rules: Sequence[RulePair]) -> Table:
    headings = (
        Heading("changed", Words("Thay đổi", "Change")),
        Heading("rule", Words("Mã", "Rule")),
        Heading("title", Words("Quy định", "What is asked")),
        Heading("unit", Words("Đơn vị", "Unit")),
        Heading("before", Words("Ấn bản trước", "Before")),
        Heading("after", Words("Ấn bản sau", "After")),
    )
    rows = tuple(
        (words, each.name, each.title, _unit(each), asked_in_words(each.before), asked_in_words(each.after))
        for is_changed, words in _CHANGES.items()
        for each in rules
        if each.is_changed is is_changed
    )
    return Table("rules", Words("Từng quy định", "Rule by rule"), headings, rows)


def _unit(rule: RulePair) -> Words:
    if rule.is_percent:
        return SHARE
    return Words(*(unit_in(rule.unit, language) or NOT_APPLICABLE.vi for language in LANGUAGES))


def _verdict_table(changed: Sequence[tuple[Verdict, Verdict]]) -> Table:
    headings = (
        Heading("object", Words("Đối tượng", "Object")),
        Heading("title", Words("Quy định", "What is asked")),
        Heading("asked_before", Words("Yêu cầu trước", "Asked before")),
        Heading("outcome_before", Words("Kết luận trước", "Outcome before")),
        Heading("asked_after", Words("Yêu cầu sau", "Asked after")),
        Heading("outcome_after", Words("Kết luận sau", "Outcome after")),
    )
    rows = tuple(
        (first.subject.label, first.title, first.asked, first.outcome.words, second.asked, second.outcome.words)
        for first, second in changed
    )
    title = Words("Kết luận thay đổi của đề xuất", "Verdicts on the proposal that change")
    return Table("verdicts", title, headings, rows)


def _quantities(
    services: Sequence[_Service], rules: Sequence[RulePair], changed: Sequence[tuple[Verdict, Verdict]]
) -> tuple[Quantity, ...]:
    worse = sum(each.before.outcome is Outcome.PASS and each.after.outcome is Outcome.FAIL for each in services)
    better = sum(each.before.outcome is Outcome.FAIL and each.after.outcome is Outcome.PASS for each in services)
    return (
        Quantity(
            "rules_changed",
            Words("Quy định thay đổi", "Rules that change"),
            sum(each.is_changed is True for each in rules),
            "rules",
        ),
        Quantity(
            "rules_unknown",
            Words("Quy định chưa rõ có thay đổi", "Rules of which that is not known"),
            sum(each.is_changed is None for each in rules),
            "rules",
        ),
        Quantity("services_worse", Words("Dịch vụ từ đạt thành thiếu", "Services that fall short"), worse, "services"),
        Quantity("services_better", Words("Dịch vụ từ thiếu thành đạt", "Services that suffice"), better, "services"),
        Quantity("verdicts_changed", Words("Kết luận thay đổi", "Verdicts that change"), len(changed), "verdicts"),
    )
