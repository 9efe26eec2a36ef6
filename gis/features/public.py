"""What everyone may see: layers, and their columns."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from gis.errors import QuyhoachError, UnknownLayerError
from gis.schema import stored_columns
from layers import LAYERS
from layers.model import Column, Kind, Layer, Words

UID = Column(
    "uid",
    Kind.INTEGER,
    Words("Mã duy nhất", "Unique name"),
    Words("Mã của đối tượng, duy nhất trong toàn thành phố", "Name of the feature, unique in the whole city"),
    required=True,
    minimum=0,
)
"""The unique name of a feature, as a column."""


class UnknownColumnError(QuyhoachError):
    """A column that a layer does not have, or does not show."""

    def __init__(self, layer: Layer, name: str) -> None:
        known = list(questioned_columns(layer))
        near = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}."
        super().__init__(f"{layer.name} has no column {name[:60]!r}; {hint}")


def public_layers(layers: Mapping[str, Layer] = LAYERS) -> dict[str, Layer]:
    """Return the layers that everyone may see, by name, in drawing order."""
    return {name: layer for name, layer in layers.items() if layer.public}


def public_layer(name: str, layers: Mapping[str, Layer] = LAYERS) -> Layer:
    """Return the public layer of that name; UnknownLayerError where there is none."""
    known = public_layers(layers)
    if name not in known:
        raise UnknownLayerError(name, known)
    return known[name]


def public_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns that everyone may see, those that every feature carries included."""
    return tuple(column for column in stored_columns(layer) if column.public)


def questioned_columns(layer: Layer) -> dict[str, Column]:
    """Return what a question may name, by name: the uid and the public columns."""
    return {column.name: column for column in (UID, *public_columns(layer))}
