"""What an export holds comes back under the names it had, and nothing new gets the name of another."""

from pathlib import Path

import pytest

from gis.db import City, open_city
from gis.export import export
from gis.intake import Mapping, load
from gis.intake.errors import RepeatedUidError, TakenUidError
from gis.sample.town import load_town
from tests.gis.intake.conftest import Write, square

UIDS = "SELECT array_agg(uid ORDER BY uid), count(*) FROM parcel"
NEW = """
    INSERT INTO city.parcel (stage, source, geom)
    SELECT stage, 'test', geom FROM city.parcel ORDER BY uid LIMIT 1
    RETURNING uid
"""


def test_an_export_replaces_a_layer_with_the_same_uids(city: City, tmp_path: Path):
    load_town(city)
    before = city.connection.execute(UIDS).fetchone()
    export(city, "parcel", tmp_path / "parcel.gpkg")
    report = load(city, tmp_path / "parcel.gpkg", layer="parcel", mode="replace")
    assert report.refused == 0
    assert city.connection.execute(UIDS).fetchone() == before


def test_a_feature_added_after_such_a_load_gets_a_name_of_its_own(city: City, tmp_path: Path, database_url: str):
    load_town(city)
    city.connection.execute("UPDATE city.parcel SET uid = uid + 1000000")
    export(city, "parcel", tmp_path / "parcel.gpkg")
    city.connection.execute("ALTER SEQUENCE city.uid RESTART WITH 5000")
    load(city, tmp_path / "parcel.gpkg", layer="parcel", mode="replace")
    with open_city(database_url) as elsewhere:
        (greatest,) = elsewhere.connection.execute("SELECT max(uid) FROM city.parcel").fetchone() or (0,)
        (added,) = elsewhere.connection.execute(NEW).fetchone() or (0,)
    assert greatest > 1_000_000
    assert added == greatest + 1


def test_appending_an_export_gives_new_names_and_says_so(city: City, tmp_path: Path):
    load_town(city)
    export(city, "parcel", tmp_path / "parcel.gpkg")
    report = load(city, tmp_path / "parcel.gpkg", layer="parcel")
    assert "uid" in report.mapping["ignored"]


def test_an_export_of_all_horizons_replaces_a_layer_whole(city: City, tmp_path: Path):
    load_town(city)
    whole = "SELECT stage, count(*), sum(uid) FROM city.parcel GROUP BY stage ORDER BY stage"
    before = city.connection.execute(whole).fetchall()
    assert len(before) > 1
    written = export(city, "parcel", tmp_path / "parcel.gpkg", every_horizon=True)
    assert (written.rows, written.horizon) == (sum(rows for _, rows, _ in before), "all")
    report = load(city, tmp_path / "parcel.gpkg", layer="parcel", mode="replace")
    assert city.connection.execute(whole).fetchall() == before
    assert not any("history alone" in note for note in report.notes)


def test_a_replacement_by_one_horizon_says_which_dates_are_gone(city: City, tmp_path: Path):
    load_town(city)
    counted = "SELECT stage, count(*) FROM city.parcel GROUP BY stage ORDER BY stage"
    before = dict(city.connection.execute(counted).fetchall())
    export(city, "parcel", tmp_path / "parcel.gpkg")
    report = load(city, tmp_path / "parcel.gpkg", layer="parcel", mode="replace")
    (note,) = [note for note in report.notes if "history alone" in note]
    for stage, rows in before.items():
        assert (f"{stage}: {rows}" in note) is (stage != "existing")


def test_a_uid_names_one_feature_of_the_city(city: City, tmp_path: Path):
    load_town(city)
    path = tmp_path / "parcel.gpkg"
    export(city, "parcel", path)
    (taken,) = city.connection.execute("SELECT min(uid) FROM city.parcel").fetchone() or (0,)
    city.connection.execute("DELETE FROM city.parcel")
    city.connection.execute("UPDATE city.road SET uid = %s WHERE uid = (SELECT min(uid) FROM city.road)", [taken])
    with pytest.raises(TakenUidError, match=rf"'road'.*uid {taken}\b"):
        load(city, path, layer="parcel", mode="replace")
    assert city.connection.execute("SELECT count(*) FROM city.parcel").fetchone() == (0,)


@pytest.mark.parametrize("mode", ["replace", "upsert"])
def test_a_uid_given_twice_is_refused(city: City, write: Write, mode: str):
    path = write("u.fgb", [square(0), square(1)], moc=["existing"] * 2, uid=[7, 7])
    by_uid = Mapping(columns={"stage": ("moc",), "uid": ("uid",)}, constants={"source": "test"})
    if mode == "replace":
        with pytest.raises(RepeatedUidError, match=r"\(uid\)=\(7\)"):
            load(city, path, layer="parcel", mapping=by_uid, mode=mode)
    else:
        assert load(city, path, layer="parcel", mapping=by_uid, mode=mode).reasons == {"ambiguous_key": 2}
