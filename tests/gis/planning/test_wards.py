"""The people of wards: of today as they are counted, of a horizon as the plan provides for them."""

from __future__ import annotations

import pytest

from gis.db import City, seen_at
from gis.planning.plans import plan_in_force
from gis.planning.wards import people_together, wards
from gis.sample.town import load_town
from layers.model import Horizon


def people(city: City, horizon: Horizon) -> tuple[dict[str, float | None], float | None]:
    seen = seen_at(city.connection, horizon)
    found = wards(seen, plan_in_force(seen, ""))
    return {each.code: each.people for each in found}, people_together(seen, found)


def test_people_of_today_are_known_together_where_they_are_of_every_ward(city: City):
    load_town(city)
    assert people(city, Horizon.EXISTING) == ({"EAST": 600, "WEST": 400}, 1_000)
    city.connection.execute("UPDATE city.ward SET population = NULL WHERE code = 'WEST'")
    assert people(city, Horizon.EXISTING) == ({"EAST": 600, "WEST": None}, None)


def test_a_ward_in_which_no_zone_says_how_many_has_an_unknown_number_of_people_and_not_none(city: City):
    load_town(city)
    known = pytest.approx(600), pytest.approx(900)
    assert people(city, Horizon.H2030)[0] == {"WEST": known[0], "EAST": known[1]}
    city.connection.execute("UPDATE city.zone SET population = NULL WHERE code IN ('Z1', 'Z3')")
    assert people(city, Horizon.H2030) == ({"WEST": None, "EAST": known[1]}, known[1])
    city.connection.execute("UPDATE city.zone SET population = NULL")
    assert people(city, Horizon.H2030) == ({"WEST": None, "EAST": None}, None)
