"""How far buildings stand back from the red line of the street they lie at."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.conformance.ground import Ground
from gis.conformance.judging import Check, Found, Judge
from gis.conformance.streets import street
from gis.findings import Verdict
from gis.findings.figures import said
from gis.planning.surroundings import Lying
from gis.proposals import Proposed
from layers.model import Words

_PLAN = Check("setback.plan", Words("Khoảng lùi theo đồ án", "Setback, plan"))
_STANDARD = Check("setback.standard", Words("Khoảng lùi theo quy chuẩn", "Setback, standard"))
_NO_STREET = Words("Không có lộ giới của đồ án bên cạnh", "No road reserve of the plan lies beside it")


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each building whether it stands back as plan and standard ask."""
    for building in ground.proposal.of("building"):
        lot = ground.lot_of(building)
        site = building.geometry if lot is None else lot.geometry
        reserve = street(ground, site, building.geometry)
        plan, standard = (Judge.on(ground, check, building.subject) for check in (_PLAN, _STANDARD))
        if reserve is None:
            yield plan.not_applicable(ground.terms.plan.reference, _NO_STREET)
            yield standard.not_applicable(ground.terms.edition.code, _NO_STREET)
            continue
        found = _found(ground, building, reserve)
        yield plan.by_plan(building.geometry, "setback_m", found)
        known = {"road_width_m": reserve.values["red_line_width_m"], "height_m": building.values["height_m"]}
        yield standard.by_standard("setback", {name: each for name, each in known.items() if each is not None}, found)


def _found(ground: Ground, building: Proposed, reserve: Lying) -> Found:
    """Return the distance to the red line, negative for what stands beyond it."""
    inside = building.geometry.intersection(reserve.geometry)
    distance_m = building.geometry.distance(reserve.geometry)
    value = -_depth_m(inside, reserve.geometry) if inside.area else distance_m
    name = str(reserve.values["name"] or reserve.uid)
    arithmetic = said(
        "Cách chỉ giới {name}: {distance} m ± {off} m",
        "From the red line of {name}: {distance} m ± {off} m",
        name=name,
        distance=value,
        off=ground.terms.tolerance_m,
    )
    conflict = inside if inside.area else shapely.shortest_line(building.geometry, reserve.geometry)
    inputs = {"road_reserve": str(reserve.uid), "distance_m": value}
    return Found(value, "m", arithmetic, inputs=inputs, off=ground.terms.tolerance_m, conflict=conflict)


def _depth_m(inside: BaseGeometry, reserve: BaseGeometry) -> float:
    distances = shapely.distance(shapely.points(shapely.get_coordinates(inside)), reserve.boundary)
    return float(np.max(distances))
