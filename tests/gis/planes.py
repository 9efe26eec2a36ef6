"""Elevation models of tilted planes, on which everything can be worked out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio

from gis.sample.squares import SOUTH_M, WEST_M


def plane(
    path: Path,
    *,
    low_m: float = 3.5,
    per_m: float = -0.001,
    north_per_m: float = 0.0,
    cell_m: float = 10.0,
    size_m: tuple[float, float] = (700.0, 400.0),
    holes: tuple[tuple[int, int], ...] = (),
) -> Path:
    """Write a plane over the town, 100 m wider on each side: `low_m` at the town's corner, rising `per_m` to the east.

    `holes` are cells, by row and column, of which nothing is known.
    """
    columns, rows = (round(side / cell_m) for side in size_m)
    east = -100 + cell_m * (np.arange(columns) + 0.5)
    north = size_m[1] - 100 - cell_m * (np.arange(rows) + 0.5)
    heights = (low_m + per_m * east[None, :] + north_per_m * north[:, None]).astype("float64")
    for row, column in holes:
        heights[row, column] = -9999
    transform = rasterio.transform.from_origin(WEST_M - 100, SOUTH_M - 100 + size_m[1], cell_m, cell_m)
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float64", nodata=-9999,
        crs="EPSG:5899", transform=transform,
    ) as model:  # fmt: skip
        model.write(heights, 1)
    return path
