"""The scenarios that are open; they are opened, edited and merged by the shell."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Depends, Request, Response

from api.deps import FromPool, only
from api.errors import NoScenarioError
from gis.lineage import ScenarioNameError, UnknownScenarioError, held
from gis.scenarios.comparing import compare
from gis.scenarios.errors import ReservedNameError
from gis.scenarios.register import Scenario, scenario_named, scenarios


def fresh(response: Response) -> None:
    """Let nobody keep the answer without asking again."""
    response.headers["Cache-Control"] = "no-cache"


router = APIRouter(tags=["scenarios"], dependencies=[Depends(fresh), Depends(only())])


@router.get("/scenarios", summary="The open scenarios")
def list_scenarios(request: Request, database: FromPool) -> dict[str, object]:
    """List the open scenarios, in the order in which they were opened."""
    with database.pool.connection() as connection:
        found = scenarios(connection)
    return {
        "scenarios": [_entry(request, one) for one in found],
        "links": [{"rel": "self", "href": str(request.url_for("list_scenarios")), "type": "application/json"}],
    }


@router.get("/scenarios/{name}", summary="One scenario and what it changes")
def one_scenario(request: Request, name: str, database: FromPool) -> dict[str, object]:
    """Say what a scenario is, and how many features of each layer it adds, changes and removes against its parent."""
    try:
        with database.pool.connection() as connection, held(connection, name):
            found = scenario_named(connection, name)
            layers = compare(connection, name, found.parent)
    except (ScenarioNameError, ReservedNameError, UnknownScenarioError) as unknown:
        raise NoScenarioError(str(unknown)) from None
    return {**_entry(request, found), "layers": [asdict(one) for one in layers]}


def _entry(request: Request, one: Scenario) -> dict[str, object]:
    link = {
        "rel": "self",
        "href": str(request.url_for("one_scenario", name=one.name)),
        "type": "application/json",
        "title": one.title or one.name,
    }
    return {**asdict(one), "links": [link]}
