"""Scenarios are opened, merged and dropped over HTTP."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api.deps import FromPool, only, read_scenario
from api.ogc.links import root
from api.permission import permitted, seated
from api.refusals import BodyError, MergeRefusedError, TooManyScenariosError
from api.scenarios.bodies import JSON_TYPES, Sent, kind, read_object, read_text
from api.scenarios.entries import entry
from api.scenarios.named import there, written
from gis.scenarios.errors import MergeConflictError
from gis.scenarios.merging import Conflicts, merge_scenario
from gis.scenarios.register import drop_scenario, open_scenario, scenario_named, scenarios
from layers.model import LONGEST_KEY, LONGEST_TEXT

MOST_SCENARIOS = 1_000
"""Scenarios that may be open when another one is opened over HTTP."""
MOST_CONFLICTS = 1_000
"""Conflicts that a refused merge names one by one."""
NOT_STORED = {"Cache-Control": "no-store"}
_NEW = ("name", "title", "parent", "note")

router = APIRouter(prefix="/scenarios", dependencies=[Depends(permitted), Depends(seated), Depends(only())])


@router.post("", summary="Open a scenario")
def open_one(request: Request, body: Sent, database: FromPool) -> Response:
    """Open a scenario from the baseline or from another: it shows what that shows until it changes something."""
    kind(request, JSON_TYPES)
    said = read_object(body, _NEW)
    name = read_text(said, "name", longest=LONGEST_KEY)
    if name is None:
        raise BodyError('"name" is missing; it is the name of the new scenario.')
    title, note = read_text(said, "title", longest=LONGEST_KEY), read_text(said, "note", longest=LONGEST_TEXT)
    parent = read_scenario(read_text(said, "parent", longest=LONGEST_KEY))
    with database.writing(parent) as city:
        if len(scenarios(city.connection)) >= MOST_SCENARIOS:
            raise TooManyScenariosError(MOST_SCENARIOS)
        opened = open_scenario(city.connection, name, title=title, parent=parent, note=note)
    headers = {**NOT_STORED, "Location": f"{root(request)}/scenarios/{opened.name}"}
    return JSONResponse(entry(root(request), opened), status_code=201, headers=headers)


@router.delete("/{name}", summary="Drop a scenario")
def drop_one(name: str, database: FromPool) -> Response:
    """Drop a scenario with all it changes."""
    with there(), database.writing() as city:
        drop_scenario(city.connection, scenario_named(city.connection, name).name)
    return Response(status_code=204, headers=NOT_STORED)


@router.post("/{name}/merge", summary="Merge a scenario into what it was opened from")
def merge_one(name: str, request: Request, body: Sent, database: FromPool) -> Response:
    """Bring what a scenario changes to its parent, all of it or nothing, and say what was done."""
    kind(request, JSON_TYPES)
    conflicts = _conflicts(read_object(body, ("conflicts",)).get("conflicts", Conflicts.REFUSE))
    with written(database, name) as city:
        parent = scenario_named(city.connection, name).parent
        try:
            done = merge_scenario(city.connection, name, conflicts=conflicts)
        except MergeConflictError as refused:
            named = [asdict(one) for one in refused.conflicts[:MOST_CONFLICTS]]
            raise MergeRefusedError(str(refused), conflicts=named, conflict_count=len(refused.conflicts)) from None
    document = {"scenario": name, "parent": parent, "layers": [asdict(one) for one in done]}
    return JSONResponse(document, headers=NOT_STORED)


def _conflicts(said: object) -> Conflicts:
    if not isinstance(said, str) or said not in list(Conflicts):
        raise BodyError(f'"conflicts" is {str(said)[:40]!a}; it is one of {", ".join(Conflicts)}.')
    return Conflicts(said)
