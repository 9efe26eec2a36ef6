"""What the rain brings to each sewer: run-off added up on its way down, with the time it takes to come together.

Run-off is bounded from below and from above where shares of paved ground are not known. What arrives through a sewer
whose upper node is not there, or from a loop, is not known: then there is no upper bound. Water that comes to a node
which several sewers leave goes into them by what they carry when full.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.ground import Runoff
from gis.networks.drainage.inlets import Inlets
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from gis.networks.drainage.rain import Rain
from gis.networks.drainage.runoff import kirpich_min, rational_m3_s, scs_peak_m3_s, scs_runoff_mm
from gis.networks.graph import Marks, Numbers, Places

_M2_OF_KM2 = 1_000_000
_S_OF_MIN = 60

Flow = Callable[[Numbers, Numbers], Numbers]
"""The flow (m³/s) of a load, by the time (min) its water takes to come together."""


@dataclass(frozen=True)
class Loads:
    """What enters at each inlet, least and most: km² times coefficient (rational), or km² times mm that run off (SCS).

    `flow` says what of it flows where it has come together; None where no rain was given. `is_timed` says whether the
    time matters to it.
    """

    least: Numbers
    most: Numbers
    flow: Flow | None
    is_timed: bool


def rational_loads(inlets: Inlets, ground: Runoff, rain: Rain | None, *, period_years: float) -> Loads:
    """Return the loads of the rational method: `Q = 0.278 i(tc) Σ C A`."""
    area = inlets.area_m2 / _M2_OF_KM2
    least, most = (area * each for each in ground.coefficients)
    if rain is None:
        return Loads(least, most, None, is_timed=True)

    def flow(load: Numbers, time_min: Numbers) -> Numbers:
        return rational_m3_s(1.0, rain.intensity_mm_h(time_min, period_years=period_years), area_km2=load)

    return Loads(least, most, flow, is_timed=not rain.is_constant)


def scs_loads(inlets: Inlets, ground: Runoff, rain: Rain | None, *, period_years: float) -> Loads:
    """Return the loads of the SCS: what runs off of the whole rain, as the peak of a triangular hydrograph."""
    area = inlets.area_m2 / _M2_OF_KM2
    if rain is None:
        return Loads(area * np.nan, area * np.nan, None, is_timed=True)
    depth, lasts = rain.depth_mm(period_years=period_years), rain.lasting_min
    least, most = (area * scs_runoff_mm(depth, each) for each in (ground.curve_least, ground.curve_most))

    def flow(load: Numbers, time_min: Numbers) -> Numbers:
        return scs_peak_m3_s(load, duration_min=lasts, concentration_min=time_min)

    return Loads(least, most, flow, is_timed=True)


@dataclass(frozen=True)
class Arrived:
    """What has arrived at each node: land, loads, the time it took, whether that is known, and whether it was divided.

    The arrays are filled from above to below while it is added up.
    """

    area: Numbers
    least: Numbers
    most: Numbers
    time: Numbers
    timed: Marks
    divided: Marks


@dataclass(frozen=True)
class Carried:
    """What comes to each sewer: land (m²), loads, time of concentration (min), flows (m³/s).

    `most` and `flow_most` are infinite where they have no bound; flows are NaN where no rain was given. `is_divided`
    marks sewers below a node that several sewers leave. `arrived` is what comes to each node.
    """

    area_m2: Numbers
    least: Numbers
    most: Numbers
    time_min: Numbers
    is_time_known: Marks
    flow_least: Numbers
    flow_most: Numbers
    is_divided: Marks
    arrived: Arrived


def carried(network: Network, parts: Parts, inlets: Inlets, loads: Loads) -> Carried:
    """Add up what comes to each sewer, from above to below."""
    sewers = network.sewers
    arrived = _at_inlets(network, inlets, loads)
    found = {
        name: np.full(len(sewers), np.nan) for name in ("area", "least", "most", "time", "flow_least", "flow_most")
    }
    timed, divided = np.zeros(len(sewers), dtype=np.bool_), np.zeros(len(sewers), dtype=np.bool_)
    found["least"][:], found["most"][:] = 0.0, np.inf
    share, sure = _shares(network, parts)
    rank = parts.rank[sewers.start[parts.chosen]]
    for some in _by_rank(parts.chosen, rank):
        node = sewers.start[some]
        found["area"][some] = arrived.area[node] * share[some]
        found["least"][some] = np.where(sure[some], arrived.least[node] * share[some], 0.0)
        found["most"][some] = arrived.most[node] * np.where(sure[some], share[some], 1.0)
        found["time"][some], timed[some] = arrived.time[node], arrived.timed[node]
        divided[some] = arrived.divided[node] | (share[some] < 1)
        passing = {name: values[some] for name, values in found.items()}
        low, high = _flows(loads, passing, timed[some])
        found["flow_least"][some], found["flow_most"][some] = low, high
        _pass_on(arrived, network, some, passing, (timed[some], divided[some], high))
    found["flow_least"][~np.isfinite(found["flow_least"])] = 0.0 if loads.flow else np.nan
    found["flow_most"][np.isnan(found["flow_most"])] = np.inf if loads.flow else np.nan
    return Carried(
        found["area"],
        found["least"],
        found["most"],
        found["time"],
        timed,
        found["flow_least"],
        found["flow_most"],
        divided,
        arrived,
    )


def _at_inlets(network: Network, inlets: Inlets, loads: Loads) -> Arrived:
    number = len(network.nodes)
    area, least, most = (np.zeros(number) for _ in range(3))
    for total, values in ((area, inlets.area_m2), (least, loads.least), (most, loads.most)):
        np.add.at(total, inlets.node, values)
    floor = conventions().least_time_min
    over_ground = kirpich_min(inlets.farthest_m, inlets.slope)
    time, timed = np.full(number, floor), np.ones(number, dtype=np.bool_)
    np.maximum.at(time, inlets.node, np.nan_to_num(over_ground, nan=floor))
    timed[inlets.node[~np.isfinite(over_ground)]] = False
    sewers = network.sewers
    unknown = (sewers.start < 0) & (sewers.end >= 0)
    most[sewers.end[unknown]] = np.inf
    return Arrived(area, least, most, time, timed, np.zeros(number, dtype=np.bool_))


def _shares(network: Network, parts: Parts) -> tuple[Numbers, Marks]:
    """Return which share of its node's water each sewer takes, and whether that can be said."""
    sewers, number = network.sewers, len(network.nodes)
    full = sewers.conduits.full_flow_m3_s
    leaving = np.bincount(sewers.start[parts.chosen], minlength=number)
    total = np.zeros(number)
    np.add.at(total, sewers.start[parts.chosen], full[parts.chosen])
    share, sure = np.ones(len(sewers)), np.ones(len(sewers), dtype=np.bool_)
    many = parts.chosen[leaving[sewers.start[parts.chosen]] > 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        parted = full[many] / total[sewers.start[many]]
    sure[many] = np.isfinite(parted)
    share[many] = np.where(np.isfinite(parted), parted, 1.0 / np.maximum(leaving[sewers.start[many]], 1))
    return share, sure


def _by_rank(chosen: Places, rank: Places) -> list[Places]:
    """Return the sewers in groups, those that nothing flows to first; without those on and below loops."""
    order = np.argsort(rank, kind="stable")
    order = order[rank[order] >= 0]
    borders = np.flatnonzero(np.diff(rank[order])) + 1
    return np.split(chosen[order], borders) if len(order) else []


def _flows(loads: Loads, passing: dict[str, Numbers], timed: Marks) -> tuple[Numbers, Numbers]:
    if loads.flow is None:
        nothing = np.full(len(timed), np.nan)
        return nothing, nothing
    low, high = (loads.flow(passing[name], passing["time"]) for name in ("least", "most"))
    return np.where(timed | (not loads.is_timed), low, 0.0), high


def _pass_on(
    arrived: Arrived,
    network: Network,
    some: Places,
    passing: dict[str, Numbers],
    marks: tuple[Marks, Marks, Numbers],
) -> None:
    """Let what a group of sewers carries arrive at their lower nodes, later by the time it takes through them."""
    sewers, (timed, divided, flow) = network.sewers, marks
    below = sewers.end[some]
    for total, name in ((arrived.area, "area"), (arrived.least, "least"), (arrived.most, "most")):
        np.add.at(total, below, passing[name])
    goes = sewers.conduits.some(some).velocity_m_s(flow)
    with np.errstate(divide="ignore", invalid="ignore"):
        takes = sewers.length_m[some] / goes / _S_OF_MIN
    np.maximum.at(arrived.time, below, passing["time"] + np.nan_to_num(takes))
    arrived.timed[below[~(timed & np.isfinite(takes))]] = False
    arrived.divided[below[divided]] = True
