"""What the city is made of: every layer, declared once, in drawing order."""

from __future__ import annotations

from layers.boundaries import BOUNDARIES
from layers.land import LAND
from layers.model import Layer, LayerGroup
from layers.transport import TRANSPORT
from layers.water import WATER
from layers.zoning import ZONING

GROUPS: tuple[LayerGroup, ...] = (LAND, ZONING, WATER, TRANSPORT, BOUNDARIES)
"""The layer groups from the bottom of the map to its top."""


def by_name(groups: tuple[LayerGroup, ...]) -> dict[str, Layer]:
    """Return the layers of the groups by name, in drawing order."""
    return {layer.name: layer for group in groups for layer in group.layers}


LAYERS: dict[str, Layer] = by_name(GROUPS)
"""Every layer by its name."""
