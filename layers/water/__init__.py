"""Water in and water out: the supply network, the drains, the waters, the floods."""

from __future__ import annotations

from layers.model import LayerGroup
from layers.water.drainage import MANHOLE, OUTFALL, SEWER
from layers.water.supply import NODE, PIPE, PLANT
from layers.water.surface import CATCHMENT, CHANNEL, FLOOD_ZONE, WATER_BODY
from layers.write import words

WATER = LayerGroup(
    "water",
    words("Nước", "Water"),
    (WATER_BODY, CATCHMENT, FLOOD_ZONE, CHANNEL, SEWER, PIPE, MANHOLE, OUTFALL, NODE, PLANT),
)
