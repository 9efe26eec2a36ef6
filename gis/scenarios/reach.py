"""How far a scenario reaches: the layers it changes, where they are read, the box of its changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.changes.ledger import Place
from gis.lineage import lineage
from gis.scenarios.layout import change_table, stored_layer
from gis.schema import BASELINE, CITY_SCHEMA, horizon_schema, scenario_horizon_schema
from gis.statements import statements
from layers import LAYERS
from layers.model import Horizon, Layer

_SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class Sight:
    """The city seen in a scenario, at a horizon or, without one, all that is stored.

    `line` names the scenarios that make it, the oldest first; `changing` names for a layer those of them that change
    it. A layer that is not among them is the baseline's. What is said here may be kept until the log of changes names
    one of `line`.
    """

    line: tuple[str, ...]
    changing: Mapping[str, tuple[str, ...]]
    horizon: Horizon | None = None

    @property
    def scenario(self) -> str:
        """The scenario that is seen."""
        return self.line[-1] if self.line else BASELINE

    @property
    def layers(self) -> frozenset[str]:
        """Names of the layers that are not the baseline's."""
        return frozenset(self.changing)

    @property
    def scenarios(self) -> frozenset[str | None]:
        """Names under which the log of changes tells what may alter this; None is the baseline."""
        return frozenset([None, *self.line])

    def at(self, horizon: Horizon | None) -> Sight:
        """Return the same scenario at another horizon."""
        return Sight(self.line, self.changing, horizon)

    def table(self, layer: Layer) -> sql.Identifier:
        """Return where a layer is read; whatever the search path."""
        over = self.changing.get(layer.name, ())
        if self.horizon is None or not (layer.staged or layer.planned):
            return stored_layer(layer, over)
        schema = scenario_horizon_schema(over[-1], self.horizon) if over else horizon_schema(self.horizon)
        return sql.Identifier(schema, layer.name)


def sight(connection: Connection[TupleRow], scenario: str = BASELINE, *, horizon: Horizon | None = None) -> Sight:
    """Return where the layers of the city are read in a scenario.

    Raises
    ------
    ScenarioNameError, UnknownScenarioError
        When there is no such scenario.
    """
    line = lineage(connection, scenario)
    if not line:
        return Sight((), {}, horizon)
    over: dict[str, tuple[str, ...]] = {}
    for layer, name in connection.execute(statements(_SQL)["changing"].sql(), {"names": list(line)}):
        if layer in LAYERS:
            over[layer] = (*over.get(layer, ()), name)
    return Sight(line, over, horizon)


def changed_layers(connection: Connection[TupleRow], scenario: str) -> frozenset[str]:
    """Return the names of the layers that a scenario, or one it was opened from, has changes of its own for.

    A layer that was laid out to be edited counts, edited or not. In all others the scenario is the baseline.
    """
    return sight(connection, scenario).layers


def changed_by(connection: Connection[TupleRow], scenarios: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for scenarios the names of the layers that each has changes of its own for, in drawing order."""
    found: dict[str, set[str]] = {}
    for layer, name in connection.execute(statements(_SQL)["changing"].sql(), {"names": list(scenarios)}):
        found.setdefault(name, set()).add(layer)
    return {name: tuple(layer for layer in LAYERS if layer in layers) for name, layers in found.items()}


def changed_place(connection: Connection[TupleRow], layer: Layer, seen: Sight) -> Place | None:
    """Return a box in EPSG:3857 outside which a scenario shows a layer as the baseline does; None for no change.

    It holds the changes as they lie now and the baseline's features whose place they take.
    """
    over = seen.changing.get(layer.name)
    if not over:
        return None
    changes = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT uid, web_geom FROM {}").format(change_table(layer, name)) for name in over
    )
    asked = statements(_SQL)["place"].sql(changes=changes, layer=sql.Identifier(CITY_SCHEMA, layer.name))
    row = connection.execute(asked).fetchone()
    return None if row is None or row[0] is None else Place(*row)


def changed_around(connection: Connection[TupleRow], seen: Sight) -> Place | None:
    """Return a box in EPSG:3857 around all that a scenario changes against the baseline; None for no change."""
    places = [changed_place(connection, LAYERS[name], seen) for name in seen.layers]
    sides = [place.sides for place in places if place is not None]
    if not sides:
        return None
    west, south, east, north = zip(*sides, strict=True)
    return Place(min(west), min(south), max(east), max(north))
