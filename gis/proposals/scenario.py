"""What a scenario proposes: the features it adds or changes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import shapely
from psycopg import sql

from gis.db import City
from gis.differences import difference, is_empty
from gis.planning.surroundings import Lying, lying
from gis.proposals.errors import ProposalError
from gis.proposals.proposal import LAYERS_PROPOSED, Proposal, Proposed
from gis.scenarios.reach import sight
from gis.schema import BASELINE, stored_columns
from gis.statements import statements
from layers import LAYERS

_SQL = Path(__file__).with_suffix(".sql")
_MOST = 20_000
_DIGEST_DIGITS = 16
_NAMES = ("code", "name", "parcel_number")


def changed(city: City, scenario: str) -> Proposal:
    """Return what a scenario adds to the baseline or changes of it, at the horizon the city is seen at.

    Raises
    ------
    ProposalError
        When it changes nothing that can be proposed, or too much.
    UnknownScenarioError, ScenarioNameError
        When there is no such scenario.
    """
    former = sight(city.connection, BASELINE, horizon=city.horizon)
    latter = sight(city.connection, scenario, horizon=city.horizon)
    found: list[Proposed] = []
    digest = sha256()
    for layer in LAYERS_PROPOSED:
        if is_empty(LAYERS[layer], former, latter):
            continue
        columns = sql.SQL(", ").join(sql.Identifier("each", column.name) for column in stored_columns(LAYERS[layer]))
        query = statements(_SQL)["proposed"].sql(
            difference=difference(LAYERS[layer], former, latter), attributes=columns
        )
        for each in lying(layer, city.connection.execute(query, {"most": _MOST + 1}, binary=True).fetchall()):
            found.append(Proposed(layer, _label(each), each.geometry, each.values, each.uid))
            digest.update(repr((each.uid, sorted(each.values.items(), key=str))).encode())
            digest.update(shapely.to_wkb(each.geometry))
    if not found:
        raise ProposalError(
            f"Scenario {scenario} adds and changes no lot, parcel, building or facility at the horizon {city.horizon}."
        )
    if len(found) > _MOST:
        raise ProposalError(f"Scenario {scenario} changes more than {_MOST:,} objects.")
    return Proposal(f"scenario:{scenario}", digest.hexdigest()[:_DIGEST_DIGITS], tuple(found), scenario)


def _label(each: Lying) -> str:
    return next((str(each.values[name]) for name in _NAMES if each.values.get(name)), f"{each.layer} {each.uid}")
