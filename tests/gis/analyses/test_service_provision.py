"""Land of services in the town: 400 people in the west, 600 in the east."""

from __future__ import annotations

import pytest

from gis.analyses.service_provision import service_provision
from gis.db import City, seen_at
from gis.findings import Outcome
from gis.planning.places import PlaceError
from layers.model import Horizon

ON = "2026-11-27"


def provision(city: City, **asked: str) -> dict[tuple[str, str], tuple[float | None, float | None, str]]:
    """Return need and supply in m², and the outcome, by ward and service."""
    finding = service_provision(city, on=asked.pop("on", ON), **asked)
    return {
        (each.subject.label.rpartition("(")[2].rstrip(")"), each.rule.partition(".")[2]): (
            None if "need_m2" not in each.inputs else round(float(each.inputs["need_m2"]), 6),
            each.inputs["have_m2"],
            each.outcome.value,
        )
        for each in finding.verdicts
    }


def test_need_is_people_times_the_norm(town: City):
    found = provision(town)
    # 50 children of 1,000 people on 12 m² each are 0.6 m² a person.
    assert found["EAST", "kindergarten"] == (600 * 0.6, 1_200, "pass")
    assert found["WEST", "kindergarten"] == (400 * 0.6, 0, "fail")
    assert found["WEST", "primary_school"] == (400 * 0.65, 5_000, "pass")
    assert found["EAST", "lower_secondary_school"] == (600 * 0.55, 0, "fail")
    assert found["EAST", "hospital"] == (600 * 0.4, 0, "fail")
    # 2 m² of the unit and 6 m² of a city of class I.
    assert found["WEST", "green"] == (400 * 8, 10_000, "pass")


def test_the_class_of_the_city_sets_its_green(town: City):
    assert provision(town, urban_class="special")["EAST", "green"][0] == 600 * 9
    assert provision(town, urban_class="V")["EAST", "green"][0] == 600 * 6


def test_existing_areas_need_half_of_all_but_schools(town: City):
    found = provision(town, area="existing")
    assert found["EAST", "hospital"][0] == 600 * 0.2
    assert found["EAST", "kindergarten"][0] == 600 * 0.6


def test_the_edition_of_2026_asks_by_its_own_norms(town: City):
    found = provision(town, on="2027-01-01")
    assert found["EAST", "upper_secondary_school"][0] == pytest.approx(600 * 0.6)
    assert found["EAST", "area_health"] == (600 * 0.4, 500, "pass")
    assert found["WEST", "commerce"] == (400 * 0.4, 5_000, "pass")
    assert found["WEST", "green"][0] == 400 * 7
    assert ("EAST", "hospital") not in found


def test_at_a_horizon_people_are_those_the_plan_provides_for(town: City):
    seen = seen_at(town.connection, Horizon.H2030)
    try:
        # Z1 and Z3 lie in the west, Z4, Z5 and Z6 in the east, with 300 people each.
        found = provision(seen)
        assert found["WEST", "kindergarten"][0] == pytest.approx(600 * 0.6)
        assert found["EAST", "kindergarten"][0] == pytest.approx(900 * 0.6)
    finally:
        seen_at(town.connection, Horizon.EXISTING)


def test_a_verdict_shows_its_arithmetic_and_its_clauses(town: City):
    finding = service_provision(town, ward="WEST", on=ON)
    (green,) = [each for each in finding.verdicts if each.rule == "service_land.green"]
    assert green.arithmetic.vi == "400 người × 8 m²/người = 3.200 m²; có 10.000 m²"
    assert green.reference == "QCVN 01:2021/BXD, 2.2; QCVN 01:2021/BXD, 2.4, Table 2.5"
    totals = finding.table("totals").set_index("service")
    assert totals.loc["Primary schools", ["need_m2", "have_m2", "wards_short"]].tolist() == [260, 5_000, 0]


def test_what_is_not_known_is_no_lack(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.facility SET land_area_m2 = NULL WHERE facility_type = 'kindergarten'")
    city.connection.execute("UPDATE city.facility SET facility_type = 'school' WHERE facility_type = 'primary_school'")
    city.connection.execute("UPDATE city.ward SET population = NULL WHERE code = 'WEST'")
    outcomes = {key: outcome for key, (*_, outcome) in provision(city).items()}
    assert outcomes["EAST", "kindergarten"] == Outcome.UNDECIDED.value
    assert outcomes["EAST", "primary_school"] == Outcome.FAIL.value  # the school of unknown level is in the west
    assert outcomes["WEST", "green"] == Outcome.UNDECIDED.value
    city.connection.execute("UPDATE city.ward SET population = 400 WHERE code = 'WEST'")
    assert provision(city)["WEST", "primary_school"] == (260, None, Outcome.UNDECIDED.value)
    assert service_provision(city, on=ON).quantity("unknown_schools").value == 1


def test_a_commune_is_not_asked_by_norms_of_cities(city: City):
    from gis.sample.town import load_town

    load_town(city)
    city.connection.execute("UPDATE city.ward SET unit_type = 'commune' WHERE code = 'WEST'")
    assert provision(city)["WEST", "primary_school"][2] == Outcome.NOT_APPLICABLE.value


def test_a_ward_that_is_none_is_refused(town: City):
    with pytest.raises(PlaceError, match="nearest is WEST"):
        service_provision(town, ward="WESTT", on=ON)
