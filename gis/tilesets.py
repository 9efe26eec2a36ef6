"""Which tiles of a grid the layers can fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gis import crs
from gis.errors import QuyhoachError
from gis.features import Box
from gis.grids import WEB, WORLD, Grid, Limits
from gis.tiles.address import MARGIN, UNITS, TileAddress
from layers.model import Layer

_POINTS_A_SIDE = 33
"""What is straight in degrees is bent in metres: a side goes over in 32 pieces."""


class BeyondLimitsError(QuyhoachError):
    """A tile in which, by the limits of its tileset, nothing can lie."""

    def __init__(self, address: TileAddress, known: Sequence[Limits]) -> None:
        here = f"z={address.z}, row (y) {address.row}, column (x) {address.column}"
        for each in known:
            if each.z == address.z:
                rows, columns = f"{each.first_row} to {each.last_row}", f"{each.first_column} to {each.last_column}"
                right = f"rows run from {rows} and columns from {columns} there"
                break
        else:
            right = f"z runs from {known[0].z} to {known[-1].z}"
        super().__init__(f"The tileset has no tile {here}; {right}.")


def zooms(grid: Grid, layer: Layer) -> tuple[int, int]:
    """Return the first and the last matrix of a grid in which a layer is shown, by what it declares of the web's."""
    first, last = (zoom - grid.web_zoom(0) for zoom in layer.zooms)
    return max(first, 0), min(max(last, 0), grid.last_zoom)


def limits(grid: Grid, layers: Sequence[Layer], extents: Mapping[str, Box]) -> list[Limits]:
    """Return for each matrix the rows and columns in which something of the layers may lie.

    A matrix in which no layer is shown, or nothing lies, is left out.
    """
    boxes = [(zooms(grid, layer), _in_grid(grid, extents[layer.name])) for layer in layers if layer.name in extents]
    found: list[Limits] = []
    for z in range(grid.last_zoom + 1):
        shown = [box for (first, last), box in boxes if first <= z <= last]
        if not shown:
            continue
        wests, souths, easts, norths = zip(*shown, strict=True)
        reach = grid.tile_side(z) * MARGIN / UNITS  # a tile shows what lies just beyond its sides
        met = grid.limits(z, min(wests) - reach, min(souths) - reach, max(easts) + reach, max(norths) + reach)
        if met is not None:
            found.append(met)
    return found


def around(extents: Mapping[str, Box]) -> Box | None:
    """Return the box around all of them; None where there is none."""
    if not extents:
        return None
    wests, souths, easts, norths = zip(*(box.sides for box in extents.values()), strict=True)
    return Box(min(wests), min(souths), max(easts), max(norths))


def _in_grid(grid: Grid, box: Box) -> tuple[float, float, float, float]:
    if grid is WORLD:
        return box.west, box.south, box.east, box.north
    if grid is WEB:
        return box.web
    lon, lat = np.linspace(box.west, box.east, _POINTS_A_SIDE), np.linspace(box.south, box.north, _POINTS_A_SIDE)
    edge = [
        np.column_stack([lon, np.full_like(lon, box.south)]),
        np.column_stack([lon, np.full_like(lon, box.north)]),
        np.column_stack([np.full_like(lat, box.west), lat]),
        np.column_stack([np.full_like(lat, box.east), lat]),
    ]
    moved = crs.transformation(crs.LONLAT_SRID).stored(np.vstack(edge))
    (west, south), (east, north) = moved.min(axis=0), moved.max(axis=0)
    return float(west), float(south), float(east), float(north)
