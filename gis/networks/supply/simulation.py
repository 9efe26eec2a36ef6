"""A network simulated: heads, pressures, flows at every time, what is not known of them, and whether they add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gis.answering import told
from gis.networks.graph import Marks, Numbers
from gis.networks.supply.engine import Step, solved
from gis.networks.supply.errors import NoSourceError, TooLargeError
from gis.networks.supply.model import Model
from gis.networks.supply.network import Network, NodeKind
from gis.networks.supply.output import aligned, laid_out, output
from gis.networks.supply.reach import reached
from gis.networks.supply.running import Drive, runnable, simulated

MOST_HOURS = 24.0 * 14
MOST_VALUES = 60_000_000
"""Figures of heads of the largest simulation: nodes times hours."""
_HOUR_S = 3_600.0
_UNBALANCED = 1
"""The warning that no balance was found at a time."""


@dataclass(frozen=True)
class Simulation:
    """What was found of a network; arrays have a row for each time, a column for each node or link of the network.

    NaN stands where nothing is known: nodes that water does not reach, at all or at that time.

    Parameters
    ----------
    time_s : times, from the beginning.
    head_m, demand_m3_s : of nodes; the demand of reservoirs and tanks is what flows into them.
    flow_m3_s, velocity_m_s : of links.
    cut_off : which nodes, simulated otherwise, water does not reach at a time.
    unsolved : times at which the engine found no balance: nothing is known of them.
    steps : what reservoirs and tanks gave at each step of the engine, in the order of `watched`.
    """

    network: Network
    time_s: Numbers
    head_m: Numbers
    demand_m3_s: Numbers
    flow_m3_s: Numbers
    velocity_m_s: Numbers
    cut_off: Marks
    unsolved: Marks
    steps: tuple[Step, ...]
    watched: tuple[int, ...]
    flow_unit_m3_s: float
    volume_unit_m3: float

    @cached_property
    def pressure_m(self) -> Numbers:
        """Free pressure at junctions and tanks, in m of water above the ground or the floor; NaN where not known."""
        level = np.where(self.network.nodes.kind == NodeKind.RESERVOIR, np.nan, self.network.nodes.elevation_m)
        return self.head_m - level

    @property
    def warnings(self) -> Mapping[int, float]:
        """The warnings of the engine, by code, with the time of the first, in s."""
        found: dict[int, float] = {}
        for step in self.steps:
            if step.code:
                found.setdefault(step.code, step.time_s)
        return found

    @property
    def hours(self) -> Numbers:
        """The times in hours."""
        return self.time_s / _HOUR_S


def simulate(
    model: Model, *, hours: float, drive: Drive | None = None, begin: float = 0.0, end: float = 1.0
) -> Simulation:
    """Simulate a network.

    Parameters
    ----------
    hours : how long; one moment where it is 0.
    drive : how demand follows pressure; it is drawn whatever the pressure where none is given.
    begin, end : shares of the question that are done before and after.

    Raises
    ------
    NoSourceError
        When no water comes into the network.
    TooLargeError, TooLongError
        When it is more than can be simulated at once.
    NoEngineError, EngineError
        When there is no engine on this machine, or it cannot solve the network.
    """
    network = model.network
    if not network.is_source.any():
        raise NoSourceError(network.name)
    if not 0 <= hours <= MOST_HOURS:
        raise TooLargeError("The simulation has hours", round(hours), round(MOST_HOURS))
    if len(network.nodes) * max(hours, 1.0) > MOST_VALUES:
        raise TooLargeError("Nodes times hours", round(len(network.nodes) * hours), MOST_VALUES)
    nodes, links = simulated(model)
    if not (nodes & ~network.is_source).any():
        return _nothing(network)
    watched = np.flatnonzero(nodes & network.is_source)
    text = runnable(model, hours=hours, drive=drive)
    units = model.inp.units
    done = solved(
        text,
        [str(model.node_ids[place]) for place in watched],
        duration_s=hours * _HOUR_S,
        hear=lambda share: told(begin + (end - begin) * 0.9 * share),
    )
    found = output(done.output)
    unsolved = np.isin(found.time_s, [step.time_s for step in done.steps if step.code == _UNBALANCED])
    at_node, at_link = aligned(found.nodes, model.node_ids), aligned(found.links, model.link_ids)
    open_ = np.nan_to_num(laid_out(found.open, at_link)).astype(np.bool_)
    cut_off = _cut_off(network, open_ & links, nodes)
    head, demand, flow, velocity = (
        np.where(unsolved[:, None], np.nan, laid_out(values, at))
        for values, at in (
            (found.head_m, at_node),
            (found.demand_m3_s, at_node),
            (found.flow_m3_s, at_link),
            (found.velocity_m_s, at_link),
        )
    )
    head[cut_off] = np.nan
    return Simulation(
        network,
        found.time_s,
        head,
        demand,
        flow,
        velocity,
        cut_off,
        unsolved,
        done.steps,
        tuple(map(int, watched)),
        units.flow_m3_s,
        units.length_m**3,
    )


def _nothing(network: Network) -> Simulation:
    """Return what is known of a network in which water reaches nobody."""
    nodes, links = np.full((1, len(network.nodes)), np.nan), np.full((1, len(network.links)), np.nan)
    cut_off, unsolved = np.zeros(nodes.shape, dtype=np.bool_), np.zeros(1, dtype=np.bool_)
    return Simulation(network, np.zeros(1), nodes, nodes, links, links, cut_off, unsolved, (), (), 1.0, 1.0)


def _cut_off(network: Network, open_: Marks, nodes: Marks) -> Marks:
    """Return at which times water does not reach which of the nodes that are simulated.

    The engine gives such nodes a pressure all the same, which means nothing.
    """
    found = np.zeros((len(open_), len(nodes)), dtype=np.bool_)
    last: tuple[bytes, Marks] | None = None
    for time, state in enumerate(open_):
        key = state.tobytes()
        if last is None or last[0] != key:
            last = key, nodes & ~reached(network, network.is_source & nodes, passable=state)
        found[time] = last[1]
    return found
