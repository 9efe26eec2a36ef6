"""Patches of a mosaic: the pixels of each use as one feature, whose borders are those of its neighbours."""

from __future__ import annotations

from typing import Any  # arrays of shapes have no public type

import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import shapes as outlines

from gis.overviews.blocks import Block, pixel_side
from gis.overviews.mosaic import NOTHING, Mosaic


def patches(mosaic: Mosaic, block: Block) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Return the uses of a mosaic and, for each, its pixels as a MultiPolygon in EPSG:3857.

    Borders stay on the pixels, so that neighbours share them, blocks meet without a seam, and no area is lost.
    """
    found = [(int(use), outline) for outline, use in outlines(mosaic, mask=mosaic != NOTHING, connectivity=4)]
    if not found:
        return np.empty(0, np.int64), np.empty(0, object)
    found.sort(key=lambda patch: patch[0])
    uses, first = np.unique([use for use, _ in found], return_index=True)
    parts = np.array([_polygon(outline) for _, outline in found], object)
    counts = np.diff([*first, len(found)])
    gathered = shapely.multipolygons(parts, indices=np.repeat(np.arange(len(uses)), counts))
    place, side = block.place, pixel_side(block.level)
    origin, scale = np.array([place.west, place.north]), np.array([side, -side])
    return uses, shapely.transform(gathered, lambda pixels: origin + pixels * scale)


def _polygon(outline: dict[str, Any]) -> shapely.Polygon:
    shell, *holes = outline["coordinates"]
    return shapely.Polygon(shell, holes)
