"""Wards and districts: cells of the street pattern grown together around where people live, seldom over a river."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes, merged_by
from gis.sample.frame import Frame
from gis.sample.graph import Graph, shortest_ways
from gis.sample.patterns import PATTERNS, Make
from gis.sample.quarters import Quarters
from gis.sample.skeleton import Skeleton
from gis.sample.words import place_names, plain

YEAR = 2024
_WET = 6.0
"""How much farther it is across a river than over land, when wards are drawn."""


@dataclass(frozen=True, slots=True)
class Wards:
    """The wards of the city and the districts they belong to.

    `of_face` : ward of each face. `district` : district of each ward. `people` : of each ward, a whole number.
    """

    of_face: Ints
    shapes: Shapes
    names: list[str]
    codes: list[str]
    types: list[str]
    people: Ints
    district: Ints
    district_shapes: Shapes
    district_names: list[str]
    district_codes: list[str]
    face_people: Floats


def people_of(home: Quarters, made: Ints) -> Floats:
    """Return how many people live on each face when it is made so."""
    rates = np.zeros(max(Make) + 1)
    for kind, pattern in PATTERNS.items():
        rates[kind] = pattern.people_per_lot * pattern.per_ha
    return rates[made] * home.area_ha


def wards(frame: Frame, bones: Skeleton, home: Quarters) -> Wards:
    """Draw wards of similar population, and districts of some seven wards."""
    people = people_of(home, home.made)
    cells = len(bones.cell_shapes)
    cell_people = np.bincount(home.cell, people, cells)
    centres = shapely.get_coordinates(shapely.point_on_surface(bones.cell_shapes))
    either = np.where(bones.beside >= 0, home.made[bones.beside], int(Make.WATER))
    wet = (either == Make.WATER).any(axis=1)
    pairs, lengths = _touching(home.cell[bones.beside], bones.beside, centres, wet)
    count = max(3, round(3 + 1.4 * (frame.parcels / 1000) ** 0.62))
    weight = cell_people + 0.012 * np.asarray(shapely.area(bones.cell_shapes)) / 10
    of_cell = _grown(Graph(centres, pairs, lengths), weight, count)
    of_face = of_cell[home.cell]
    number, shapes = merged_by(home.face, of_face)
    of_face = np.searchsorted(number, of_face)
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    ward_pairs, ward_lengths = _touching(of_face[bones.beside], bones.beside, middles, wet)
    size = np.sqrt(np.asarray(shapely.area(shapes)))
    district = _grown(Graph(middles, ward_pairs, ward_lengths), size, max(2, round(len(shapes) / 6)))
    _, district = np.unique(district, return_inverse=True)
    _, district_shapes = merged_by(shapes, district)
    return _named(frame, home, of_face, shapes, people=people, district=district, district_shapes=district_shapes)


def _touching(of_side: Ints, beside: Ints, centres: Floats, wet: Flags) -> tuple[Ints, Floats]:
    """Return the pairs of areas that share an edge, and how far apart they are: farther where only water joins them."""
    both = (beside >= 0).all(axis=1) & (of_side[:, 0] != of_side[:, 1])
    pairs, place = np.unique(np.sort(of_side[both], axis=1), axis=0, return_inverse=True)
    dry = np.bincount(place.reshape(-1), ~wet[both], len(pairs)) > 0
    lengths = np.hypot(*(centres[pairs[:, 0]] - centres[pairs[:, 1]]).T)
    return pairs, lengths * np.where(dry, 1.0, _WET)


def _grown(network: Graph, weight: Floats, count: int) -> Ints:
    """Return the number of the seed that each area grows together with."""
    seeds = _seeds(network.points, weight, min(count, len(weight)))
    nodes = np.unique(np.array([int(np.argmin(np.hypot(*(network.points - seed).T))) for seed in seeds]))
    goal = shortest_ways(network, nodes, network.lengths).goal
    lost = goal < 0
    if lost.any():
        near = np.hypot(*(network.points[lost][:, None] - network.points[nodes][None]).transpose(2, 0, 1))
        goal[lost] = nodes[near.argmin(axis=1)]
    return goal


def _seeds(points: Floats, weight: Floats, count: int) -> Floats:
    """Return centres of groups of like weight: spread out first, then drawn to where the weight is (Lloyd's method)."""
    chosen = [int(np.argmax(weight))]
    away = np.hypot(*(points - points[chosen[0]]).T)
    while len(chosen) < count:
        chosen.append(int(np.argmax(away * (weight + 0.1 * weight.mean()) ** 0.5)))
        away = np.minimum(away, np.hypot(*(points - points[chosen[-1]]).T))
    seeds = points[chosen]
    for _ in range(6):
        near = np.hypot(*(points[:, None] - seeds[None]).transpose(2, 0, 1)).argmin(axis=1)
        total = np.bincount(near, weight, count)
        moved = np.stack([np.bincount(near, weight * points[:, axis], count) for axis in (0, 1)], axis=1)
        seeds = np.where(total[:, None] > 0, moved / np.maximum(total, 1e-9)[:, None], seeds)
    return seeds


def _named(
    frame: Frame,
    home: Quarters,
    of_face: Ints,
    shapes: Shapes,
    *,
    people: Floats,
    district: Ints,
    district_shapes: Shapes,
) -> Wards:
    count = len(shapes)
    rng = frame.rng(40)
    names = place_names(count + len(district_shapes), rng)
    total = np.round(np.bincount(of_face, people, count)).astype(np.int64)
    rural = np.bincount(of_face, home.area_ha * ~home.town, count) > 2.5 * np.bincount(of_face, home.area_ha, count) / 3
    types = ["commune" if wild else "ward" for wild in rural]
    return Wards(
        of_face,
        shapes,
        [f"{'Xã' if kind == 'commune' else 'Phường'} {name}" for kind, name in zip(types, names, strict=False)],
        [f"99{number + 1:03d}" for number in range(count)],
        types,
        total,
        district,
        district_shapes,
        [f"Quận {name}" for name in names[count:]],
        [f"99{chr(65 + number % 26)}{number // 26 or ''}" for number in range(len(district_shapes))],
        people,
    )


__all__ = ["YEAR", "Wards", "people_of", "plain", "wards"]
