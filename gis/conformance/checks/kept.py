"""What must be kept free: land of streets, and corridors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.certainty import Certainty
from gis.conformance.ground import Ground
from gis.conformance.judging import Check, Judge
from gis.findings import Outcome, Verdict
from gis.findings.figures import said
from gis.overlay import Shapes
from gis.planning.restrictions import corridor_kind
from gis.planning.surroundings import Lying
from gis.proposals import Proposed
from layers.model import Words

_RESERVE = Check("road_reserve", Words("Không lấn lộ giới", "Keeps out of road reserves"))
_CORRIDOR = Check("corridor", Words("Không vi phạm hành lang bảo vệ", "Keeps out of protected corridors"))
_ON_THE_LINE = Words("Nằm trong sai số nét vẽ của đồ án", "Within the line tolerance of the plan")
_WHERE = Words("Tùy vị trí công trình trên lô đất", "Depends on where buildings stand on the lot")
_NO_HEIGHT = Words("Đề xuất không nêu chiều cao", "The proposal does not say the height")
_FREE = Words("0 m²", "0 m²")
_SURE_M2 = 0.5


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each lot and building whether it takes land of streets, or stands in a corridor."""
    for each in (*ground.proposal.of("zone"), *ground.proposal.of("building")):
        tolerance_m = ground.terms.tolerance_m
        reserves = ground.about("road_reserve", each.geometry, tolerance_m)
        of_plan = [reserve for reserve in reserves if reserve.values["plan_code"] == ground.terms.plan.code]
        yield _verdict(Judge.on(ground, _RESERVE, each.subject), each, of_plan)
        corridors = [
            corridor
            for corridor in ground.about("corridor", each.geometry, tolerance_m)
            if not _is_low_enough(each, corridor)
        ]
        yield _corridor(Judge.on(ground, _CORRIDOR, each.subject), each, corridors)


def _corridor(judge: Judge, each: Proposed, corridors: Sequence[Lying]) -> Verdict:
    verdict = _verdict(judge, each, corridors)
    if verdict.outcome is not Outcome.FAIL:
        return verdict
    if each.layer == "zone":
        return replace(verdict, outcome=Outcome.UNDECIDED, reason=_WHERE, conflict=None)
    if each.values["height_m"] is None and all(corridor.values["max_height_m"] is not None for corridor in corridors):
        return replace(verdict, outcome=Outcome.UNDECIDED, reason=_NO_HEIGHT, conflict=None)
    return verdict


def _is_low_enough(each: Proposed, corridor: Lying) -> bool:
    allowed, height = corridor.values["max_height_m"], each.values.get("height_m")
    return each.layer == "building" and allowed is not None and height is not None and height <= allowed


def _verdict(judge: Judge, each: Proposed, areas: Sequence[Lying]) -> Verdict:
    """Return whether an object keeps out of areas, as far as their lines can tell."""
    tolerance_m = judge.ground.terms.tolerance_m
    shapes = np.array([area.geometry for area in areas], dtype=object)
    shared = shapely.intersection(shapes, each.geometry)
    taken = shapely.union_all(shared)
    verdict = replace(
        judge.undecided(judge.ground.terms.plan.reference, _ON_THE_LINE),
        asked=_FREE,
        found=float(taken.area),
        unit="m²",
        certainty=Certainty.REGISTERED,
        tolerance_m=tolerance_m or None,
        arithmetic=_named(areas, shapely.area(shared).tolist()),
    )
    if not areas:
        return replace(verdict, outcome=Outcome.PASS, reason=None)
    if _sure_m2(each.geometry, shapes, tolerance_m) > _SURE_M2:
        return replace(verdict, outcome=Outcome.FAIL, reason=None, conflict=taken)
    return verdict


def _sure_m2(site: BaseGeometry, shapes: Shapes, tolerance_m: float) -> float:
    """Return how much is taken wherever within their tolerance the lines lie."""
    inner = shapely.buffer(shapes, -tolerance_m) if tolerance_m else shapes
    return float(shapely.union_all(shapely.intersection(inner, site)).area)


def _named(areas: Sequence[Lying], taken_m2: Sequence[float]) -> Words | None:
    parts: list[Words] = []
    for area, area_m2 in zip(areas, taken_m2, strict=True):
        kind = corridor_kind(area) if area.layer == "corridor" else Words("Lộ giới", "Road reserve")
        name = str(area.values["name"] or area.uid)
        parts.append(
            said(f"{kind.vi} {{name}}: {{area}} m²", f"{kind.en} {{name}}: {{area}} m²", name=name, area=area_m2)
        )
    return Words("; ".join(each.vi for each in parts), "; ".join(each.en for each in parts)) if parts else None
