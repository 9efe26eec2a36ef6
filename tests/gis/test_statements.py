"""Statements are whole, say what they take, and PostgreSQL can plan each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from psycopg import sql

from gis.db import City, open_city, seen_at
from gis.scenarios.layout import lay_out
from gis.scenarios.register import open_scenario
from gis.statements import Statement, StatementError, statements
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import database

PACKAGES = Path(__file__).resolve().parents[2]
EVERY = [
    statement
    for package in ("gis", "api")
    for path in sorted((PACKAGES / package).rglob("*.sql"))
    for statement in statements(path).values()
]


@pytest.fixture(scope="module")
def city(server_url: str, template: str) -> Iterator[City]:
    """One empty city for all statements, with a scenario that may change parcels: planning changes nothing."""
    with database(server_url, template) as url, open_city(url) as city:
        open_scenario(city.connection, "planned")
        with city.connection.transaction():
            lay_out(city.connection, LAYERS["parcel"], ("planned",))
        city.connection.execute(
            "CREATE TEMPORARY TABLE incoming_delivery AS SELECT *, 0 AS row_number FROM city.parcel WITH NO DATA"
        )
        yield city


@pytest.mark.parametrize("statement", EVERY, ids=lambda statement: f"{statement.path.stem}.{statement.name}")
def test_postgres_can_plan_the_statement(city: City, statement: Statement):
    names = {field for _, field, *_ in Formatter().parse(statement.text) if field}
    seen_at(city.connection, Horizon.H2030)
    places = {name: _example(name) for name in names}
    types = ", ".join(parameter.type for parameter in statement.parameters)
    text = statement.sql(**places).as_string(city.connection)
    for number, parameter in enumerate(statement.parameters, 1):
        text = text.replace(f"%({parameter.name})s", f"${number}")
    text = text.replace("%%", "%")
    head = f"PREPARE planned ({types}) AS " if types else "PREPARE planned AS "
    city.connection.execute((head + text).encode())
    nulls = f"({', '.join(['NULL'] * len(statement.parameters))})" if statement.parameters else ""
    try:
        assert city.connection.execute(f"EXPLAIN EXECUTE planned{nulls}".encode()).fetchall()
    finally:
        city.connection.execute("DEALLOCATE planned")


def _of(name: str) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(name, column.name) for column in LAYERS["parcel"].columns)


COLUMNS = sql.SQL(", ").join(sql.Identifier(column.name) for column in LAYERS["parcel"].columns)
EXAMPLES: dict[str, sql.Composable] = {
    "columns": COLUMNS,
    "attributes": sql.SQL("NULL"),
    "chosen": sql.SQL("land_use_code IN ('ODT')"),
    "longest": sql.SQL("max(octet_length(map_sheet)) AS map_sheet"),
    "name": sql.Literal("parcel"),
    "order": sql.SQL("land_use_code DESC NULLS LAST, uid"),
    "query": sql.SQL("SELECT *, uid::text AS key_1 FROM parcel ORDER BY uid"),
    "keys": sql.SQL("key_1"),
    "decimals": sql.Literal(7),
    "table": sql.Identifier("city", "parcel"),
    "drawn": sql.Identifier("web_geom"),
    "movable": sql.Literal(True),
    "srid": sql.Literal(3857),
    "most": sql.Literal(10),
    "most_marks": sql.Literal(100),
    "unit": sql.Identifier("ward"),
    "use": sql.Identifier("land_use_code"),
    # of scenarios
    "given": _of("given"),
    "shown": _of("layer"),
    "compared": _of("layer"),
    "former_compared": _of("former"),
    "opposite": _of("other"),
    "changed": _of("change"),
    "candidate": sql.SQL("layer.uid IN (1)"),
    "wanted": sql.SQL("TRUE"),
    "then": sql.SQL("stage IN ('existing')"),
    "now": sql.SQL("stage IN ('2030')"),
    "change": sql.Identifier("scenario_planned", "parcel_change"),
    "changes": sql.SQL("SELECT uid, web_geom FROM parcel"),
    "difference": sql.SQL("SELECT uid, geom, 'added' AS change FROM parcel"),
    # of deliveries
    "incoming": sql.Identifier("incoming_delivery"),
    "is_new": sql.SQL("FALSE"),
    "key_missing": sql.SQL("map_sheet IS NULL"),
    "must_be_there": sql.Literal(True),
    "key": sql.Identifier("map_sheet"),
    "same_key": sql.SQL("kept.map_sheet = incoming.map_sheet"),
    "assigned": COLUMNS,
    "incoming_assigned": _of("incoming"),
    "inserted": COLUMNS,
    "incoming_values": _of("incoming"),
    "kept_values": _of("kept"),
    # of the overviews
    "code": sql.Identifier("land_use_code"),
    "flags": sql.SQL("CASE WHEN stage IN ('existing') THEN 1 ELSE 0 END"),
    "of_layer": sql.Literal("parcel"),
    "at_level": sql.Literal(12),
    "base": sql.Literal(13),
    "at_horizon": sql.Literal("2030"),
    "reach": sql.SQL("ST_TileEnvelope(12, 3300, 1850)"),
    "patches": sql.SQL("SELECT code, area_m2, features, web_geom FROM overview.patch"),
    "out_of_step": sql.SQL("SELECT string_agg(number::text, ',') AS marks FROM overview.mark"),
    "as_it_is": sql.SQL("FALSE"),
    **{side: sql.Literal(3300) for side in ("first_column", "last_column", "first_row", "last_row")},
}
"""What stands in a placeholder of a statement about parcels; a placeholder not named here is a table or a column."""


def _example(name: str) -> sql.Composable:
    return EXAMPLES.get(name, sql.Identifier("parcel"))


def test_statements_are_read_by_name_with_their_parameters(tmp_path: Path):
    path = tmp_path / "x.sql"
    block = [
        "-- name: near",
        "-- Find what is near.",
        "--   radius_m  double precision  radius",
        "SELECT %(radius_m)s;",
    ]
    path.write_text("\n".join(block))
    near = statements(path)["near"]
    assert near.text == "SELECT %(radius_m)s"
    assert [(p.name, p.type, p.meaning) for p in near.parameters] == [("radius_m", "double precision", "radius")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT 1", "no `-- name:` line"),
        ("-- name: a\nSELECT %(x)s", r"declares \[\] and binds \['x'\]"),
        ("-- name: a\nSELECT 1\n-- name: a\nSELECT 2", "stands twice"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, text: str, complaint: str):
    path = tmp_path / "x.sql"
    path.write_text(text)
    with pytest.raises(StatementError, match=complaint):
        statements(path)
