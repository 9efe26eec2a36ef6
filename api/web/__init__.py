"""The public page: Vietnamese first, English at a switch, everything from this machine."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.exceptions import HTTPException

from api.documents import FRESH
from api.files import whole_file
from api.negotiation import language as preferred
from gis.assets import LEAFLET_CSS, LEAFLET_JS, asset
from gis.scenarios.register import Scenario
from gis.tiles import READER_JS
from layers.model import Horizon

router = APIRouter(include_in_schema=False)

_HERE = Path(__file__).parent
_OURS = {
    "page.css": (_HERE / "page.css", "text/css"),
    "page.js": (_HERE / "page.js", "text/javascript"),
    "city.js": (_HERE / "city.js", "text/javascript"),
    "mvt.js": (READER_JS, "text/javascript"),
    "icon.svg": (_HERE / "icon.svg", "image/svg+xml"),
}
_LIBRARIES = {"leaflet.js": (LEAFLET_JS, "text/javascript"), "leaflet.css": (LEAFLET_CSS, "text/css")}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


def page(request: Request, *, horizon: Horizon = Horizon.EXISTING, scenario: Scenario | None = None) -> HTMLResponse:
    """Show the map page in the language asked for, by switch or by the browser.

    Parameters
    ----------
    horizon : what is shown at first.
    scenario : the one in which the city is shown; the baseline where there is none.
    """
    language = preferred(request)
    kept = f"&lang={language}" if "lang" in request.query_params else ""
    for name in (LEAFLET_JS, LEAFLET_CSS):
        asset(name)
    shown = {"horizon": horizon.value, "scenario": scenario, "kept": kept}
    text = _template().render(language=language, words=words(language), **shown)
    headers = {
        **_SAFE,
        **FRESH,
        "Content-Security-Policy": _POLICY,
        "Content-Language": language,
    }
    return HTMLResponse(text, headers=headers)


@router.get("/web/{name}")
def part(name: str, request: Request) -> Response:
    """Return one part of the page: ours, or of a library that was brought to this machine."""
    if name in _LIBRARIES:
        file, media = _LIBRARIES[name]
        return whole_file(request, asset(file), media, _SAFE)
    if name in _OURS:
        file, media = _OURS[name]
        return whole_file(request, file, media, _SAFE)
    raise HTTPException(404)


@cache
def words(language: str) -> dict[str, str]:
    """Return every expression of the page in a language."""
    return json.loads((_HERE / f"{language}.json").read_text(encoding="utf-8"))


@cache
def _template() -> Template:
    return Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined).get_template(
        "page.html"
    )
