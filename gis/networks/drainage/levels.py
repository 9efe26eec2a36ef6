"""Whether water can go the way sewers are drawn: inverts against each other, against floors and against the ground."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.findings.figures import said
from gis.networks.drainage.faults import Fault, Kind
from gis.networks.drainage.network import Network
from gis.networks.drainage.sections import BOX, CIRCULAR
from gis.networks.graph import Marks, Numbers, Places
from layers.model import Words

SAME_LEVEL_M = 0.005
"""Levels that differ by less are one: half a centimetre."""
DROP_M = 0.6
"""A step from which water is said to drop in a manhole; a lesser one is how sewers are usually joined."""


def level_faults(network: Network) -> Iterator[Fault]:
    """Yield what is not known of sizes and levels, and levels that cannot be, or that water does not follow."""
    checks = _Levels(network)
    yield from checks.unknown()
    yield from checks.slopes()
    yield from checks.covers()
    yield from checks.floors()
    yield from checks.steps()


@dataclass(frozen=True)
class _Levels:
    network: Network

    def _sewers(self, kind: Kind, marks: Marks, measure_m: Numbers | None = None) -> Iterator[Fault]:
        sewers = self.network.sewers
        for sewer in np.flatnonzero(marks).tolist():
            measure = None if measure_m is None else float(measure_m[sewer])
            yield Fault(
                kind, "sewer", int(sewers.uid[sewer]), sewers.label(sewer), sewers.lines[sewer], measure, _by(measure)
            )

    def unknown(self) -> Iterator[Fault]:
        sewers, nodes = self.network.sewers, self.network.nodes
        sections, (above, below) = sewers.conduits.sections, sewers.inverts_m
        shaped = np.isin(sections.kind, (CIRCULAR, BOX))
        is_sized = np.isfinite(sections.width_m) & np.isfinite(sections.height_m)
        zero = (sections.width_m == 0) | (sections.height_m == 0)
        yield from self._sewers(Kind.SHAPE_UNKNOWN, ~shaped)
        yield from self._sewers(Kind.SIZE_UNKNOWN, shaped & ~is_sized)
        yield from self._sewers(Kind.SIZE_ZERO, shaped & zero)
        yield from self._sewers(Kind.ROUGHNESS_UNKNOWN, ~(sewers.conduits.roughness_n > 0))
        yield from self._sewers(Kind.INVERT_UNKNOWN, ~(np.isfinite(above) & np.isfinite(below)))
        for node in np.flatnonzero(self.network.is_mine).tolist():
            unsaid = [] if nodes.is_outfall[node] or np.isfinite(nodes.ground_m[node]) else [Kind.GROUND_UNKNOWN]
            unsaid += [] if np.isfinite(nodes.invert_m[node]) else [Kind.INVERT_UNKNOWN]
            for kind in unsaid:
                yield Fault(kind, nodes.layer(node), int(nodes.uid[node]), nodes.label(node), nodes.points[node])

    def slopes(self) -> Iterator[Fault]:
        above, below = self.network.sewers.inverts_m
        yield from self._sewers(Kind.ADVERSE_SLOPE, below > above, below - above)
        yield from self._sewers(Kind.FLAT, below == above)

    def covers(self) -> Iterator[Fault]:
        """Yield ends of sewers that lie above the ground, whole or with their crown alone."""
        for joined, invert, place in self._ends():
            ground = self._of_node(self.network.nodes.ground_m, joined)
            height = self.network.sewers.conduits.sections.height_m
            bare = invert - ground > SAME_LEVEL_M
            yield from self._ends_at(Kind.INVERT_ABOVE_COVER, bare, invert - ground, place)
            crown = invert + height - ground
            yield from self._ends_at(Kind.CROWN_ABOVE_COVER, (crown > SAME_LEVEL_M) & ~bare, crown, place)

    def floors(self) -> Iterator[Fault]:
        for joined, invert, place in self._ends():
            lower = self._of_node(self.network.nodes.invert_m, joined) - invert
            yield from self._ends_at(Kind.BELOW_FLOOR, lower > SAME_LEVEL_M, lower, place)

    def steps(self) -> Iterator[Fault]:
        """Yield sewers that begin above, far below, or narrower than the one that arrives at their node the highest.

        A sewer begins too high where it begins above the lowest that arrives; it lets water drop where it begins far
        below that one.
        """
        sewers, number = self.network.sewers, len(self.network.nodes)
        joined, (above, below) = sewers.is_joined, sewers.inverts_m
        arrives = joined & np.isfinite(below)
        lowest, widest = np.full(number, np.inf), np.full(number, -np.inf)
        np.minimum.at(lowest, sewers.end[arrives], below[arrives])
        width = sewers.conduits.sections.size_m
        sized = joined & np.isfinite(width)
        np.maximum.at(widest, sewers.end[sized], width[sized])
        here = np.where(joined, sewers.start, 0)
        if not number:
            return
        step = np.where(joined, above - lowest[here], np.nan)
        yield from self._ends_at(Kind.STEP_UP, step > SAME_LEVEL_M, step, 0)
        yield from self._ends_at(Kind.DROP, (step < -DROP_M) & np.isfinite(step), -step, 0)
        narrower = np.where(joined, widest[here] - width, np.nan)
        yield from self._ends_at(Kind.NARROWS, narrower > SAME_LEVEL_M, narrower, 0)

    def _ends(self) -> Iterator[tuple[Places, Numbers, int]]:
        sewers = self.network.sewers
        yield sewers.start, sewers.inverts_m[0], 0
        yield sewers.end, sewers.inverts_m[1], 1

    def _of_node(self, levels: Numbers, joined: Places) -> Numbers:
        found = np.full(len(joined), np.nan)
        found[joined >= 0] = levels[joined[joined >= 0]]
        return found

    def _ends_at(self, kind: Kind, marks: Marks, measure_m: Numbers, place: int) -> Iterator[Fault]:
        sewers, nodes = self.network.sewers, self.network.nodes
        for sewer in np.flatnonzero(marks).tolist():
            node = int((sewers.start, sewers.end)[place][sewer])
            measure, spot = float(measure_m[sewer]), self._spot(sewer, node)
            yield Fault(
                kind,
                "sewer",
                int(sewers.uid[sewer]),
                sewers.label(sewer),
                spot,
                measure,
                _by(measure, nodes.label(node)),
            )

    def _spot(self, sewer: int, node: int) -> BaseGeometry:
        lines, points = self.network.sewers.lines, self.network.nodes.points
        return points[node] if node >= 0 else shapely.point_on_surface(lines[sewer])


def _by(measure_m: float | None, node: str | None = None) -> Words | None:
    if measure_m is None:
        return None
    there = ("", "") if node is None else (f"tại nút {node}: ", f"at node {node}: ")
    return said(f"{there[0]}{{by}} m", f"{there[1]}{{by}} m", by=measure_m)
