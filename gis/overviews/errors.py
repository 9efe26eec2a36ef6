"""Refusals of the overviews."""

from __future__ import annotations

from gis.errors import QuyhoachError
from layers.model import Layer


class UngatheredError(QuyhoachError):
    """A layer that is drawn feature by feature at every zoom."""

    def __init__(self, layer: Layer) -> None:
        super().__init__(f"The layer {layer.name} has no overview: its declaration says nothing of gathered_below.")


class OtherLevelError(QuyhoachError):
    """A block that is not one of those an overview is measured in."""

    def __init__(self, layer: Layer, level: int, base: int) -> None:
        super().__init__(f"A block of level {level} was given; the layer {layer.name} is measured at level {base}.")


class TooWideError(QuyhoachError):
    """Features that are spread over more blocks than an overview has; the layer is drawn feature by feature."""

    def __init__(self, layer: Layer, blocks: int, most: int) -> None:
        super().__init__(
            f"The layer {layer.name} is spread over {blocks:,} blocks, and an overview has at most {most:,}; "
            "look for features that lie far outside of the city."
        )
