"""Resources as pages that a person can browse, in Vietnamese and English; everything they show is from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from api.documents import FRESH, answered
from api.files import whole_file
from api.negotiation import HTML, JSON, Media, representation
from api.pages.view import View
from gis.reports.html import TEMPLATES
from layers.model import Horizon

router = APIRouter(include_in_schema=False)

_HERE = Path(__file__).parent
_OURS = {
    "pages.css": "text/css",
    "findings.css": "text/css",
    "map.js": "text/javascript",
    "paint.js": "text/javascript",
    "job.js": "text/javascript",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


@router.get("/pages/{name}")
def part(name: str, request: Request) -> Response:
    """Return one part of the pages: their style sheet or a script."""
    if name not in _OURS:
        raise HTTPException(404)
    return whole_file(request, _HERE / name, _OURS[name], _SAFE)


def answer(
    request: Request, document: Mapping[str, object], template: str, *, media: Media = JSON, **shown: object
) -> Response:
    """Return a resource as the client wants it: its document, or the page made from it.

    Parameters
    ----------
    template : the page's file, which finds the document as `document`.
    media : what the document is, beside HTML.
    shown : what else the page needs.
    """
    if wants_page(request, media):
        return page(request, template, document=document, media=media, **shown)
    return answered(request, document, media)


def wants_page(request: Request, media: Media = JSON) -> bool:
    """Return whether a client would rather have the page of a resource than its document."""
    return representation(request, (media, HTML)) is HTML


def page(request: Request, template: str, *, media: Media = JSON, **shown: object) -> HTMLResponse:
    """Return the page of a resource in the language of the client."""
    view = View.of(request, media)
    text = (
        _templates()
        .get_template(template)
        .render(
            view=view,
            media=media.type,
            w=words(view.language),
            t=view.text,
            to=view.to,
            horizons=tuple(Horizon),
            **shown,
        )
    )
    headers = {**_SAFE, **FRESH, "Content-Security-Policy": _POLICY, "Content-Language": view.language}
    return HTMLResponse(text, headers=headers)


@cache
def words(language: str) -> dict[str, str]:
    """Return every expression of the pages in a language."""
    return json.loads((_HERE / f"{language}.json").read_text(encoding="utf-8"))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader([_HERE / "templates", TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
