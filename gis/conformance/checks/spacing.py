"""How far buildings stand from each other, by their height and the sides they turn to each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any  # heights are of the kind their column declares

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.conformance.ground import Ground
from gis.conformance.judging import Asked, Check, Found, Judge
from gis.conformance.norms import Spacing
from gis.findings import Outcome, Verdict
from gis.findings.figures import said
from gis.proposals import Proposed
from gis.standards import Norm
from layers.model import Words

_CHECK = Check("spacing", Words("Khoảng cách giữa các công trình", "Distance between buildings"))
_ROW = Words("Nhà ở riêng lẻ, liên kế: xét theo dãy nhà", "Houses: looked at as rows")
_SQUARE = 1.1
"""Sides whose lengths differ less are both taken for long ones, of which more is asked."""
_TOUCHING_M = 0.05


@dataclass(frozen=True, slots=True)
class _Other:
    """Another building: its label, its geometry, its height in m, how far it is in m."""

    label: str
    geometry: BaseGeometry
    height_m: Any
    distance_m: float


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each building whether it stands far enough from the nearest others.

    Of two buildings the higher counts, and the long side where one of them turns its long side to the other: of both
    readings the one that asks for more. What would be too near if it were high, and whose height is not known, leaves
    it undecided.
    """
    asked = Spacing(ground.terms.edition)
    reach_m = ground.reach_m["building"]
    alone = said("Không có công trình nào khác trong {reach} m", "No other building within {reach} m", reach=reach_m)
    for number, building in enumerate(ground.proposal.of("building")):
        judge = Judge.on(ground, _CHECK, building.subject)
        if building.values["building_use"] == "house":
            yield judge.not_applicable(ground.terms.edition.code, _ROW)
            continue
        others = _others(ground, number, building, reach_m)
        if not others:
            yield judge.not_applicable(ground.terms.edition.code, alone)
        elif building.values["height_m"] is None or not asked.is_known:
            yield judge.by_standard("spacing", {}, _found(building, min(others, key=lambda other: other.distance_m)))
        else:
            yield _verdict(judge, asked, building, others)


def _others(ground: Ground, number: int, building: Proposed, reach_m: float) -> list[_Other]:
    """Return the buildings about one, without those it is joined to."""
    proposed = ground.proposal.of("building")
    mine = [
        (proposed[each.uid or 0].label, each)
        for each in ground.proposed_buildings.about(building.geometry, reach_m)
        if each.uid != number
    ]
    standing = [
        (str(each.values["name"] or f"building {each.uid}"), each)
        for each in ground.about("building", building.geometry, reach_m)
    ]
    shapes = np.array([each.geometry for _, each in (*mine, *standing)], dtype=object)
    distances = shapely.distance(shapes, building.geometry).tolist() if len(shapes) else []
    own = len(mine)
    return [
        _Other(label, each.geometry, each.values["height_m"], distance_m)
        for place, ((label, each), distance_m) in enumerate(zip((*mine, *standing), distances, strict=True))
        if place >= own or distance_m > _TOUCHING_M
    ]


def _verdict(judge: Judge, asked: Spacing, building: Proposed, others: list[_Other]) -> Verdict:
    """Return the verdict on the building that leaves least beyond what is asked.

    What stands farther than is ever asked is passed over, but for the nearest.
    """
    own_m = building.values["height_m"]
    heights_m = {max(own_m, other.height_m or 0.0) for other in others}
    most_m = max(asked.between("long", height_m)[0] for height_m in heights_m)
    if any(other.height_m is None for other in others):
        most_m = max(most_m, asked.most("long"))
    near = [other for other in others if other.distance_m <= most_m]
    binding: tuple[float, _Other, str, float] | None = None
    for other in near or [min(others, key=lambda other: other.distance_m)]:
        height_m = max(own_m, other.height_m or 0.0)
        side = _side(building.geometry, other.geometry)
        left_m = other.distance_m - asked.between(side, height_m)[0]
        if binding is None or left_m < binding[0]:
            binding = (left_m, other, side, height_m)
    if binding is None:
        raise ValueError("no other building")
    _, other, side, height_m = binding
    verdict = _held(judge, asked.between(side, height_m), _found(building, other, side=side, height_m=height_m))
    unmeasured = next((each for each in near if _may_be_too_near(asked, building, each)), None)
    if verdict.outcome is not Outcome.PASS or unmeasured is None:
        return verdict
    label = unmeasured.label
    reason = Words(f"Chưa rõ chiều cao của {label}", f"The height of {label} is not known")
    return replace(verdict, outcome=Outcome.UNDECIDED, reason=reason)


def _may_be_too_near(asked: Spacing, building: Proposed, other: _Other) -> bool:
    """Return whether another building whose height is not known stands nearer than may be asked of a high one."""
    if other.height_m is not None:
        return False
    return other.distance_m < asked.most(_side(building.geometry, other.geometry))


def _held(judge: Judge, asked: tuple[float, float, Norm], found: Found) -> Verdict:
    asked_m, share, least = asked
    arithmetic = said(
        "Đến {other}: {distance} m; max({share} × {height}; {least}) = {asked} m",
        "To {other}: {distance} m; max({share} × {height}, {least}) = {asked} m",
        other=str(found.inputs["other"]),
        distance=found.value or 0.0,
        share=share,
        height=found.inputs["height_m"] or 0.0,
        least=least.least,
        asked=asked_m,
    )
    asked_here = Asked(asked_m, None, least.rule.reference, least.certainty)
    return judge.judged(asked_here, replace(found, arithmetic=arithmetic))


def _found(building: Proposed, other: _Other, **case: str | float) -> Found:
    line = shapely.shortest_line(building.geometry, other.geometry)
    return Found(other.distance_m, "m", inputs={"other": other.label, **case}, conflict=line)


def _side(first: BaseGeometry, second: BaseGeometry) -> str:
    """Return the side by which two buildings are held apart: the long one where either turns it to the other."""
    line = shapely.shortest_line(first, second)
    return "long" if _turns_long_side(first, line) or _turns_long_side(second, line) else "gable"


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
