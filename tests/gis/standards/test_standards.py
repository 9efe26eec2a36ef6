"""The standards as data: what the regulation's tables say, on which days, for which cases."""

from __future__ import annotations

import datetime as dt
import shutil
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.certainty import Certainty
from gis.standards import (
    MissingFactError,
    NoEditionError,
    NotApplicableError,
    UnknownEditionError,
    UnknownRuleError,
    UnknownValueError,
    WrongFactError,
    edition,
    editions,
    in_force,
    terms,
)
from gis.standards.axes import Codes
from gis.written import WrittenError
from layers.model import DATA

OF_2021 = edition("01:2021")
HEIGHTS_M = (16, 19, 22, 25, 28, 31, 34, 37, 40, 43, 46)
LOTS_M2 = (3_000, 10_000, 18_000, 35_000)


def most(name: str, **case: str | float) -> float:
    return OF_2021.rule(name).norm(case).most


def least(name: str, **case: str | float) -> float:
    return OF_2021.rule(name).norm(case).least


def test_each_day_has_the_edition_that_is_in_force():
    for day, number in (
        (dt.date(2021, 7, 5), "01:2021"),
        (dt.date(2026, 12, 31), "01:2021"),
        (dt.date(2027, 1, 1), "01:2026"),
        (dt.date(2060, 1, 1), "01:2026"),
    ):
        assert in_force(on=day).number == number
    with pytest.raises(NoEditionError, match=r"2021-07-04; the first is QCVN 01:2021/BXD, in force from 2021-07-05"):
        in_force(on=dt.date(2021, 7, 4))


def test_an_edition_or_a_rule_that_is_not_known_is_refused_with_the_nearest():
    assert edition("QCVN 01:2026/BXD") is edition("01:2026")
    with pytest.raises(UnknownEditionError, match="nearest is 01:2021"):
        edition("QCVN 01:2021")
    with pytest.raises(UnknownRuleError, match="nearest is setback"):
        OF_2021.rule("setbak")


@pytest.mark.parametrize(
    ("lot_m2", "share"),
    [
        (50, 1),
        (90, 1),
        (95, 0.95),
        (100, 0.9),
        (120, 0.86),
        (150, 0.8),
        (250, 0.65),
        (400, 0.55),
        (750, 0.45),
        (2_000, 0.4),
    ],
)
def test_the_share_of_a_detached_house_is_interpolated_by_its_lot(lot_m2: float, share: float):
    assert most("detached_house_density", lot_area_m2=lot_m2) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("lot_m2", "height_m", "apartment", "commercial"),
    [(6_500, 25, 0.64, 0.69), (10_000, 26.5, 0.515, 0.565), (5_000, 20, 0.704286, 0.754286), (35_000, 47, 0.35, 0.4)],
)
def test_the_share_of_a_tall_building_is_interpolated_by_lot_and_height(
    lot_m2: float, height_m: float, apartment: float, commercial: float
):
    case = {"lot_area_m2": lot_m2, "height_m": height_m}
    assert most("apartment_density", **case) == pytest.approx(apartment, abs=1e-6)
    assert most("commercial_density", **case) == pytest.approx(commercial, abs=1e-6)


def test_table_2_12_is_table_2_10_times_the_storeys():
    for (storeys, height_m), lot_m2 in product(enumerate((*HEIGHTS_M, 50), 5), LOTS_M2):
        ratio = most("existing_area_floor_area_ratio", area="existing", height_m=height_m, lot_area_m2=lot_m2)
        assert ratio == pytest.approx(storeys * most("commercial_density", height_m=height_m, lot_area_m2=lot_m2))


def test_table_2_9_is_table_2_10_less_five_points():
    for height_m, lot_m2 in product((*HEIGHTS_M, 50), LOTS_M2):
        case = {"height_m": height_m, "lot_area_m2": lot_m2}
        assert most("apartment_density", **case) == pytest.approx(most("commercial_density", **case) - 0.05)


@given(lot_m2=st.floats(1, 1e6), more_m2=st.floats(0, 1e6), height_m=st.floats(1, 500), higher_m=st.floats(0, 500))
def test_a_larger_lot_or_a_higher_building_never_covers_a_larger_share(
    lot_m2: float, more_m2: float, height_m: float, higher_m: float
):
    for name in ("apartment_density", "commercial_density"):
        smaller = most(name, lot_area_m2=lot_m2, height_m=height_m)
        assert most(name, lot_area_m2=lot_m2 + more_m2, height_m=height_m) <= smaller + 1e-9
        assert most(name, lot_area_m2=lot_m2, height_m=height_m + higher_m) <= smaller + 1e-9


@pytest.mark.parametrize(
    ("road_m", "setbacks_m"), [(12, (0, 3, 4, 6)), (19, (0, 0, 3, 6)), (21.9, (0, 0, 3, 6)), (22, (0, 0, 0, 6))]
)
def test_a_building_stands_back_by_its_height_and_its_road(road_m: float, setbacks_m: tuple[float, ...]):
    rule = OF_2021.rule("setback")
    for height_m, setback_m in zip((18.9, 19, 22, 28), setbacks_m, strict=True):
        norm = rule.norm(road_width_m=road_m, height_m=height_m)
        assert norm.least == setback_m
        assert norm.certainty is (Certainty.TRANSCRIPT if road_m < 19 else Certainty.INFERRED)
    assert least("setback", road_width_m=10, height_m=16) == 0


def test_what_the_examination_of_planners_asks_is_answered_as_there():
    assert least("unit_green") == 2
    assert least("small_project_green", population=3_999) == 1
    assert most("group_garden_distance") == 300
    assert [most("public_service_density", area=area) for area in ("new", "existing")] == [0.4, 0.6]
    places = ("residential_unit", "resort", "park", "theme_park")
    assert [most("gross_density", place=place) for place in places] == [0.6, 0.25, 0.05, 0.25]
    assert least("parking_land", population=1_134_310) == 4.0


def test_land_of_schools_is_places_times_land_for_each():
    for facility, land_m2 in {
        "kindergarten": 0.60,
        "primary_school": 0.65,
        "lower_secondary_school": 0.55,
        "upper_secondary_school": 0.40,
        "hospital": 0.40,
    }.items():
        places = least("places_per_1000", facility=facility, setting="urban")
        assert places * least("land_per_place", facility=facility) / 1_000 == pytest.approx(land_m2)


def test_a_class_of_city_has_its_own_value():
    assert {each: least("city_green", urban_class=each) for each in terms()["urban_class"].codes} == {
        "special": 7, "I": 6, "II": 6, "III": 5, "IV": 5, "V": 4,
    }  # fmt: skip
    norm = OF_2021.rule("civil_land").norm(urban_class="I")
    assert (norm.minimum, norm.maximum, norm.rule.unit) == (45, 60, "m²/person")


def test_a_number_on_the_border_of_two_steps_belongs_to_the_one_the_table_says():
    assert [least("parking_land", population=people) for people in (49_999, 50_000, 150_000, 150_001)] == [
        2.5,
        3.5,
        3.5,
        4,
    ]
    distances = [
        least("wastewater_distance", treatment="enclosed", capacity_m3_day=capacity)
        for capacity in (199, 200, 5_000, 50_000, 50_001)
    ]
    assert distances == [10, 15, 30, 30, 40]


def test_half_and_third_of_a_height_are_kept_exactly():
    assert least("spacing_share_of_height", side="long", height_m=30) * 30 == 15
    assert least("spacing_share_of_height", side="gable", height_m=30) * 30 == 10
    assert [least("spacing", side="long", height_m=height_m) for height_m in (45.9, 46)] == [7, 25]


def test_where_the_standard_sets_nothing_it_does_not_apply():
    with pytest.raises(NotApplicableError, match="sets nothing there"):
        least("wastewater_distance", treatment="oxidation_ditch", capacity_m3_day=60_000)
    with pytest.raises(NotApplicableError, match="area is new"):
        most("existing_area_floor_area_ratio", area="new", height_m=20, lot_area_m2=3_000)
    with pytest.raises(NotApplicableError, match="facility is hospital"):
        least("rural_school_radius", setting="rural", facility="hospital", terrain="plain")
    with pytest.raises(NotApplicableError, match="no maximum"):
        most("unit_green")


def test_a_value_that_was_not_read_is_unknown_and_not_none():
    assert least("water_plant_land", capacity_m3_day=120_000) == 5
    with pytest.raises(UnknownValueError, match="depends on a value that it sets, which is not known"):
        least("water_plant_land", capacity_m3_day=10_000)


def test_what_is_not_known_is_asked_for_and_what_is_wrong_is_refused():
    with pytest.raises(MissingFactError, match="depends on height_m"):
        least("setback", road_width_m=10)
    with pytest.raises(MissingFactError, match="setting"):
        least("places_per_1000", facility="kindergarten")
    with pytest.raises(WrongFactError, match="nearest is mountain"):
        least("residential_unit_population", terrain="mountains")
    with pytest.raises(WrongFactError, match="it is a number"):
        most("detached_house_density", lot_area_m2="large")
    with pytest.raises(WrongFactError, match="it is a number"):
        most("detached_house_density", lot_area_m2=float("nan"))


def test_every_rule_answers_every_case_it_speaks_of():
    for rule in (rule for each in editions() for rule in each.rules.values()):
        places = [
            [group[0] for group in axis.groups] if isinstance(axis, Codes) else [0.5, 1_000, 1e5, 1e9]
            for axis in rule.axes
        ]
        only = {name: min(allowed) for name, allowed in rule.only.items()}
        answered = 0
        for corner in product(*places):
            case = dict(zip((axis.name for axis in rule.axes), corner, strict=True))
            try:
                norm = rule.norm(only | case)
            except (NotApplicableError, UnknownValueError):
                continue
            answered += 1
            assert norm.certainty in rule.certainties
        assert answered, rule.reference


def test_all_that_is_known_of_the_next_edition_is_second_hand():
    rules = edition("01:2026").rules
    assert rules
    assert {certainty for rule in rules.values() for certainty in rule.certainties} == {Certainty.SECONDARY}
    assert rules["unit_service_radius"].norm(setting="urban").most == 1_000
    assert most("unit_service_radius", setting="urban", terrain="plain") == 500


def test_what_rests_on_two_sources_is_no_surer_than_either():
    assert Certainty.TRANSCRIPT | Certainty.INFERRED is Certainty.INFERRED
    assert Certainty.VERBATIM | Certainty.VERBATIM is Certainty.VERBATIM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Standards that may be changed."""
    return Path(shutil.copytree(DATA / "standards", tmp_path / "standards"))


@pytest.mark.parametrize(
    ("number", "before", "after", "why"),
    [
        ("2021", "last_day = 2026-12-31", "last_day = 2026-12-30", "nothing is in force between"),
        ("2021", "last_day = 2026-12-31", "last_day = 2027-01-01", "overlap"),
        ("2021", "last_day = 2026-12-31", "", "overlap"),
        ("2021", "last_day = 2026-12-31", "last_day = 2020-12-31", "before it begins"),
        ("2026", 'replaces = "QCVN 01:2021/BXD"', 'replaces = "QCVN 01:2019/BXD"', "says that it replaces"),
        ("2021", '[unit_green]\nclause = "2.2"', "[unit_green]", r"\[unit_green\] it says no clause"),
        ("2021", 'unit = "m²/person"\nminimum = 2', "minimum = 2", r"\[unit_green\] it says no unit"),
        ("2021", 'unit = "m²/person"\nminimum = 2', 'unit = "m²/person"', "no minimum, maximum or value"),
        ("2021", "minimum = [45, 50, 70]", "minimum = [45, 50]", "needs 3 values along urban_class"),
        ("2021", "minimum = [45, 50, 70]", "minimum = [45, 50, 170]", "minimum 170 is above the maximum 100"),
        ("2021", "minimum = [45, 50, 70]", 'minimum = [45, 50, "many"]', "'many' is no number"),
        ("2021", '["III", "IV"], ["V"]]', '["III", "V"], ["V"]]', "'V' twice"),
        ("2021", '["III", "IV"], ["V"]]', '["III", "VI"], ["V"]]', "no code 'VI'; the nearest is"),
        ("2021", 'axes.urban_class = [["special"], ["I"', 'axes.city_class = [["special"], ["I"', "urban_class"),
        ("2021", "road_width_m = { from = [0, 19, 22] }", "road_width_m = { from = [0, 22, 19] }", "numbers rise"),
        ("2021", "road_width_m = { from = [0, 19, 22] }", "road_width_m = { from = [5, 19, 22] }", "leave a gap"),
        ("2021", "maximum = [100, 90, 70, 60, 50, 40]", "maximum = [110, 90, 70, 60, 50, 40]", "no value in its unit"),
        ("2021", 'certainty = "inferred"', 'certainty = "guessed"', "there are verbatim, transcript"),
        ("2021", "[unit_green]\n", "[unit_green]\nmaximun = 3\n", "unknown entry maximun"),
        ("2021", "[unit_green]", "[unit_green", "not TOML"),
    ],
)  # fmt: skip
def test_a_file_that_says_too_little_or_what_cannot_be_is_refused(
    folder: Path, number: str, before: str, after: str, why: str
):
    path = folder / f"qcvn-01-{number}.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(WrittenError, match=why):
        editions(folder)
