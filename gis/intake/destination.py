"""Where the rows of a load go: into the layer itself, or beside it as changes of a scenario."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from gis.db import City
from gis.scenarios.edits import made_ready
from gis.scenarios.layout import change_table, stored_layer
from gis.schema import BASELINE, CITY_SCHEMA
from layers.model import Layer


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the rows of a load go.

    Parameters
    ----------
    stored : the layer as it is stored, all horizons together; rows are read and written there.
    table : the table that takes what is written.
    is_scenario : whether what is written are changes laid over what others hold.
    """

    layer: Layer
    stored: sql.Identifier
    table: sql.Identifier
    is_scenario: bool


def destination(city: City, layer: Layer) -> Destination:
    """Return where rows of a layer go in a city as it is seen; a scenario is made ready for them.

    To be used inside a transaction, until whose end the scenario is kept.

    Raises
    ------
    UnknownScenarioError, BusyScenarioError
        When the scenario is no longer there, or others hold it for longer than is waited.
    """
    if city.scenario == BASELINE:
        itself = sql.Identifier(CITY_SCHEMA, layer.name)
        return Destination(layer, itself, itself, is_scenario=False)
    changing = made_ready(city, layer)
    return Destination(layer, stored_layer(layer, changing), change_table(layer, city.scenario), is_scenario=True)
