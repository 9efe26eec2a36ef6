"""What it costs to close streets: longer journeys, people who are cut off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, Literal  # GeoJSON is untyped until it is checked

import numpy as np
import shapely
from shapely.geometry import shape

from gis import crs
from gis.answering import told
from gis.db import City
from gis.errors import QuyhoachError
from gis.findings import Feature, Finding, Look, Quantity, Subject
from gis.networks.graph import Marks
from gis.networks.streets.convention import convention
from gis.networks.streets.gains import Gains
from gis.networks.streets.journeys import Change, Journeys
from gis.networks.streets.living import Living
from gis.networks.streets.network import Streets, Travel
from gis.networks.streets.network import streets as streets_of
from gis.planning.people import people
from gis.planning.plans import plan_if_any
from gis.planning.spots import spot
from layers.model import Words

_TITLE = Words("Đóng đường", "Closing streets")
_CLOSED = Look(Words("Đường bị đóng", "Closed"), "#1a1a1a")
_UIDS = re.compile(r"\d{1,18}(?:\s*[,;]\s*\d{1,18})*")
_FORMS = "uids of roads (12, 13), a position as longitude,latitude, or a line or polygon as GeoJSON"
_SHOWN = 60


class ClosureError(QuyhoachError):
    """Streets to be closed that are named in no way that is known, or that are not there."""


def street_closure(city: City, *, streets: str, travel: Literal["walk", "drive"] = "drive", plan: str = "") -> Finding:
    """Find what it costs to close streets: how much longer journeys become, by ward, and who is cut off.

    A position closes the street nearest to it, a line or an area every part of a street that it touches, up to the next
    junctions; who lives along that part may still leave it at its ends. A journey leads from where people live to a
    point inside each ward; all wards count alike.

    Parameters
    ----------
    streets : uids of roads such as 12, 13; a position as longitude,latitude; or a line or polygon as GeoJSON.
    travel : on foot, or by vehicle in the least time.
    plan : code of the plan whose people count in 2030 and 2045; the approved general plan where none is given.

    Returns
    -------
    Finding
        People whose journeys are longer, and who are cut off; table `wards`.

    Raises
    ------
    ClosureError, SpotError
        When that names no street.
    """
    how, of_plan, network = Travel(travel), plan_if_any(city, plan), streets_of(city)
    shut = _shut(city, network, how, streets.strip())
    living = Living.read(city, of_plan, partial(network.placed, travel=how))
    told(0.4)
    homes = living.places.points
    before = Journeys.of(network, how, homes, living.wards)
    told(0.7)
    gains = Gains(living, Change.between(before, Journeys.of(network.closed(shut), how, homes, living.wards)))
    length_m = float(network.graph.length_m[shut].sum())
    return Finding(
        question="street_closure",
        title=_TITLE,
        arguments={"streets": streets.strip(), "travel": travel, "plan": of_plan.code if of_plan else ""},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=(
            Quantity("closed_m", Words("Chiều dài đường bị đóng", "Streets closed"), length_m, "m"),
            *gains.quantities,
        ),
        tables=(gains.table,),
        features=(*gains.features, *_features(network, shut)),
        notes=(people(city, of_plan).counted, *living.notes),
        sources=(convention().source,),
    )


def _shut(city: City, network: Streets, how: Travel, said: str) -> Marks:
    """Return which edges are closed."""
    graph = network.graph
    if _UIDS.fullmatch(said):
        uids = [int(each) for each in re.split(r"\s*[,;]\s*", said)]
        if missing := [uid for uid in uids if uid not in network.uid]:
            raise ClosureError(f"There is no road {missing[0]} in the city as it is seen; give {_FORMS}.")
        return np.isin(network.uid, uids)
    shut = np.zeros(len(graph.start), dtype=np.bool_)
    if said.startswith("{"):
        shut[graph.tree.query(_drawn(said), predicate="intersects")] = True
    else:
        placed = network.placed(spot(city, said, name="streets").points, how)
        shut[placed.edge[placed.is_placed]] = True
    if not shut.any():
        raise ClosureError(f"No street is at {said[:_SHOWN]!r}; give {_FORMS}.")
    return shut


def _drawn(said: str) -> shapely.Geometry:
    try:
        given: Any = json.loads(said)
        given = given.get("geometry") if given.get("type") == "Feature" else given
        drawn = shapely.transform(shape(given), crs.transformation(crs.LONLAT_SRID).stored)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as wrong:
        raise ClosureError(f"{said[:_SHOWN]!r} is no line or polygon of GeoJSON; give {_FORMS}.") from wrong
    if not np.isfinite(drawn.bounds).all():
        raise ClosureError(f"What was drawn is not in longitude and latitude (degrees); give {_FORMS}.")
    return drawn


def _features(network: Streets, shut: Marks) -> Iterator[Feature]:
    for edge in np.flatnonzero(shut).tolist():
        uid = int(network.uid[edge])
        yield Feature(Subject("road", str(uid), uid), network.graph.shape(edge), {}, _CLOSED)
