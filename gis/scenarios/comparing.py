"""Compare two scenarios: how many features of each layer differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow

from gis.differences import difference, is_empty
from gis.scenarios.reach import Sight, sight
from gis.schema import BASELINE
from gis.statements import statements
from layers import LAYERS
from layers.model import Horizon, Layer

_SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Features of one layer that differ."""

    layer: str
    added: int
    changed: int
    removed: int


def compare(
    connection: Connection[TupleRow], scenario: str, other: str = BASELINE, *, horizon: Horizon | None = None
) -> tuple[Comparison, ...]:
    """Return what a scenario adds, changes and removes against another, for each layer in which they differ.

    Parameters
    ----------
    horizon
        Only what is seen then is compared; without, all that is stored.

    Raises
    ------
    ScenarioNameError, UnknownScenarioError
        When there is no such scenario.
    """
    former, latter = sight(connection, other, horizon=horizon), sight(connection, scenario, horizon=horizon)
    return tuple(_compared(connection, former, latter))


def _compared(connection: Connection[TupleRow], former: Sight, latter: Sight) -> Iterator[Comparison]:
    for layer in LAYERS.values():
        if not is_empty(layer, former, latter):
            counts = _counts(connection, layer, former, latter)
            if any(counts):
                yield Comparison(layer.name, *counts)


def _counts(connection: Connection[TupleRow], layer: Layer, former: Sight, latter: Sight) -> tuple[int, int, int]:
    query = statements(_SQL)["counts"].sql(difference=difference(layer, former, latter))
    ((added, changed, removed),) = connection.execute(query).fetchall()
    return added, changed, removed
