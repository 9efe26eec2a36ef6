"""The figures of the service: tiles cold and warm, fresh after an edit, deep pages, whole layers, many viewers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.bench.figures import Figure
from tests.bench.serving.ceiling import ceiling
from tests.bench.serving.comparing import martin, overview_area, pygeoapi, tipg
from tests.bench.serving.depth import depth
from tests.bench.serving.fresh import fresh
from tests.bench.serving.ground import Ground
from tests.bench.serving.soak import soak
from tests.bench.serving.warm import warm
from tests.bench.serving.whole_city import whole_city
from tests.bench.serving.whole_layer import whole_layer

SERVING: Mapping[str, Callable[[Ground], Iterator[Figure]]] = {
    "ceiling": ceiling,
    "tipg": tipg,
    "pygeoapi": pygeoapi,
    "martin": martin,
    "overview-area": overview_area,
    "warm": warm,
    "whole-city": whole_city,
    "depth": depth,
    "whole-layer": whole_layer,
    # They edit, and come last; what they edit they leave as it was.
    "fresh": fresh,
    "soak": soak,
}
"""Each figure, or a few that are measured together, by the name it is run under."""


def serving(ground: Ground, names: Sequence[str]) -> Iterator[Figure]:
    """Measure the named figures."""
    for name in names:
        yield from SERVING[name](ground)
