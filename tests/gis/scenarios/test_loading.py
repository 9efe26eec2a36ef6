"""A file is loaded into a scenario: its rows become changes there, and nobody else sees anything of it."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from gis.export import export
from gis.intake import Manner, Mapping, load
from gis.intake.errors import NothingStorableError
from gis.scenarios.comparing import compare
from gis.scenarios.merging import merge_scenario
from layers.model import Horizon
from tests.gis.hand import square
from tests.gis.scenarios.conftest import Town

KEPT = {name: (name,) for name in ("uid", "map_sheet", "land_use_code", "stage", "source")}


def parcels(folder: Path, rows: list[tuple[int | None, str, int]]) -> Path:
    """Write parcels: uid, map sheet and how many hundred metres east they lie."""
    frame = geopandas.GeoDataFrame(
        {
            "uid": [row[0] for row in rows],
            "map_sheet": [row[1] for row in rows],
            "land_use_code": "ODT",
            "stage": "existing",
            "source": "by hand",
        },
        geometry=[shapely.from_wkt(square(550_000 + 100 * row[2], 1_778_000, 100)) for row in rows],
        crs=5899,
    )
    path = folder / "parcels.gpkg"
    frame.astype({"uid": "Int64"}).to_file(path)
    return path


def changes(town: Town) -> tuple[int, int, int]:
    """Count what `green` adds, changes and removes."""
    found = compare(town.city.connection, "green", "baseline")
    return (found[0].added, found[0].changed, found[0].removed) if found else (0, 0, 0)


def into_green(town: Town, path: Path, mode: str, mapping: Mapping | None = None):
    return load(town.see("green"), path, layer="parcel", mapping=mapping or Mapping(columns=KEPT), mode=mode)


def test_appended_rows_are_new_features_of_the_scenario_alone(town: Town, tmp_path: Path):
    without = Mapping(columns={name: KEPT[name] for name in KEPT if name != "uid"}, ignored=("uid",))
    report = into_green(town, parcels(tmp_path, [(None, "9", 9)]), "append", without)
    assert (report.scenario, report.stored) == ("green", 1)
    assert sorted(town.shown("green").values()) == ["1", "2", "3", "9"]
    assert sorted(town.shown().values()) == ["1", "2", "3"]
    assert changes(town) == (1, 0, 0)


def test_rows_are_found_by_uid_and_what_they_do_not_change_is_not_stored(town: Town, tmp_path: Path):
    west, _, _ = town.parcels
    town.city.connection.execute("UPDATE city.parcel SET source = 'by hand'")
    report = into_green(town, parcels(tmp_path, [(west, "1", 1), (town.parcels[1], "2b", 2)]), "upsert")
    assert report.outcome == {"updated": 1, "unchanged": 1, "inserted": 0}
    assert changes(town) == (0, 1, 0)
    assert sorted(town.shown("green").values()) == ["1", "2b", "3"]
    assert sorted(town.shown().values()) == ["1", "2", "3"]


def test_a_replacement_stores_what_differs_and_removes_what_the_file_does_not_hold(town: Town, tmp_path: Path):
    west, middle, east = town.parcels
    town.city.connection.execute("UPDATE city.parcel SET source = 'by hand'")
    report = into_green(town, parcels(tmp_path, [(west, "1", 1), (middle, "2", 5), (None, "new", 9)]), "replace")
    assert report.outcome == {"removed": 1, "updated": 1, "unchanged": 1, "inserted": 1}
    assert changes(town) == (1, 1, 1)
    shown = town.shown("green")
    assert (shown[west], shown[middle], east in shown, sorted(shown.values())) == ("1", "2", False, ["1", "2", "new"])
    assert sorted(town.shown().values()) == ["1", "2", "3"]


def test_the_layer_as_exported_changes_nothing(town: Town, tmp_path: Path):
    town.edit("UPDATE parcel SET map_sheet = 'x' WHERE map_sheet = '2'")
    town.edit(
        "INSERT INTO parcel (land_use_code, stage, source, map_sheet, geom) "
        "SELECT 'ODT', 'existing', 'own', 'own', ST_Translate(geom, 0, 500) FROM parcel WHERE map_sheet = '1'"
    )
    path = tmp_path / "out.gpkg"
    export(town.see("green"), "parcel", path)
    report = load(town.see("green"), path, layer="parcel", mode="replace")
    assert report.outcome == {"removed": 0, "updated": 0, "unchanged": 4, "inserted": 0}
    assert changes(town) == (1, 1, 0)


def test_a_file_that_names_a_feature_twice_or_that_holds_nothing_fit_is_refused(town: Town, tmp_path: Path):
    west, middle, _ = town.parcels
    report = into_green(town, parcels(tmp_path, [(west, "a", 1), (west, "b", 2), (middle, "c", 3)]), "replace")
    assert (report.stored, report.reasons) == (1, {"ambiguous_key": 2})
    assert any("features that they mean are removed" in note for note in report.notes)
    # What is named twice stays as it is; what is not named goes.
    assert sorted(town.shown("green").values()) == ["1", "c"]
    before = town.shown("green")
    with pytest.raises(NothingStorableError):
        into_green(town, parcels(tmp_path, [(middle, "a", 1), (middle, "b", 2)]), "replace")
    assert town.shown("green") == before


def test_a_dry_run_makes_nothing_ready(town: Town, tmp_path: Path):
    town.opened("blue")
    path = parcels(tmp_path, [(None, "9", 9)])
    told = load(town.see("blue"), path, layer="parcel", mapping=Mapping(columns=KEPT), manner=Manner(dry_run=True))
    assert (told.scenario, told.delivery, told.stored) == ("blue", None, 1)
    assert compare(town.city.connection, "blue", "baseline") == ()


def test_what_was_loaded_is_merged_with_its_delivery(town: Town, tmp_path: Path):
    report = into_green(town, parcels(tmp_path, [(town.parcels[0], "1b", 1)]), "upsert")
    merge_scenario(town.see().connection, "green")
    found = town.city.connection.execute("SELECT map_sheet, delivery FROM city.parcel WHERE delivery IS NOT NULL")
    assert found.fetchall() == [("1b", report.delivery)]


def test_a_layer_that_nobody_made_ready_is(town: Town, tmp_path: Path):
    town.opened("blue")
    report = load(town.see("blue"), parcels(tmp_path, [(None, "9", 9)]), layer="parcel", mapping=Mapping(columns=KEPT))
    assert report.stored == 1
    assert sorted(town.shown("blue", Horizon.H2030).values()) == ["1", "2", "3", "9"]
