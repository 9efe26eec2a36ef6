"""How high a building is: within the limits of its zone, and under what a corridor allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any  # an attribute is of the kind its column declares

from shapely.geometry.base import BaseGeometry

from gis.conformance.ground import Ground
from gis.conformance.judging import Check, Found, Judge
from gis.findings import Subject, Verdict
from layers.model import Words

_HEIGHT = Check("height", Words("Chiều cao công trình", "Height of the building"))
_MOST = Check("storeys.most", Words("Tầng cao tối đa", "Storeys at most"))
_LEAST = Check("storeys.least", Words("Tầng cao tối thiểu", "Storeys at least"))


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each building, and each lot without buildings, whether its height and storeys keep to the plan."""
    for building in ground.proposal.of("building"):
        values = building.values
        heights = {"height_m": values["height_m"], "most": values["storeys"], "least": values["storeys"]}
        yield from _verdicts(ground, building.subject, building.geometry, heights)
    for lot in ground.lots:
        if lot.subject.layer == "zone" and not lot.buildings:
            values = lot.values
            heights = {
                "height_m": values["max_height_m"],
                "most": values["max_storeys"],
                "least": values["min_storeys"],
            }
            yield from _verdicts(ground, lot.subject, lot.geometry, heights)


def _verdicts(ground: Ground, subject: Subject, site: BaseGeometry, heights: Mapping[str, Any]) -> Iterator[Verdict]:
    for check, column, said, unit in (
        (_HEIGHT, "max_height_m", "height_m", "m"),
        (_MOST, "max_storeys", "most", "storeys"),
        (_LEAST, "min_storeys", "least", "storeys"),
    ):
        yield Judge.on(ground, check, subject).by_plan(site, column, Found(heights[said], unit, conflict=site))
