"""What a scenario of the town changes, in words and hectares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.analyses.scenario_difference import scenario_difference
from gis.db import City, open_city
from gis.export.delivery import deliver, order
from gis.lineage import UnknownScenarioError
from gis.sample.squares import rectangle
from gis.sample.town import load_town
from gis.scenarios import add, change, open_scenario, remove
from layers import LAYERS
from layers.model import Horizon


@pytest.fixture
def parks(city: City, database_url: str) -> Iterator[City]:
    """A scenario in which half of Z4 becomes a park, Z2 is renamed, a parcel is gone and a market is new."""
    load_town(city)
    open_scenario(city.connection, "parks")
    with open_city(database_url, horizon=Horizon.H2030, scenario="parks") as seen:
        uids = dict(seen.connection.execute("SELECT code, uid FROM zone").fetchall())
        zone = {"plan_code": "TOWN-QHC", "horizon": "2030", "code": "Z8", "plan_use": "DAT_HTXH_CayxanhCC"}
        change(seen, LAYERS["zone"], uids["Z4"], {"max_storeys": 6}, geometry=rectangle(200, 0, 300, 100))
        add(seen, LAYERS["zone"], zone, rectangle(200, 100, 300, 200))
        change(seen, LAYERS["zone"], uids["Z2"], {"code": "Z2b"})
        (parcel,) = seen.connection.execute("SELECT uid FROM parcel WHERE parcel_number = '20'").fetchone()
        remove(seen, LAYERS["parcel"], parcel)
        market = {"facility_type": "market", "stage": "2030"}
        add(seen, LAYERS["facility"], market, rectangle(0, 0, 1, 1).centroid)
    with open_city(database_url, horizon=Horizon.H2030) as seen:
        yield seen


def test_features_are_counted_by_layer_and_change(parks: City):
    finding = scenario_difference(parks, scenario="parks")
    layers = finding.table("layers").set_index("layer")
    assert layers.loc["Zone", ["added", "changed", "removed"]].tolist() == [1, 2, 0]
    assert layers.loc["Parcel", ["added", "changed", "removed"]].tolist() == [0, 0, 1]
    assert layers.loc["Public facility", ["added", "changed", "removed"]].tolist() == [1, 0, 0]
    assert [finding.quantity(name).value for name in ("added", "changed", "removed")] == [2, 2, 1]


def test_land_passes_from_use_to_use(parks: City):
    uses = scenario_difference(parks, scenario="parks").table("uses")
    zones = {(row.before, row.after): row.area_ha for row in uses[uses["layer"] == "Zone"].itertuples()}
    assert zones == {
        ("DAT_O_Nhomnhao", "DAT_O_Nhomnhao"): pytest.approx(1),
        ("DAT_O_Nhomnhao", "DAT_HTXH_CayxanhCC"): pytest.approx(1),
        ("DAT_HTXH_CayxanhCC", "DAT_HTXH_CayxanhCC"): pytest.approx(1),
    }
    (gone,) = uses[uses["layer"] == "Parcel"].to_dict("records")
    assert (gone["before"], gone["after_title"], gone["area_ha"]) == ("DKV", "None", pytest.approx(1))


def test_what_changed_of_each_feature_is_said(parks: City):
    features = scenario_difference(parks, scenario="parks").table("features")
    said = features[features["layer"] == "Zone"].set_index("area_after_m2")["what"].fillna("").tolist()
    assert sorted(said) == ["", "Most storeys, geometry", "Zone code"]


def test_turned_round_what_was_added_is_removed(parks: City):
    there, back = (
        scenario_difference(parks, scenario=one, against=other)
        for one, other in (("parks", "baseline"), ("baseline", "parks"))
    )
    assert there.quantity("added").value == back.quantity("removed").value
    assert there.quantity("changed").value == back.quantity("changed").value


def test_a_scenario_without_changes_has_none(city: City):
    load_town(city)
    open_scenario(city.connection, "same")
    finding = scenario_difference(city, scenario="same")
    assert [each.value for each in finding.quantities] == [0, 0, 0]
    assert all(not table.rows for table in finding.tables)


def test_a_scenario_that_is_none_is_refused(town: City):
    with pytest.raises(UnknownScenarioError):
        scenario_difference(town, scenario="none")


@pytest.mark.parametrize(("every", "zones"), [(False, 8), (True, 15)])
def test_a_scenario_is_exported_as_it_is_seen(parks: City, database_url: str, tmp_path: Path, every: bool, zones: int):
    import pyogrio

    with open_city(database_url, horizon=Horizon.H2030, scenario="parks") as seen:
        ordered = order(seen, "zone", tmp_path / "parks.gpkg", every_horizon=every)
        assert deliver(ordered).rows == zones
    codes = pyogrio.read_dataframe(tmp_path / "parks.gpkg")["code"]
    assert {"Z8", "Z2b"} <= set(codes)
