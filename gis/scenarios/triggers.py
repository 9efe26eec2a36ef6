"""What happens when a change of a scenario is written, whoever writes it: all triggers of a change table stand here."""

from __future__ import annotations

from psycopg import sql

from gis.schema import scenario_schema, seen_columns
from layers.model import Layer


def scenario_triggers(
    layer: Layer, scenario: str, *, change: sql.Identifier, superseded: sql.Identifier, under: sql.Identifier
) -> list[sql.Composed]:
    """Return what makes the triggers of a table of changes; made anew when something comes under it.

    Parameters
    ----------
    change, superseded
        The table, and where changes go whose place is taken.
    under
        The layer as the parent stores it. A change that comes or goes is seen where it lies, and also where the
        feature of the same uid lies under it.
    """
    kept = [*(name for name in seen_columns(layer) if name != "web_geom"), "removed", "based_on"]
    places = {
        "change": change,
        "superseded": superseded,
        "under": under,
        "function": sql.Identifier(scenario_schema(scenario), f"supersede_{layer.name}"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, kept)),
    }
    return [statement.format(**places) for statement in _HISTORY]


_HISTORY = (
    sql.SQL("""
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO {superseded} ({columns}, superseded_at) SELECT {columns}, now() FROM {change};
    ELSE
        INSERT INTO {superseded} ({columns}, superseded_at) SELECT {columns}, now() FROM gone;
    END IF;
    RETURN NULL;
END
$$
"""),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER recorded BEFORE UPDATE ON {change}"
        " FOR EACH ROW EXECUTE FUNCTION history.record_now()"
    ),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER superseded_update AFTER UPDATE ON {change} REFERENCING OLD TABLE AS gone"
        " FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    ),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER superseded_delete AFTER DELETE ON {change} REFERENCING OLD TABLE AS gone"
        " FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    ),
    sql.SQL(
        "CREATE OR REPLACE TRIGGER superseded_truncate BEFORE TRUNCATE ON {change}"
        " FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    ),
)
