"""What follows from the tables: horizon views, history triggers, comments; made from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from psycopg import Connection, sql

from gis import fingerprint
from gis.changes.triggers import logging_function, logging_triggers
from gis.overviews.marks import marking
from gis.schema import CITY_SCHEMA, HISTORY_SCHEMA, horizon_schema, seen_columns, stands_at
from gis.tables import metadata
from layers.model import Horizon, Layer


def refresh(connection: Connection, layers: Iterable[Layer]) -> bool:
    """Make views and triggers anew where they differ from the declarations.

    Returns whether anything was made. Runs in the caller's transaction.
    """
    declared = tuple(layers)
    if fingerprint.is_current(connection, declared):
        return False
    for statement in _statements(declared):
        connection.execute(statement.as_string(connection).encode())
    fingerprint.mark(connection, declared)
    return True


def _statements(layers: tuple[Layer, ...]) -> list[sql.Composable]:
    statements: list[sql.Composable] = [_SEARCHED]
    for horizon in Horizon:
        schema = sql.Identifier(horizon_schema(horizon))
        statements.append(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        statements.append(sql.SQL("CREATE SCHEMA {}").format(schema))
        statements.extend(_view(layer, horizon) for layer in layers if layer.staged or layer.planned)
    statements.extend(_comments(layers))
    statements += [_RECORDED, _REFUSED, logging_function()]
    for layer in layers:
        statements.extend(_history(layer))
        statements.extend(logging_triggers(sql.Identifier(CITY_SCHEMA, layer.name), layer=layer.name))
    statements.extend(marking(layers))
    return statements


def _view(layer: Layer, horizon: Horizon) -> sql.Composable:
    return view_at(
        layer,
        horizon,
        view=sql.Identifier(horizon_schema(horizon), layer.name),
        stored=sql.Identifier(CITY_SCHEMA, layer.name),
    )


def view_at(layer: Layer, horizon: Horizon, *, view: sql.Identifier, stored: sql.Identifier) -> sql.Composed:
    """Return what makes a view of what is stored of a layer that shows it at a horizon."""
    return sql.SQL("CREATE VIEW {view} AS\nSELECT\n    {columns}\nFROM {stored}\nWHERE {shown}").format(
        view=view,
        columns=sql.SQL(",\n    ").join(map(sql.Identifier, seen_columns(layer))),
        stored=stored,
        shown=stands_at(layer, horizon),
    )


def _comments(layers: tuple[Layer, ...]) -> Iterator[sql.Composable]:
    for table in metadata(layers).tables.values():
        place = sql.Identifier(str(table.schema), table.name)
        yield sql.SQL("COMMENT ON TABLE {} IS {}").format(place, sql.Literal(table.comment))
        for column in table.columns:
            if column.comment is not None:
                name = sql.Identifier(str(table.schema), table.name, column.name)
                yield sql.SQL("COMMENT ON COLUMN {} IS {}").format(name, sql.Literal(column.comment))


_SEARCHED = sql.SQL("""
-- Return a box in EPSG:5899 that holds all that lies in a box of EPSG:3857: the spatial index knows only the former.
-- What is straight in one is bent in the other: the sides go over in 32 pieces, none bent by more than a 500th of its
-- length. Beyond 96-120 degrees east and 0-30 degrees north, far around the city and its islands, nothing is found.
CREATE OR REPLACE FUNCTION city.searched(box geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
    WITH near AS (
        SELECT ST_Intersection(box, ST_MakeEnvelope(10686671, 0, 13358339, 3503550, 3857)) AS part
    ),
    piece AS (
        SELECT
            part,
            1 + greatest(ST_XMax(part) - ST_XMin(part), ST_YMax(part) - ST_YMin(part)) / 32 AS length_m
        FROM near
    )
    SELECT ST_Expand(ST_Transform(ST_Segmentize(part, length_m), 5899), 1 + length_m / 500)
    FROM piece
$$
""")

_RECORDED = sql.SQL("""
CREATE OR REPLACE FUNCTION history.record_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := now();
    RETURN NEW;
END
$$
""")

_REFUSED = sql.SQL("""
-- A statement of a session that sees a scenario means the scenario: what the scenario does not change yet is not there
-- to be written, and the search path would lead on to the baseline.
CREATE OR REPLACE FUNCTION history.refuse_scenario() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('quyhoach.scenario', TRUE), '') NOT IN ('', 'baseline') THEN
        RAISE read_only_sql_transaction USING MESSAGE = format(
            'The baseline is not written from inside the scenario %s; have it change the layer %s first: '
            'quyhoach scenario edit %s %s',
            current_setting('quyhoach.scenario'), TG_TABLE_NAME, current_setting('quyhoach.scenario'), TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END
$$
""")

_SUPERSEDE = sql.SQL("""
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO {history} ({columns}) SELECT {columns} FROM {table};
    ELSE
        INSERT INTO {history} ({columns}) SELECT {columns} FROM superseded;
    END IF;
    RETURN NULL;
END
$$
""")


def _history(layer: Layer) -> list[sql.Composable]:
    """Return the triggers by which a row that is changed or removed moves to the history, whoever does it."""
    table = sql.Identifier(CITY_SCHEMA, layer.name)
    function = sql.Identifier(HISTORY_SCHEMA, f"supersede_{layer.name}")
    kept = [name for name in seen_columns(layer) if name != "web_geom"]
    columns = sql.SQL(", ").join(map(sql.Identifier, kept))
    history = sql.Identifier(HISTORY_SCHEMA, layer.name)
    return [
        _SUPERSEDE.format(function=function, history=history, columns=columns, table=table),
        sql.SQL(
            "CREATE OR REPLACE TRIGGER refused_in_scenario BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {}"
            " FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_scenario()"
        ).format(table),
        sql.SQL(
            "CREATE OR REPLACE TRIGGER recorded BEFORE UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION history.record_now()"
        ).format(table),
        *(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER superseded_{} AFTER {} ON {} REFERENCING OLD TABLE AS superseded"
                " FOR EACH STATEMENT EXECUTE FUNCTION {}()"
            ).format(sql.SQL(event.lower()), sql.SQL(event), table, function)
            for event in ("UPDATE", "DELETE")
        ),
        sql.SQL(
            "CREATE OR REPLACE TRIGGER superseded_truncate BEFORE TRUNCATE ON {} FOR EACH STATEMENT"
            " EXECUTE FUNCTION {}()"
        ).format(table, function),
    ]
