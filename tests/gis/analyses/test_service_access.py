"""Who of the town's 1,000 people reaches what, along its streets."""

from __future__ import annotations

import pytest

from gis.analyses.service_access import service_access
from gis.db import City, seen_at
from layers.model import Horizon

ON = "2026-11-27"


def row(city: City, facility: str, **asked: str) -> dict[str, object]:
    (found,) = (
        service_access(city, facility=facility, on=asked.pop("on", ON), **asked).table("access").to_dict("records")
    )
    return found


def test_everybody_is_counted_once(town: City):
    finding = service_access(town, on=ON)
    assert finding.quantity("people").value == pytest.approx(1_000)
    assert finding.quantity("people_without_ward").value == 0
    for each in finding.table("access").dropna(subset=["served_people"]).to_dict("records"):
        assert each["served_people"] + each["left_out_people"] == pytest.approx(1_000)
    wards = finding.table("wards")
    kindergartens = wards[wards["facility"] == "Kindergarten"].set_index("ward")["people"]
    assert kindergartens.tolist() == [600, pytest.approx(400)]


def test_without_a_facility_everybody_is_left_out(town: City):
    found = row(town, "playground")
    assert (found["facilities"], found["served_people"], found["left_out_people"]) == (0, 0, pytest.approx(1_000))


def test_a_norm_that_an_edition_does_not_name_leaves_the_share_unknown(town: City):
    found = row(town, "upper_secondary_school")
    assert found["norm_m"] is None or found["norm_m"] != found["norm_m"]
    assert row(town, "upper_secondary_school", on="2027-01-01")["norm_m"] == 2_000


def test_existing_areas_may_be_twice_as_far(town: City):
    assert row(town, "kindergarten")["norm_m"] == 500
    assert row(town, "kindergarten", area="existing")["norm_m"] == 1_000


def test_people_walk_and_do_not_fly(city: City):
    from gis.sample.town import load_town

    load_town(city)
    walked = row(city, "park")
    city.connection.execute("DELETE FROM city.road")
    straight = row(city, "park")
    assert walked["median_m"] >= straight["median_m"]
    assert (walked["straight_share"], straight["straight_share"]) == (0, 1)


def test_at_a_horizon_zones_are_walked_from_square_by_square(town: City):
    seen = seen_at(town.connection, Horizon.H2030)
    try:
        finding = service_access(seen, facility="market", on=ON)
        assert finding.quantity("people").value == pytest.approx(1_500)
    finally:
        seen_at(town.connection, Horizon.EXISTING)
