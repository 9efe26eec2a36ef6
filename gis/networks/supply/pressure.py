"""Pressures judged where water is drawn, flows added up: what a simulation says, in figures and classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.findings import Look
from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.network import LinkKind, NodeKind
from gis.networks.supply.simulation import Simulation
from layers.model import Words

_EQUAL_M = 0.001
VACUUM_M = -10.33
"""The pressure of the air, in m of water: there is none below."""

UNKNOWN = Look(Words("Áp lực chưa rõ", "Pressure unknown"), "#9a958c")
IMPOSSIBLE = Look(Words("Không lấy đủ nước được", "So much cannot be drawn"), "#5c0f0f")
_BELOW = "#c22f2f"
_CLASSES = ((15.0, "#e0863a"), (25.0, "#e6c65a"), (40.0, "#6fb06f"), (60.0, "#3f86b8"), (float("inf"), "#5b4a8a"))
"""Classes above the norm, by their upper end in m: a convention, to be read on the map."""


def pressure_looks(norm_m: float | None) -> tuple[tuple[float, Look], ...]:
    """Return the classes of pressure by their upper ends, in m; what is below the norm stands out."""
    least = norm_m or 0.0
    looks: list[tuple[float, Look]] = []
    if norm_m is not None:
        looks.append((norm_m, Look(Words(f"Dưới {norm_m:g} m", f"Below {norm_m:g} m"), _BELOW)))
    for most, color in _CLASSES:
        if most <= least:
            continue
        said = f"{least:g}–{most:g} m" if np.isfinite(most) else f"{least:g} m"
        words = Words(said, said) if np.isfinite(most) else Words(f"Từ {said}", f"{said} and more")
        looks.append((most, Look(words, color)))
        least = most
    return tuple(looks)


def look_of(pressure_m: float | None, looks: tuple[tuple[float, Look], ...]) -> Look:
    """Return the class of a pressure."""
    if pressure_m is None:
        return UNKNOWN
    return next(look for most, look in looks if pressure_m < most or most == float("inf"))


@dataclass(frozen=True)
class Judged:
    """Pressures over the time simulated, at each node; NaN where none is known.

    Parameters
    ----------
    lowest_m, mean_m : of the times at which it is known.
    lowest_at_h : hour of the lowest.
    drawing : nodes with a demand, at which it is judged.
    impossible : nodes at which so much water cannot be drawn: the model would need less than no pressure at all, and
        what figure it names for that means nothing. Their pressure is not known; that it is too low is.
    """

    lowest_m: Numbers
    mean_m: Numbers
    lowest_at_h: Numbers
    drawing: Places
    impossible: Marks

    @property
    def known(self) -> Places:
        """The nodes with a demand whose pressure is known."""
        return self.drawing[np.isfinite(self.lowest_m[self.drawing])]

    def below(self, norm_m: float) -> Places:
        """Return the nodes with a demand at which it falls below a norm, the lowest first."""
        low = self.known[self.lowest_m[self.known] < norm_m]
        dry = self.drawing[self.impossible[self.drawing]]
        return np.concatenate([dry, low[np.argsort(self.lowest_m[low], kind="stable")]])


def judged(found: Simulation) -> Judged:
    """Return the pressures of a simulation over its time; a node that was cut off at a time is not known at all."""
    solved = ~found.unsolved
    if not solved.any():
        return _nothing(found)
    pressure = np.where(found.cut_off.any(axis=0), np.nan, found.pressure_m)[solved]
    known = np.isfinite(pressure).all(axis=0)
    filled = np.where(known, pressure, 0.0)
    impossible = filled.min(axis=0) < VACUUM_M
    known &= ~impossible
    # The engine keeps seven digits: the first of equal times is meant.
    place = (filled <= filled.min(axis=0) + _EQUAL_M).argmax(axis=0)

    def only(values: Numbers) -> Numbers:
        return np.where(known, values, np.nan)

    return Judged(
        only(filled.min(axis=0)),
        only(filled.mean(axis=0)),
        only(found.hours[solved][place]),
        np.flatnonzero(found.network.draws),
        impossible,
    )


def _nothing(found: Simulation) -> Judged:
    unknown = np.full(len(found.network.nodes), np.nan)
    return Judged(unknown, unknown, unknown, np.flatnonzero(found.network.draws), unknown > 0)


@dataclass(frozen=True)
class Balance:
    """Volumes over the time simulated, in m³.

    Parameters
    ----------
    given_m3 : by reservoirs. stored_m3: what went into tanks by their flows, and `levels_m3` by their levels.
    drawn_m3 : by junctions.
    apart_share : how far the flows of any time are from adding up, at most, over what is drawn then.
    """

    given_m3: float
    stored_m3: float
    levels_m3: float
    apart_share: float

    @property
    def drawn_m3(self) -> float:
        """What was drawn: given and not stored."""
        return self.given_m3 - self.stored_m3

    @property
    def storage_apart_share(self) -> float:
        """How far flows into tanks are from what their levels say, over all that was given."""
        return abs(self.stored_m3 - self.levels_m3) / max(self.given_m3, 1e-9)


def balance(found: Simulation) -> Balance:
    """Return the volumes of a simulation: reservoirs give what is drawn and what is stored."""
    if not found.steps:
        return Balance(0.0, 0.0, 0.0, 0.0)
    kinds = found.network.nodes.kind[list(found.watched)]
    is_tank = kinds == NodeKind.TANK
    flows = np.array([step.flow for step in found.steps]) * found.flow_unit_m3_s
    seconds = np.array([step.step_s for step in found.steps])
    volumes = np.array([step.volume for step in found.steps]) * found.volume_unit_m3
    moved = (flows * seconds[:, None]).sum(axis=0)
    demand = np.nan_to_num(found.demand_m3_s)
    junctions = found.network.nodes.kind == NodeKind.JUNCTION
    drawn = np.maximum(np.abs(demand[:, junctions]).sum(axis=1), 1e-9)
    return Balance(
        float(-moved[~is_tank].sum()),
        float(moved[is_tank].sum()),
        float((volumes[-1] - volumes[0])[is_tank].sum()),
        float(np.max(np.abs(demand.sum(axis=1)) / drawn)),
    )


@dataclass(frozen=True)
class Given:
    """What a source gave over the time simulated: node, volume in m³ (below zero where it took), tank levels in m³."""

    node: int
    volume_m3: float
    begin_m3: float | None
    end_m3: float | None


def sources(found: Simulation) -> tuple[Given, ...]:
    """Return what each reservoir and tank gave."""
    flows = np.array([step.flow for step in found.steps]) * found.flow_unit_m3_s
    seconds = np.array([step.step_s for step in found.steps])
    volumes = np.array([step.volume for step in found.steps]) * found.volume_unit_m3
    kinds = found.network.nodes.kind
    return tuple(
        Given(
            node,
            float(-(flows[:, place] * seconds).sum()),
            float(volumes[0, place]) if kinds[node] == NodeKind.TANK else None,
            float(volumes[-1, place]) if kinds[node] == NodeKind.TANK else None,
        )
        for place, node in enumerate(found.watched)
    )


def fastest_m_s(found: Simulation) -> Numbers:
    """Return the highest velocity in each pipe; NaN where none is known, and in what is no pipe."""
    is_pipe = found.network.links.kind == LinkKind.PIPE
    velocity = found.velocity_m_s[~found.unsolved]
    known = is_pipe & np.isfinite(velocity).all(axis=0) & (len(velocity) > 0)
    return np.where(known, np.where(known, velocity, 0.0).max(axis=0, initial=0.0), np.nan)
