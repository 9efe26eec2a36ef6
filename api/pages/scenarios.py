"""The pages of scenarios: which are open, and what each of them changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from api import pages
from api.negotiation import language
from api.pages.jobs import CITY_TIME
from gis.changes.ledger import Place
from gis.mercator import lonlat
from gis.scenarios.comparing import Comparison
from gis.scenarios.register import Scenario
from gis.schema import BASELINE
from gis.wording import day_in
from layers import LAYERS
from layers.model import Layer

_WORLD_M, _TILE_PX = 40_075_017, 256
"""The web grid at zoom 0."""
_SHOWN_PX, _SMALLEST_M = 600, 300
"""Width of a map beside its panel, and of the smallest place it is drawn for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario in a language, and the layers that it has changes of its own for."""

    scenario: Scenario
    title: str
    opened: str
    layers: tuple[Layer, ...]


def scenarios(
    request: Request,
    document: Mapping[str, object],
    found: Sequence[Scenario],
    changed: Mapping[str, Sequence[str]],
) -> Response:
    """Show the open scenarios, the newest first.

    Parameters
    ----------
    changed : names of the layers that each has changes of its own for.
    """
    spoken = language(request)
    rows = [_row(one, spoken, changed.get(one.name, ())) for one in reversed(found)]
    return pages.answer(request, document, "scenarios.html", rows=rows)


def scenario(
    request: Request,
    document: Mapping[str, object],
    found: Scenario,
    *,
    against: str,
    layers: Sequence[Comparison],
    others: Sequence[str],
    around: Place | None,
) -> Response:
    """Show a scenario, held against another: how many features of each layer differ.

    Parameters
    ----------
    others : what it can be held against instead.
    around : where its changes lie; None where there are none.
    """
    spoken = language(request)
    return pages.answer(
        request,
        document,
        "scenario.html",
        row=_row(found, spoken, ()),
        against=against,
        others=[BASELINE, *others],
        around=_view_of(around) if around else "",
        counts=[(LAYERS[each.layer], each) for each in layers],
    )


def _view_of(place: Place) -> str:
    """Return what an address of the map page ends with so that it opens where a place is seen whole."""
    lon, lat = lonlat((place.west + place.east) / 2, (place.south + place.north) / 2)
    size_m = max(place.east - place.west, place.north - place.south, _SMALLEST_M)
    return f"#{math.floor(math.log2(_WORLD_M / size_m * _SHOWN_PX / _TILE_PX))}/{lat:.5f}/{lon:.5f}"


def _row(one: Scenario, spoken: str, layers: Sequence[str]) -> Row:
    there = one.opened_at.astimezone(CITY_TIME)
    opened = f"{day_in(there.date(), spoken)} {there:%H:%M}"
    changed = tuple(LAYERS[name] for name in layers)
    return Row(one, one.title or one.name, opened, changed)
