"""The page of a finding: figures, verdicts, a map, tables, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any  # a document of JSON is of any kind

from fastapi import Request, Response

from api.negotiation import JSON, Media, language
from api.ogc.links import with_query
from api.pages import page
from gis.findings import Finding, Look
from gis.findings.lonlat import geometries
from gis.reports.content import content
from gis.reports.labels import LABELS
from gis.reports.legend import FAIL_COLOR, conflicts, looks

_MOST_DRAWN = 2_000
"""Features on the map, of each look its first ones in turn."""
_MOST_ROWS = 500
_MOST_GROUPS = 100
"""What a page shows of a table, and of those whom verdicts are about; the other representations have all of it."""
_BROKEN = Look(LABELS["fails"], FAIL_COLOR, is_outline=True)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the map shows: looks for its legend, shapes as GeoJSON with the colour of each."""

    looks: tuple[Look, ...]
    shapes: dict[str, Any]


def page_of(request: Request, finding: Finding, downloads: Sequence[Media]) -> Response:
    """Show a finding.

    Parameters
    ----------
    downloads : what else it can be had as, where it can be asked for by its address.
    """
    return page(
        request,
        "finding.html",
        media=JSON,
        finding=finding,
        said=content(finding, language(request)),
        drawn=_drawn(finding),
        downloads=downloads if request.method == "GET" else (),
        again=lambda media: with_query(request, media),
        most_rows=_MOST_ROWS,
        most_groups=_MOST_GROUPS,
    )


def _drawn(finding: Finding) -> Drawn:
    parts = {look: [each.geometry for each in features] for look, features in looks(finding.features).items()}
    if broken := conflicts(finding):
        parts[_BROKEN] = broken
    ordered = sorted(parts.items(), key=lambda part: part[0].is_outline)
    shapes = [(look, shape) for look, found in ordered for shape in found if not shape.is_empty][:_MOST_DRAWN]
    features = [
        {
            "type": "Feature",
            "id": place,
            "properties": {},
            "geometry": geometry,
            "color": look.color,
            "isOutline": look.is_outline,
        }
        for place, ((look, _), geometry) in enumerate(
            zip(shapes, geometries([shape for _, shape in shapes]), strict=True)
        )
    ]
    return Drawn(tuple(parts), {"type": "FeatureCollection", "features": features})
