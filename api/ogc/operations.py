"""What may be asked of the service: every address, its parameters and what it answers."""

from __future__ import annotations

from collections.abc import Sequence

from api.features import schemas
from api.features.parameters import OF_FEATURES, OF_ONE_FEATURE, F
from api.negotiation import FEATURE_MEDIA, FEATURES_MEDIA, JSON, MVT
from api.ogc.media import METRICS, OPENAPI, STYLE
from api.ogc.operation import COMMON as _OF_PAGES
from api.ogc.operation import Operation, encoded, page
from api.processes.operations import DONE, PROCESSES
from api.scenarios.operations import SCENARIOS, WRITTEN
from layers.model import Words

_VIEW = ("horizon", "scenario", "against")

COMMON: tuple[Operation, ...] = (
    Operation(
        "/",
        "landing",
        "common",
        Words("Trang đầu", "Landing page"),
        page("landing"),
        (*_OF_PAGES, "horizon_map", "scenario_map"),
    ),
    Operation(
        "/conformance",
        "conformance",
        "common",
        Words("Các lớp yêu cầu được tuân thủ", "Requirement classes that are kept"),
        page("conformance"),
        _OF_PAGES,
    ),
    Operation(
        "/api", "api", "common", Words("Tài liệu này", "This definition"), page("object", OPENAPI.type), _OF_PAGES
    ),
    *SCENARIOS,
    Operation(
        "/changes",
        "changes",
        "changes",
        Words("Những thay đổi, ngay khi xảy ra", "Changes as they happen"),
        {"text/event-stream": "html"},
        ("layers", "zooms"),
    ),
    Operation(
        "/health/live",
        "live",
        "health",
        Words("Dịch vụ có đang chạy không", "Whether the service lives"),
        {JSON.type: "object"},
    ),
    Operation(
        "/health/ready",
        "ready",
        "health",
        Words("Dịch vụ có trả lời được không", "Whether the service can answer"),
        {JSON.type: "object"},
    ),
    Operation(
        "/metrics", "metrics", "health", Words("Số đo cho Prometheus", "Figures for Prometheus"), {METRICS.type: "html"}
    ),
)

ITEMS = Operation(
    "/collections/{collectionId}/items",
    "items",
    "features",
    Words("Đối tượng của một lớp", "Features of a layer"),
    encoded("features", FEATURES_MEDIA),
    tuple(parameter.name for parameter in OF_FEATURES),
)

FEATURES: tuple[Operation, ...] = (
    Operation(
        "/collections", "collections", "features", Words("Các lớp dữ liệu", "Layers"), page("collections"), _OF_PAGES
    ),
    Operation(
        "/collections/{collectionId}",
        "collection",
        "features",
        Words("Một lớp dữ liệu", "One layer"),
        page("collection"),
        _OF_PAGES,
    ),
    ITEMS,
    Operation(
        "/collections/{collectionId}/items/{featureId}",
        "item",
        "features",
        Words("Một đối tượng", "One feature"),
        encoded("feature", FEATURE_MEDIA),
        tuple("f_feature" if parameter is F else parameter.name for parameter in OF_ONE_FEATURE),
        has_etag=True,
    ),
    Operation(
        "/collections/{collectionId}/schema",
        "schema",
        "features",
        Words("Lược đồ của một lớp", "Schema of a layer"),
        page("object", schemas.SCHEMA.type),
        _OF_PAGES,
    ),
    Operation(
        "/collections/{collectionId}/queryables",
        "queryables",
        "features",
        Words("Những gì bộ lọc có thể dùng", "What a filter may name"),
        page("object", schemas.SCHEMA.type),
        _OF_PAGES,
    ),
    Operation(
        "/collections/{collectionId}/sortables",
        "sortables",
        "features",
        Words("Những gì thứ tự có thể dùng", "What an order may name"),
        page("object", schemas.SCHEMA.type),
        _OF_PAGES,
    ),
)

TILES: tuple[Operation, ...] = (
    Operation(
        "/tiles",
        "city.dataset.vector.getTileSetsList",
        "tiles",
        Words("Bộ ô bản đồ của thành phố", "Tilesets of the city"),
        page("tilesets"),
        _OF_PAGES,
    ),
    Operation(
        "/tiles/{tileMatrixSetId}",
        "city.dataset.vector.getTileSet",
        "tiles",
        Words("Bộ ô bản đồ của thành phố trong một lưới", "Tileset of the city in one grid"),
        page("tileset"),
        _OF_PAGES,
    ),
    Operation(
        "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
        "city.dataset.vector.getTile",
        "tiles",
        Words("Một ô bản đồ với mọi lớp", "One tile of every layer"),
        {MVT.type: "binary"},
        ("collections", *_VIEW, "f_mvt"),
        empty=True,
        has_etag=True,
    ),
    Operation(
        "/collections/{collectionId}/tiles",
        "layer.collection.vector.getTileSetsList",
        "tiles",
        Words("Bộ ô bản đồ của một lớp", "Tilesets of a layer"),
        page("tilesets"),
        _OF_PAGES,
    ),
    Operation(
        "/collections/{collectionId}/tiles/{tileMatrixSetId}",
        "layer.collection.vector.getTileSet",
        "tiles",
        Words("Bộ ô bản đồ của một lớp trong một lưới", "Tileset of a layer in one grid"),
        page("tileset"),
        _OF_PAGES,
    ),
    Operation(
        "/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
        "layer.collection.vector.getTile",
        "tiles",
        Words("Một ô bản đồ của một lớp", "One tile of a layer"),
        {MVT.type: "binary"},
        (*_VIEW, "f_mvt"),
        empty=True,
        has_etag=True,
    ),
    Operation(
        "/tiles/{names}.json",
        "tilejson",
        "tiles",
        Words("TileJSON của các lớp hoặc nhóm", "TileJSON of layers or groups"),
        {JSON.type: "object"},
        (*_VIEW, "lang"),
    ),
    Operation(
        "/tiles/{names}/{z}/{x}/{y}.mvt",
        "short_tile",
        "tiles",
        Words("Một ô bản đồ của các lớp hoặc nhóm", "One tile of layers or groups"),
        {MVT.type: "binary"},
        _VIEW,
        empty=True,
        has_etag=True,
    ),
    Operation("/tileMatrixSets", "grids", "tiles", Words("Các lưới ô", "Tile matrix sets"), page("grids"), _OF_PAGES),
    Operation(
        "/tileMatrixSets/{tileMatrixSetId}",
        "grid",
        "tiles",
        Words("Một lưới ô", "One tile matrix set"),
        page("grid"),
        _OF_PAGES,
    ),
)

STYLES: tuple[Operation, ...] = (
    Operation("/styles", "styles", "styles", Words("Các kiểu vẽ", "Styles"), page("styles"), _OF_PAGES),
    Operation(
        "/styles/{styleId}",
        "style",
        "styles",
        Words("Một kiểu vẽ MapLibre", "One MapLibre style"),
        page("object", STYLE.type),
        ("f_style", "lang"),
    ),
    Operation(
        "/styles/{styleId}/metadata",
        "style_metadata",
        "styles",
        Words("Thông tin về một kiểu vẽ", "About a style"),
        page("object"),
        _OF_PAGES,
    ),
)

OPERATIONS: Sequence[Operation] = (*COMMON, *FEATURES, *TILES, *STYLES, *PROCESSES)
"""All that is read, in the order of the definition."""
EVERY: Sequence[Operation] = (*OPERATIONS, *DONE, *WRITTEN)
"""All that can be done."""
