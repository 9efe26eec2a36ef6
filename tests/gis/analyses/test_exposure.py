"""Who lies in the floods and corridors of the town: 50 m² of dwelling land a person in the west."""

from __future__ import annotations

import pytest

from gis.analyses.exposure import exposure
from gis.db import City, seen_at
from gis.planning.people import people
from gis.planning.places import EVERYWHERE
from gis.planning.plans import plan_in_force
from layers.model import Horizon


def row(city: City, hazard: str, **asked: str) -> dict[str, object]:
    table = exposure(city, **asked).table("exposure").set_index("hazard")
    return table.loc[hazard].to_dict()


def test_a_flood_counts_the_parcels_that_share_ground_with_it(town: City):
    # The flood of 10 years covers 425-450 m east: half of the parcels 2/4 and 2/10.
    found = row(town, "Every 10 years")
    assert (found["parcels"], found["area_ha"], found["parcels_ha"]) == (2, 0.5, 0.5)
    assert found["people"] == 0  # fields and a park
    assert row(town, "Every 100 years")["area_ha"] == 1.0
    assert row(town, "Every 100 years, 0.5–1 m deep")["area_ha"] == 0.5


def test_people_count_by_the_share_of_their_land(town: City):
    # 20 m of each of ten parcels 10 m wide, and of two 50 m wide: 4,000 m².
    found = row(town, "Power line")
    assert (found["parcels"], found["people"], found["people_share"]) == (12, pytest.approx(80), pytest.approx(0.08))


def test_at_a_horizon_people_are_those_of_the_plan(town: City):
    seen = seen_at(town.connection, Horizon.H2030)
    try:
        # Z5 provides for 300 people on 150 m x 100 m, of which the bank takes 20 m x 100 m; Z6 likewise.
        assert row(seen, "River bank")["people"] == pytest.approx(300 * 2_000 / 15_000 * 2)
    finally:
        seen_at(town.connection, Horizon.EXISTING)


def test_a_place_cuts_what_counts(town: City):
    finding = exposure(town, within="ward:WEST")
    assert finding.table("exposure")["hazard"].tolist() == ["Power line"]
    assert finding.quantity("people").value == pytest.approx(400)
    assert exposure(town).quantity("people").value == pytest.approx(1_000)


@pytest.mark.parametrize("horizon", list(Horizon))
def test_people_are_kept_however_they_are_spread(town: City, horizon: Horizon):
    seen = seen_at(town.connection, horizon)
    try:
        living = people(seen, plan_in_force(seen))
        spread = sum(float(batch.people.sum()) for batch in living.batches(EVERYWHERE))
        (planned,) = town.connection.execute("SELECT sum(population) FROM zone").fetchone()
        assert spread == pytest.approx(1_000 if horizon is Horizon.EXISTING else planned, abs=1e-6)
    finally:
        seen_at(town.connection, Horizon.EXISTING)


def test_a_facility_in_a_flood_is_named(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute(
        "UPDATE city.flood_zone SET geom = ST_Multi(ST_Expand(geom, 400)) WHERE return_period_years = 10"
    )
    table = exposure(city).table("facilities")
    assert set(table["name"]) >= {"Chợ mẫu", "Trường tiểu học mẫu"}
