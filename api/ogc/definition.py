"""The definition of the service in OpenAPI 3.0: exactly what exists, written from the table of operations."""

from __future__ import annotations

import re
from importlib.metadata import version

from fastapi import APIRouter, Depends, Request, Response

from api import pages
from api.deps import only
from api.errors import PROBLEM
from api.negotiation import HTML, language
from api.ogc.links import root
from api.ogc.media import OPENAPI
from api.ogc.operations import OPERATIONS, Operation
from api.ogc.parameters import parameters
from api.ogc.schemas import SCHEMAS

router = APIRouter(tags=["common"])

_IN_PATH = re.compile(r"\{(\w+)\}")
_SPECIFICATION = "3.0.3"


@router.get("/api", dependencies=[Depends(only("f", "lang"))])
def api(request: Request) -> Response:
    """Return the definition of the service, or a page that explains it."""
    document = definition(language(request), root(request))
    return pages.answer(
        request, document, "api.html", media=OPENAPI, operations=OPERATIONS, parameters=parameters(), used=used
    )


def definition(language: str, at: str) -> dict[str, object]:
    """Return the definition in a language, for clients that came by a root."""
    words = pages.words(language)
    return {
        "openapi": _SPECIFICATION,
        "info": {"title": words["title"], "description": words["lead"], "version": version("quyhoach")},
        "servers": [{"url": at}],
        "tags": [{"name": tag, "description": words[f"tag_{tag}"]} for tag in _tags()],
        "paths": {operation.path: {"get": _operation(operation, language, words)} for operation in OPERATIONS},
        "components": {
            "schemas": SCHEMAS,
            "parameters": {name: parameter.described(language) for name, parameter in parameters().items()},
            "responses": {"problem": _problem(words)},
        },
    }


def used(operation: Operation) -> tuple[str, ...]:
    """Return the names of the parameters of an operation: those in its path, then those of its query."""
    return (*_IN_PATH.findall(operation.path), *operation.parameters)


def _tags() -> list[str]:
    return list(dict.fromkeys(operation.tag for operation in OPERATIONS))


def _operation(operation: Operation, language: str, words: dict[str, str]) -> dict[str, object]:
    summary = operation.summary.vi if language == "vi" else operation.summary.en
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": summary,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in used(operation)],
        "responses": _responses(operation, summary, words),
    }


def _responses(operation: Operation, summary: str, words: dict[str, str]) -> dict[str, object]:
    content = {media: {"schema": {"$ref": f"#/components/schemas/{name}"}} for media, name in operation.answers.items()}
    responses: dict[str, object] = {"200": {"description": summary, "content": content}}
    if operation.empty:
        responses["204"] = {"description": words["no_content"]}
    refused = ["400", "500", "503"]
    refused += ["404"] if "{" in operation.path else []
    refused += ["406"] if HTML.type in operation.answers else []
    return responses | {status: {"$ref": "#/components/responses/problem"} for status in sorted(refused)}


def _problem(words: dict[str, str]) -> dict[str, object]:
    return {
        "description": words["problem"],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}},
    }
