"""Features over HTTP, page by page and one by one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from api.deps import FromPool
from api.documents import FRESH
from api.features import bulk
from api.features.asked import asked, in_system, one, shown_as_page
from api.features.parameters import OF_FEATURES, OF_ONE_FEATURE
from api.features.uid import Uid
from api.negotiation import FEATURE_MEDIA, FEATURES_MEDIA, HTML, JSON, Media, is_known, representation
from api.ogc.links import Link, in_header, link
from api.pages import layers as pages
from api.query import with_changed
from gis.features import public_layer
from gis.features.page import Page, feature, page

router = APIRouter(prefix="/collections", tags=["features"])


@router.get("/{layer}/items", openapi_extra={"parameters": [each.described() for each in OF_FEATURES]})
def items(layer: str, request: Request, database: FromPool) -> Response:
    """Read features, in the order of their uid or in the one that is asked for; each column is a parameter besides."""
    declared = public_layer(layer)
    wanted = asked(request, declared)
    media = representation(request, FEATURES_MEDIA)
    if bulk.is_bulk(media, wanted):
        return bulk.answer(request, database, wanted, media, links=partial(_links, request, media))
    if media is HTML:
        wanted = shown_as_page(wanted)
    with database.city(wanted.horizon, wanted.scenario) as city:
        found = page(city, wanted.question, limit=wanted.rows, bookmark=wanted.bookmark, count=wanted.count)
    text, linked = _collection(request, media, found), in_header(_links(request, media, found.following))
    if media is HTML:
        shown = pages.items(request, declared, wanted.horizon, json.loads(text))
        shown.headers.update(linked)
        return shown
    snapshot = {"Snapshot": _snapshot(found).replace(" ", "-")}
    headers = {**FRESH, **in_system(wanted.question), **snapshot, **linked}
    return Response(text, media_type=media.type, headers=headers)


@router.get("/{layer}/items/{uid}", openapi_extra={"parameters": [each.described() for each in OF_ONE_FEATURE]})
def item(
    layer: str,
    uid: Uid,
    request: Request,
    database: FromPool,
) -> Response:
    """Read one feature."""
    declared = public_layer(layer)
    wanted = one(request, declared, (each.name for each in OF_ONE_FEATURE))
    media = representation(request, FEATURE_MEDIA)
    if media is HTML:
        wanted = shown_as_page(wanted)
    with database.city(wanted.horizon, wanted.scenario) as city:
        text = feature(city, wanted.question, uid)
    if media is HTML:
        return pages.item(request, declared, wanted.horizon, json.loads(text))
    links = [
        *_own(request, media, FEATURE_MEDIA),
        link("collection", f"{_root(request)}/collections/{layer}", JSON),
    ]
    body = f'{text[:-1]},"links":{json.dumps(links)}}}'
    etag = f'W/"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    headers = {**FRESH, **in_system(wanted.question), "ETag": etag}
    if is_known(request.headers.get("if-none-match", "").encode("latin-1"), etag.encode()):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=media.type, headers=headers)


def _collection(request: Request, media: Media, found: Page) -> str:
    head: dict[str, object] = {
        "numberReturned": len(found.features),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "snapshot": _snapshot(found),
        "links": _links(request, media, found.following),
    }
    if found.matched.exact is not None:
        head["numberMatched"] = found.matched.exact
    if found.matched.estimate is not None:
        head["numberMatchedEstimate"] = found.matched.estimate
    return f'{{"type":"FeatureCollection",{json.dumps(head)[1:-1]},"features":[{",".join(found.features)}]}}'


def _snapshot(found: Page) -> str:
    return "one" if found.one_snapshot else "may differ"


def _links(request: Request, media: Media, following: str | None) -> list[Link]:
    links = _own(request, media, FEATURES_MEDIA)
    if following is not None:
        links.append(link("next", _again(request, bookmark=following), media))
    here = request.url.path.removesuffix("/items")
    links.append(link("collection", f"{_root(request)}{here}", JSON))
    return links


def _own(request: Request, media: Media, offered: Sequence[Media]) -> list[Link]:
    others = (link("alternate", _again(request, f=other.name), other) for other in offered if other != media)
    return [link("self", f"{_root(request)}{request.url.path}{_query(request)}", media), *others]


def _again(request: Request, **changed: str) -> str:
    """Return the address that was asked, with some parameters changed."""
    return f"{_root(request)}{request.url.path}?{with_changed(request.scope['query_string'], changed)}"


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


def _root(request: Request) -> str:
    return str(request.base_url).rstrip("/")
