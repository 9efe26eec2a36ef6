"""A model of SWMM 5 made of the layers: its nodes and sewers, the catchments that let rain in, and a storm.

Levels are as stored; water is routed by the dynamic wave. A manhole is as deep as from its cover to the lowest of its
floor and its sewers; what rises above the cover is lost, and counted. An outfall takes one sewer in a model: one that
takes several becomes several of one level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.ground import Runoff
from gis.networks.drainage.inlets import Inlets
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from gis.networks.drainage.sections import BOX
from gis.networks.drainage.swmm.storm import STEP_MIN
from gis.networks.graph import Marks, Numbers, Places

_M2_OF_HA = 10_000
_AFTER_MIN = 120
"""How long a simulation goes on when the rain is over."""
_PLAIN = re.compile(r"[A-Za-z0-9_.\-]{1,40}")
_SHORTEST_M = 0.01
_DRY = "00:05:00"


@dataclass(frozen=True)
class Written:
    """A model made of layers: which sewers, nodes and inlets are in it, what they are called, and its text.

    What has no level, no size, no roughness, or no way to an outfall is left out.
    """

    network: Network
    inlets: Inlets
    ground: Runoff
    steps: Sequence[float]
    stages: Mapping[str, float]

    @cached_property
    def floor_m(self) -> Numbers:
        """The level of the lowest of each node's floor and its sewers; NaN where none is known."""
        nodes, sewers = self.network.nodes, self.network.sewers
        low = np.where(np.isfinite(nodes.invert_m), nodes.invert_m, np.inf)
        for joined, invert in ((sewers.start, sewers.inverts_m[0]), (sewers.end, sewers.inverts_m[1])):
            known = (joined >= 0) & np.isfinite(invert)
            np.minimum.at(low, joined[known], invert[known])
        return np.where(np.isfinite(low), low, np.nan)

    @cached_property
    def sewers(self) -> Places:
        """The sewers of the model."""
        sewers, nodes = self.network.sewers, self.network.nodes
        above, below = sewers.inverts_m
        rim = np.where(nodes.is_outfall, np.inf, nodes.ground_m)
        has_levels = np.isfinite(self.floor_m) & (rim > self.floor_m)
        fit = sewers.is_joined & sewers.conduits.sections.is_known & (sewers.conduits.roughness_n > 0)
        fit &= np.isfinite(above) & np.isfinite(below) & (sewers.length_m >= _SHORTEST_M)
        chosen = np.flatnonzero(fit)
        start, end = sewers.start[chosen], sewers.end[chosen]
        chosen = chosen[has_levels[start] & has_levels[end] & ~nodes.is_outfall[start]]
        return chosen[self._drained(chosen)]

    def _drained(self, chosen: Places) -> Marks:
        """Return which sewers hang together with an outfall through others of the model."""
        sewers, nodes = self.network.sewers, self.network.nodes
        part = Parts(self.network).components_of(chosen)
        has = np.zeros(int(part.max(initial=-1)) + 1, dtype=np.bool_)
        ends = sewers.end[chosen]
        has[part[ends[nodes.is_outfall[ends]]]] = True
        return has[part[sewers.start[chosen]]]

    @cached_property
    def nodes(self) -> Places:
        """The nodes of the model."""
        sewers = self.network.sewers
        return np.unique(np.concatenate([sewers.start[self.sewers], sewers.end[self.sewers]]))

    @cached_property
    def areas(self) -> Places:
        """The inlets of the model."""
        return np.flatnonzero(np.isin(self.inlets.node, self.nodes) & (self.inlets.area_m2 > 0))

    @cached_property
    def node_names(self) -> dict[int, str]:
        """What each node is called: its code, where that can be a name and no other has it."""
        nodes = self.network.nodes
        return _names({node: nodes.label(node) for node in self.nodes.tolist()}, "N", nodes.uid)

    @cached_property
    def sewer_names(self) -> dict[int, str]:
        """What each sewer is called."""
        sewers = self.network.sewers
        return _names({sewer: sewers.label(sewer) for sewer in self.sewers.tolist()}, "C", sewers.uid)

    @cached_property
    def mouths(self) -> dict[int, str]:
        """The outfall each last sewer leads to: of several that lead to one, each has its own."""
        found: dict[int, str] = {}
        times: dict[int, int] = {}
        nodes, end = self.network.nodes, self.network.sewers.end
        for sewer in self.sewers.tolist():
            node = int(end[sewer])
            if nodes.is_outfall[node]:
                times[node] = times.get(node, 0) + 1
                found[sewer] = self.node_names[node] + (f"~{times[node]}" if times[node] > 1 else "")
        return found

    @property
    def text(self) -> str:
        """The text of the `.inp` file."""
        listed = (
            self._options(),
            self._rain(),
            self._catchments(),
            self._junctions(),
            self._outfalls(),
            self._conduits(),
            self._places(),
        )
        return "\n".join(line for lines in listed for line in lines) + "\n"

    def _options(self) -> Iterator[str]:
        minutes = STEP_MIN * len(self.steps) + _AFTER_MIN
        days, left = divmod(minutes, 24 * 60)
        yield "[TITLE]"
        yield "quyhoach"
        yield ""
        yield "[OPTIONS]"
        for name, value in (
            ("FLOW_UNITS", "CMS"),
            ("INFILTRATION", "CURVE_NUMBER"),
            ("FLOW_ROUTING", "DYNWAVE"),
            ("LINK_OFFSETS", "ELEVATION"),
            ("START_DATE", "01/01/2000"),
            ("START_TIME", "00:00:00"),
            ("END_DATE", f"01/{1 + days:02d}/2000"),
            ("END_TIME", f"{left // 60:02d}:{left % 60:02d}:00"),
            ("REPORT_STEP", _DRY),
            ("WET_STEP", "00:01:00"),
            ("DRY_STEP", _DRY),
            ("ROUTING_STEP", "5"),
            ("VARIABLE_STEP", "0.75"),
            ("LENGTHENING_STEP", "5"),  # of sewers so short that water passes them in less: else each step is as short
            ("MINIMUM_STEP", "1"),
            ("MIN_SLOPE", "0"),
            ("ALLOW_PONDING", "NO"),
            ("THREADS", "1"),
        ):
            yield f"{name} {value}"
        yield from ("", "[REPORT]", "INPUT NO", "NODES NONE", "LINKS NONE", "SUBCATCHMENTS NONE", "")

    def _rain(self) -> Iterator[str]:
        yield from ("[EVAPORATION]", "CONSTANT 0", "", "[RAINGAGES]")
        yield f"RAIN INTENSITY 0:{STEP_MIN:02d} 1.0 TIMESERIES STORM"
        yield from ("", "[TIMESERIES]")
        for place, step in enumerate([*self.steps, 0.0]):
            hours, minutes = divmod(STEP_MIN * place, 60)
            yield f"STORM {hours}:{minutes:02d} {step:.6f}"
        yield ""

    def _catchments(self) -> Iterator[str]:
        taken, inlets = conventions(), self.inlets
        areas, names = [], {}
        slope = np.where(inlets.slope > 0, inlets.slope, taken.slope_share)
        for number, place in enumerate(self.areas.tolist()):
            names[place] = f"A{number + 1}"
            area = float(inlets.area_m2[place])
            width = area / max(float(inlets.farthest_m[place]), area**0.5 / 2)
            paved = 100 * float(self.ground.paved_most[place])
            outlet = self._outlet(int(inlets.node[place]))
            fall = 100 * float(slope[place])
            areas.append(f"{names[place]} RAIN {outlet} {area / _M2_OF_HA:.6f} {paved:.4f} {width:.3f} {fall:.4f} 0")
        yield from ("[SUBCATCHMENTS]", *areas, "", "[SUBAREAS]")
        rough = f"{taken.paved.roughness_n} {taken.open.roughness_n} {taken.paved.hollows_mm} {taken.open.hollows_mm}"
        yield from (f"{name} {rough} 25 OUTLET" for name in names.values())
        yield from ("", "[INFILTRATION]", *(f"{name} {taken.open.curve_number} 0.5 7" for name in names.values()), "")

    def _outlet(self, node: int) -> str:
        return self.node_names[node]

    def _junctions(self) -> Iterator[str]:
        nodes = self.network.nodes
        yield "[JUNCTIONS]"
        for node, name in self.node_names.items():
            if not nodes.is_outfall[node]:
                floor = float(self.floor_m[node])
                yield f"{name} {floor:.4f} {float(nodes.ground_m[node]) - floor:.4f} 0 0 0"
        yield ""

    def _outfalls(self) -> Iterator[str]:
        """Yield the outfalls; where the water that receives one stands above its bed, it stands in the outfall too."""
        nodes, end = self.network.nodes, self.network.sewers.end
        yield "[OUTFALLS]"
        for sewer, name in self.mouths.items():
            node = int(end[sewer])
            floor = float(self.floor_m[node])
            stage = self.stages.get(str(nodes.receiving[node]))
            kind = "FREE" if stage is None or stage <= floor else f"FIXED {stage:.4f}"
            yield f"{name} {floor:.4f} {kind} NO"
        yield ""

    def _conduits(self) -> Iterator[str]:
        sewers = self.network.sewers
        sections, (above, below) = sewers.conduits.sections, sewers.inverts_m
        shapes: list[str] = []
        yield "[CONDUITS]"
        for sewer, name in self.sewer_names.items():
            start = self.node_names[int(sewers.start[sewer])]
            end = self.mouths.get(sewer) or self.node_names[int(sewers.end[sewer])]
            rough, length = sewers.conduits.roughness_n[sewer], sewers.length_m[sewer]
            yield f"{name} {start} {end} {length:.3f} {rough:g} {above[sewer]:.4f} {below[sewer]:.4f} 0 0"
            high, wide = sections.height_m[sewer], sections.width_m[sewer]
            is_box = sections.kind[sewer] == BOX
            shapes.append(
                f"{name} RECT_CLOSED {high:g} {wide:g} 0 0 1" if is_box else f"{name} CIRCULAR {high:g} 0 0 0 1"
            )
        yield from ("", "[XSECTIONS]", *shapes, "")

    def _places(self) -> Iterator[str]:
        nodes, sewers = self.network.nodes, self.network.sewers
        yield "[COORDINATES]"
        for node, name in self.node_names.items():
            if not nodes.is_outfall[node]:
                yield f"{name} {nodes.places[node, 0]:.3f} {nodes.places[node, 1]:.3f}"
        for sewer, name in self.mouths.items():
            east, north = nodes.places[int(sewers.end[sewer])]
            yield f"{name} {east:.3f} {north:.3f}"
        yield from ("", "[VERTICES]")
        for sewer, name in self.sewer_names.items():
            for east, north in shapely.get_coordinates(sewers.lines[sewer])[1:-1]:
                yield f"{name} {east:.3f} {north:.3f}"
        yield ""


def _names(labels: Mapping[int, str], letter: str, uids: Places) -> dict[int, str]:
    """Return names of which the engine, to which capitals are as good as small letters, takes none for another."""
    times: dict[str, int] = {}
    for label in labels.values():
        times[label.upper()] = times.get(label.upper(), 0) + 1
    return {
        place: label if _PLAIN.fullmatch(label) and times[label.upper()] == 1 else f"{letter}~{int(uids[place])}"
        for place, label in labels.items()
    }
