"""The nodes and links of a model on the ground: as the layers have them, or as the model itself says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis import crs
from gis.crs import Transformation
from gis.findings import Subject
from gis.networks.drainage.swmm.inp import Model
from gis.networks.drainage.swmm.results import Results
from gis.networks.drainage.swmm.writing import Written
from gis.networks.graph import Numbers


@dataclass(frozen=True)
class Drawn:
    """What nodes and links of a model stand for, and where they lie (EPSG:5899), by their names in the model."""

    nodes: Mapping[str, tuple[Subject, BaseGeometry | None]]
    links: Mapping[str, tuple[Subject, BaseGeometry | None]]

    def node(self, name: str) -> tuple[Subject, BaseGeometry | None]:
        """Return a node of the model."""
        return self.nodes.get(name, (Subject("node", name), None))

    def link(self, name: str) -> tuple[Subject, BaseGeometry | None]:
        """Return a link of the model."""
        return self.links.get(name, (Subject("link", name), None))

    @classmethod
    def of_layers(cls, written: Written) -> Drawn:
        """Return the features of the layers."""
        nodes, sewers = written.network.nodes, written.network.sewers

        def of_node(node: int) -> tuple[Subject, BaseGeometry | None]:
            return Subject(nodes.layer(node), nodes.label(node), int(nodes.uid[node])), nodes.points[node]

        found = {name: of_node(node) for node, name in written.node_names.items()}
        found |= {name: of_node(int(sewers.end[sewer])) for sewer, name in written.mouths.items()}
        links = {
            name: (Subject("sewer", sewers.label(sewer), int(sewers.uid[sewer])), sewers.lines[sewer])
            for sewer, name in written.sewer_names.items()
        }
        return cls(found, links)

    @classmethod
    def of_model(cls, model: Model, results: Results, system: str) -> Drawn:
        """Return nodes and links where the model says they lie, in a coordinate system; nowhere where none is named.

        Raises
        ------
        UnknownSystemError
            When there is no such system.
        """
        if not system:
            return cls({}, {})
        known = crs.transformation(system)
        named = {name: places[0] for name, places in _stored({n: [at] for n, at in model.coordinates.items()}, known)}
        bends = dict(_stored(model.bends, known))
        nodes = {
            each.name: (Subject("node", each.name), shapely.Point(named[each.name]))
            for each in results.nodes
            if each.name in named
        }
        links = {
            each.name: (
                Subject("link", each.name),
                _line(named[each.ends[0]], bends.get(each.name), named[each.ends[1]]),
            )
            for each in results.links
            if all(end in named for end in each.ends)
        }
        return cls(nodes, links)


def _stored(
    places: Mapping[str, Sequence[tuple[float, float]]], known: Transformation
) -> Iterator[tuple[str, Numbers]]:
    """Yield places in EPSG:5899; without those that have none there."""
    for name, given in places.items():
        stored = np.asarray(known.stored(np.array(given, dtype=np.float64)), dtype=np.float64)
        if np.isfinite(stored).all():
            yield name, stored


def _line(start: Numbers, bends: Numbers | None, end: Numbers) -> BaseGeometry:
    between = np.empty((0, 2)) if bends is None else bends
    return shapely.LineString(np.concatenate([[start], between, [end]]))
