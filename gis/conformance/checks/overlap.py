"""Whether the parts of a proposal overlap each other, and whether it lies in the city."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.certainty import Certainty
from gis.conformance.ground import Ground
from gis.conformance.judging import Asked, Check, Found, Judge
from gis.findings import Verdict
from gis.findings.figures import said
from layers.model import Words

_CHECK = Check("own_parts", Words("Các phần của đề xuất không chồng lấn", "Parts of the proposal do not overlap"))
_REFERENCE = "quyhoach"
_ALLOWED_M2 = 0.5
"""What two lines drawn along each other may overlap."""
_LAYERS = ("zone", "parcel", "building")


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each lot, parcel and building whether it shares ground with another of its kind."""
    for layer in _LAYERS:
        objects = ground.proposal.of(layer)
        shapes = np.array([each.geometry for each in objects], dtype=object)
        tree = shapely.STRtree(shapes)
        for number, each in enumerate(objects):
            others = [other for other in tree.query(each.geometry, predicate="intersects").tolist() if other != number]
            shared = shapely.intersection(shapes[others], each.geometry)
            areas = shapely.area(shared)
            ground_m2 = float(areas.sum())
            named = ", ".join(objects[other].label for other, area in zip(others, areas, strict=True) if area > 0)
            found = Found(
                ground_m2,
                "m²",
                said("Chồng lên {named}", "Overlaps {named}", named=named) if named else None,
                conflict=shapely.union_all(shared),
            )
            yield Judge.on(ground, _CHECK, each.subject).judged(
                Asked(None, _ALLOWED_M2, _REFERENCE, Certainty.ASSUMED), found
            )
