"""The faces of the city and what each is made into today, by 2030 and by 2045."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes, points_at
from gis.sample.arterials import ambition, bank_width, beach_width
from gis.sample.frame import Frame
from gis.sample.patterns import PATTERNS, TOWN, Make
from gis.sample.shore import Shore
from gis.sample.sites import SETTLED, STEEP_M, roads_of, sites_of
from gis.sample.skeleton import Skeleton
from gis.sample.terrain import Terrain, plan_of

_BETWEEN_STREETS = 0.82
_INDUSTRY_AT = (-0.98, -0.62)
_CEMETERY_AT = (-1.20, -1.25)
NEVER = 3
"""Stage of what is never built; 0 is existing, 1 is 2030, 2 is 2045."""


@dataclass(frozen=True, slots=True)
class Quarters:
    """What is known of each face.

    `made` : what it is today; `becomes` : what it is from stage `changes` on; the same where it never changes.
    `road` : which edges of the skeleton carry a street.
    `site` : the face without the land of the streets around it. `share` : 0 at the centre to 1 at the edge of the town.
    """

    face: Shapes
    cell: Ints
    site: Shapes
    centre: Floats
    made: Ints
    becomes: Ints
    changes: Ints
    share: Floats
    area_ha: Floats
    road: Flags

    @property
    def town(self) -> Flags:
        """Which faces are town today."""
        return np.isin(self.made, TOWN)


def quarters(frame: Frame, shore: Shore, ground: Terrain, bones: Skeleton) -> Quarters:
    """Decide what each face is made into."""
    centre = shapely.get_coordinates(shapely.point_on_surface(bones.faces))
    plan = plan_of(frame, centre)
    areas = np.asarray(shapely.area(bones.faces)) / 10_000 * _BETWEEN_STREETS
    made = _natural(frame, shore, ground, bones, plan)
    road = roads_of(bones, made, ground)
    free = np.isin(made, (Make.PADDY, Make.CROPS, Make.FISH))
    hunger = ambition(frame, plan)
    rural = np.array([PATTERNS[Make(kind)].per_ha if kind > Make.BEACH else 0 for kind in made]) * areas
    order = np.argsort(hunger, kind="stable")
    order = order[free[order] & (areas[order] > 0.25)]
    town = order[: _town_limit(frame, areas[order], rural, order)]
    share = np.ones(len(made))
    share[town] = np.linspace(0, 1, len(town))
    becomes, changes = made.copy(), np.full(len(made), NEVER)
    later = order[len(town) :]
    wanted = np.cumsum(areas[later]) / max(areas[town].sum(), 1)
    first = int(np.searchsorted(wanted, 0.13)) + 1
    second = first + int(np.searchsorted(wanted[first:], 0.32)) + 1
    _extend(frame, becomes, changes, later[:first], 1)
    _extend(frame, becomes, changes, later[first:second], 2)
    _villages(frame, made, later, areas)
    made[town] = _town(frame, shore, plan, cells=bones.cells, town=town, share=share)
    becomes = np.where(changes == NEVER, made, becomes)
    sites = sites_of(bones, road, np.isin(made, SETTLED) | (changes < NEVER))
    areas = np.asarray(shapely.area(sites)) / 10_000
    return Quarters(bones.faces, bones.cells, sites, centre, made, becomes, changes, share, areas, road)


def _natural(frame: Frame, shore: Shore, ground: Terrain, bones: Skeleton, plan: Floats) -> Ints:
    """Return what each face would be without the town: water, beach, forest, fields, fish ponds, slips of green."""
    points = points_at(plan)
    made = np.full(len(plan), int(Make.CROPS))
    levels = ground.at(shapely.get_coordinates(shapely.centroid(bones.faces)))
    rng = frame.rng(11)
    made[levels < 6.5] = Make.PADDY
    wet = shapely.distance(points, shore.river) < 0.12 * frame.radius_m
    made[wet & (plan[:, 1] < -0.6 * frame.radius_m) & (rng.random(len(plan)) < 0.5)] = Make.FISH
    made[levels > STEEP_M] = Make.FOREST
    areas, lengths = shapely.area(bones.faces), shapely.length(bones.faces)
    thin = (4 * np.pi * areas / lengths**2 < 0.13) | (areas < 3_500)
    made[thin] = Make.GREEN
    made[(shapely.distance(points, shore.flowing) < bank_width(frame)) & thin] = Make.GREEN
    made[shapely.distance(points, shore.coast) < beach_width(frame) * 1.02] = Make.BEACH
    shapely.prepare(shore.flowing)
    made[shapely.intersects(shore.flowing, points)] = Make.WATER
    return made


def _town_limit(frame: Frame, areas: Floats, rural: Floats, order: Ints) -> int:
    """Return how many of the faces, most ambitious first, must be town to hold a little more than the parcels asked."""
    per_ha = 65.0 - 18.0 * float(np.exp(-frame.radius_m / 700))
    gained = np.cumsum(areas * per_ha - rural[order])
    return int(np.searchsorted(gained, 1.12 * frame.parcels - rural.sum())) + 1


def _extend(frame: Frame, becomes: Ints, changes: Ints, faces: Ints, stage: int) -> None:
    """Let fields become town at a stage."""
    rng = frame.rng(12, stage)
    kinds = np.array([Make.ROW, Make.VILLA, Make.APARTMENT, Make.MIXED, Make.PARK, Make.INDUSTRY])
    becomes[faces] = rng.choice(kinds, len(faces), p=[0.36, 0.22, 0.18, 0.08, 0.08, 0.08])
    becomes[faces[:1]] = Make.ROW
    changes[faces] = stage


def _villages(frame: Frame, made: Ints, later: Ints, areas: Floats) -> None:
    """Scatter villages among the fields that stay fields longest."""
    rng = frame.rng(13)
    chosen = later[(rng.random(len(later)) < 0.10) & (areas[later] > 1.0)]
    made[chosen] = Make.VILLAGE


def _town(frame: Frame, shore: Shore, plan: Floats, *, cells: Ints, town: Ints, share: Floats) -> Ints:
    """Return what each town face is: coherent within a cell, with exceptions."""
    rng = frame.rng(14)
    kinds = np.array([Make.OLD, Make.ROW, Make.VILLA, Make.APARTMENT, Make.MIXED, Make.CAMPUS, Make.PARK, Make.OFFICE])
    mixes = np.array(
        [
            [0.46, 0.14, 0.00, 0.03, 0.22, 0.02, 0.05, 0.08],
            [0.20, 0.54, 0.02, 0.06, 0.08, 0.04, 0.05, 0.01],
            [0.03, 0.66, 0.14, 0.07, 0.02, 0.03, 0.05, 0.00],
        ]
    ).cumsum(axis=1)
    luck = rng.random(cells.max() + 1)[cells[town]]
    own = rng.random(len(town)) < 0.45
    luck[own] = rng.random(int(own.sum()))
    belt = np.digitize(share[town] + rng.normal(0, 0.03, len(town)), [0.09, 0.42])
    made = kinds[(luck[:, None] > mixes[belt]).sum(axis=1).clip(0, len(kinds) - 1)].astype(np.int64)
    seaside = shapely.distance(points_at(plan[town]), shore.coast) < beach_width(frame) + 130
    made[seaside & (rng.random(len(town)) < 0.62)] = Make.RESORT
    made[_nearest(frame, plan[town], _INDUSTRY_AT, 0.055)] = Make.INDUSTRY
    made[_nearest(frame, plan[town], _CEMETERY_AT, 0.0)] = Make.CEMETERY
    return made


def _nearest(frame: Frame, plan: Floats, place: tuple[float, float], share: float) -> Ints:
    """Return the faces nearest a place: that share of all, at least one."""
    away = np.hypot(*(plan - np.array(place) * frame.radius_m).T)
    return np.argsort(away, kind="stable")[: max(1, int(share * len(plan)))]
