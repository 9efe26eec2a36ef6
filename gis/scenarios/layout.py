"""The tables and views of a scenario: made for a layer when it is first changed, laid over what the parent shows.

For each layer it changes a scenario has, in its schema, the table of changes `<layer>_change`, the changes that were
superseded `<layer>_superseded`, and a view of the layer's name; where the layer changes with time, one more view in a
schema for each horizon. A layer it does not change is found further along the search path.

The view is one flat union of the baseline and the changes of the whole line, and what is laid over is taken out above
the union. Written so, the planner reads each part through its own index, whatever the condition: a box, a uid, a join,
an order. A condition inside a part, or a view upon the parent's view, would close all of these to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.lineage import lineage
from gis.scenarios.errors import BusyScenarioError
from gis.scenarios.register import WAIT_S, wait_at_most
from gis.scenarios.triggers import edit_trigger, scenario_triggers
from gis.schema import CITY_SCHEMA, scenario_horizon_schema, scenario_schema, seen_columns
from gis.statements import statements
from gis.views import view_at
from layers.model import Horizon, Layer

_SQL = Path(__file__).with_suffix(".sql")


def change_table(layer: Layer, scenario: str) -> sql.Identifier:
    """Return the table of the changes a scenario makes in a layer."""
    return sql.Identifier(scenario_schema(scenario), f"{layer.name}_change")


def superseded_table(layer: Layer, scenario: str) -> sql.Identifier:
    """Return the table of the changes that newer ones, or none, took the place of."""
    return sql.Identifier(scenario_schema(scenario), f"{layer.name}_superseded")


def stored_layer(layer: Layer, changing: Sequence[str]) -> sql.Identifier:
    """Return the layer as stored, all horizons together, by the scenarios of a line that change it."""
    return sql.Identifier(scenario_schema(changing[-1]) if changing else CITY_SCHEMA, layer.name)


def changing_scenarios(connection: Connection[TupleRow], layer: Layer, line: Sequence[str]) -> tuple[str, ...]:
    """Return those scenarios of a lineage that change a layer, in its order."""
    asked = {"names": list(line), "table": f"{layer.name}_change"}
    return tuple(name for (name,) in connection.execute(statements(_SQL)["changing"].sql(), asked))


def lay_out(connection: Connection[TupleRow], layer: Layer, line: Sequence[str]) -> tuple[str, ...]:
    """Give the last scenario of a lineage its table and views of a layer, where it has none yet.

    To be used inside a transaction. Nobody who reads the baseline is kept waiting. The scenarios opened from this one
    that change the layer too are laid over the new table.

    Returns
    -------
    tuple
        The scenarios of the lineage that change the layer, this one last.

    Raises
    ------
    BusyScenarioError
        When others hold what has to be changed for longer than is waited.
    """
    scenario = line[-1]
    changing = changing_scenarios(connection, layer, line)
    if scenario in changing:
        return changing
    try:
        wait_at_most(connection, WAIT_S)
        connection.execute(statements(_SQL)["turn"].sql(), {"root": line[0]})
        if scenario not in (changing := changing_scenarios(connection, layer, line)):
            changing = (*changing, scenario)
            _make(connection, layer, changing)
            _lay_descendants(connection, layer, scenario)
    except psycopg.errors.LockNotAvailable:
        raise BusyScenarioError(scenario, WAIT_S) from None
    return changing


def _make(connection: Connection[TupleRow], layer: Layer, changing: Sequence[str]) -> None:
    scenario = changing[-1]
    places = {"change": change_table(layer, scenario), "superseded": superseded_table(layer, scenario)}
    comment = sql.Literal(f"changes of the scenario {scenario} in the layer {layer.name}")
    for schema in (scenario_schema(scenario), *(scenario_horizon_schema(scenario, at) for at in _horizons(layer))):
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    for statement in _TABLES:
        connection.execute(
            statement.format(
                **places,
                stored=sql.Identifier(CITY_SCHEMA, layer.name),
                kept=sql.SQL(", ").join(sql.Identifier(name) for name in seen_columns(layer) if name != "web_geom"),
                comment=comment,
                index=sql.Identifier(f"{layer.name}_superseded_uid"),
            )
        )
    lay_over(connection, layer, changing)
    for horizon in _horizons(layer):
        view = sql.Identifier(scenario_horizon_schema(scenario, horizon), layer.name)
        connection.execute(view_at(layer, horizon, view=view, stored=stored_layer(layer, changing)))
        connection.execute(edit_trigger(layer, scenario, view=view))


def _horizons(layer: Layer) -> tuple[Horizon, ...]:
    return tuple(Horizon) if layer.staged or layer.planned else ()


def _lay_descendants(connection: Connection[TupleRow], layer: Layer, scenario: str) -> None:
    for (name,) in connection.execute(statements(_SQL)["descendants"].sql(), {"name": scenario}).fetchall():
        changing = changing_scenarios(connection, layer, lineage(connection, name))
        if name in changing:
            lay_over(connection, layer, changing)


def lay_over(connection: Connection[TupleRow], layer: Layer, changing: Sequence[str]) -> None:
    """Make the view of a layer, and the triggers of its changes, for the last of the scenarios that change it."""
    columns = sql.SQL(", ").join(map(sql.Identifier, seen_columns(layer)))
    changes = [change_table(layer, scenario) for scenario in changing]
    connection.execute(
        _VIEW.format(
            view=stored_layer(layer, changing),
            columns=columns,
            baseline=sql.Identifier(CITY_SCHEMA, layer.name),
            laid_over=sql.SQL("").join(
                _LAID_OVER.format(generation=sql.Literal(generation), columns=columns, change=change)
                for generation, change in enumerate(changes, 1)
            ),
            taken_out=sql.SQL("").join(
                _TAKEN_OUT.format(generation=sql.Literal(generation), change=change)
                for generation, change in enumerate(changes, 1)
            ),
        )
    )
    under = stored_layer(layer, changing[:-1])
    for statement in scenario_triggers(
        layer, changing[-1], change=changes[-1], superseded=superseded_table(layer, changing[-1]), under=under
    ):
        connection.execute(statement.as_string(connection).encode())
    connection.execute(edit_trigger(layer, changing[-1], view=stored_layer(layer, changing)))


_TABLES = (
    sql.SQL("""
CREATE TABLE {change} (
    LIKE {stored} INCLUDING ALL,
    removed boolean NOT NULL DEFAULT FALSE,
    based_on timestamp with time zone
)
"""),
    # Drawn, never searched: as in the layer itself.
    sql.SQL("ALTER TABLE {change} ALTER COLUMN web_geom SET STATISTICS 0"),
    sql.SQL("COMMENT ON TABLE {change} IS {comment}"),
    sql.SQL("COMMENT ON COLUMN {change}.removed IS 'whether the scenario removes the feature; it is kept as it was'"),
    sql.SQL(
        "COMMENT ON COLUMN {change}.based_on IS 'recorded_at of the state it was made upon; empty for a new feature'"
    ),
    sql.SQL("""
CREATE TABLE {superseded} AS
SELECT
    {kept},
    removed,
    based_on,
    now() AS superseded_at
FROM {change}
WITH NO DATA
"""),
    sql.SQL("CREATE INDEX {index} ON {superseded} (uid, superseded_at)"),
)

_VIEW = sql.SQL("""
CREATE OR REPLACE VIEW {view} AS
SELECT
    {columns}
FROM (
    SELECT
        0 AS generation,
        FALSE AS removed,
        {columns}
    FROM {baseline}
    {laid_over}
) AS layer
WHERE NOT removed
    {taken_out}
""")

_LAID_OVER = sql.SQL("""
    UNION ALL
    SELECT
        {generation},
        removed,
        {columns}
    FROM {change}
""")

_TAKEN_OUT = sql.SQL("""
    AND NOT EXISTS (
        SELECT
        FROM {change} AS change
        WHERE change.uid = layer.uid AND layer.generation < {generation}
    )
""")
