"""A tileset as OGC 17-083r4 describes it: grid, extent, limits, and what the features of each layer carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from api.negotiation import JSON, MVT
from api.ogc.grids import address
from api.ogc.links import GEODATA, STYLES, TILING_SCHEME, Link, link, own, root
from api.ogc.media import STYLE
from gis.features import Box
from gis.grids import WEB, Grid
from gis.overviews.drawn import GATHERED, is_gathered
from gis.tiles import tile_columns
from gis.tilesets import around, limits, zooms
from layers import GROUPS
from layers.model import Column, Geometry, Kind, Layer, Words

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_DIMENSIONS = {Geometry.POINT: 0, Geometry.LINE: 1, Geometry.POLYGON: 2}
_TYPES = {Kind.INTEGER: "integer", Kind.NUMBER: "number", Kind.BOOLEAN: "boolean"}
_VIEWS = Words(
    "Mỗi ô còn nhận horizon= (existing, 2030, 2045), scenario= (tên kịch bản) và against= (kịch bản, mốc thời gian "
    "hoặc cả hai: chỉ hiện những gì khác, với change = added, removed hoặc changed).",
    "Each tile also takes horizon= (existing, 2030, 2045), scenario= (name of a scenario) and against= (a scenario, a "
    "horizon or both: only what differs is shown, with change = added, removed or changed).",
)
_FORMATS = {Kind.DATE: "date", Kind.TIMESTAMP: "date-time"}


@dataclass(frozen=True, slots=True)
class Tiled:
    """What is tiled: its title, the address it stands at ("" for the whole city), its layers; and in which language."""

    title: str
    path: str
    layers: tuple[Layer, ...]
    language: str

    def words(self, subject: Layer | Column) -> tuple[str, str]:
        """Return title and meaning."""
        if self.language == "vi":
            return subject.title.vi, subject.meaning.vi
        return subject.title.en, subject.meaning.en


def summary(tiled: Tiled, grid: Grid, request: Request) -> dict[str, object]:
    """Describe a tileset as it stands in a list."""
    at = root(request)
    return {
        "title": f"{tiled.title} – {grid.name}",
        "dataType": "vector",
        "crs": grid.crs,
        "tileMatrixSetURI": address(grid, at),
        "links": [
            link("self", f"{at}{tiled.path}/tiles/{grid.name}", JSON, tiled.title),
            link(TILING_SCHEME, f"{at}/tileMatrixSets/{grid.name}", JSON, grid.name),
        ],
    }


def tileset(tiled: Tiled, grid: Grid, extents: Mapping[str, Box], request: Request) -> dict[str, object]:
    """Describe a tileset in full."""
    whole = around(extents)
    document: dict[str, object] = {
        **summary(tiled, grid, request),
        "description": _VIEWS.vi if tiled.language == "vi" else _VIEWS.en,
        "mediaTypes": [MVT.type],
        "tileMatrixSetLimits": [
            {
                "tileMatrix": str(limit.z),
                "minTileRow": limit.first_row,
                "maxTileRow": limit.last_row,
                "minTileCol": limit.first_column,
                "maxTileCol": limit.last_column,
            }
            for limit in limits(grid, tiled.layers, extents)
        ],
        "layers": [_layer(tiled, layer, grid, extents.get(layer.name), root(request)) for layer in tiled.layers],
        "links": [*own(request, title=tiled.title), *_links(tiled, grid, root(request))],
    }
    if whole is not None:
        document["boundingBox"] = _box(whole)
        middle = [(whole.west + whole.east) / 2, (whole.south + whole.north) / 2]
        document["centerPoint"] = {"coordinates": middle, "crs": CRS84}
    return document


def _links(tiled: Tiled, grid: Grid, at: str) -> list[Link]:
    tiles = f"{at}{tiled.path}/tiles/{grid.name}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    links: list[Link] = [
        {**link("item", f"{tiles}?f=mvt", MVT, tiled.title), "templated": True},
        link(TILING_SCHEME, f"{at}/tileMatrixSets/{grid.name}", JSON, grid.name),
        link(GEODATA, f"{at}{tiled.path or '/collections'}", JSON, tiled.title),
        link(STYLES, f"{at}/styles", JSON),
    ]
    if grid is WEB:
        names = ",".join(layer.name for layer in tiled.layers) if tiled.path else ",".join(_group_names())
        links.append(link("describedby", f"{at}/tiles/{names}.json", JSON, "TileJSON 3.0"))
    return links


def _group_names() -> Sequence[str]:
    return [group.name for group in GROUPS]


def _layer(tiled: Tiled, layer: Layer, grid: Grid, box: Box | None, at: str) -> dict[str, object]:
    title, meaning = tiled.words(layer)
    first, last = zooms(grid, layer)
    group = next(group.name for group in GROUPS if layer in group.layers)
    document: dict[str, object] = {
        "id": layer.name,
        "title": title,
        "description": meaning,
        "dataType": "vector",
        "geometryDimension": _DIMENSIONS[layer.geometry],
        "minTileMatrix": str(first),
        "maxTileMatrix": str(last),
        "style": {"id": f"{group}-existing", "links": [link("style", f"{at}/styles/{group}-existing?f=mbs", STYLE)]},
        "propertiesSchema": {
            "type": "object",
            "properties": {column.name: _property(tiled, column) for column in _carried(layer, grid)},
        },
        "links": [link(GEODATA, f"{at}/collections/{layer.name}", JSON, title)],
    }
    return document if box is None else {**document, "boundingBox": _box(box)}


def _carried(layer: Layer, grid: Grid) -> tuple[Column, ...]:
    """Return what features carry in the tiles of a grid, in those far away too, where they are gathered."""
    first, last = zooms(grid, layer)
    is_far = any(is_gathered(layer, grid.web_zoom(z)) for z in range(first, last + 1))
    return (*tile_columns(layer), *GATHERED) if is_far else tuple(tile_columns(layer))


def _property(tiled: Tiled, column: Column) -> dict[str, object]:
    title, meaning = tiled.words(column)
    document: dict[str, object] = {"title": title, "description": meaning, "type": _TYPES.get(column.kind, "string")}
    if column.kind in _FORMATS:
        document["format"] = _FORMATS[column.kind]
    if column.unit:
        document["x-ogc-unit"] = column.unit
    if column.codes:
        document["enum"] = list(column.codes.values)
    return document


def _box(box: Box) -> dict[str, object]:
    return {
        "lowerLeft": [box.west, box.south],
        "upperRight": [box.east, box.north],
        "crs": CRS84,
        "orderedAxes": ["Lon", "Lat"],
    }
