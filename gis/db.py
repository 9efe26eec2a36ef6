"""The city as a connection sees it: one scenario, one horizon."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING  # what frames, maps and answers need is loaded by who asks for them

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.lineage import held, lineage, search_path
from gis.schema import BASELINE
from gis.statements import statements
from layers.model import Horizon

if TYPE_CHECKING:
    import folium
    import geopandas

    from gis.features import BoxGiven
    from gis.findings import Finding
    from layers.model import Words

_SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class City:
    """A connection whose search path shows one scenario at one horizon.

    Statements say `FROM parcel` and mean the parcels of that scenario that stand at that horizon.
    """

    connection: Connection[TupleRow]
    horizon: Horizon = Horizon.EXISTING
    scenario: str = BASELINE

    def frame(
        self,
        layer: str,
        *,
        bbox: BoxGiven | None = None,
        where: str | None = None,
        limit: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> geopandas.GeoDataFrame:
        """Return the features of a layer as a frame in EPSG:5899; see `gis.frames.frame`."""
        from gis.frames import frame  # noqa: PLC0415 - see above

        return frame(self, layer, bbox=bbox, where=where, limit=limit, columns=columns)

    def draw(
        self,
        *layers: str,
        bbox: BoxGiven | None = None,
        limit: int | None = None,
        over: Mapping[Words | str, geopandas.GeoDataFrame] | None = None,
        service: str | None = None,
    ) -> folium.Map:
        """Return layers on a map; see `gis.maps.draw`."""
        from gis.maps import draw  # noqa: PLC0415 - see above

        return draw(self, layers, box=bbox, limit=limit, over=over, service=service)

    def compare(
        self,
        other: City,
        *layers: str,
        bbox: BoxGiven | None = None,
        limit: int | None = None,
        over: Mapping[Words | str, geopandas.GeoDataFrame] | None = None,
    ) -> folium.Map:
        """Return a map on which a divider is drawn between this city and another; see `gis.maps.compare`."""
        from gis.maps import compare  # noqa: PLC0415 - see above

        return compare(self, other, layers, box=bbox, limit=limit, over=over)

    def ask(self, question: str, /, **arguments: object) -> Finding:
        """Ask a question by its name; see `gis.asking.ask`."""
        from gis.asking import ask  # noqa: PLC0415 - see above

        return ask(self, question, **arguments)

    def close(self) -> None:
        """Close the connection; the city cannot be looked at any longer."""
        self.connection.close()


@contextmanager
def open_city(url: str, *, horizon: Horizon = Horizon.EXISTING, scenario: str = BASELINE) -> Generator[City]:
    """Open a connection that sees the city at this horizon, in this scenario; closed on leaving.

    The scenario cannot be dropped by others meanwhile.
    """
    with psycopg.connect(url, autocommit=True, options="-c jit=off") as connection, held(connection, scenario):
        yield seen_at(connection, horizon, scenario)


@contextmanager
def sight_kept(city: City) -> Generator[None]:
    """Look at the city at other horizons while the block runs; afterwards it is seen as before, whatever happened."""
    try:
        yield
    finally:
        seen_at(city.connection, city.horizon, city.scenario)


def seen_at(connection: Connection[TupleRow], horizon: Horizon, scenario: str = BASELINE) -> City:
    """Set the search path of a connection so that it sees the city at this horizon, in this scenario.

    The whole path is set each time: nothing stays of what the connection saw before. Who reads a scenario that others
    may drop wraps this in `gis.lineage.held`.

    Raises
    ------
    UnknownScenarioError, ScenarioNameError
        When there is no such scenario.
    """
    path = search_path(horizon, lineage(connection, scenario))
    written = sql.SQL(", ").join(map(sql.Identifier, path)).as_string(connection)
    connection.execute(statements(_SQL)["see"].sql(), {"path": written, "scenario": scenario})
    return City(connection, horizon, scenario)
