"""The most that may be built on a site of the town, and what binds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.analyses.largest_floor_area import NoLimitError, largest_floor_area
from gis.answering import NotPositiveError
from gis.db import City
from gis.findings import Finding, Outcome
from gis.planning.parcels import ParcelError
from tests.gis.conftest import lonlat_box


def largest(city: City, site: str = "EAST/2/2", **asked: object) -> Finding:
    return largest_floor_area(city, site=site, edition="01:2021", **asked)


def value(finding: Finding, name: str) -> float:
    return finding.quantity(name).value


def test_the_ratio_of_the_plan_binds_where_storeys_would_give_more(town: City):
    # 50 m of front, 86.5 m deep to the red line: 4,325 m². 60 % on four storeys are 10,380 m²; 2.0 allow 8,650 m².
    finding = largest(town)
    assert value(finding, "net_m2") == pytest.approx(50 * 86.5)
    assert value(finding, "floor_m2") == pytest.approx(2 * 4_325)
    assert (value(finding, "storeys"), value(finding, "height_m")) == (4, 16)
    assert finding.notes[1].en == "What binds: Floor area ratio, plan"


def test_with_fewer_storeys_the_built_share_binds(town: City):
    # Storeys of 6 m: two in 16 m.
    finding = largest(town, storey_height_m=6.0)
    assert value(finding, "floor_m2") == pytest.approx(2 * 0.6 * 4_325)
    assert finding.notes[1].en == "What binds: Built share, plan"


def test_a_house_is_held_to_table_2_8(town: City):
    # 10 m x 86.5 m: between 50 % at 500 m² and 40 % at 1,000 m².
    finding = largest(town, "WEST/1/1", use="house")
    share = 0.5 - 0.1 * (865 - 500) / 500
    assert value(finding, "footprint_m2") == pytest.approx(share * 865)
    assert value(finding, "floor_m2") == pytest.approx(4 * share * 865)
    assert finding.notes[1].en == "What binds: Built share, standard"


def test_no_check_fails_on_the_largest_block(town: City):
    finding = largest(town)
    assert finding.verdicts
    assert [each for each in finding.verdicts if each.outcome is Outcome.FAIL] == []


@given(
    box=st.tuples(st.integers(300, 340), st.integers(20, 60), st.integers(20, 60)),
    use=st.sampled_from(["apartment", "commercial", "office", "house"]),
    storey=st.sampled_from([None, 3.0, 3.6]),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_site_no_check_of_plan_and_standard_fails(town: City, box, use, storey):
    west, width, depth = box
    site = lonlat_box(west, 10, west + width, 10 + depth)
    finding = largest(town, site, use=use, storey_height_m=storey)
    failed = [each.rule for each in finding.verdicts if each.outcome is Outcome.FAIL and each.rule != "use"]
    assert failed == []
    floors = finding.table("storeys")["floor_m2"]
    assert value(finding, "floor_m2") == pytest.approx(floors.max())


def test_a_higher_ratio_never_gives_less(city: City):
    from gis.sample.town import load_town

    load_town(city)
    found: list[float] = []
    for ratio in (0.5, 1.0, 2.0, 2.4, 3.0):
        city.connection.execute("UPDATE city.zone SET max_floor_area_ratio = %s WHERE code = 'Z5'", (ratio,))
        found.append(value(largest(city), "floor_m2"))
    assert found == sorted(found)
    assert found[-1] == pytest.approx(4 * 0.6 * 4_325)


def test_where_the_plan_names_no_limit_nothing_is_made_up(town: City):
    with pytest.raises(NoLimitError, match="do not say both height and storeys"):
        largest(town, "WEST/1/20")
    with pytest.raises(NoLimitError, match=r"\(Z2\) name no built share and floor area ratio; unknown, not 0"):
        largest(town, "WEST/1/20", storey_height_m=3.0)


@pytest.mark.parametrize("height_m", [0.0, -3.0])
def test_a_storey_has_a_height(town: City, height_m: float):
    with pytest.raises(NotPositiveError, match="it is more than 0, or left out where it is not known"):
        largest(town, storey_height_m=height_m)


def test_a_number_of_several_parcels_is_asked_about(town: City):
    with pytest.raises(ParcelError, match="names 2 parcels; give the uid of one"):
        largest(town, "WEST/1/13")


def test_land_of_streets_is_no_site(town: City):
    with pytest.raises(NoLimitError, match="kept for streets"):
        largest(town, lonlat_box(10, 90, 40, 110))
