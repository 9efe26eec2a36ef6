"""What a simulation found, in metres, seconds and hours, whatever units the model has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any  # what another process wrote is untyped until it is read here

_FOOT_M = 0.3048
_INCH_MM = 25.4
_FLOWS_M3_S = (
    _FOOT_M**3,
    3.785411784e-3 / 60,
    3785.411784 / 86_400,
    1.0,
    1e-3,
    1_000 / 86_400,
)
"""ft³/s, US gallons a minute, millions of them a day; m³/s, l/s, millions of litres a day."""
TRUSTED_PERCENT = 10.0
"""A balance that is off by more is to be questioned, by the manual of SWMM 5 (EPA/600/R-14/413b)."""


class NodeKind(IntEnum):
    """Kinds of nodes of a model."""

    JUNCTION = 0
    OUTFALL = 1
    STORAGE = 2
    DIVIDER = 3


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What happened at a node: its depth at the most, what flowed in, and what it let out over its rim."""

    name: str
    kind: NodeKind
    full_depth_m: float
    depth_m: float
    inflow_m3_s: float
    overflow_m3_s: float
    flooded_m3: float
    flooded_h: float


@dataclass(frozen=True, slots=True)
class LinkResult:
    """What happened in a link between two nodes; `full_h` is how long it was full at both of its ends."""

    name: str
    is_conduit: bool
    ends: tuple[str, str]
    flow_m3_s: float
    velocity_m_s: float
    depth_m: float
    full_h: float


@dataclass(frozen=True, slots=True)
class AreaResult:
    """What ran off of a catchment: depth of its rain, volume, and peak."""

    name: str
    rain_mm: float
    runoff_m3: float
    peak_m3_s: float


@dataclass(frozen=True, slots=True)
class Results:
    """What a simulation found.

    Depths are over all catchments; None where a model has none. `errors_percent` are by how much the balances of
    run-off and of routing are off.
    """

    nodes: tuple[NodeResult, ...]
    links: tuple[LinkResult, ...]
    areas: tuple[AreaResult, ...]
    rain_mm: float | None
    runoff_mm: float | None
    inflow_m3: float
    outflow_m3: float
    flooded_m3: float
    errors_percent: tuple[float, float]

    @property
    def is_trusted(self) -> bool:
        """Whether the balances are off by so little that the rest may be believed."""
        return all(abs(each) <= TRUSTED_PERCENT for each in self.errors_percent)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Results:
        """Read what the engine left."""
        system, flow_unit = said["units"]
        in_m = _FOOT_M if system == 0 else 1.0
        units = _Units(in_m, _INCH_MM if system == 0 else 1.0, _FLOWS_M3_S[flow_unit])
        routed, rained = said["routed"], said["rained"]
        inflow = sum(_number(routed[each]) for each in ("dwInflow", "wwInflow", "gwInflow", "iiInflow", "exInflow"))
        return cls(
            tuple(units.node(each) for each in said["nodes"]),
            tuple(units.link(each) for each in said["links"]),
            tuple(units.area(each) for each in said["areas"]),
            _scaled(rained["rainfall"], units.mm) if said["areas"] else None,
            _scaled(rained["runoff"], units.mm) if said["areas"] else None,
            inflow * units.m3,
            _number(routed["outflow"]) * units.m3,
            _number(routed["flooding"]) * units.m3,
            (float(said["errors"][0]), float(said["errors"][1])),
        )


@dataclass(frozen=True, slots=True)
class _Units:
    """What a length, a depth of rain and a flow of the model are in m, mm and m³/s."""

    m: float
    mm: float
    m3_s: float

    @property
    def m3(self) -> float:
        return self.m**3

    def node(self, said: Mapping[str, Any]) -> NodeResult:
        return NodeResult(
            str(said["name"]),
            NodeKind(said["kind"]),
            _number(said["fullDepth"]) * self.m,
            _number(said["maxDepth"]) * self.m,
            _number(said["maxInflow"]) * self.m3_s,
            _number(said["maxOverflow"]) * self.m3_s,
            _number(said["volFlooded"]) * self.m3,
            _number(said["timeFlooded"]),
        )

    def link(self, said: Mapping[str, Any]) -> LinkResult:
        ends: Sequence[Any] = said["ends"]
        full = min(_number(said["timeFullUpstream"]), _number(said["timeFullDnstream"]))
        return LinkResult(
            str(said["name"]),
            said["kind"] == 0,
            (str(ends[0]), str(ends[1])),
            _number(said["maxFlow"]) * self.m3_s,
            _number(said["maxVeloc"]) * self.m,
            _number(said["maxDepth"]) * self.m,
            full,
        )

    def area(self, said: Mapping[str, Any]) -> AreaResult:
        return AreaResult(
            str(said["name"]),
            _number(said["precip"]) * self.mm,
            _number(said["runoff"]) * self.m3,
            _number(said["maxFlow"]) * self.m3_s,
        )


def _number(said: Any) -> float:
    return 0.0 if said is None else float(said)


def _scaled(said: Any, factor: float) -> float | None:
    return None if said is None else float(said) * factor
