"""Three parcels and two roads by hand, and a scenario opened from them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from psycopg import sql

from gis.db import City, seen_at
from gis.lineage import lineage
from gis.scenarios.layout import lay_out
from gis.scenarios.register import open_scenario
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import put, square

PARCEL = {"land_use_code": "ODT", "stage": "existing"}


@dataclass(frozen=True, slots=True)
class Town:
    """A connection to three parcels side by side, a hundred metres each, and the uids from west to east."""

    city: City
    parcels: tuple[int, int, int]

    def see(self, scenario: str = "baseline", horizon: Horizon = Horizon.EXISTING) -> City:
        """See the town in a scenario."""
        return seen_at(self.city.connection, horizon, scenario)

    def shown(self, scenario: str = "baseline", horizon: Horizon = Horizon.EXISTING) -> dict[int, str]:
        """Return the map sheet of each parcel that is seen."""
        self.see(scenario, horizon)
        return dict(self.city.connection.execute("SELECT uid, map_sheet FROM parcel").fetchall())

    def edit(self, statement: str, scenario: str = "green", *values: object) -> None:
        """Run plain SQL in the city that sees a scenario."""
        self.see(scenario)
        self.city.connection.execute(statement.encode(), values)
        self.see()

    def opened(self, scenario: str, *layers: str, parent: str = "baseline") -> None:
        """Open a scenario and make layers ready to be edited."""
        open_scenario(self.city.connection, scenario, parent=parent)
        with self.city.connection.transaction():
            for layer in layers:
                lay_out(self.city.connection, LAYERS[layer], lineage(self.city.connection, scenario))

    def logged(self) -> list[tuple[str, str | None, int | None]]:
        """Return layer, scenario and west side, in metres, of what the log learned since the last time."""
        return self.city.connection.execute(
            "WITH gone AS (DELETE FROM register.change RETURNING number, layer, scenario, west)"
            " SELECT layer, scenario, round(west)::bigint FROM gone ORDER BY number"
        ).fetchall()


@pytest.fixture
def town(city: City) -> Town:
    """Three parcels, and a scenario `green` in which parcels can be edited."""
    uids = [
        put(city.connection, "parcel", square(550_000 + 100 * number, 1_778_000, 100), map_sheet=str(number), **PARCEL)
        for number in (1, 2, 3)
    ]
    town = Town(city, (uids[0], uids[1], uids[2]))
    town.opened("green", "parcel")
    town.logged()
    return town


def rows(city: City, relation: sql.Composable) -> list[tuple[object, ...]]:
    """Return every feature of a relation but for when it was recorded, in the order of uid."""
    columns = [column.name for column in LAYERS["parcel"].columns]
    listed = sql.SQL(", ").join(map(sql.Identifier, ["uid", *columns, "source", "geom", "web_geom"]))
    query = sql.SQL("SELECT {} FROM {} AS shown ORDER BY uid").format(listed, relation)
    return city.connection.execute(query).fetchall()
