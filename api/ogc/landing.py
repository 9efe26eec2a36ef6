"""The landing page: where everything else is found."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api import pages, web
from api.deps import Database, FromPool, read_horizon
from api.negotiation import HTML, JSON, language, representation
from api.ogc.links import OGC_REL, STYLES, TILESETS, TILING_SCHEMES, Link, link, own, root
from api.ogc.media import OPENAPI
from api.ogc.roots import OGC
from api.processes.described import JOB_LIST, PROCESSES
from api.query import single
from gis.features import public_layers
from gis.scenarios.register import Scenario, scenario_named
from gis.schema import BASELINE
from layers import GROUPS

_TAKEN = ("f", "lang")
_OF_MAP = ("horizon", "scenario")

router = APIRouter(tags=["common"])


@router.get("/")
def landing(request: Request, database: FromPool) -> Response:
    """Show what the service offers; at the top a browser is shown the map instead, of the scenario that is named."""
    below = root(request).endswith(OGC)
    shows_map = not below and representation(request, (HTML, JSON)) is HTML
    given = single(request.scope["query_string"], (*_TAKEN, *_OF_MAP) if shows_map else _TAKEN)
    if shows_map:
        horizon, scenario = read_horizon(given.get("horizon")), _scenario(database, given.get("scenario"))
        return web.page(request, horizon=horizon, scenario=scenario)
    words = pages.words(language(request))
    document = {
        "title": words["title"],
        "description": words["lead"],
        "links": [*own(request, title=words["title"]), *_links(root(request), words)],
    }
    return pages.answer(request, document, "landing.html", groups=GROUPS, public=public_layers())


def _scenario(database: Database, name: str | None) -> Scenario | None:
    """Return the scenario that an address names, if it names one: a refusal says more than a map without tiles."""
    if name in (None, BASELINE):
        return None
    with database.pool.connection() as connection:
        return scenario_named(connection, name)


def _links(at: str, words: dict[str, str]) -> list[Link]:
    return [
        link("service-desc", f"{at}/api", OPENAPI, words["definition"]),
        link("service-doc", f"{at}/api?f=html", HTML, words["definition"]),
        link("conformance", f"{at}/conformance", JSON, words["conformance"]),
        link(f"{OGC_REL}/conformance", f"{at}/conformance", JSON, words["conformance"]),
        link("data", f"{at}/collections", JSON, words["collections"]),
        link(f"{OGC_REL}/data", f"{at}/collections", JSON, words["collections"]),
        link(TILESETS, f"{at}/tiles", JSON, words["tilesets"]),
        link(TILING_SCHEMES, f"{at}/tileMatrixSets", JSON, words["grids"]),
        link(STYLES, f"{at}/styles", JSON, words["styles"]),
        link(PROCESSES, f"{at}/processes", JSON, words["processes"]),
        link(JOB_LIST, f"{at}/jobs", JSON, words["jobs"]),
    ]
