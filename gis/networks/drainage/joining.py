"""Whether sewers lead where they say: the nodes they name against where they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from gis.findings.figures import said
from gis.networks.drainage.faults import Fault, Kind
from gis.networks.drainage.network import AMBIGUOUS, COMBINED, NOWHERE, UNNAMED, Network
from gis.networks.graph import Marks, Numbers
from gis.overlay import Shapes
from layers.model import Words

NEAR_M = 1.0
"""How far from its node the end of a sewer may be drawn."""

_ENDS = (Words("điểm đầu", "its start"), Words("điểm cuối", "its end"))
_WHY = {NOWHERE: Kind.NODE_MISSING, AMBIGUOUS: Kind.NODE_TWICE, UNNAMED: Kind.NO_NODE_NAMED}


def joining_faults(network: Network) -> Iterator[Fault]:
    """Yield what does not fit between sewers and the nodes they name; what they name counts, not where they are drawn.

    Where a node is missing, the one that lies at that end is told, and not taken for it.
    """
    checks = _Joining(network)
    yield from checks.codes()
    yield from checks.missing()
    yield from checks.drawn()
    yield from checks.systems()
    yield from checks.rings()


@dataclass(frozen=True)
class _Joining:
    network: Network

    def codes(self) -> Iterator[Fault]:
        nodes = self.network.nodes
        for node in np.flatnonzero(self.network.is_mine).tolist():
            code = nodes.code[node]
            if code is not None and nodes.by_code[code] == AMBIGUOUS:
                yield Fault(Kind.SAME_CODE, nodes.layer(node), int(nodes.uid[node]), str(code), nodes.points[node])

    def missing(self) -> Iterator[Fault]:
        sewers, nodes = self.network.sewers, self.network.nodes
        tree = shapely.STRtree(nodes.points)
        for place, (joined, words) in enumerate(zip((sewers.start, sewers.end), _ENDS, strict=True)):
            lost = np.flatnonzero(joined < 0)
            ends = line_ends(sewers.lines[lost])[place]
            near = dict(zip(*tree.query(ends, predicate="dwithin", distance=NEAR_M).tolist(), strict=True))
            for number, sewer in enumerate(lost.tolist()):
                named = sewers.named[place][sewer]
                there = f" {named!r}" if named is not None else ""
                lies = nodes.label(near[number]) if number in near else None
                yield Fault(
                    _WHY[int(joined[sewer])],
                    "sewer",
                    int(sewers.uid[sewer]),
                    sewers.label(sewer),
                    ends[number],
                    detail=Words(
                        f"{words.vi}{there}" + (f"; tại đó có nút {lies}" if lies else ""),
                        f"{words.en}{there}" + (f"; node {lies} lies there" if lies else ""),
                    ),
                )

    def drawn(self) -> Iterator[Fault]:
        """Yield sewers whose ends are drawn away from their nodes, or the other way round."""
        sewers, nodes = self.network.sewers, self.network.nodes
        first, last = line_ends(sewers.lines)
        away, swapped = (
            [_apart(end, joined, nodes.points) for end, joined in pairs]
            for pairs in (
                ((first, sewers.start), (last, sewers.end)),
                ((first, sewers.end), (last, sewers.start)),
            )
        )
        turned = _far(away[0]) & _far(away[1]) & ~_far(swapped[0]) & ~_far(swapped[1]) & sewers.is_joined
        for sewer in np.flatnonzero(turned).tolist():
            yield Fault(Kind.DRAWN_BACKWARDS, "sewer", int(sewers.uid[sewer]), sewers.label(sewer), sewers.lines[sewer])
        named = zip((first, last), (sewers.start, sewers.end), away, _ENDS, strict=True)
        for ends, joined, apart_m, words in named:
            for sewer in np.flatnonzero(_far(apart_m) & ~turned).tolist():
                distance = float(apart_m[sewer])
                detail = said(
                    f"{words.vi} cách nút {nodes.label(int(joined[sewer]))} {{apart}} m",
                    f"{words.en}, {{apart}} m from node {nodes.label(int(joined[sewer]))}",
                    apart=distance,
                )
                yield Fault(
                    Kind.OFF_NODE,
                    "sewer",
                    int(sewers.uid[sewer]),
                    sewers.label(sewer),
                    ends[sewer],
                    distance,
                    detail,
                )

    def systems(self) -> Iterator[Fault]:
        sewers, nodes = self.network.sewers, self.network.nodes
        for joined in (sewers.start, sewers.end):
            there = np.flatnonzero(joined >= 0)
            mine, theirs = sewers.system[there].astype(str), nodes.system[joined[there]].astype(str)
            for sewer in there[(mine != theirs) & (mine != COMBINED) & (theirs != COMBINED)].tolist():
                node = int(joined[sewer])
                detail = Words(f"nút {nodes.label(node)}", f"node {nodes.label(node)}")
                yield Fault(
                    Kind.OTHER_SYSTEM,
                    "sewer",
                    int(sewers.uid[sewer]),
                    sewers.label(sewer),
                    nodes.points[node],
                    detail=detail,
                )

    def rings(self) -> Iterator[Fault]:
        sewers, nodes = self.network.sewers, self.network.nodes
        there = (sewers.start >= 0) & (sewers.end >= 0)
        for sewer in np.flatnonzero(there & (sewers.start == sewers.end)).tolist():
            yield Fault(Kind.RING, "sewer", int(sewers.uid[sewer]), sewers.label(sewer), sewers.lines[sewer])
        begun = np.where(sewers.start >= 0, sewers.start, 0)
        leaves = sewers.is_joined & (nodes.is_outfall[begun] if len(nodes) else False)
        for sewer in np.flatnonzero(leaves).tolist():
            yield Fault(
                Kind.LEAVES_OUTFALL,
                "sewer",
                int(sewers.uid[sewer]),
                sewers.label(sewer),
                sewers.lines[sewer],
                detail=Words(nodes.label(int(sewers.start[sewer])), nodes.label(int(sewers.start[sewer]))),
            )


def line_ends(lines: Shapes) -> tuple[Shapes, Shapes]:
    """Return the first and the last point of lines, also of those in several parts."""
    first = shapely.get_point(shapely.get_geometry(lines, 0), 0)
    last = shapely.get_point(shapely.get_geometry(lines, -1), -1)
    return np.asarray(first, dtype=object), np.asarray(last, dtype=object)


def _apart(ends: Shapes, joined: np.ndarray, points: Shapes) -> Numbers:
    """Return how far an end is drawn from its node; NaN where it has none."""
    apart = np.full(len(ends), np.nan)
    there = joined >= 0
    if there.any():
        apart[there] = shapely.distance(ends[there], points[joined[there]])
    return apart


def _far(apart_m: Numbers) -> Marks:
    return np.nan_to_num(apart_m) > NEAR_M
