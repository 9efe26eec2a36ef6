"""What happens when a scenario is written, whoever writes it: all triggers of its tables and views stand here.

A scenario is edited by plain SQL: INSERT, UPDATE and DELETE on its view of a layer become rows of the table of changes.
The log of changes learns of each, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

from gis.changes.triggers import CHANNEL, logging_triggers
from gis.schema import scenario_schema, seen_columns, stored_columns
from layers.model import Layer

_MOST_BOXES = 256


def scenario_triggers(
    layer: Layer, scenario: str, *, change: sql.Identifier, superseded: sql.Identifier, under: sql.Identifier
) -> Iterator[sql.Composable]:
    """Return what makes the triggers of a table of changes, and the function that edits of the views call.

    Made anew when something comes under the scenario.

    Parameters
    ----------
    change, superseded
        The table, and where changes go whose place is taken.
    under
        The layer as the parent stores it. A change that comes or goes is seen where it lies, and also where the
        feature of the same uid lies under it.
    """
    kept = [*(name for name in seen_columns(layer) if name != "web_geom"), "removed", "based_on"]
    written = [*(column.name for column in stored_columns(layer)), "geom"]
    comma = sql.SQL(", ")
    places = {
        "change": change,
        "superseded": superseded,
        "under": under,
        "supersede": _function(layer, scenario, "supersede"),
        "log_under": _function(layer, scenario, "log_under"),
        "edit": _function(layer, scenario, "edit"),
        "kept": comma.join(map(sql.Identifier, kept)),
        "written": comma.join(map(sql.Identifier, written)),
        "given": comma.join(sql.SQL("NEW.{}").format(sql.Identifier(name)) for name in written),
        "assignments": comma.join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in written),
        "layer": sql.Literal(layer.name),
        "scenario": sql.Literal(scenario),
        "most": sql.Literal(_MOST_BOXES),
        "channel": sql.Literal(CHANNEL),
    }
    yield from (statement.format(**places) for statement in (_SUPERSEDE, *_HISTORY, _LOG_UNDER, *_LOGGED, _EDIT))
    yield from logging_triggers(change, layer=layer.name, scenario=scenario)


def edit_trigger(layer: Layer, scenario: str, *, view: sql.Identifier) -> sql.Composed:
    """Return what lets a view of a layer be edited."""
    return sql.SQL(
        "CREATE OR REPLACE TRIGGER edited INSTEAD OF INSERT OR UPDATE OR DELETE ON {}"
        " FOR EACH ROW EXECUTE FUNCTION {}()"
    ).format(view, _function(layer, scenario, "edit"))


def _function(layer: Layer, scenario: str, purpose: str) -> sql.Identifier:
    return sql.Identifier(scenario_schema(scenario), f"{purpose}_{layer.name}")


_SUPERSEDE = sql.SQL("""
CREATE OR REPLACE FUNCTION {supersede}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO {superseded} ({kept}, superseded_at) SELECT {kept}, now() FROM {change};
    ELSE
        INSERT INTO {superseded} ({kept}, superseded_at) SELECT {kept}, now() FROM former;
    END IF;
    RETURN NULL;
END
$$
""")

_HISTORY = (
    sql.SQL(
        "CREATE OR REPLACE TRIGGER recorded BEFORE UPDATE ON {change}"
        " FOR EACH ROW EXECUTE FUNCTION history.record_now()"
    ),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER superseded_update AFTER UPDATE ON {change} REFERENCING OLD TABLE AS former"
        " FOR EACH STATEMENT EXECUTE FUNCTION {supersede}()"
    ),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER superseded_delete AFTER DELETE ON {change} REFERENCING OLD TABLE AS former"
        " FOR EACH STATEMENT EXECUTE FUNCTION {supersede}()"
    ),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER superseded_truncate BEFORE TRUNCATE ON {change}"
        " FOR EACH STATEMENT EXECUTE FUNCTION {supersede}()"
    ),
)

_LOG_UNDER = sql.SQL("""
-- Log where the features lie that a change takes the place of, or lets be seen again: a box each, or one around all.
CREATE OR REPLACE FUNCTION {log_under}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    boxes box2d[];
BEGIN
    boxes := ARRAY(SELECT ST_Extent(web_geom) FROM {under} WHERE uid IN (SELECT uid FROM moved) GROUP BY uid);
    IF cardinality(boxes) > {most} THEN
        boxes := ARRAY(SELECT ST_Extent(box::geometry) FROM unnest(boxes) AS box);
    END IF;
    INSERT INTO register.change (layer, scenario, west, south, east, north)
    SELECT {layer}, {scenario}, ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
    FROM unnest(boxes) AS box;
    PERFORM pg_notify({channel}, '');
    RETURN NULL;
END
$$
""")

_LOGGED = (
    sql.SQL(
        "CREATE OR REPLACE TRIGGER logged_under_insert AFTER INSERT ON {change} REFERENCING NEW TABLE AS moved"
        " FOR EACH STATEMENT EXECUTE FUNCTION {log_under}()"
    ),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER logged_under_delete AFTER DELETE ON {change} REFERENCING OLD TABLE AS moved"
        " FOR EACH STATEMENT EXECUTE FUNCTION {log_under}()"
    ),
)

_EDIT = sql.SQL("""
-- Write an edit of a view as a change: the whole feature as it becomes, and the state it was made upon.
CREATE OR REPLACE FUNCTION {edit}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO {change} ({written}, uid, removed, based_on)
        SELECT {written}, uid, TRUE, recorded_at FROM {under} WHERE uid = OLD.uid
        ON CONFLICT (uid) DO UPDATE SET removed = TRUE;
        IF NOT FOUND THEN
            DELETE FROM {change} WHERE uid = OLD.uid;
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.uid <> OLD.uid THEN
            RAISE integrity_constraint_violation USING MESSAGE = format(
                'The feature %s of %s keeps its uid; remove it and put a new one.', OLD.uid, {layer});
        END IF;
    ELSE
        NEW.uid := coalesce(NEW.uid, nextval('city.uid'));
        IF EXISTS (SELECT FROM {change} WHERE uid = NEW.uid AND NOT removed)
            OR EXISTS (SELECT FROM {under} AS under WHERE uid = NEW.uid
                AND NOT EXISTS (SELECT FROM {change} AS change WHERE change.uid = under.uid)) THEN
            RAISE unique_violation USING MESSAGE = format(
                'There is a feature %s of %s already; change it, or leave the uid out for a new one.',
                NEW.uid, {layer});
        END IF;
    END IF;
    INSERT INTO {change} ({written}, uid, based_on)
    VALUES ({given}, NEW.uid, (SELECT recorded_at FROM {under} WHERE uid = NEW.uid))
    ON CONFLICT (uid) DO UPDATE SET {assignments}, removed = FALSE;
    RETURN NEW;
END
$$
""")
