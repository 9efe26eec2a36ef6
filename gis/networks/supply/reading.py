"""The network that an EPANET file describes, in our units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from gis import crs as systems
from gis.networks.graph import Numbers
from gis.networks.supply.demands import mean_demands
from gis.networks.supply.errors import InpError, TooLargeError
from gis.networks.supply.gear import Pipe, equipment, initial_states, steered
from gis.networks.supply.inp import Inp, number
from gis.networks.supply.network import NOWHERE, Links, Network, NodeKind, Nodes, Shapes, nothing, texts

MOST_ELEMENTS = 400_000
"""Nodes, or links, of the largest network that is looked at."""
_STANDS = ("junction", "tank", "reservoir")
_TANK_TOKENS = 6
"""A row of tanks that has fewer is a reservoir, as EPANET reads it."""


def network_of(inp: Inp, *, crs: str = "") -> Network:
    """Return the network of an EPANET file.

    Parameters
    ----------
    crs : coordinate system of its coordinates; that which the file names where none is given. Without any, nothing
        has a position.

    Raises
    ------
    InpError
        When a figure is none, a code stands twice, or something has too few columns.
    TooLargeError, UnknownSystemError
        When it has too many nodes, or there is no such coordinate system.
    """
    read = list(_nodes(inp))
    known = _places(inp, [each.code for each in read])
    pipes = list(equipment(inp))
    _places(inp, [each.code for each in pipes], what="link")
    for what, elements in (("The network has nodes", read), ("The network has links", pipes)):
        if len(elements) > MOST_ELEMENTS:
            raise TooLargeError(what, len(elements), MOST_ELEMENTS)
    drawn = _Drawn.read(inp, crs or inp.crs, known)
    demands = mean_demands(inp)
    nodes = Nodes(
        texts([each.code for each in read]),
        np.array([each.kind for each in read], dtype=np.int64),
        texts([_STANDS[each.kind] for each in read]),
        np.array([each.level_m for each in read], dtype=np.float64),
        np.array([demands.get(each.code, 0.0) for each in read], dtype=np.float64),
        drawn.positions,
        np.full(len(read), NOWHERE, dtype=np.int64),
        np.array([each.lacks for each in read], dtype=np.bool_),
    )
    return Network(inp.name, nodes, _links(inp, pipes, known, drawn), nothing())


@dataclass(frozen=True, slots=True)
class _Node:
    code: str
    kind: NodeKind
    level_m: float
    lacks: bool = False


def _nodes(inp: Inp) -> Iterator[_Node]:
    metre = inp.units.length_m
    for row in inp.rows("JUNCTIONS"):
        yield _Node(row.tokens[0], NodeKind.JUNCTION, metre * number(inp, row, 1, "elevation", default=0.0))
    for row in inp.rows("RESERVOIRS"):
        yield _Node(row.tokens[0], NodeKind.RESERVOIR, metre * number(inp, row, 1, "head"))
    for row in inp.rows("TANKS"):
        if len(row.tokens) < _TANK_TOKENS:
            yield _Node(row.tokens[0], NodeKind.RESERVOIR, metre * number(inp, row, 1, "head"))
            continue
        floor, first, least, most, across = (
            number(inp, row, place, what)
            for place, what in enumerate(("elevation", "level", "lowest level", "highest level", "diameter"), 1)
        )
        by_curve = len(row.tokens) > _TANK_TOKENS + 1 and row.tokens[_TANK_TOKENS + 1] != "*"
        holds = least <= first <= most and least < most and (across > 0 or by_curve)
        yield _Node(row.tokens[0], NodeKind.TANK, metre * floor, not holds)


def _places(inp: Inp, codes: list[str], *, what: str = "node") -> Mapping[str, int]:
    found: dict[str, int] = {}
    for place, code in enumerate(codes):
        if code in found:
            raise InpError(inp.name, f"two {what}s have the code {code[:40]!r}; codes are given once")
        found[code] = place
    return found


def _links(inp: Inp, pipes: list[Pipe], known: Mapping[str, int], drawn: _Drawn) -> Links:
    states, moved = initial_states(inp), steered(inp)
    metre, across = inp.units.length_m, inp.units.diameter_m
    start, end = (
        np.array([known.get(code, NOWHERE) for code in codes], dtype=np.int64)
        for codes in ([each.start for each in pipes], [each.end for each in pipes])
    )
    rough = np.array([each.roughness for each in pipes], dtype=np.float64)
    return Links(
        texts([each.code for each in pipes]),
        np.array([each.kind for each in pipes], dtype=np.int64),
        start,
        end,
        metre * np.array([each.length for each in pipes], dtype=np.float64),
        across * np.array([each.diameter for each in pipes], dtype=np.float64),
        rough if inp.head_loss == "H-W" else np.full(len(pipes), np.nan),
        np.array([states.get(each.code, each.closed) for each in pipes], dtype=np.bool_),
        np.array([each.one_way for each in pipes], dtype=np.bool_),
        np.array([each.code in moved for each in pipes], dtype=np.bool_),
        np.full(len(pipes), NOWHERE, dtype=np.int64),
        drawn.lines(start, end, [each.code for each in pipes]),
        np.array([each.lacks for each in pipes], dtype=np.bool_),
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Where nodes stand, and the vertices of links between them, in EPSG:5899."""

    positions: Numbers
    vertices: Mapping[str, list[tuple[float, float]]]

    @classmethod
    def read(cls, inp: Inp, crs: str, known: Mapping[str, int]) -> _Drawn:
        positions = np.full((len(known), 2), np.nan)
        if not crs:
            return cls(positions, {})
        codes: list[str] = []
        given: list[tuple[float, float]] = []
        for row in inp.rows("COORDINATES", "VERTICES"):
            codes.append(row.tokens[0])
            given.append((number(inp, row, 1, "easting"), number(inp, row, 2, "northing")))
        places = sum(1 for _ in inp.rows("COORDINATES"))
        stored = systems.transformation(crs).stored(np.array(given, dtype=np.float64).reshape(-1, 2))
        is_place = _of_coordinates(inp, len(codes), places)
        vertices: dict[str, list[tuple[float, float]]] = {}
        for code, place, (easting_m, northing_m) in zip(codes, is_place, stored.tolist(), strict=True):
            if place and code in known:
                positions[known[code]] = (easting_m, northing_m)
            elif not place:
                vertices.setdefault(code, []).append((easting_m, northing_m))
        positions[~np.isfinite(positions).all(axis=1)] = np.nan
        return cls(positions, vertices)

    def lines(self, start: np.ndarray, end: np.ndarray, codes: list[str]) -> Shapes:
        """Return the lines of links; None where an end has no position, or both are one without a vertex between."""
        shapes = np.full(len(codes), None, dtype=object)
        placed = np.asarray(np.isfinite(self.positions).all(axis=1))
        for place, code in enumerate(codes):
            one, other = int(start[place]), int(end[place])
            if one >= 0 and other >= 0 and placed[one] and placed[other]:
                path = [tuple(self.positions[one]), *self.vertices.get(code, ()), tuple(self.positions[other])]
                line = shapely.LineString(path)
                shapes[place] = line if line.length > 0 else None
        return shapes


def _of_coordinates(inp: Inp, rows: int, places: int) -> list[bool]:
    """Say of each row of coordinates and vertices, in the order of the file, whether it is of a node."""
    lines = {row.line for row in inp.rows("COORDINATES")}
    found = [row.line in lines for row in inp.rows("COORDINATES", "VERTICES")]
    assert len(found) == rows and sum(found) == places  # noqa: S101, PT018 - the same rows, read twice
    return found
