"""Demand by the norm set onto the network: where people live and industry stands, at the nearest node with demand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # scipy's trees have no types

import numpy as np
import shapely
from scipy.spatial import KDTree

from gis.db import City
from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.need import Need, Norms, need
from gis.networks.supply.network import Network, NodeKind, Shapes
from gis.networks.supply.units import DAY_S
from gis.planning.people import people
from gis.planning.places import EVERYWHERE
from gis.planning.plans import RegisteredPlan
from gis.planning.uses import INDUSTRY
from gis.statements import statements
from layers.model import Horizon

_SQL = Path(__file__).with_suffix(".sql")
_INDUSTRY = ["SKK", "SKN", "SKT"]
_CELL_M = 100.0
_M2_OF_HA = 10_000.0
FAR_M = 500.0
"""Who lives farther from every node with demand is told."""


@dataclass(frozen=True)
class Load:
    """Demand by the norm at each node, in m³/s, how it was reckoned, and the people who live far from every node."""

    demand_m3_s: Numbers
    need: Need
    far_people: float


def load(city: City, network: Network, *, plan: RegisteredPlan, norms: Norms, litres: float = 0.0) -> Load:
    """Return the demand of the people and the industry of the city, by the norm, set onto its network.

    People of today live on the dwelling land of their ward, those of 2030 and 2045 where the plan provides for them.

    Parameters
    ----------
    plan : the plan whose people and industry count in 2030 and 2045.
    litres : for each person and day; what the standard asks at least where it is 0.
    """
    living = list(_living(city, plan))
    where, number = _joined(living)
    grounds, hectares = _joined(_industry(city, plan))
    asked = need(norms, people=float(number.sum()), industry_ha=float(hectares.sum()), litres=litres)
    to = demand_nodes(network)
    demand = np.zeros(len(network.nodes))
    if len(where) and asked.people:
        node, away_m = nearest(network, to, where)
        np.add.at(demand, node, number / asked.people * asked.with_losses_m3_day / DAY_S)
        far = float(number[away_m > FAR_M].sum())
    else:
        far = 0.0
    if len(grounds) and asked.industry_ha:
        node, _ = nearest(network, to, grounds)
        np.add.at(demand, node, hectares / asked.industry_ha * asked.industry_m3_day / DAY_S)
    return Load(demand, asked, far)


def demand_nodes(network: Network) -> Places:
    """Return the nodes at which demand is set: those that have one, or all junctions where none has."""
    placed = np.isfinite(network.nodes.position).all(axis=1)
    drawing = network.draws & placed
    return np.flatnonzero(drawing if drawing.any() else placed & (network.nodes.kind == NodeKind.JUNCTION))


def nearest(network: Network, nodes: Places, points: Numbers) -> tuple[Places, Numbers]:
    """Return for each point the nearest of some nodes, and how far away it is, in m."""
    tree: Any = KDTree(network.nodes.position[nodes])
    away_m, place = tree.query(points)
    return nodes[place], away_m


def spread(areas: Shapes, amounts: Numbers) -> tuple[Numbers, Numbers]:
    """Return points for areas, and the amount that falls on each: large ones are divided into squares of 100 m."""
    points: list[Numbers] = []
    shares: list[Numbers] = []
    for area, amount in zip(areas, amounts.tolist(), strict=True):
        inside = _grid(area) if area.area > _CELL_M**2 else np.empty((0, 2))
        if not len(inside):
            inside = shapely.get_coordinates(shapely.point_on_surface(area))
        points.append(inside)
        shares.append(np.full(len(inside), amount / len(inside)))
    return _joined(zip(points, shares, strict=True))


def _grid(area: Any) -> Numbers:
    west, south, east, north = area.bounds
    easts = np.arange(west + _CELL_M / 2, east, _CELL_M)
    norths = np.arange(south + _CELL_M / 2, north, _CELL_M)
    points = np.stack(np.meshgrid(easts, norths), axis=-1).reshape(-1, 2)
    return points[shapely.contains_xy(area, points[:, 0], points[:, 1])]


def _joined(pieces: Iterable[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    listed = list(pieces)
    points = [points for points, _ in listed]
    return (
        np.concatenate(points) if points else np.empty((0, 2)),
        np.concatenate([amounts for _, amounts in listed]) if listed else np.empty(0),
    )


def _living(city: City, plan: RegisteredPlan) -> Iterable[tuple[Numbers, Numbers]]:
    for batch in people(city, plan).batches(EVERYWHERE):
        known: Marks = np.isfinite(batch.people) & (batch.people > 0)
        yield spread(batch.areas[known], batch.people[known])


def _industry(city: City, plan: RegisteredPlan) -> Iterable[tuple[Numbers, Numbers]]:
    if city.horizon is Horizon.EXISTING:
        query, bound = statements(_SQL)["industry"].sql(), {"uses": _INDUSTRY}
    else:
        query, bound = statements(_SQL)["planned_industry"].sql(), {"uses": list(INDUSTRY), "plan": plan.code}
    listed = city.connection.execute(query, bound, binary=True).fetchall()
    if listed:
        areas = np.array([shapely.from_wkb(row[1]) for row in listed], dtype=object)
        yield spread(areas, shapely.area(areas) / _M2_OF_HA)
