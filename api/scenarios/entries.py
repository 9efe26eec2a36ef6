"""A scenario as documents describe it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from api.negotiation import HTML, JSON
from api.ogc.links import Link, link
from gis.scenarios.register import Scenario


def entry(at: str, one: Scenario, *, links: Sequence[Link] | None = None) -> dict[str, object]:
    """Describe a scenario.

    Parameters
    ----------
    at : root the client was given.
    links : where it leads; to itself where nothing is said.
    """
    here, title = f"{at}/scenarios/{one.name}", one.title or one.name
    itself = [link("self", here, JSON, title), link("alternate", f"{here}?f=html", HTML, title)]
    return {**asdict(one), "opened_at": one.opened_at.isoformat(), "links": [*(itself if links is None else links)]}
