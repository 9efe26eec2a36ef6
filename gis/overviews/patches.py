"""Patches of a mosaic: the pixels of each use as one feature, whose borders are those of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
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
    uses, owner = np.unique([use for use, _ in found], return_inverse=True)
    parts = _polygons([outline["coordinates"] for _, outline in found], block)
    return uses, np.asarray(shapely.multipolygons(parts, indices=owner))


def _polygons(outlines: Sequence[Sequence[Sequence[tuple[float, float]]]], block: Block) -> npt.NDArray[Any]:
    """Return polygons in EPSG:3857 from their rings in pixels, the shell of each first."""
    rings = [ring for polygon in outlines for ring in polygon]
    place, side = block.place, pixel_side(block.level)
    pixels = np.array([corner for ring in rings for corner in ring])
    corners = np.array([place.west, place.north]) + pixels * np.array([side, -side])
    closed: npt.NDArray[Any] = np.asarray(
        shapely.linearrings(corners, indices=np.repeat(np.arange(len(rings)), [len(ring) for ring in rings]))
    )
    owner = np.repeat(np.arange(len(outlines)), [len(polygon) for polygon in outlines])
    return np.asarray(shapely.polygons(closed, indices=owner))
