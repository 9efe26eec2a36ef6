"""Two sights of the city on one map, with a divider to be drawn between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING  # frames are only passed on

import folium

from gis.db import City, seen_at, sight_kept
from gis.features import Box, BoxGiven, public_layer
from gis.maps.drawing import (
    MOST_FEATURES,
    NothingToDrawError,
    around_all,
    horizon_words,
    in_drawing_order,
    painted,
    pair,
    sources,
)
from gis.maps.leaflet import CityMap, Context, Panel
from gis.maps.loose import frame_layers
from gis.maps.reading import Shown, context, read
from gis.scenarios.register import scenario_named
from gis.schema import BASELINE
from layers.model import Layer, Words

if TYPE_CHECKING:
    import geopandas

_TITLE = Words("So sánh", "Comparison")
_BASELINE = Words("Không có kịch bản", "The baseline")
_SIDES = ("former", "latter")


def compare(
    former: City,
    latter: City,
    layers: Sequence[str],
    *,
    box: BoxGiven | None = None,
    limit: int | None = None,
    over: Mapping[Words | str, geopandas.GeoDataFrame] | None = None,
) -> folium.Map:
    """Draw the same layers as two cities show them, one on each side of a divider: two horizons, or two scenarios.

    The divider is moved with the mouse, a finger, or the arrow keys. The legend counts the features of both sides.

    Parameters
    ----------
    former, latter : the city on the left and on the right; they may share a connection.
    layers : names of the layers.
    box : part of the city, in degrees; where none is given, what the former shows of the layers.
    limit : most features of each layer on each side; without it, as many as a browser draws without delay.
    over : frames that are drawn over both sides as outlines, each under what the legend calls it.

    Raises
    ------
    UnknownLayerError
        When a name is no layer.
    NothingToDrawError
        When there is nothing of these layers there, on either side.
    """
    declared = [public_layer(name) for name in dict.fromkeys(layers)]
    most = MOST_FEATURES if limit is None else limit
    reach = None if box is None else Box.of(box)
    with sight_kept(former), sight_kept(latter):
        shown = [_read(former, declared, reach, most)]
        shown.append(_read(latter, declared, reach or around_all(shown[0]), most))
        around = reach or around_all([*shown[0], *shown[1]])
        if around is None or not any(part.features for part in (*shown[0], *shown[1])):
            raise NothingToDrawError(declared, reach, former)
        drawn = CityMap(" · ".join(layer.title.vi for layer in declared), around, divided=True)
        for side, city in zip(_SIDES, (former, latter), strict=True):
            drawn.add_child(Context(context(_seen(city), around, without=declared), side=side))
        sights = _sights(former, latter)
    groups = [
        [painted(part, side=side) for side, part in zip(_SIDES, parts, strict=True)]
        for parts in zip(*map(in_drawing_order, shown), strict=True)
    ]
    groups += [[layer] for title, frame in (over or {}).items() for layer in frame_layers(title, frame, side="both")]
    for layer in (layer for group in groups for layer in group):
        drawn.add_child(layer)
    drawn.add_child(Panel(_said(sights, [*shown[0], *shown[1]]), groups, around, sights=list(map(pair, sights))))
    return drawn


def _seen(city: City) -> City:
    return seen_at(city.connection, city.horizon, city.scenario)


def _read(city: City, layers: Sequence[Layer], reach: Box | None, most: int) -> list[Shown]:
    return read(_seen(city), layers, box=reach, limit=most)


def _said(sights: Sequence[Words], shown: Sequence[Shown]) -> dict[str, object]:
    between = Words(" → ".join(each.vi for each in sights), " → ".join(each.en for each in sights))
    return {"title": pair(_TITLE), "horizon": pair(between), **sources(shown)}


def _sights(former: City, latter: City) -> list[Words]:
    """Return what each side is called: by that in which they differ."""
    cities = (former, latter)
    if former.scenario == latter.scenario:
        return [horizon_words(city) for city in cities]
    scenarios = [_scenario_words(city) for city in cities]
    if former.horizon == latter.horizon:
        return scenarios
    horizons = [horizon_words(city) for city in cities]
    return [
        Words(f"{name.vi}, {at.vi.lower()}", f"{name.en}, {at.en.lower()}")
        for name, at in zip(scenarios, horizons, strict=True)
    ]


def _scenario_words(city: City) -> Words:
    if city.scenario == BASELINE:
        return _BASELINE
    title = scenario_named(city.connection, city.scenario).title or city.scenario
    return Words(title, title)
