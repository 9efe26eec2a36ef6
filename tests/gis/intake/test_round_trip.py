"""What an export holds comes back under the names it had, and nothing new gets the name of another."""

from pathlib import Path

from gis.db import City, open_city
from gis.export import export
from gis.intake import load
from gis.sample.town import load_town

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
