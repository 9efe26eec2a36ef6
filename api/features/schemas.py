"""What features are made of, as JSON Schema: all of it, what a filter may name, what an order may name."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.deps import only
from api.documents import answered, said
from api.features.units import UCUM
from api.features.values import value
from api.negotiation import HTML, Media, language, representation
from api.ogc.links import here
from api.pages import layers as pages
from gis.features import public_layer, questioned_columns
from gis.filters.term import GEOMETRY
from layers.model import Code, Column, Geometry, Layer, Words

router = APIRouter(prefix="/collections", tags=["features"], dependencies=[Depends(only("f", "lang"))])

SCHEMA = Media("json", "application/schema+json", ("application/json",))
OFFERED = (SCHEMA, HTML)
"""The representations of schemas."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FORMATS = {Geometry.POINT: "point", Geometry.LINE: "multilinestring", Geometry.POLYGON: "multipolygon"}
_ROLES = {"uid": "id", "valid_from": "primary-interval-start", "valid_to": "primary-interval-end"}


@router.get("/{layer}/schema")
def schema(layer: str, request: Request) -> Response:
    """Describe what a feature of a layer carries: roles, types, units, codes. What is not required may be unknown."""
    declared, spoken = public_layer(layer), language(request)
    columns = questioned_columns(declared).values()
    placed = _placed(declared, spoken)
    return _answer(request, declared, "schema", {**placed, "required": [one.name for one in columns if one.required]})


@router.get("/{layer}/queryables")
def queryables(layer: str, request: Request) -> Response:
    """Describe what a filter may name."""
    declared = public_layer(layer)
    return _answer(request, declared, "queryables", _placed(declared, language(request)))


@router.get("/{layer}/sortables")
def sortables(layer: str, request: Request) -> Response:
    """Describe what an order may name."""
    declared = public_layer(layer)
    return _answer(request, declared, "sortables", {"properties": _columns(declared, language(request))})


def _answer(request: Request, layer: Layer, heading: str, properties: dict[str, object]) -> Response:
    media, spoken = representation(request, OFFERED), language(request)
    if media is HTML:
        shown = list(questioned_columns(layer).values())
        return pages.columns(request, layer, shown, heading=heading, media=SCHEMA)
    document = {
        "$schema": _DIALECT,
        "$id": here(request),
        "type": "object",
        "title": said(layer.title, spoken),
        "x-ogc-titles": _both(layer.title),
        "description": said(layer.meaning, spoken),
        **properties,
        "additionalProperties": False,
    }
    return answered(request, document, media)


def _placed(layer: Layer, spoken: str) -> dict[str, object]:
    return {"properties": {**_columns(layer, spoken), GEOMETRY: _geometry(layer, spoken)}}


def _columns(layer: Layer, spoken: str) -> dict[str, object]:
    columns = enumerate(questioned_columns(layer).values(), 1)
    return {column.name: _column(column, number, spoken) for number, column in columns}


def _column(column: Column, number: int, spoken: str) -> dict[str, object]:
    document: dict[str, object] = {
        "title": said(column.title, spoken),
        "x-ogc-titles": _both(column.title),
        "description": _meaning(column, spoken),
        **value(column),
        "x-ogc-propertySeq": number,
    }
    if column.name in _ROLES:
        document["x-ogc-role"] = _ROLES[column.name]
    if column.unit:
        document.update({"x-ogc-unit": UCUM[column.unit], "x-ogc-unitLang": "UCUM"})
    if column.minimum is not None:
        document["minimum"] = column.minimum
    if column.maximum is not None:
        document["maximum"] = column.maximum
    if column.codes:
        document["x-ogc-codes"] = {code.code: _code(code, spoken) for code in column.codes.codes}
    return document


def _meaning(column: Column, spoken: str) -> str:
    meaning = said(column.meaning, spoken)
    return f"{meaning}. {said(_IN_AN_INTERVAL, spoken)}" if column.name == "valid_to" else meaning


def _geometry(layer: Layer, spoken: str) -> dict[str, object]:
    return {
        "title": said(_WHERE, spoken),
        "x-ogc-titles": _both(_WHERE),
        "format": f"geometry-{_FORMATS[layer.geometry]}",
        "x-ogc-role": "primary-geometry",
    }


_IN_AN_INTERVAL = Words(
    "Trong bộ lọc, INTERVAL(valid_from, valid_to) kết thúc vào ngày trước đó, và không giới hạn nếu để trống.",
    "In a filter, INTERVAL(valid_from, valid_to) ends with the day before, and is open where this is empty.",
)
_WHERE = Words("Vị trí và hình dạng", "Place and shape")


def _code(code: Code, spoken: str) -> dict[str, object]:
    return {"title": said(code.title, spoken), "x-ogc-titles": _both(code.title)}


def _both(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}
