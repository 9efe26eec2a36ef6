"""Which nodes the pipes of the layers lie between: by the codes they name, else by where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.networks.graph import SAME_M, Numbers, Places
from gis.networks.supply.network import Texts
from gis.networks.supply.stored import Stored

_APART_M = 1.0
"""An end that lies farther from the node it names is told."""


@dataclass(frozen=True)
class Ends:
    """The nodes between which each pipe lies; places beyond the stored nodes are ends where none stands.

    Parameters
    ----------
    start, end : places of nodes.
    loose : positions of the ends where no node stands.
    missing : codes of pipes that name a node which is not there.
    apart : codes of pipes that end away from a node they name.
    """

    start: Places
    end: Places
    loose: Numbers
    missing: tuple[str, ...]
    apart: tuple[str, ...]


def ends_of(stored: Stored) -> Ends:
    """Return between which nodes the pipes lie.

    A pipe that names a node lies at it, wherever it is drawn; of several nodes of one code the nearest counts. One that
    names none lies at the node on which it ends, or at an end of its own, which others that end there share.
    """
    nodes, pipes = stored.nodes, stored.pipes
    places = shapely.get_coordinates(nodes.shapes)
    first, last = _drawn_ends(pipes.shapes)
    rooms = _Rooms(places)
    by_code: dict[str, list[int]] = {}
    for place, code in enumerate(nodes.texts("code")):
        by_code.setdefault(str(code), []).append(place)
    missing: dict[str, None] = {}
    apart: dict[str, None] = {}
    found: list[Places] = []
    for column, drawn in (("start_node", first), ("end_node", last)):
        side = np.empty(len(pipes), dtype=np.int64)
        for pipe, named in enumerate(pipes.texts(column)):
            code = str(pipes.texts("code")[pipe])
            twins = by_code.get(str(named), []) if named else []
            if twins:
                side[pipe] = _nearest(places, twins, drawn[pipe])
                if np.hypot(*(places[side[pipe]] - drawn[pipe])) > _APART_M:
                    apart[code] = None
                continue
            if named:
                missing[code] = None
            side[pipe] = rooms.at(drawn[pipe], stored_too=not named)
        found.append(side)
    return Ends(found[0], found[1], rooms.loose, tuple(missing), tuple(apart))


def _nearest(places: Numbers, twins: Sequence[int], point: Numbers) -> int:
    return min(twins, key=lambda place: float(np.hypot(*(places[place] - point)))) if len(twins) > 1 else twins[0]


def _drawn_ends(shapes: Texts) -> tuple[Numbers, Numbers]:
    """Return the first and the last vertex of lines, which may be of several parts."""
    vertices, line = shapely.get_coordinates(shapes, return_index=True)
    every = np.arange(len(shapes))
    return vertices[np.searchsorted(line, every, "left")], vertices[np.searchsorted(line, every, "right") - 1]


class _Rooms:
    """Positions by the millimetre: the stored nodes, then the ends where none stands."""

    def __init__(self, places: Numbers) -> None:
        self._stored = {self._cell(point): place for place, point in reversed(list(enumerate(places)))}
        self._ends: dict[tuple[int, int], int] = {}
        self._number = len(places)
        self._points: list[tuple[float, float]] = []

    @property
    def loose(self) -> Numbers:
        """Positions of the ends where no node stands, in the order in which they were met."""
        return np.array(self._points, dtype=np.float64).reshape(-1, 2)

    def at(self, point: Numbers, *, stored_too: bool) -> int:
        """Return the place of what is at a position: a stored node where that may be, else an end of its own."""
        cell = self._cell(point)
        if stored_too and cell in self._stored:
            return self._stored[cell]
        if cell not in self._ends:
            self._ends[cell] = self._number + len(self._points)
            self._points.append((float(point[0]), float(point[1])))
        return self._ends[cell]

    @staticmethod
    def _cell(point: Numbers) -> tuple[int, int]:
        return round(float(point[0]) / SAME_M), round(float(point[1]) / SAME_M)
