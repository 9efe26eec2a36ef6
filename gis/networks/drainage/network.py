"""The drains as a network: sewers joined to manholes and outfalls by the codes they name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely

from gis.db import City
from gis.networks.drainage.records import Records, Texts, records
from gis.networks.drainage.sections import BOX, CIRCULAR, Conduits, Sections
from gis.networks.graph import Marks, Numbers, Places
from gis.overlay import Shapes

System = Literal["storm", "sanitary", "all"]
COMBINED = "combined"
NOWHERE, AMBIGUOUS, UNNAMED = -1, -2, -3
"""Where a sewer leads whose node is not there, is there more than once, or is not named."""
_MM_OF_M = 1_000


@dataclass(frozen=True)
class Nodes:
    """Manholes, then outfalls; NaN stands for levels that are not known."""

    uid: Places
    code: Texts
    system: Texts
    is_outfall: Marks
    ground_m: Numbers
    invert_m: Numbers
    receiving: Texts
    points: Shapes

    def __len__(self) -> int:
        return len(self.uid)

    def layer(self, node: int) -> str:
        """Return the layer of a node."""
        return "outfall" if self.is_outfall[node] else "manhole"

    def label(self, node: int) -> str:
        """Return what a node is called."""
        return str(self.code[node] or self.uid[node])

    @cached_property
    def places(self) -> Numbers:
        """Positions in EPSG:5899, (n, 2)."""
        return shapely.get_coordinates(self.points)

    @cached_property
    def by_code(self) -> dict[str, int]:
        """The place of each code; of one that several nodes have there is none."""
        found: dict[str, int] = {}
        for node, code in enumerate(self.code):
            if code is not None:
                found[code] = AMBIGUOUS if code in found else node
        return found

    @classmethod
    def read(cls, city: City) -> Nodes:
        """Read them."""
        holes, mouths = records(city, "manholes"), records(city, "outfalls")
        nothing = np.full(len(mouths), np.nan)

        def both(of_holes: np.ndarray, of_mouths: np.ndarray) -> np.ndarray:
            return np.concatenate([of_holes, of_mouths])

        return cls(
            both(holes.uid, mouths.uid),
            both(holes.texts["code"], mouths.texts["code"]),
            both(holes.texts["sewer_system"], mouths.texts["sewer_system"]),
            np.arange(len(holes) + len(mouths)) >= len(holes),
            both(holes.numbers["ground_level_m"], nothing),
            both(holes.numbers["invert_level_m"], mouths.numbers["invert_level_m"]),
            both(np.full(len(holes), None, dtype=object), mouths.texts["receiving_water"]),
            both(holes.geometry, mouths.geometry),
        )


@dataclass(frozen=True)
class Sewers:
    """Sewers, from node `start` to node `end` (their places among the nodes, or why there is none)."""

    uid: Places
    code: Texts
    system: Texts
    named: tuple[Texts, Texts]
    start: Places
    end: Places
    inverts_m: tuple[Numbers, Numbers]
    length_m: Numbers
    conduits: Conduits
    lines: Shapes

    def __len__(self) -> int:
        return len(self.uid)

    def label(self, sewer: int) -> str:
        """Return what a sewer is called."""
        return str(self.code[sewer] or self.uid[sewer])

    def some(self, mine: Marks) -> Sewers:
        """Return some of them."""
        return Sewers(
            self.uid[mine],
            self.code[mine],
            self.system[mine],
            (self.named[0][mine], self.named[1][mine]),
            self.start[mine],
            self.end[mine],
            (self.inverts_m[0][mine], self.inverts_m[1][mine]),
            self.length_m[mine],
            self.conduits.some(mine),
            self.lines[mine],
        )

    @property
    def is_joined(self) -> Marks:
        """Which have a node at both ends, and not the same."""
        return (self.start >= 0) & (self.end >= 0) & (self.start != self.end)

    @classmethod
    def of(cls, read: Records, nodes: Nodes) -> Sewers:
        """Join sewers to nodes by the codes they name."""
        named = read.texts["start_node"], read.texts["end_node"]
        start, end = (_joined(codes, nodes) for codes in named)
        above, below = read.numbers["invert_start_m"], read.numbers["invert_end_m"]
        length_m = np.asarray(shapely.length(read.geometry), dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.where(length_m > 0, (above - below) / length_m, np.nan)
        return cls(
            read.uid,
            read.texts["code"],
            read.texts["sewer_system"],
            named,
            start,
            end,
            (above, below),
            length_m,
            Conduits(_sections(read), slope, read.numbers["roughness_n"]),
            read.geometry,
        )


@dataclass(frozen=True)
class Network:
    """The drains of a system; of the nodes, those of other systems are there too."""

    system: System
    nodes: Nodes
    sewers: Sewers

    @classmethod
    def read(cls, city: City, system: System = "all") -> Network:
        """Read the drains of a city as it is seen; those that carry storm and wastewater are of both systems."""
        nodes, read = Nodes.read(city), records(city, "sewers")
        if system != "all":
            chosen = np.isin(read.texts["sewer_system"].astype(str), (system, COMBINED))
            read = Records(
                read.uid[chosen],
                read.geometry[chosen],
                {name: texts[chosen] for name, texts in read.texts.items()},
                {name: numbers[chosen] for name, numbers in read.numbers.items()},
            )
        return cls(system, nodes, Sewers.of(read, nodes))

    @property
    def is_mine(self) -> Marks:
        """Which nodes are of the system."""
        if self.system == "all":
            return np.ones(len(self.nodes), dtype=np.bool_)
        return np.isin(self.nodes.system.astype(str), (self.system, COMBINED))


def _joined(codes: Texts, nodes: Nodes) -> Places:
    known = nodes.by_code
    found = (UNNAMED if code is None else known.get(code, NOWHERE) for code in codes)
    return np.fromiter(found, np.int64, len(codes))


def _sections(read: Records) -> Sections:
    """Return the sections of sewers: circular where a diameter is given and no shape, as the layer declares it.

    An open trapezoid has no side slope in the layer: what it carries is not known.
    """
    shape = read.texts["shape"].astype(str)
    diameter = read.numbers["diameter_mm"] / _MM_OF_M
    width, height = read.numbers["width_m"], read.numbers["height_m"]
    unsaid = read.texts["shape"] == None  # noqa: E711 - of each text
    only_round = unsaid & np.isfinite(diameter) & ~np.isfinite(width) & ~np.isfinite(height)
    is_round = (shape == "circular") | only_round
    kind = np.select([is_round, shape == "box"], [CIRCULAR, BOX], -1)
    return Sections(
        kind,
        np.where(is_round, diameter, width),
        np.where(is_round, diameter, height),
        np.zeros(len(read)),
    )
