"""How far buildings stand from each other, by their height and the sides they turn to each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # heights are of the kind their column declares

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.conformance.ground import Ground
from gis.conformance.judging import Asked, Check, Found, Judge
from gis.findings import Verdict
from gis.findings.figures import said
from gis.proposals import Proposed
from gis.standards import NotApplicableError, UnknownRuleError
from layers.model import Words

_CHECK = Check("spacing", Words("Khoảng cách giữa các công trình", "Distance between buildings"))
_REACH_M = 60.0
_ALONE = Words("Không có công trình nào khác trong 60 m", "No other building within 60 m")
_ROW = Words("Nhà ở riêng lẻ, liên kế: xét theo dãy nhà", "Houses: looked at as rows")
_SQUARE = 1.1
"""Sides whose lengths differ less are both taken for long ones, of which more is asked."""
_TOUCHING_M = 0.05


@dataclass(frozen=True, slots=True)
class _Other:
    """Another building: its label, its geometry, its height in m."""

    label: str
    geometry: BaseGeometry
    height_m: Any


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each building whether it stands far enough from the nearest others.

    Of two buildings the higher counts, and the long side where one of them turns its long side to the other: of both
    readings the one that asks for more.
    """
    for number, building in enumerate(ground.proposal.of("building")):
        judge = Judge(ground, _CHECK, building.subject)
        if building.values["building_use"] == "house":
            yield judge.not_applicable(ground.terms.edition.code, _ROW)
            continue
        others = _others(ground, number, building)
        found = [_against(judge, building, other) for other in others]
        if not found:
            yield judge.not_applicable(ground.terms.edition.code, _ALONE)
        else:
            yield min(found, key=_margin)[1]


def _others(ground: Ground, number: int, building: Proposed) -> list[_Other]:
    """Return the buildings about one, without those it is joined to."""
    proposed = ground.proposal.of("building")
    mine = [
        _Other(proposed[each.uid or 0].label, each.geometry, each.values["height_m"])
        for each in ground.proposed_buildings.about(building.geometry, _REACH_M)
        if each.uid != number and each.geometry.distance(building.geometry) > _TOUCHING_M
    ]
    standing = [
        _Other(str(each.values["name"] or f"building {each.uid}"), each.geometry, each.values["height_m"])
        for each in ground.about("building", building.geometry, _REACH_M)
    ]
    return [*mine, *standing]


def _against(judge: Judge, building: Proposed, other: _Other) -> tuple[float, Verdict]:
    """Return what is missing to what is asked, in m, and the verdict."""
    heights = [each for each in (building.values["height_m"], other.height_m) if each is not None]
    distance_m = float(building.geometry.distance(other.geometry))
    line = shapely.shortest_line(building.geometry, other.geometry)
    is_long = _turns_long_side(building.geometry, line) or _turns_long_side(other.geometry, line)
    case = {"side": "long" if is_long else "gable"}
    if building.values["height_m"] is not None:
        case = {**case, "height_m": max(heights)}
    found = Found(distance_m, "m", inputs={"other": other.label, **case}, conflict=line)
    verdict = judge.by_standard("spacing", case, found)
    if verdict.found is None or "height_m" not in case or not verdict.asked.vi.startswith("≥"):
        return math.inf, verdict
    return _with_share(judge, verdict, found, other)


def _with_share(judge: Judge, verdict: Verdict, found: Found, other: _Other) -> tuple[float, Verdict]:
    """Return the verdict with what a share of the height asks, where that is more."""
    edition = judge.ground.terms.edition
    height_m = float(found.inputs["height_m"] or 0)
    case = {"side": str(found.inputs["side"]), "height_m": height_m}
    least = edition.rule("spacing").norm(case)
    try:
        share = edition.rule("spacing_share_of_height").norm(case).least
    except (NotApplicableError, UnknownRuleError):
        share = 0.0
    asked_m = max(least.least, share * height_m)
    arithmetic = said(
        "Đến {other}: {distance} m; max({share} × {height}; {least}) = {asked} m",
        "To {other}: {distance} m; max({share} × {height}, {least}) = {asked} m",
        other=other.label,
        distance=found.value or 0.0,
        share=share,
        height=height_m,
        least=least.least,
        asked=asked_m,
    )
    asked = Asked(asked_m, None, verdict.reference, least.certainty)
    full = Found(found.value, "m", arithmetic, inputs=found.inputs, conflict=found.conflict)
    return (found.value or 0.0) - asked_m, judge.judged(asked, full)


def _margin(pair: tuple[float, Verdict]) -> float:
    return pair[0]


def _turns_long_side(building: BaseGeometry, line: BaseGeometry) -> bool:
    """Return whether a line leaves a building across its long side."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(building))[:3]
    sides = np.diff(corners, axis=0)
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    if lengths.max() < _SQUARE * lengths.min():
        return True
    long = sides[int(np.argmax(lengths))] / lengths.max()
    ends = shapely.get_coordinates(line)
    way = ends[-1] - ends[0]
    length = math.hypot(*way)
    return length == 0 or abs(float(np.dot(way / length, long))) < math.sqrt(0.5)
