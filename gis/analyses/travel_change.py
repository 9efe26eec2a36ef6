"""What the streets of the plan change: minutes saved by ward, and who gains."""

from __future__ import annotations

from functools import partial
from typing import Literal

from gis.answering import told
from gis.db import City, seen_at, sight_kept
from gis.errors import QuyhoachError
from gis.findings import Finding
from gis.networks.streets.convention import convention
from gis.networks.streets.gains import Gains
from gis.networks.streets.journeys import Change, Journeys
from gis.networks.streets.living import Living
from gis.networks.streets.network import Travel, streets
from gis.planning.people import people
from gis.planning.plans import plan_if_any
from layers.model import Horizon, Words

_TITLE = Words("Thời gian đi lại theo quy hoạch", "Travel times under the plan")


class SameHorizonError(QuyhoachError):
    """One horizon where two are compared."""

    def __init__(self, horizon: str) -> None:
        super().__init__(f"Both horizons are {horizon}; give existing and 2030, existing and 2045, or 2030 and 2045.")


def travel_change(
    city: City,
    *,
    earlier: Literal["existing", "2030"] = "existing",
    later: Literal["2030", "2045"] = "2030",
    travel: Literal["walk", "drive"] = "drive",
    plan: str = "",
) -> Finding:
    """Compare journeys on the streets of two horizons: minutes saved by ward, who gains, who loses.

    A journey leads from where people live at the earlier horizon to a point inside each ward; all wards count alike.
    Those that can be reached both times are compared; who reaches one only now, or no more, is counted beside.

    Parameters
    ----------
    earlier : the horizon that is compared with, where the people are those who live then.
    later : the horizon that is looked at; it comes after the earlier one.
    travel : on foot, or by vehicle in the least time.
    plan : code of the plan whose people count in 2030; the approved general plan where none is given.

    Returns
    -------
    Finding
        People who gain and lose, minutes saved; table `wards`.

    Raises
    ------
    SameHorizonError, PlanError
        When the horizons are the same, or there is no such plan.
    """
    if earlier == later:
        raise SameHorizonError(later)
    how, of_plan = Travel(travel), plan_if_any(city, plan)
    with sight_kept(city):
        before = seen_at(city.connection, Horizon(earlier), city.scenario)
        network = streets(before)
        living = Living.read(before, of_plan, partial(network.placed, travel=how))
        counted = people(before, of_plan).counted
        told(0.4)
        homes = living.places.points
        first = Journeys.of(network, how, homes, living.wards)
        told(0.7)
        after = streets(seen_at(city.connection, Horizon(later), city.scenario))
        gains = Gains(living, Change.between(first, Journeys.of(after, how, homes, living.wards)))
    return Finding(
        question="travel_change",
        title=_TITLE,
        arguments={"earlier": earlier, "later": later, "travel": travel, "plan": of_plan.code if of_plan else ""},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=gains.quantities,
        tables=(gains.table,),
        features=tuple(gains.features),
        notes=(counted, *living.notes),
        sources=(convention().source,),
    )
