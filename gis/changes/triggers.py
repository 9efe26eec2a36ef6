"""Triggers that write every change of a table into the log, in the same transaction, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import sql

CHANNEL = "quyhoach_change"
"""Where listeners hear that something was committed: a hint that saves them waiting, nothing that is relied upon."""
LOGGED_INSERT = "logged_insert"
"""The trigger that a bulk load puts aside: it would keep every new row a second time until the statement ends."""
_GROUP_M = 2_446
"""Changed features near each other share one box; about a tile of zoom 14."""
_MOST_BOXES = 256

_LOG_CHANGE = sql.SQL("""
-- Log what a statement changed: boxes in EPSG:3857 around features as they were and as they are, neighbours in one box;
-- one around all where that would be too many; none, which means everywhere, after TRUNCATE.
-- Arguments: the layer; the scenario, if any.
CREATE OR REPLACE FUNCTION register.log_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = register, public, pg_temp AS $$
DECLARE
    boxes box2d[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        boxes := ARRAY(SELECT ST_Extent(web_geom) FROM latter GROUP BY {place});
    ELSIF TG_OP = 'DELETE' THEN
        boxes := ARRAY(SELECT ST_Extent(web_geom) FROM former GROUP BY {place});
    ELSIF TG_OP = 'UPDATE' THEN
        boxes := ARRAY(
            SELECT ST_Extent(web_geom)
            FROM (SELECT web_geom FROM former UNION ALL SELECT web_geom FROM latter) AS moved
            GROUP BY {place}
        );
    ELSE
        INSERT INTO change (layer, scenario) VALUES (TG_ARGV[0], TG_ARGV[1]);
    END IF;
    IF cardinality(boxes) > {most} THEN
        boxes := ARRAY(SELECT ST_Extent(box::geometry) FROM unnest(boxes) AS box);
    END IF;
    INSERT INTO change (layer, scenario, west, south, east, north)
    SELECT TG_ARGV[0], TG_ARGV[1], ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
    FROM unnest(boxes) AS box;
    PERFORM pg_notify({channel}, '');
    RETURN NULL;
END
$$
""").format(
    place=sql.SQL("floor(ST_XMin(web_geom) / {0}), floor(ST_YMin(web_geom) / {0})").format(sql.Literal(_GROUP_M)),
    most=sql.Literal(_MOST_BOXES),
    channel=sql.Literal(CHANNEL),
)

_REFERENCING = {
    "INSERT": "REFERENCING NEW TABLE AS latter",
    "UPDATE": "REFERENCING OLD TABLE AS former NEW TABLE AS latter",
    "DELETE": "REFERENCING OLD TABLE AS former",
    "TRUNCATE": "",
}


def logging_function() -> sql.Composable:
    """Return the statement that makes the function which all these triggers call."""
    return _LOG_CHANGE


def logging_triggers(table: sql.Composable, *, layer: str, scenario: str | None = None) -> Iterator[sql.Composable]:
    """Return the statements that make the changes of a table be logged; it has a column `web_geom`.

    Parameters
    ----------
    layer, scenario : what the log names; no scenario where the table is the baseline itself.
    """
    arguments = sql.SQL(", ").join(sql.Literal(name) for name in (layer, scenario) if name is not None)
    for event, referencing in _REFERENCING.items():
        yield sql.SQL(
            "CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} {referencing}"
            " FOR EACH STATEMENT EXECUTE FUNCTION register.log_change({arguments})"
        ).format(
            name=sql.Identifier(f"logged_{event.lower()}"),
            event=sql.SQL(event),  # pyright: ignore[reportArgumentType] a key of the table above
            table=table,
            referencing=sql.SQL(referencing),  # pyright: ignore[reportArgumentType] a value of it
            arguments=arguments,
        )
