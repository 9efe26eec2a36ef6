"""The figures of the master plan: what is known of it, by whom, and what is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gis.certainty import Certainty
from gis.targets import NoFigureError, SeveralFiguresError, UnknownPlanError, plan, plans
from gis.written import WrittenError
from layers.model import DATA

PLAN = plan()


def test_the_planning_area_is_mainland_and_islands():
    mainland, islands = PLAN.figure("mainland_area"), PLAN.figure("hoang_sa_area")
    assert PLAN.figure("planning_area").value == mainland.value + islands.value == 129_046


@pytest.mark.parametrize(("year", "share"), [(2030, 0.32306), (2045, 0.35571)])
def test_the_share_of_urban_land_agrees_with_its_hectares(year: int, share: float):
    land = PLAN.figure("urban_construction_land", year=year).value
    assert land / PLAN.figure("mainland_area").value == pytest.approx(share, abs=1e-5)
    assert PLAN.figure("urban_construction_land_share", year=year).value == pytest.approx(share, abs=5e-5)


@pytest.mark.parametrize(
    ("year", "counts", "m2"),
    [(2030, "residents_and_visitors", 177.9), (2030, "residents", 204.1), (2045, "not_said", 136.9)],
)
def test_land_for_each_person_depends_on_who_is_counted(year: int, counts: str, m2: float):
    people = PLAN.figure("population", year=year, counts=counts).value
    land = PLAN.figure("urban_construction_land", year=year).value
    assert 10_000 * land / people == pytest.approx(m2, abs=0.05)


def test_a_population_is_not_given_before_it_is_said_who_counts():
    with pytest.raises(SeveralFiguresError, match="2030 residents_and_visitors; 2030 residents; say which"):
        PLAN.figure("population", year=2030)


def test_what_was_not_found_is_unknown_and_not_zero():
    with pytest.raises(NoFigureError, match="labour_force of 359/QĐ-TTg was found"):
        PLAN.figure("labour_force")
    assert "labour_force" in PLAN.unknown
    assert PLAN.targets_of("share_within_500_m_of_a_stop") == ()
    with pytest.raises(UnknownPlanError, match="nearest is 359/QĐ-TTg"):
        plan("2357/QĐ-TTg")


def test_a_figure_of_another_instrument_says_so():
    assert PLAN.figure("wastewater_capacity", year=2030).instrument == "1287/QĐ-TTg"
    assert {target.instrument for target in PLAN.targets} == {"359 draft", "359 consultation", "development programme"}
    (green,) = PLAN.targets_of("city_green_per_person")
    assert (green.minimum, green.maximum, green.year, green.certainty) == (8, 9, 2030, Certainty.SECONDARY)
    (share,) = PLAN.targets_of("transport_land_share")
    assert (share.value, share.unit, share.is_percent) == (0.10, "1", True)


def test_a_range_has_no_single_value():
    with pytest.raises(ValueError, match="1800-2000"):
        _ = PLAN.figure("solid_waste_capacity").value


def test_the_twelve_sub_areas_stand_with_all_that_sources_say_of_them():
    assert [each.number for each in PLAN.sub_areas] == list(range(1, 13))
    by_number = {each.number: each for each in PLAN.sub_areas}
    assert [claim.value for claim in by_number[4].areas_ha] == [5_600, 3_655.62]
    assert {claim.value for claim in by_number[4].populations if claim.year == 2030} == {73_600, 194_000, 235_000}
    assert {number for number, each in by_number.items() if each.is_disputed} == {1, 4, 6, 8}
    assert [number for number, each in by_number.items() if not each.areas_ha] == [9, 10, 11, 12]


def test_every_figure_has_a_source():
    for each in (*PLAN.figures, *PLAN.targets, *PLAN.observed):
        assert all(source.startswith("http") for source in each.sources), each.name
        assert each.minimum > 0


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('counts = "residents"\n', "", "says who it counts"),
        ('counts = "residents"\n', 'counts = "all"\n', "there are residents"),
        ("value = 129046", "", "a value, or a minimum and a maximum"),
        ("minimum = 1800", "minimum = 2800", "above the maximum"),
        ('instrument = "press"', 'instrument = "gossip"', "not among those of the file"),
        ('source = "vir"', 'source = "hearsay"', "not among sub_area_sources"),
        ('zone = "waterfront"', 'zone = "sea"', "there are waterfront"),
        ("decision_date = 2021-03-15", 'decision_date = "15 March"', "it is a date"),
    ],
)
def test_a_file_that_cannot_be_is_refused(tmp_path: Path, before: str, after: str, why: str):
    folder = Path(shutil.copytree(DATA / "plans", tmp_path / "plans"))
    (path,) = folder.glob("*.toml")
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(WrittenError, match=why):
        plans(folder)
