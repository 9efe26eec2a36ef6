"""Features of a scenario are added, changed, removed and restored over HTTP, as GeoJSON.

References
----------
OGC 20-002r1 (draft), OGC API - Features - Part 4: Create, Replace, Update and Delete: methods, statuses, headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api.deps import FromPool, only
from api.features.uid import Uid
from api.negotiation import GEOJSON
from api.ogc.links import Link, link, root
from api.permission import permitted, seated
from api.refusals import PreconditionError
from api.scenarios.bodies import GEOJSON_TYPES, PATCH_TYPES, Sent, kind, system_of
from api.scenarios.named import Here, Place, written
from api.scenarios.opening import NOT_STORED
from gis.scenarios import remove, restore
from gis.scenarios.geojson import read_feature, read_features
from gis.scenarios.sending import add_sent, change_by, replace_by
from layers.model import Horizon

router = APIRouter(
    prefix="/scenarios/{name}/collections/{layer}/items",
    dependencies=[Depends(permitted), Depends(seated), Depends(only())],
)


def unconditional(request: Request) -> None:
    """Refuse an edit that is to be made only while the feature is as it was; any there is will do."""
    if request.headers.get("if-match", "*").strip() != "*":
        raise PreconditionError


EDITED = [Depends(unconditional)]


@router.post("", summary="Add features to a scenario")
def add_features(at: Here, request: Request, body: Sent, database: FromPool) -> Response:
    """Store a Feature, or each of a FeatureCollection, as new: all of them, or none."""
    kind(request, GEOJSON_TYPES)
    sent = read_features(body, system_of(request))
    with written(database, at.scenario) as city:
        uids = add_sent(city, at.layer, sent)
    links = [_item(request, at, uid, each.properties) for uid, each in zip(uids, sent, strict=True)]
    headers = {"Location": str(links[0]["href"])} if len(links) == 1 else {}
    document = {"scenario": at.scenario, "layer": at.layer.name, "uids": list(uids), "links": links}
    return JSONResponse(document, status_code=201, headers={**NOT_STORED, **headers})


@router.put("/{uid}", summary="Put a feature in the place of another", dependencies=EDITED)
def replace_feature(at: Here, uid: Uid, request: Request, body: Sent, database: FromPool) -> Response:
    """Give a feature the attributes and the geometry of the one that is sent; what that does not name is empty."""
    kind(request, GEOJSON_TYPES)
    sent = read_feature(body, system_of(request))
    with written(database, at.scenario) as city:
        replace_by(city, at.layer, uid, sent)
    return _done()


@router.patch("/{uid}", summary="Change a feature in part", dependencies=EDITED)
def change_feature(at: Here, uid: Uid, request: Request, body: Sent, database: FromPool) -> Response:
    """Give a feature what the one that is sent names, attributes or geometry; the rest stays."""
    kind(request, PATCH_TYPES)
    sent = read_feature(body, system_of(request))
    with written(database, at.scenario) as city:
        change_by(city, at.layer, uid, sent)
    return _done()


@router.delete("/{uid}", summary="Remove a feature from a scenario", dependencies=EDITED)
def remove_feature(at: Here, uid: Uid, database: FromPool) -> Response:
    """Take a feature out of the scenario, at every horizon."""
    with written(database, at.scenario) as city:
        remove(city, at.layer, uid)
    return _done()


@router.post("/{uid}/restore", summary="Undo what a scenario does to a feature", dependencies=EDITED)
def restore_feature(at: Here, uid: Uid, database: FromPool) -> Response:
    """Let a feature be again as the parent of the scenario shows it."""
    with written(database, at.scenario) as city:
        restore(city, at.layer, uid)
    return _done()


def _done() -> Response:
    return Response(status_code=204, headers=NOT_STORED)


def _item(request: Request, at: Place, uid: int, properties: Mapping[str, object]) -> Link:
    """Return the link to a feature where it can be read: in the scenario, at the horizon at which it comes."""
    layer, seen = at.layer, {"scenario": at.scenario}
    comes = properties.get("horizon") if layer.planned else properties.get("stage") if layer.staged else None
    if isinstance(comes, str) and comes != Horizon.EXISTING:
        seen["horizon"] = comes
    return link("item", f"{root(request)}/collections/{layer.name}/items/{uid}?{urlencode(seen)}", GEOJSON)
