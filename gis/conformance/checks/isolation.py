"""Distances that keep dwellings and people from what is dangerous, loud or unclean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from gis.conformance.ground import Ground
from gis.conformance.judging import Asked, Check, Found, Judge
from gis.findings import Outcome, Verdict
from gis.findings.figures import said
from gis.proposals import Proposed
from gis.standards import UnknownRuleError
from layers.land import FACILITIES
from layers.model import Words

_RAIL = Check("railway_distance", Words("Khoảng cách đến đường sắt", "Distance from the railway"))
_CEMETERY = Check("cemetery_distance", Words("Khoảng cách đến nghĩa trang", "Distance from cemeteries"))
_WASTE = Check("waste_distance", Words("Khoảng cách đến công trình chất thải rắn", "Distance from solid-waste sites"))
_STATIONS = Check("fuel_station_spacing", Words("Khoảng cách giữa các trạm xăng dầu", "Distance between fuel stations"))
_CROWDS = Check("fuel_station_crowds", Words("Khoảng cách đến nơi tập trung đông người", "Distance from gatherings"))
_NONE_NEAR = Words("Không có đối tượng liên quan ở gần", "Nothing of that kind is near")
_KIND_UNKNOWN = Words(
    "Loại công trình chưa rõ, nên khoảng cách yêu cầu chưa rõ", "Its kind, and so what is asked, is not known"
)
_DWELLINGS = ("house", "apartment", "mixed")
_GATHERINGS = (
    *("kindergarten", "primary_school", "lower_secondary_school", "upper_secondary_school", "school", "university"),
    *("hospital", "market", "culture_centre", "sports_centre", "religious_place"),
)


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each dwelling and each fuel station whether it keeps its distances."""
    for building in ground.proposal.of("building"):
        if building.values["building_use"] in _DWELLINGS:
            rails = [each.geometry for each in ground.about("rail", building.geometry, ground.reach_m["rail"])]
            yield _apart(Judge.on(ground, _RAIL, building.subject), "railway_distance", building, rails)
            yield _range(
                Judge.on(ground, _CEMETERY, building.subject), "cemetery_housing_distance", building, "cemetery"
            )
            yield _range(Judge.on(ground, _WASTE, building.subject), "waste_distance", building, "waste_site")
    for facility in ground.proposal.of("facility"):
        if facility.values["facility_type"] == "fuel_station":
            judge = Judge.on(ground, _STATIONS, facility.subject)
            yield _apart(judge, "fuel_station_spacing", facility, _facilities(ground, facility, ("fuel_station",)))
            judge = Judge.on(ground, _CROWDS, facility.subject)
            yield _apart(judge, "fuel_station_crowd_distance", facility, _facilities(ground, facility, _GATHERINGS))


def _facilities(ground: Ground, each: Proposed, kinds: Sequence[str]) -> list[BaseGeometry]:
    """Return the facilities of some kinds about an object, those of the proposal included."""
    standing = [
        other.geometry
        for other in ground.about("facility", each.geometry, ground.reach_m["facility"])
        if other.values["facility_type"] in kinds
    ]
    proposed = [
        other.geometry
        for other in ground.proposal.of("facility")
        if other is not each and other.values["facility_type"] in kinds
    ]
    return [*standing, *proposed]


def _apart(judge: Judge, rule: str, each: Proposed, others: Sequence[BaseGeometry]) -> Verdict:
    if not others:
        return judge.not_applicable(judge.ground.terms.edition.code, _NONE_NEAR)
    return judge.by_standard(rule, {}, _found(each, others))


def _found(each: Proposed, others: Sequence[BaseGeometry]) -> Found:
    nearest = min(others, key=each.geometry.distance)
    return Found(float(each.geometry.distance(nearest)), "m", conflict=shapely.shortest_line(each.geometry, nearest))


def _range(judge: Judge, rule: str, each: Proposed, kind: str) -> Verdict:
    """Return a verdict where what is asked depends on a kind that the facility does not say."""
    edition = judge.ground.terms.edition
    others = _facilities(judge.ground, each, (kind,))
    if not others:
        return judge.not_applicable(edition.code, _NONE_NEAR)
    found = _found(each, others)
    try:
        named = edition.rule(rule)
    except UnknownRuleError:
        return judge.by_standard(rule, {}, found)
    asked = [each for each in named.minimum or () if each is not None]
    certainty = max(named.certainties, key=list(type(named.certainties[0])).index)
    sure = judge.judged(Asked(max(asked), None, named.reference, certainty), found)
    least = judge.judged(Asked(min(asked), None, named.reference, certainty), found)
    if sure.outcome is Outcome.PASS or least.outcome is Outcome.FAIL:
        return sure if sure.outcome is Outcome.PASS else least
    title = FACILITIES.named(kind)
    arithmetic = said(
        "{name}: {least}–{most} m tùy loại", "{name}: {least}-{most} m by its kind",
        name="" if title is None else title.title.vi, least=min(asked), most=max(asked),
    )  # fmt: skip
    return replace(sure, outcome=Outcome.UNDECIDED, reason=_KIND_UNKNOWN, arithmetic=arithmetic, conflict=None)
