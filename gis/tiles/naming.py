"""Which layers a tile shows: a list of names of layers and groups, and what of their columns it carries."""

from __future__ import annotations

from functools import lru_cache

from gis.errors import QuyhoachError, UnknownLayerError
from gis.features import public_layers
from layers import GROUPS
from layers.model import Column, Layer

MOST_NAMES = 32
"""Names one address may list; the layers themselves are counted once each."""


class TooManyLayersError(QuyhoachError):
    """A list of layers that is longer than any map needs."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} names are listed; a tile takes at most {MOST_NAMES}.")


@lru_cache(maxsize=1_024)
def layers_named(names: str) -> tuple[Layer, ...]:
    """Return the public layers of a list `a,b` of layers and groups, each once, in drawing order.

    Raises
    ------
    UnknownLayerError
        When a name is neither a public layer nor a group.
    TooManyLayersError
        When the list is too long.
    """
    listed = names.split(",")
    if len(listed) > MOST_NAMES:
        raise TooManyLayersError(len(listed))
    layers = public_layers()
    of_group = {group.name: [layer.name for layer in group.layers if layer.public] for group in GROUPS}
    wanted: set[str] = set()
    for name in listed:
        if name not in layers and name not in of_group:
            raise UnknownLayerError(name, {*layers, *of_group})
        wanted.update([name] if name in layers else of_group[name])
    return tuple(layer for layer in layers.values() if layer.name in wanted)


def tile_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns a tile carries: the declared public ones."""
    return tuple(column for column in layer.columns if column.public)
