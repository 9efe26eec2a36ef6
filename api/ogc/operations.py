"""What may be asked of the service: every address, its parameters and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.features import schemas
from api.features.parameters import OF_FEATURES, OF_ONE_FEATURE, F
from api.negotiation import FEATURE_MEDIA, FEATURES_MEDIA, GEOJSON, HTML, JSON, MVT, Media
from api.ogc.media import METRICS, OPENAPI, STYLE
from layers.model import Words


@dataclass(frozen=True, slots=True)
class Operation:
    """One address that is read with GET.

    `name` is its operationId; those of tiles end as OGC 20-057 asks. `parameters` are named as in `api.ogc.parameters`;
    those of the path stand in it between braces. `answers` gives for each media type the schema of its body; `empty`
    says that the answer may be 204, `has_etag` that it may be 304.
    """

    path: str
    name: str
    tag: str
    summary: Words
    answers: dict[str, str]
    parameters: tuple[str, ...] = ()
    empty: bool = False
    has_etag: bool = False


def _page(schema: str, media: str = JSON.type) -> dict[str, str]:
    return {media: schema, HTML.type: "html"}


def _encoded(schema: str, offered: Sequence[Media]) -> dict[str, str]:
    shapes = {GEOJSON: schema, HTML: "html"}
    return {media.type: shapes.get(media, "binary") for media in offered}


_COMMON = ("f_page", "lang")
_VIEW = ("horizon", "scenario", "against")

COMMON: tuple[Operation, ...] = (
    Operation("/", "landing", "common", Words("Trang đầu", "Landing page"), _page("landing"), _COMMON),
    Operation(
        "/conformance",
        "conformance",
        "common",
        Words("Các lớp yêu cầu được tuân thủ", "Requirement classes that are kept"),
        _page("conformance"),
        _COMMON,
    ),
    Operation(
        "/api", "api", "common", Words("Tài liệu này", "This definition"), _page("object", OPENAPI.type), _COMMON
    ),
    Operation(
        "/scenarios",
        "scenarios",
        "scenarios",
        Words("Các kịch bản đang mở", "The open scenarios"),
        {JSON.type: "object"},
    ),
    Operation(
        "/scenarios/{scenarioName}",
        "scenario",
        "scenarios",
        Words("Một kịch bản và những gì nó thay đổi", "A scenario and what it changes"),
        {JSON.type: "object"},
    ),
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
    _encoded("features", FEATURES_MEDIA),
    tuple(parameter.name for parameter in OF_FEATURES),
)

FEATURES: tuple[Operation, ...] = (
    Operation(
        "/collections", "collections", "features", Words("Các lớp dữ liệu", "Layers"), _page("collections"), _COMMON
    ),
    Operation(
        "/collections/{collectionId}",
        "collection",
        "features",
        Words("Một lớp dữ liệu", "One layer"),
        _page("collection"),
        _COMMON,
    ),
    ITEMS,
    Operation(
        "/collections/{collectionId}/items/{featureId}",
        "item",
        "features",
        Words("Một đối tượng", "One feature"),
        _encoded("feature", FEATURE_MEDIA),
        tuple("f_feature" if parameter is F else parameter.name for parameter in OF_ONE_FEATURE),
        has_etag=True,
    ),
    Operation(
        "/collections/{collectionId}/schema",
        "schema",
        "features",
        Words("Lược đồ của một lớp", "Schema of a layer"),
        _page("object", schemas.SCHEMA.type),
        _COMMON,
    ),
    Operation(
        "/collections/{collectionId}/queryables",
        "queryables",
        "features",
        Words("Những gì bộ lọc có thể dùng", "What a filter may name"),
        _page("object", schemas.SCHEMA.type),
        _COMMON,
    ),
    Operation(
        "/collections/{collectionId}/sortables",
        "sortables",
        "features",
        Words("Những gì thứ tự có thể dùng", "What an order may name"),
        _page("object", schemas.SCHEMA.type),
        _COMMON,
    ),
)

TILES: tuple[Operation, ...] = (
    Operation(
        "/tiles",
        "city.dataset.vector.getTileSetsList",
        "tiles",
        Words("Bộ ô bản đồ của thành phố", "Tilesets of the city"),
        _page("tilesets"),
        _COMMON,
    ),
    Operation(
        "/tiles/{tileMatrixSetId}",
        "city.dataset.vector.getTileSet",
        "tiles",
        Words("Bộ ô bản đồ của thành phố trong một lưới", "Tileset of the city in one grid"),
        _page("tileset"),
        _COMMON,
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
        _page("tilesets"),
        _COMMON,
    ),
    Operation(
        "/collections/{collectionId}/tiles/{tileMatrixSetId}",
        "layer.collection.vector.getTileSet",
        "tiles",
        Words("Bộ ô bản đồ của một lớp trong một lưới", "Tileset of a layer in one grid"),
        _page("tileset"),
        _COMMON,
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
    Operation("/tileMatrixSets", "grids", "tiles", Words("Các lưới ô", "Tile matrix sets"), _page("grids"), _COMMON),
    Operation(
        "/tileMatrixSets/{tileMatrixSetId}",
        "grid",
        "tiles",
        Words("Một lưới ô", "One tile matrix set"),
        _page("grid"),
        _COMMON,
    ),
)

STYLES: tuple[Operation, ...] = (
    Operation("/styles", "styles", "styles", Words("Các kiểu vẽ", "Styles"), _page("styles"), _COMMON),
    Operation(
        "/styles/{styleId}",
        "style",
        "styles",
        Words("Một kiểu vẽ MapLibre", "One MapLibre style"),
        _page("object", STYLE.type),
        ("f_style", "lang"),
    ),
    Operation(
        "/styles/{styleId}/metadata",
        "style_metadata",
        "styles",
        Words("Thông tin về một kiểu vẽ", "About a style"),
        _page("object"),
        _COMMON,
    ),
)

OPERATIONS: Sequence[Operation] = (*COMMON, *FEATURES, *TILES, *STYLES)
"""Every operation, in the order of the definition."""
