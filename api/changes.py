"""Changes as they happen: server-sent events that name the tiles to be asked for again."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from api.deps import only
from api.errors import ParameterError
from api.tiles.room import TileRoom
from gis.changes.feed import Feed
from gis.changes.ledger import EVERY_LAYER, Change
from gis.features import public_layers
from gis.grids import DRAWN_TO
from gis.mercator import lonlat
from gis.tiles import layers_named
from gis.tiles.touched import tiles_touched

EVENTS = "text/event-stream"
_RETRY_MS = 2_000
_MOST_ZOOMS = 8
_USUAL_ZOOM = 14
_DIGITS = 2

router = APIRouter(tags=["changes"])


@router.get("/changes", dependencies=[Depends(only("layers", "z"))], response_class=StreamingResponse)
async def changes(
    request: Request,
    layers: Annotated[str | None, Query(description="layers or groups `a,b`; all where not given")] = None,
    z: Annotated[str | None, Query(description="zooms `12,13` for which tiles are named; 14 where not given")] = None,
) -> StreamingResponse:
    """Stream what changes from now on, as server-sent events `changed`.

    The data of an event is JSON: `layer`; `scenario`, null for the baseline; `bbox` in degrees; `tiles`, each `z/x/y`
    of the usual web grid. `bbox` and `tiles` are null where the change is everywhere, or too large to list. Open the
    stream before asking for tiles, so that no change falls between.
    """
    wanted = None if layers is None else frozenset(layer.name for layer in layers_named(layers))
    feed = cast(TileRoom, request.app.state.tile_room).feed
    feed.refuse_too_many()
    return StreamingResponse(
        _events(feed, wanted or frozenset(public_layers()), _zooms(z), resumed="last-event-id" in request.headers),
        media_type=EVENTS,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(feed: Feed, layers: frozenset[str], zooms: Sequence[int], *, resumed: bool) -> AsyncGenerator[str]:
    """Say what is heard; who comes back after an interruption hears first that anything may have changed."""
    with feed.followed() as follower:
        yield f"retry: {_RETRY_MS}\n\n"
        if resumed:
            yield _event(_ANYTHING)
        while True:
            try:
                news = await follower.hear()
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if feed.has_ended:
                return
            if news is None:
                yield _event(_ANYTHING)
                continue
            for change in news:
                if change.layer in layers or change.layer == EVERY_LAYER:
                    yield _event(_said(change, zooms))


_ANYTHING: dict[str, object] = {"layer": None, "scenario": None, "bbox": None, "tiles": None}


def _said(change: Change, zooms: Sequence[int]) -> dict[str, object]:
    place = change.place
    named = [] if place is None else [(z, tiles_touched(place, z)) for z in zooms]
    is_listed = place is not None and all(tiles is not None for _, tiles in named)
    return {
        "layer": None if change.layer == EVERY_LAYER else change.layer,
        "scenario": change.scenario,
        "bbox": None if place is None else [*lonlat(place.west, place.south), *lonlat(place.east, place.north)],
        "tiles": [f"{z}/{x}/{y}" for z, tiles in named for x, y in tiles or ()] if is_listed else None,
    }


def _event(said: dict[str, object]) -> str:
    return f"event: changed\nid: 0\ndata: {json.dumps(said)}\n\n"


def _zooms(given: str | None) -> tuple[int, ...]:
    if given is None:
        return (_USUAL_ZOOM,)
    zooms = tuple(int(each) for each in given.split(",") if each.isascii() and each.isdigit() and len(each) <= _DIGITS)
    if len(zooms) != given.count(",") + 1 or len(zooms) > _MOST_ZOOMS or max(zooms) > DRAWN_TO:
        raise ParameterError("z", given, f"at most {_MOST_ZOOMS} zooms from 0 to {DRAWN_TO}, for example 13,14")
    return zooms
