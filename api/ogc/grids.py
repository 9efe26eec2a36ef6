"""Tile matrix sets over HTTP: the grids in which tiles are drawn."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api import pages
from api.deps import only
from api.negotiation import JSON, language
from api.ogc.links import link, own, root
from gis.grids import GRIDS, TILE_PX, Grid, grid_named

router = APIRouter(prefix="/tileMatrixSets", tags=["tiles"], dependencies=[Depends(only("f", "lang"))])


@router.get("")
def grids(request: Request) -> Response:
    """List the tile matrix sets."""
    document = {"links": own(request), "tileMatrixSets": [_summary(grid, request) for grid in GRIDS.values()]}
    return pages.answer(request, document, "grids.html", grids=GRIDS)


@router.get("/{grid}")
def grid(grid: str, request: Request) -> Response:
    """Define a tile matrix set: its coordinate system, and for each matrix scale, origin and number of tiles."""
    declared = grid_named(grid)
    return pages.answer(request, definition(declared, request), "grid.html", grid=declared)


def address(grid: Grid, at: str) -> str:
    """Return the address that names a grid: the one in the OGC's register, or ours."""
    return grid.uri or f"{at}/tileMatrixSets/{grid.name}"


def definition(grid: Grid, request: Request) -> dict[str, object]:
    """Return a grid as OGC 17-083r4 writes it in JSON."""
    document: dict[str, object] = {
        "id": grid.name,
        "title": _title(grid, request),
        "uri": address(grid, root(request)),
        "crs": grid.crs,
        "orderedAxes": list(grid.axes),
        "links": own(request),
        "tileMatrices": [_matrix(grid, z) for z in range(grid.last_zoom + 1)],
    }
    if grid.scale_set:
        document["wellKnownScaleSet"] = grid.scale_set
    return document


def _matrix(grid: Grid, z: int) -> dict[str, object]:
    return {
        "id": str(z),
        "scaleDenominator": grid.scale_denominator(z),
        "cellSize": grid.cell(z),
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [grid.west, grid.north],
        "tileWidth": TILE_PX,
        "tileHeight": TILE_PX,
        "matrixWidth": grid.columns(z),
        "matrixHeight": grid.rows(z),
    }


def _summary(grid: Grid, request: Request) -> dict[str, object]:
    at, title = root(request), _title(grid, request)
    place = f"{at}/tileMatrixSets/{grid.name}"
    return {
        "id": grid.name,
        "title": title,
        "uri": address(grid, at),
        "crs": grid.crs,
        "links": [link("self", place, JSON, title), link("item", place, JSON, title)],
    }


def _title(grid: Grid, request: Request) -> str:
    return grid.title.vi if language(request) == "vi" else grid.title.en
