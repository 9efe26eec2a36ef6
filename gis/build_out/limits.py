"""What the plan itself allows in zones that are built: floor area ratio, and people."""

from __future__ import annotations

from collections.abc import Iterator

from gis.build_out.zones import Built
from gis.certainty import Certainty
from gis.findings import Subject, Verdict
from gis.planning.judging import Asked, Check, Found, Judge
from gis.planning.plans import RegisteredPlan
from gis.standards import Edition
from layers.model import Words

_RATIO = Check("floor_area_ratio", Words("Hệ số sử dụng đất theo đồ án", "Floor area ratio of the plan"))
_PEOPLE = Check("population", Words("Dân số theo đồ án", "People the plan provides for"))
_NOT_SAID = Words("Đồ án không nêu giá trị này", "The plan does not say it")


def plan_verdicts(zones: Built, plan: RegisteredPlan, standard: Edition) -> Iterator[Verdict]:
    """Hold each zone that is built against what the plan says of it."""
    for each in zones.floors:
        zone = each.zone
        subject = Subject("zone", zone.code, zone.uid)
        ratio = Found(each.ratio, "1", conflict=zone.geometry)
        number = Found(each.people, "people", each.counted, conflict=zone.geometry)
        for check, most, found in ((_RATIO, zone.ratio, ratio), (_PEOPLE, zone.population, number)):
            judge = Judge(standard, check, subject)
            if most is None:
                yield judge.undecided(plan.reference, _NOT_SAID, found)
            else:
                yield judge.judged(Asked(None, most, plan.reference, Certainty.REGISTERED), found)
