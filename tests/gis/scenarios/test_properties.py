"""Whatever is edited: a scenario is the baseline with the edits applied."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from gis.differences import difference
from gis.scenarios.merging import merge_scenario
from gis.scenarios.reach import sight
from layers import LAYERS
from tests.gis.scenarios.conftest import Town

Edit: TypeAlias = tuple[str, int, str]
EDITS = st.lists(
    st.tuples(st.sampled_from(["add", "change", "remove"]), st.integers(0, 5), st.text("abc", min_size=1, max_size=2)),
    max_size=12,
)
WRITTEN = {
    "add": "INSERT INTO parcel (map_sheet, land_use_code, stage, source, geom) SELECT %s, 'ODT', 'existing', 'hand',"
    " 'SRID=5899;MULTIPOLYGON(((0 0, 9 0, 9 9, 0 0)))' RETURNING uid",
    "change": "UPDATE parcel SET map_sheet = %s WHERE uid = %s RETURNING uid",
    "remove": "DELETE FROM parcel WHERE uid = %s RETURNING uid",
}


def apply(town: Town, edits: list[Edit], kept: dict[int, str]) -> dict[int, str]:
    """Edit the scenario, and a mapping in the same way."""
    town.see("green")
    execute = town.city.connection.execute
    for verb, nth, sheet in edits:
        if verb == "add":
            ((uid,),) = execute(WRITTEN["add"].encode(), [sheet]).fetchall()
            kept = {**kept, uid: sheet}
        elif kept:
            uid = sorted(kept)[nth % len(kept)]
            values = [uid] if verb == "remove" else [sheet, uid]
            assert execute(WRITTEN[verb].encode(), values).fetchall() == [(uid,)]
            kept = {other: name for other, name in kept.items() if other != uid}
            if verb == "change":
                kept[uid] = sheet
    town.see()
    return kept


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, later=st.booleans())
def test_a_scenario_is_the_baseline_with_the_edits_applied(town: Town, edits: list[Edit], later: bool):
    connection = town.city.connection
    with connection.transaction(force_rollback=True):
        before = town.shown()
        expected = apply(town, edits, before)
        assert town.shown("green") == expected
        assert town.shown() == before
        differing = {
            "added": expected.keys() - before.keys(),
            "removed": before.keys() - expected.keys(),
            "changed": {uid for uid in before.keys() & expected.keys() if before[uid] != expected[uid]},
        }
        for change, uids in differing.items():
            assert differences(town, change) == uids
        if later:
            town.see()
            merge_scenario(connection, "green")
            assert town.shown() == expected
            assert town.shown("green") == expected
            assert not any(differences(town, change) for change in differing)
    town.see()


def differences(town: Town, change: str) -> set[int]:
    """Return the uids of the parcels that differ so between the baseline and the scenario."""
    connection = town.city.connection
    query = difference(LAYERS["parcel"], sight(connection), sight(connection, "green"))
    asked = sql.SQL("SELECT uid FROM ({}) AS d WHERE change = {}").format(query, sql.Literal(change))
    return {uid for (uid,) in connection.execute(asked)}
