"""Shapes of the answers, as the definition describes them: what a client may rely on."""

from __future__ import annotations

from api.ogc.shapes import LINKS as _LINKS
from api.ogc.shapes import NUMBER as _NUMBER
from api.ogc.shapes import TEXT as _TEXT
from api.ogc.shapes import WHOLE as _WHOLE
from api.ogc.shapes import Schema
from api.ogc.shapes import list_of as _list
from api.ogc.shapes import named as _named
from api.ogc.shapes import thing as _thing
from api.processes.schemas import PROCESSES
from api.scenarios.schemas import SCENARIOS

_DESCRIBED = {"title": _TEXT, "description": _TEXT, "links": _LINKS}

SCHEMAS: dict[str, Schema] = {
    "problem": _thing(["type", "title", "status", "detail"], type=_TEXT, title=_TEXT, status=_WHOLE, detail=_TEXT),
    "link": _thing(
        ["href", "rel"],
        href=_TEXT,
        rel=_TEXT,
        type=_TEXT,
        title=_TEXT,
        hreflang=_TEXT,
        templated={"type": "boolean"},
    ),
    "object": {"type": "object"},
    "landing": _thing(["links"], **_DESCRIBED),
    "conformance": _thing(["conformsTo"], conformsTo=_list(_TEXT), links=_LINKS),
    "extent": _thing([], spatial=_thing(["bbox"], bbox=_list(_list(_NUMBER)), crs=_TEXT), temporal={"type": "object"}),
    "collection": _thing(
        ["id", "links"], id=_TEXT, itemType=_TEXT, crs=_list(_TEXT), extent=_named("extent"), **_DESCRIBED
    ),
    "collections": _thing(["links", "collections"], links=_LINKS, collections=_list(_named("collection"))),
    "feature": _thing(
        ["type", "geometry", "properties"],
        type={"type": "string", "enum": ["Feature"]},
        id=_WHOLE,
        geometry={"type": "object", "nullable": True},
        properties={"type": "object", "nullable": True},
        links=_LINKS,
    ),
    "features": _thing(
        ["type", "features"],
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=_list(_named("feature")),
        links=_LINKS,
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched={"type": "integer", "minimum": 0},
        numberReturned={"type": "integer", "minimum": 0},
    ),
    "tilesets": _thing(["tilesets"], links=_LINKS, tilesets=_list(_named("tileset"))),
    "tileset": _thing(
        ["dataType", "crs", "links"],
        dataType={"type": "string", "enum": ["vector"]},
        crs=_TEXT,
        tileMatrixSetURI=_TEXT,
        tileMatrixSetLimits=_list(
            _thing(
                ["tileMatrix", "minTileRow", "maxTileRow", "minTileCol", "maxTileCol"],
                tileMatrix=_TEXT,
                minTileRow=_WHOLE,
                maxTileRow=_WHOLE,
                minTileCol=_WHOLE,
                maxTileCol=_WHOLE,
            )
        ),
        layers=_list(_thing(["id", "dataType"], id=_TEXT, dataType=_TEXT)),
        **_DESCRIBED,
    ),
    "grids": _thing(
        ["tileMatrixSets"],
        links=_LINKS,
        tileMatrixSets=_list(_thing(["links"], id=_TEXT, title=_TEXT, uri=_TEXT, crs=_TEXT, links=_LINKS)),
    ),
    "grid": _thing(
        ["crs", "tileMatrices"],
        id=_TEXT,
        title=_TEXT,
        uri=_TEXT,
        crs=_TEXT,
        orderedAxes=_list(_TEXT),
        wellKnownScaleSet=_TEXT,
        tileMatrices=_list(
            _thing(
                ["id", "scaleDenominator", "cellSize", "pointOfOrigin"],
                id=_TEXT,
                scaleDenominator=_NUMBER,
                cellSize=_NUMBER,
                pointOfOrigin={**_list(_NUMBER), "minItems": 2, "maxItems": 2},
                tileWidth=_WHOLE,
                tileHeight=_WHOLE,
                matrixWidth=_WHOLE,
                matrixHeight=_WHOLE,
            )
        ),
    ),
    "styles": _thing(
        ["styles", "links"],
        default=_TEXT,
        styles=_list(_thing(["id", "links"], id=_TEXT, title=_TEXT, links=_LINKS)),
        links=_LINKS,
    ),
    **PROCESSES,
    **SCENARIOS,
    "html": _TEXT,
    "binary": {"type": "string", "format": "binary"},
}
"""Each shape by the name operations use."""
