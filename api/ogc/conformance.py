"""Which requirement classes the service keeps; each is proved by a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response

from api import pages
from api.deps import only
from api.ogc.links import own

router = APIRouter(tags=["common"])

_SPECIFICATIONS = "http://www.opengis.net/spec"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a standard, and the names of its classes that are kept."""

    title: str
    path: str
    classes: Sequence[str]

    @property
    def addresses(self) -> dict[str, str]:
        """The address of each class by its name."""
        return {name: f"{_SPECIFICATIONS}/{self.path}/conf/{name}" for name in self.classes}


PARTS: tuple[Part, ...] = (
    Part("OGC API – Common – Part 1: Core", "ogcapi-common-1/1.0", ("core", "landing-page", "json", "html", "oas30")),
    Part("OGC API – Common – Part 2: Geospatial Data", "ogcapi-common-2/1.0", ("collections", "json", "html")),
    Part("OGC API – Features – Part 1: Core", "ogcapi-features-1/1.0", ("core", "geojson", "html", "oas30")),
    Part("OGC API – Features – Part 2: Coordinate Reference Systems", "ogcapi-features-2/1.0", ("crs",)),
    Part(
        "OGC API – Features – Part 3: Filtering",
        "ogcapi-features-3/1.0",
        ("queryables", "queryables-query-parameters", "filter", "features-filter"),
    ),
    Part(
        "Common Query Language (CQL2)",
        "cql2/1.0",
        (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "property-property",
            "arithmetic",
        ),
    ),
    # OGC 23-058r2 was published under a new name; clients know it by that of its drafts too.
    Part(
        "OGC API – Common – Part 3: Schemas (OGC API – Features – Part 5)",
        "ogcapi-common-3/1.0",
        ("schemas", "advanced-property-roles", "queryables", "sortables"),
    ),
    Part(
        "OGC API – Features – Part 5: Schemas (draft)",
        "ogcapi-features-5/1.0",
        ("schemas", "core-roles-features", "queryables", "sortables"),
    ),
    Part(
        "OGC API – Tiles – Part 1: Core",
        "ogcapi-tiles-1/1.0",
        ("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt", "oas30"),
    ),
    Part(
        "OGC Two Dimensional Tile Matrix Set and Tile Set Metadata",
        "tms/2.0",
        (
            "tilematrixset",
            "json-tilematrixset",
            "tilematrixsetlimits",
            "json-tilematrixsetlimits",
            "tilesetmetadata",
            "json-tilesetmetadata",
        ),
    ),
    Part(
        "OGC API – Processes – Part 1: Core",
        "ogcapi-processes-1/1.0",
        ("core", "ogc-process-description", "json", "html", "oas30", "job-list", "dismiss"),
    ),
    Part("OGC API – Styles – Part 1: Core (draft)", "ogcapi-styles-1/0.0", ("core", "html", "mapbox-styles")),
)
"""What is kept, by part."""


def addresses() -> list[str]:
    """Return the address of every class that is kept."""
    return [address for part in PARTS for address in part.addresses.values()]


@router.get("/conformance", dependencies=[Depends(only("f", "lang"))])
def conformance(request: Request) -> Response:
    """List the requirement classes that are kept."""
    document = {"conformsTo": addresses(), "links": own(request)}
    return pages.answer(request, document, "conformance.html", parts=PARTS)
