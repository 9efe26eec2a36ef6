"""The street network: the edges that shape the city and the lanes of its quarters, split wherever they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.sample.arrays import Flags, Floats, Ints, Shapes, points_at
from gis.sample.arterials import CITY_MAIN, DISTRICT_MAIN, INTER_DISTRICT, RAIL
from gis.sample.frame import Frame
from gis.sample.graph import graph, main_part
from gis.sample.lanes import lanes
from gis.sample.lots import lattice
from gis.sample.patterns import PATTERNS, TOWN, Make
from gis.sample.quarters import NEVER, Quarters
from gis.sample.skeleton import Skeleton
from gis.sample.splitting import split_lines
from gis.sample.waves import Sway

TRACK = 10
_FIELDS = (Make.PADDY, Make.CROPS, Make.FISH, Make.FOREST, Make.GREEN, Make.WATER, Make.BEACH)
_MEETS_M = 0.02
_SAME_M = 1.6


@dataclass(frozen=True, slots=True)
class Streets:
    """Pieces of street between junctions.

    `rank` as in `gis.sample.arterials`, `ALLEY` or `TRACK`; `stage` and `stage_end` as 0 existing, 1 2030, 2 2045, 3
    never.
    `edge` : the edge of the skeleton a piece lies on, -1 for a lane. `quarter` : the face a lane lies in, -1 for an
    edge.
    `line` : number of the lane in its quarter.
    """

    shapes: Shapes
    rank: Ints
    stage: Ints
    stage_end: Ints
    bridge: Flags
    edge: Ints
    quarter: Ints
    line: Ints


def streets(frame: Frame, bones: Skeleton, home: Quarters, sway: Sway) -> Streets:
    """Assemble the network and drop what does not hang together with it."""
    road = home.road
    inner, facts = _all_lanes(frame, home, sway)
    edge_stage, edge_rank = _edge_stages(bones, home, road)
    inner, good, meeting, onto = _led_out(inner, bones, road)
    ranks, line, quarter, stage, stage_end = facts[:, good]
    number = np.flatnonzero(road)
    pieces, source = split_lines(bones.edges[number], onto_index(onto, number), meeting)
    edge = number[source]
    bridge = _over_water(bones, home)[edge]
    count, none = len(pieces), np.full(len(inner), -1)
    whole = Streets(
        np.concatenate([pieces, inner]),
        np.concatenate([edge_rank[edge], ranks]),
        np.concatenate([edge_stage[edge], stage]),
        np.concatenate([np.full(count, NEVER), stage_end]),
        np.concatenate([bridge, np.zeros(len(inner), dtype=np.bool_)]),
        np.concatenate([edge, none]),
        np.concatenate([np.full(count, -1), quarter]),
        np.concatenate([np.full(count, -1), line]),
    )
    return chosen(whole, main_part(graph(whole.shapes)))


def chosen(ways: Streets, which: Flags) -> Streets:
    """Return some of the streets."""
    return Streets(*(getattr(ways, name)[which] for name in Streets.__slots__))


def onto_index(onto: Ints, number: Ints) -> Ints:
    """Return the position of each edge among the numbered ones."""
    return np.searchsorted(number, onto)


def _all_lanes(frame: Frame, home: Quarters, sway: Sway) -> tuple[Shapes, Ints]:
    """Return the lanes of every quarter as it is and as it becomes, with rows of rank, line, quarter, stage, end."""
    found: list[Shapes] = []
    facts: list[Ints] = []
    for number in range(len(home.face)):
        changes = int(home.changes[number])
        phases = [(int(home.made[number]), 0, changes)]
        if changes != NEVER:
            phases.append((int(home.becomes[number]), changes, NEVER))
        for made, stage, end in phases:
            if made <= Make.GREEN or home.area_ha[number] < 0.05:
                continue
            pattern = PATTERNS[Make(made)]
            rng = frame.rng(30, number, stage)
            ways = lattice(home.site[number], pattern, rng, sway)
            drawn = lanes(ways, home.face[number], home.site[number], pattern, rng)
            rank = drawn.ranks if made in TOWN or made == Make.VILLAGE else np.full(len(drawn.ranks), TRACK)
            found.append(drawn.shapes)
            facts.append(np.stack([rank, drawn.lines, *(np.full(len(rank), value) for value in (number, stage, end))]))
    return np.concatenate(found), np.concatenate(facts, axis=1)


def _edge_stages(bones: Skeleton, home: Quarters, road: Flags) -> tuple[Ints, Ints]:
    """Return when each edge becomes a street, and of which rank.

    Higher streets exist; a minor street between fields is a track, and comes with the first quarter built beside it.
    """
    town = np.isin(home.made, (*TOWN, Make.VILLAGE, Make.CEMETERY))
    opening = np.where(town, 0, home.changes)
    beside = np.where(bones.beside >= 0, opening[bones.beside], NEVER).min(axis=1)
    minor = bones.ranks >= DISTRICT_MAIN
    stage = np.where(minor & (beside < NEVER), beside, 0)
    rank = np.where(minor & (beside == NEVER), TRACK, bones.ranks)
    crossing = np.flatnonzero(_over_water(bones, home) & road & (bones.ranks == CITY_MAIN))
    if len(crossing) > 2:
        stage[crossing[len(crossing) // 2 :]] = np.where(np.arange(len(crossing) - len(crossing) // 2) % 2 == 0, 1, 0)
    stage[(bones.ranks == INTER_DISTRICT) & (beside == 2)] = 1
    return stage, rank


def _over_water(bones: Skeleton, home: Quarters) -> Flags:
    either = np.where(bones.beside >= 0, home.made[bones.beside], -1)
    return (either == Make.WATER).all(axis=1) & (bones.ranks < RAIL)


def _led_out(inner: Shapes, bones: Skeleton, road: Flags) -> tuple[Shapes, Flags, Floats, Ints]:
    """Let lanes end on the streets they meet, at a junction there where one is near.

    Returns the lanes that stay, which they are, and the points where they meet which edge. A lane that would end on a
    railway, a shore or a boundary is left out.
    """
    tree = shapely.STRtree(bones.edges)
    vertices = shapely.get_coordinates(inner)
    counts = shapely.get_num_coordinates(inner)
    last = np.cumsum(counts) - 1
    places = np.concatenate([last - counts + 1, last])
    ends = points_at(vertices[places])
    which, edge = tree.query(ends, predicate="dwithin", distance=_MEETS_M)
    onto = np.full(len(ends), -1)
    onto[which[::-1]] = edge[::-1]
    blocked = (onto >= 0) & ~road[onto]
    count = len(inner)
    good: Flags = ~(blocked[:count] | blocked[count:])
    meets = (onto >= 0) & np.tile(good, 2)
    vertices[places[meets]] = _snapped(bones.edges[onto[meets]], ends[meets])
    moved = shapely.set_coordinates(inner.copy(), vertices)
    return moved[good], good, vertices[places[meets]], onto[meets]


def _snapped(edges: Shapes, ends: Shapes) -> Floats:
    """Return the end points, moved to the end of the edge where it is nearer than a step."""
    points = shapely.get_coordinates(ends)
    for place in (0, -1):
        node = shapely.get_coordinates(shapely.get_point(edges, place))
        near = np.hypot(*(points - node).T) < _SAME_M
        points[near] = node[near]
    return points
