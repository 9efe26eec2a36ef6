"""What the plan of the town still allows: zones of known squares, buildings of known floors."""

from __future__ import annotations

import pytest
import shapely

from gis.analyses.buildable_capacity import buildable_capacity
from gis.answering import NotPositiveError
from gis.db import City, seen_at
from gis.findings import NOT_APPLICABLE
from layers.model import Horizon


def row(city: City, use: str, **asked: object) -> dict[str, float]:
    table = buildable_capacity(city, **asked).table("capacity").set_index("title")
    return table.loc[use].to_dict()


def test_a_zone_allows_its_ratio_less_what_stands(town: City):
    housing = row(town, "Housing group")
    # Z1, Z4 and Z5: 5.5 ha at 2.0. Ten houses of 1,000 m² of floor, four of 2,000 m², five buildings of the east.
    assert housing["allowed_m2"] == pytest.approx(110_000)
    assert housing["standing_m2"] == pytest.approx(10 * 1_000 + 4 * 2_000 + 3 * 5_000)
    assert housing["left_m2"] == pytest.approx(77_000)
    assert row(town, "Mixed housing and services")["left_m2"] == pytest.approx(60_000 - 20_000)


def test_built_share_and_storeys_bind_where_they_are_less(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_storeys = 2 WHERE code = 'Z1'")
    # 60 % on 2 storeys is 1.2, less than 2.0, of 2 ha.
    assert row(city, "Housing group")["allowed_m2"] == pytest.approx(24_000 + 70_000)


def test_land_without_limits_is_told_and_no_zero(town: City):
    green = row(town, "Public green")
    assert (green["unknown_ha"], green["standing_m2"]) == (1.0, 0.0)
    assert buildable_capacity(town).table("capacity").isna().loc[3, "allowed_m2"]


def test_dwellings_are_known_when_their_size_is(town: City):
    assert buildable_capacity(town).table("capacity")["dwellings"].isna().all()
    housing = row(town, "Housing group", dwelling_m2=100.0, household=3.0)
    assert (housing["dwellings"], housing["people"]) == (pytest.approx(770), pytest.approx(2_310))
    assert row(town, "Total", dwelling_m2=100.0, household=3.0)["dwellings"] == pytest.approx(770)
    assert buildable_capacity(town).quantity("mixed_left_m2").value == pytest.approx(40_000)


def test_dwellings_of_unknown_size_are_not_known_and_parks_have_none(town: City):
    table = buildable_capacity(town).table_named("capacity")
    dwellings = dict(zip((row[1].en for row in table.rows), table.column("dwellings"), strict=True))
    assert (dwellings["Housing group"], dwellings["Public green"]) == (None, NOT_APPLICABLE)
    assert dwellings["Total"] is None
    assert NOT_APPLICABLE in buildable_capacity(town, dwelling_m2=100.0).table_named("capacity").column("dwellings")
    with pytest.raises(NotPositiveError, match="dwelling_m2 is 0; it is more than 0"):
        buildable_capacity(town, dwelling_m2=0.0)


def test_buildings_of_unknown_floor_are_counted_beside_what_is_known(city: City):
    from gis.sample.town import load_town

    load_town(city)
    assert row(city, "Total")["unknown_buildings"] == 0
    city.connection.execute("UPDATE city.building SET floor_area_m2 = NULL, storeys = NULL")
    number = city.connection.execute("SELECT count(*) FROM city.building").fetchone()[0]
    assert row(city, "Total")["unknown_buildings"] == number


def test_where_more_stands_than_is_allowed_nothing_is_left(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_floor_area_ratio = 0.1 WHERE code = 'Z3'")
    finding = buildable_capacity(city)
    assert row(city, "Kindergarten to lower secondary school")["left_m2"] == 0
    assert finding.quantity("zones_over").value == 1


def test_a_place_cuts_zones_and_counts_what_stands_in_it(town: City):
    west = row(town, "Total", within="ward:WEST")
    # Z1 and Z3: 2 ha at 2.0, 1 ha at 1.2.
    assert (west["area_ha"], west["allowed_m2"]) == (pytest.approx(4), pytest.approx(52_000))


def test_the_plan_of_2045_allows_more(town: City):
    seen = seen_at(town.connection, Horizon.H2045)
    try:
        assert row(seen, "Total")["allowed_m2"] > row(seen_at(town.connection, Horizon.H2030), "Total")["allowed_m2"]
    finally:
        seen_at(town.connection, Horizon.EXISTING)


def parts(city: City, zone: str, **asked: object) -> list[dict[str, float]]:
    table = buildable_capacity(city, edition="01:2021", **asked).table("envelope")
    return table[table["zone"] == zone].drop(columns=["zone", "part"]).to_dict("records")


def test_an_envelope_keeps_out_of_the_street_and_stands_back_above_28_m(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_height_m = 40, setback_m = 0 WHERE code = 'Z6'")
    # Z6 is 150 m x 100 m; 13.5 m of it are kept for the street, of 27 m between its red lines, and 20 m for the bank.
    podium, tower = parts(city, "Z6")
    assert (podium["base_m"], podium["top_m"], podium["setback_m"]) == (0, 28, 0)
    assert podium["ground_m2"] == pytest.approx(130 * 86.5)
    # Table 2.7: 6 m from 28 m on, at streets of 22 m and wider.
    assert (tower["base_m"], tower["top_m"], tower["setback_m"]) == (28, 40, 6)
    assert tower["ground_m2"] == pytest.approx(130 * 80.5)
    assert tower["volume_m3"] == pytest.approx(130 * 80.5 * 12)
    city.connection.execute("UPDATE city.zone SET setback_m = 4 WHERE code = 'Z6'")
    assert [each["ground_m2"] for each in parts(city, "Z6")] == pytest.approx([130 * 82.5, 130 * 80.5])


def test_under_a_power_line_an_envelope_ends_at_its_height(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_height_m = 16, setback_m = 0 WHERE code = 'Z1'")
    low, high = parts(city, "Z1")
    # A and B are 200 m x 100 m: 13.5 m for the street; the line takes 80-100 north above 4 m.
    assert (low["top_m"], low["ground_m2"]) == (4, pytest.approx(200 * 86.5))
    assert (high["base_m"], high["top_m"], high["ground_m2"]) == (4, 16, pytest.approx(200 * 80))


def test_envelopes_lie_within_their_zone_and_narrow_upwards(town: City):
    finding = buildable_capacity(town, edition="01:2021")
    zones = {each.subject.label: each.geometry for each in finding.features if each.subject.layer == "zone"}
    drawn = [each for each in finding.features if each.subject.layer == "envelope"]
    assert drawn
    below: dict[str, shapely.Geometry] = {}
    for each in drawn:
        zone = each.subject.label.split(",")[0]
        assert shapely.difference(each.geometry, below.get(zone, zones[zone])).area == pytest.approx(0, abs=1e-6)
        below[zone] = each.geometry


def test_a_zone_of_unknown_height_has_no_envelope_and_is_told(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_height_m = NULL")
    finding = buildable_capacity(city, edition="01:2021")
    assert finding.table("envelope").empty
    assert any("name no height" in each.en for each in finding.notes)


def test_what_bounds_no_envelope_is_told(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.zone SET max_height_m = 40, setback_m = NULL WHERE code = 'Z6'")
    told = [each.en for each in buildable_capacity(city, edition="01:2021").notes]
    assert any("name no setback" in each for each in told)
    assert not any("its setbacks are not known" in each for each in told)
    assert any("its setbacks are not known" in each.en for each in buildable_capacity(city, edition="01:2026").notes)
