"""Refusals of the overviews."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gis.errors import QuyhoachError
from layers.model import Layer


class UngatheredError(QuyhoachError):
    """A layer that is drawn feature by feature at every zoom."""

    def __init__(self, layer: Layer) -> None:
        super().__init__(f"The layer {layer.name} has no overview: its declaration says nothing of gathered_below.")


class OtherLevelError(QuyhoachError):
    """Blocks of a level that an overview does not have, or of more than one."""

    def __init__(self, layer: Layer, given: Iterable[int], known: Sequence[int]) -> None:
        super().__init__(
            f"A block of level {', '.join(map(str, sorted(given)))} was given; blocks of the layer {layer.name} are of "
            f"one level from {known[0]} up to {known[-1]}."
        )


class TooWideError(QuyhoachError):
    """Features that are spread over more blocks than an overview has; the layer is drawn feature by feature."""

    def __init__(self, layer: Layer, blocks: int, most: int) -> None:
        super().__init__(
            f"The layer {layer.name} is spread over {blocks:,} blocks, and an overview has at most {most:,}; "
            "look for features that lie far outside of the city."
        )
