"""The parameters of the service, as its definition describes them."""

from __future__ import annotations

from collections.abc import Iterable

from api.features.parameters import OF_FEATURES, asked_columns
from api.features.values import value
from api.negotiation import FEATURE_MEDIA, FEATURES_MEDIA, LANGUAGES, Media
from api.ogc.parameter import Parameter
from api.processes.parameters import of_processes
from api.scenarios.parameters import of_scenarios
from gis.features import public_layers
from gis.grids import DRAWN_TO, GRIDS, WEB
from gis.styles import themes
from layers.model import Layer, Words

_LAST_NUMBER = 2**31 - 1


def parameters() -> dict[str, Parameter]:
    """Return every parameter by the name operations use."""
    return {**_of_the_path(), **_of_the_query(), **of_processes(), **of_scenarios()}


def of_columns(layer: Layer) -> tuple[Parameter, ...]:
    """Return the columns of a layer as parameters: what has that value, or one of several with commas between."""
    return tuple(
        Parameter(column.name, "query", column.title, value(column)) for column in asked_columns(layer).values()
    )


def _of_the_path() -> dict[str, Parameter]:
    number: dict[str, object] = {"type": "integer", "minimum": 0, "maximum": _LAST_NUMBER}
    found = (
        Parameter("collectionId", "path", Words("Tên lớp", "Name of the layer"), _one_of(public_layers())),
        Parameter(
            "featureId",
            "path",
            Words("Số hiệu duy nhất của đối tượng", "Unique number of the feature"),
            {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        ),
        Parameter("tileMatrixSetId", "path", Words("Tên lưới", "Name of the grid"), _one_of(GRIDS)),
        Parameter(
            "tileMatrix", "path", Words("Cấp của lưới", "Matrix of the grid"), {**number, "maximum": WEB.last_zoom}
        ),
        Parameter("tileRow", "path", Words("Hàng, từ phía bắc", "Row, from the north"), number),
        Parameter("tileCol", "path", Words("Cột, từ phía tây", "Column, from the west"), number),
        Parameter("z", "path", Words("Mức phóng", "Zoom"), {**number, "maximum": WEB.last_zoom}),
        Parameter("x", "path", Words("Cột, từ phía tây", "Column, from the west"), number),
        Parameter("y", "path", Words("Hàng, từ phía bắc", "Row, from the north"), number),
        Parameter(
            "names",
            "path",
            Words("Tên lớp hoặc nhóm, cách nhau bằng dấu phẩy", "Names of layers or groups, separated by commas"),
            {"type": "string", "pattern": "^[a-z_]+(,[a-z_]+){0,31}$"},
            "land,road",
        ),
        Parameter("styleId", "path", Words("Tên kiểu vẽ", "Name of the style"), _one_of(themes())),
    )
    return {parameter.name: parameter for parameter in found}


def _of_the_query() -> dict[str, Parameter]:
    f = Words("Dạng trả về; được ưu tiên hơn Accept", "Representation; goes before Accept")
    names = Words("Tên lớp hoặc nhóm, cách nhau bằng dấu phẩy", "Names of layers or groups, separated by commas")
    of_features = {each.name: Parameter(each.name, "query", each.meaning, each.schema) for each in OF_FEATURES}
    return {
        **of_features,
        "f": Parameter("f", "query", f, _one_of(_names(FEATURES_MEDIA))),
        "f_feature": Parameter("f", "query", f, _one_of(_names(FEATURE_MEDIA))),
        "f_page": Parameter("f", "query", f, _one_of(["json", "html"])),
        "against": Parameter(
            "against",
            "query",
            Words(
                "So với kịch bản, mốc thời gian này hoặc cả hai: chỉ hiện những gì khác",
                "Only what differs from this scenario, horizon, or both is shown",
            ),
            {"type": "array", "items": {"type": "string", "maxLength": 40}, "minItems": 1, "maxItems": 2},
            ["existing"],
        ),
        "f_mvt": Parameter("f", "query", f, _one_of(["mvt"])),
        "f_style": Parameter("f", "query", f, _one_of(["mbs", "json", "html"])),
        "lang": Parameter(
            "lang",
            "query",
            Words("Ngôn ngữ; được ưu tiên hơn Accept-Language", "Language; goes before Accept-Language"),
            _one_of(LANGUAGES),
        ),
        "collections": Parameter("collections", "query", names, _NAMES),
        "layers": Parameter("layers", "query", names, _NAMES),
        "zooms": Parameter(
            "z",
            "query",
            Words("Các mức phóng mà ô được nêu tên", "Zooms for which tiles are named"),
            {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": DRAWN_TO}, "maxItems": 8},
        ),
    }


_NAMES: dict[str, object] = {"type": "array", "items": {"type": "string"}, "minItems": 1}


def _names(offered: Iterable[Media]) -> list[str]:
    return [name for media in offered for name in (media.name, *media.other_names)]


def _one_of(values: Iterable[str]) -> dict[str, object]:
    return {"type": "string", "enum": [str(value) for value in values]}
