"""The definition of the service in OpenAPI 3.0: exactly what exists, written from the table of operations."""

from __future__ import annotations

import re
from importlib.metadata import version

from fastapi import APIRouter, Depends, Request, Response

from api import pages
from api.deps import only
from api.errors import PROBLEM
from api.negotiation import HTML, JSON, MVT, language
from api.ogc.links import root
from api.ogc.media import OPENAPI
from api.ogc.operation import Operation
from api.ogc.operations import EVERY, ITEMS
from api.ogc.parameters import of_columns, parameters
from api.ogc.schemas import SCHEMAS
from api.ogc.shapes import Schema, named
from api.processes.operations import ASK, EXECUTE
from api.processes.parameters import of_question
from api.processes.schemas import body_of
from gis.asking import Question, questions
from gis.features import public_layers
from gis.named import Named
from layers.model import Layer

router = APIRouter(tags=["common"])

_IN_PATH = re.compile(r"\{(\w+)\}")
_SCHEME = "token"
"""Name of the security scheme of what is written."""
_SPECIFICATION = "3.0.3"


@router.get("/api", dependencies=[Depends(only("f", "lang"))])
def api(request: Request) -> Response:
    """Return the definition of the service, or a page that explains it."""
    document = definition(language(request), root(request))
    return pages.answer(
        request, document, "api.html", media=OPENAPI, operations=EVERY, parameters=parameters(), used=used
    )


def definition(language: str, at: str) -> dict[str, object]:
    """Return the definition in a language, for clients that came by a root."""
    words = pages.words(language)
    return {
        "openapi": _SPECIFICATION,
        "info": {"title": words["title"], "description": words["lead"], "version": version("quyhoach")},
        "servers": [{"url": at}],
        "tags": [{"name": tag, "description": words[f"tag_{tag}"]} for tag in _tags()],
        "paths": {
            **_everywhere(language, words),
            **{
                ITEMS.path.format(collectionId=name): {"get": _items(layer, language, words)}
                for name, layer in public_layers().items()
            },
            **{
                ASK.path.format(processId=question.name): _execution(question, language, words)
                for question in questions()
            },
        },
        "components": {
            "schemas": SCHEMAS,
            "parameters": {name: parameter.described(language) for name, parameter in parameters().items()},
            "responses": {"problem": _problem(words), "unchanged": {"description": words["unchanged"]}},
            "securitySchemes": {_SCHEME: {"type": "http", "scheme": "bearer", "description": words["token"]}},
        },
    }


def _everywhere(language: str, words: dict[str, str]) -> dict[str, dict[str, object]]:
    """Describe every address as it is written for all layers and questions."""
    paths: dict[str, dict[str, object]] = {}
    for operation in EVERY:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, language, words)
    return paths


def used(operation: Operation) -> tuple[str, ...]:
    """Return the names of the parameters of an operation: those in its path, then those of its query."""
    return (*_IN_PATH.findall(operation.path), *operation.parameters)


def _tags() -> list[str]:
    return list(dict.fromkeys(operation.tag for operation in EVERY))


def _operation(operation: Operation, language: str, words: dict[str, str]) -> dict[str, object]:
    summary = operation.summary.vi if language == "vi" else operation.summary.en
    body = {"requestBody": _sent(operation)} if operation.body else {}
    security = {"security": [{_SCHEME: []}]} if operation.is_secured else {}
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in used(operation)],
        **body,
        **security,
        "responses": _responses(operation, summary, words),
    }


def _sent(operation: Operation) -> dict[str, object]:
    schema = named(operation.body)
    return {
        "required": not operation.body_optional,
        "content": {media: {"schema": schema} for media in operation.sent},
    }


def _body(schema: Schema) -> dict[str, object]:
    return {"required": True, "content": {JSON.type: {"schema": schema}}}


def _execution(question: Question, language: str, words: dict[str, str]) -> dict[str, object]:
    """Describe how one question is asked: its inputs, which no template can say."""
    asked = Named(question, language)
    inputs = of_question(question)
    own, names = [each.described(language) for each in inputs], {each.name for each in inputs}
    described: dict[str, object] = {}
    for operation in (ASK, EXECUTE):
        common = [{"$ref": f"#/components/parameters/{name}"} for name in operation.parameters if name not in names]
        described[operation.method.lower()] = _operation(operation, language, words) | {
            "operationId": f"{operation.name}_{question.name}",
            "summary": asked.title,
            "description": asked.summary,
            "parameters": common if operation.body else [*common, *own],
            **({"requestBody": _body(body_of(question))} if operation.body else {}),
        }
    return described


def _items(layer: Layer, language: str, words: dict[str, str]) -> dict[str, object]:
    """Describe the features of one layer: its columns are parameters, which no template can say."""
    title, meaning = (each.vi if language == "vi" else each.en for each in (layer.title, layer.meaning))
    described = _operation(ITEMS, language, words)
    common = [{"$ref": f"#/components/parameters/{name}"} for name in ITEMS.parameters]
    own = [parameter.described(language) for parameter in of_columns(layer)]
    return described | {
        "operationId": f"{ITEMS.name}_{layer.name}",
        "summary": f"{described['summary']}: {title}",
        "description": meaning,
        "parameters": [*common, *own],
    }


def _responses(operation: Operation, summary: str, words: dict[str, str]) -> dict[str, object]:
    content = {media: {"schema": {"$ref": f"#/components/schemas/{name}"}} for media, name in operation.answers.items()}
    responses: dict[str, object] = {"200": {"description": summary, "content": content}} if content else {}
    if operation.created:
        schema = {JSON.type: {"schema": named(operation.created)}}
        said = words["done_created" if operation.is_secured else "status_accepted"]
        responses["201"] = {"description": said, "content": schema}
    if operation.empty:
        responses["204"] = {"description": words["no_content" if operation.method == "GET" else "done_empty"]}
    if operation.has_etag:
        responses["304"] = {"$ref": "#/components/responses/unchanged"}
    refused = ["400", "408", "414", "431", "500", "503", "504"]
    refused += ["403", "413"] if operation.method != "GET" else []
    refused += ["401", "409", "412", "415", "422"] if operation.is_secured else []
    refused += ["404"] if "{" in operation.path else []
    refused += ["406"] if {HTML.type, MVT.type} & operation.answers.keys() else []
    return responses | {status: {"$ref": "#/components/responses/problem"} for status in sorted(refused)}


def _problem(words: dict[str, str]) -> dict[str, object]:
    return {
        "description": words["problem"],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}},
    }
