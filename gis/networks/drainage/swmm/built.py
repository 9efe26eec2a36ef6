"""A model of the city's drains in a storm, at the horizon and in the scenario the city is seen at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from gis.db import City
from gis.errors import QuyhoachError
from gis.networks.drainage.ground import Reading, runoff
from gis.networks.drainage.inlets import catching
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from gis.networks.drainage.rain import Rain
from gis.networks.drainage.records import normal_levels
from gis.networks.drainage.swmm.storm import hyetograph
from gis.networks.drainage.swmm.writing import Written
from gis.planning.places import Place
from gis.planning.plans import RegisteredPlan


class NothingToSimulateError(QuyhoachError):
    """Drains of which none can be simulated."""

    def __init__(self, number: int, where: Place) -> None:
        there = (
            f"holds {number:,} storm sewers, of which none is known well enough" if number else "holds no storm sewer"
        )
        super().__init__(f"{where.label.en} {there} to be simulated; drainage_faults says what is missing.")


def built(city: City, rain: Rain, plan: RegisteredPlan | None, *, where: Place, ground: Reading) -> Written:
    """Make a model of the storm drains of a city: of a place, all that hang together with those in it.

    Parameters
    ----------
    plan : whose zones say the use of land in 2030 and 2045; without one catchments alone say what is paved then.
    ground : whether paved shares follow from the use of land, or are those that catchments say.

    Raises
    ------
    RainError
        Where it is not said how long it rains, or how seldom such a rain comes.
    NothingToSimulateError
        Where no sewer has its nodes, levels, size, roughness, and a way to an outfall.
    """
    steps = hyetograph(rain)
    network = Network.read(city, "storm")
    parts = Parts(network)
    inlets = catching(city, network, parts).inlets
    if where.geometry is not None:
        network = _within(network, parts, where)
        mine = np.isin(inlets.node, np.concatenate([network.sewers.start, network.sewers.end]))
        inlets = inlets.some(mine)
    paved = runoff(city, inlets, plan, reading=ground)
    made = Written(network, inlets, paved, steps, normal_levels(city))
    if not len(made.sewers):
        raise NothingToSimulateError(len(network.sewers), where)
    return made


def _within(network: Network, parts: Parts, where: Place) -> Network:
    """Return the drains that hang together with those in a place."""
    sewers = network.sewers
    inside = np.asarray(shapely.intersects(where.geometry, sewers.lines), dtype=np.bool_)
    joined = sewers.is_joined
    part = np.full(len(sewers), -1)
    part[joined] = parts.part[sewers.start[joined]]
    return replace(network, sewers=sewers.some(inside | np.isin(part, part[inside & joined]) & joined))
