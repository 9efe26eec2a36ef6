"""The scenarios that are open, and what each of them changes."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Depends, Request, Response

from api.deps import FromPool, only, read_scenario
from api.ogc.links import own, root
from api.pages import scenarios as pages
from api.pages import wants_page
from api.query import single
from api.scenarios.entries import entry
from api.scenarios.named import there
from gis.lineage import held
from gis.scenarios.comparing import compare
from gis.scenarios.reach import changed_around, changed_by, sight
from gis.scenarios.register import scenario_named, scenarios

_OF_ONE = ("against", "f", "lang")
_MOST_OFFERED = 50
"""Other scenarios that a page offers to compare with, the newest."""

router = APIRouter(prefix="/scenarios")


@router.get("", summary="The open scenarios", dependencies=[Depends(only("f", "lang"))])
def list_scenarios(request: Request, database: FromPool) -> Response:
    """List the open scenarios, in the order in which they were opened, and the layers that each changes."""
    with database.pool.connection() as connection:
        found = scenarios(connection)
        changed = changed_by(connection, [one.name for one in found])
    at = root(request)
    entries = [{**entry(at, one), "changed_layers": list(changed.get(one.name, ()))} for one in found]
    return pages.scenarios(request, {"scenarios": entries, "links": own(request)}, found, changed)


@router.get("/{name}", summary="One scenario and what it changes")
def one_scenario(request: Request, name: str, database: FromPool) -> Response:
    """Say what a scenario is, and how many features of each layer it adds, changes and removes.

    It is held against its parent, or against another scenario where one is named.
    """
    given = single(request.scope["query_string"], _OF_ONE)
    other = read_scenario(given["against"]) if "against" in given else None
    with database.pool.connection() as connection:
        with there():
            found = scenario_named(connection, name)
        against = found.parent if other is None else other
        with held(connection, name, against):
            with there():
                scenario_named(connection, name)
            layers = compare(connection, name, against)
            around = changed_around(connection, sight(connection, name)) if wants_page(request) else None
        others = [one.name for one in scenarios(connection) if one.name != name][-_MOST_OFFERED:]
    at = root(request)
    document = entry(at, found, links=own(request, title=found.title or name))
    counts = {"against": against, "layers": [asdict(one) for one in layers]}
    return pages.scenario(
        request, {**document, **counts}, found, against=against, layers=layers, others=others, around=around
    )
