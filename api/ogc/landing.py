"""The landing page: where everything else is found."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api import pages, web
from api.deps import only
from api.negotiation import HTML, JSON, language, representation
from api.ogc.links import OGC_REL, STYLES, TILESETS, TILING_SCHEMES, Link, link, own, root
from api.ogc.media import OPENAPI
from api.ogc.roots import OGC
from api.processes.described import JOB_LIST, PROCESSES
from gis.features import public_layers
from layers import GROUPS

router = APIRouter(tags=["common"])


@router.get("/", dependencies=[Depends(only("f", "lang"))])
def landing(request: Request) -> Response:
    """Show what the service offers; at the top a browser is shown the map instead."""
    below = root(request).endswith(OGC)
    if not below and representation(request, (HTML, JSON)) is HTML:
        return web.page(request)
    words = pages.words(language(request))
    document = {
        "title": words["title"],
        "description": words["lead"],
        "links": [*own(request, title=words["title"]), *_links(root(request), words)],
    }
    return pages.answer(request, document, "landing.html", groups=GROUPS, public=public_layers())


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
