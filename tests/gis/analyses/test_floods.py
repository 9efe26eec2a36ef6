"""Ground against floods in the town, and the town under water on a tilted plane."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from gis.analyses.elevation_exposure import elevation_exposure
from gis.analyses.flood_freeboard import TooMuchLandError, UnstatedErrorError, flood_freeboard
from gis.db import City, seen_at
from gis.elevation import NoElevationError, StatedErrorError
from gis.findings import Finding, Verdict
from layers.model import Horizon
from tests.gis.planes import plane


def verdicts(finding: Finding) -> dict[str, Verdict]:
    return {each.subject.label: each for each in finding.verdicts}


# The flood of 100 years: 400-450 m east, 3.9 m; housing asks for 3.9 + 0.3 = 4.2 m; all covers lie at 3.0 m.
def test_what_lies_in_the_flood_of_the_norm_fails_with_the_part_that_is_flooded(town: City):
    found = verdicts(flood_freeboard(town, edition="01:2021"))
    for label in ("Z5", "Z6"):
        assert found[label].outcome.value == "fail"
        assert found[label].inputs == {"flooded_ha": 0.5, "area_ha": 1.5, "period_years": 100}
        assert found[label].conflict.area == pytest.approx(5_000)
        assert found[label].reference == "QCVN 01:2021/BXD, 2.8.1"


def test_beside_the_flood_its_level_counts_and_what_is_lower_cannot_be_decided(town: City):
    found = verdicts(flood_freeboard(town, edition="01:2021"))
    beside = found["Z4"]
    assert (beside.outcome.value, beside.found, beside.asked.en) == ("cannot_be_decided", 3.0, "≥ 4.2 m")
    assert beside.inputs["flood_zone_away_m"] == pytest.approx(100)
    assert "outside of the flood zone" in beside.reason.en
    assert "mực nước" not in beside.arithmetic.en
    assert found["Z3"].outcome.value == "cannot_be_decided"  # 200 m away, M1 stands at its corner


def test_uses_whose_row_is_not_known_cannot_be_decided_and_water_is_not_asked(town: City):
    found = verdicts(flood_freeboard(town, edition="01:2021"))
    assert (found["Z2"].outcome.value, "row for this use" in found["Z2"].reason.en) == ("cannot_be_decided", True)
    assert found["Z7"].outcome.value == "not_applicable"


def test_ground_that_is_high_enough_beside_the_flood_passes(town: City):
    with town.connection.transaction(force_rollback=True):
        town.connection.execute("UPDATE city.manhole SET ground_level_m = 4.25")
        found = verdicts(flood_freeboard(town, edition="01:2021"))
        assert (found["Z4"].outcome.value, found["Z4"].certainty.value) == ("pass", "inferred")
        town.connection.execute("UPDATE city.manhole SET ground_level_m = 4.15")
        assert verdicts(flood_freeboard(town, edition="01:2021"))["Z4"].outcome.value == "cannot_be_decided"


def test_a_flood_zone_that_says_no_level_leaves_it_unknown(town: City):
    with town.connection.transaction(force_rollback=True):
        town.connection.execute("UPDATE city.flood_zone SET water_level_m = NULL")
        found = verdicts(flood_freeboard(town, edition="01:2021"))
        assert found["Z4"].reason.en.startswith("No flood zone says the level")
        assert found["Z5"].outcome.value == "fail"  # it is under water whatever the level is


def test_a_zone_in_a_rarer_flood_alone_is_held_against_its_level(town: City):
    # class V asks for 10 years, of which there is a flood 425-450 m east; Z4 lies 125 m from it
    with town.connection.transaction(force_rollback=True):
        town.connection.execute("DELETE FROM city.flood_zone WHERE return_period_years = 10")
        found = verdicts(flood_freeboard(town, edition="01:2021", urban_class="V"))
        # only the flood of 100 years is left: Z5 lies in it, which is no flood of 10 years; 3.0 m are below 4.2 m
        assert (found["Z5"].outcome.value, found["Z5"].inputs["flood_period_years"]) == ("fail", 100)
        assert isinstance(found["Z5"].conflict, shapely.MultiPoint)


def test_industry_has_to_stand_higher(town: City):
    with town.connection.transaction(force_rollback=True):
        town.connection.execute("UPDATE city.zone SET plan_use = 'DAT_SX_Congnghiep' WHERE code = 'Z4'")
        assert verdicts(flood_freeboard(town, edition="01:2021"))["Z4"].asked.en == "≥ 4.4 m"


def test_an_elevation_model_decides_within_its_error(town: City, tmp_path: Path):
    flat = {height: plane(tmp_path / f"{height}.tif", low_m=height, per_m=0.0) for height in (4.0, 4.3, 5.0)}

    def outcome(height: float, error: float) -> str:
        asked = {"elevation": str(flat[height]), "stated_error_m": error, "edition": "01:2021"}
        return verdicts(flood_freeboard(town, **asked))["Z4"].outcome.value

    assert outcome(5.0, 0.5) == "pass"
    assert outcome(4.3, 0.05) == "pass"
    assert outcome(4.3, 0.5) == "cannot_be_decided"
    with pytest.raises(UnstatedErrorError, match="stated_error_m"):
        flood_freeboard(town, elevation=str(flat[4.0]), edition="01:2021")
    with pytest.raises(StatedErrorError):
        flood_freeboard(town, elevation=str(flat[4.0]), stated_error_m=-1.0, edition="01:2021")


def test_parcels_are_judged_at_the_horizon_and_too_many_are_refused(town: City, monkeypatch: pytest.MonkeyPatch):
    found = verdicts(flood_freeboard(town, subject="parcel", edition="01:2021"))
    assert len(flood_freeboard(town, subject="parcel", edition="01:2021").verdicts) == 25
    assert found["EAST/2/10"].outcome.value == "cannot_be_decided"  # a park
    assert found["EAST/2/4"].outcome.value == "not_applicable"  # a field today
    seen = seen_at(town.connection, Horizon.H2030)
    later = verdicts(flood_freeboard(seen, subject="parcel", edition="01:2021"))
    seen_at(town.connection, Horizon.EXISTING)
    assert later["EAST/2/5"].outcome.value == "fail"  # houses from 2030, in the flood
    monkeypatch.setattr("gis.analyses.flood_freeboard._MOST_PARCELS", 24)
    with pytest.raises(TooMuchLandError, match="more than 24 parcels"):
        flood_freeboard(town, subject="parcel", edition="01:2021")


def test_hectares_by_outcome_are_all_of_the_land(town: City):
    finding = flood_freeboard(town, edition="01:2021")
    by_outcome = {each.name: each.value for each in finding.quantities}
    assert by_outcome == {"judged": 7, "fail_ha": 3, "cannot_be_decided_ha": 6, "pass_ha": 0, "not_applicable_ha": 1}
    table = finding.table("land")
    assert table["area_ha"].sum() == pytest.approx(10)
    assert table["flooded_ha"].sum() == pytest.approx(1)


def test_under_an_edition_without_the_rule_nothing_is_decided(town: City):
    found = verdicts(flood_freeboard(town, edition="01:2026"))
    assert {each.outcome.value for each in found.values()} == {"cannot_be_decided", "not_applicable"}


# A plane that is 3.5 m high at the town's western edge and falls a metre in 1,000 m: 3.0 m at the eastern edge.


@pytest.fixture(scope="module")
def falling(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(plane(tmp_path_factory.mktemp("planes") / "falling.tif"))


def test_the_town_under_water_is_what_lies_east_of_the_shore(town: City, falling: str):
    # 3.25 m are reached 250 m east: 250 m x 200 m = 5 ha of ground are lower, and 4 ha of it have parcels
    finding = elevation_exposure(town, elevation=falling, water_level_m=3.25, stated_error_m=0.1)
    figures = {each.name: each.value for each in finding.quantities}
    assert figures["ground_ha"] == pytest.approx(5)
    assert figures["parcels_ha"] == pytest.approx(4, abs=0.05)
    # 600 people on the hectare of flats (300-400, 100-200), all of it under water
    assert figures["people"] == pytest.approx(600)
    # streets: 250 m of two of 500 m, 200 m of the middle street, whose last 50 m are a bridge; two of 200 m
    assert figures["road_km"] == pytest.approx(0.25 * 2 + 0.2 + 0.4, abs=0.01)
    # the kindergarten stands 350 m east, the primary school 125 m
    assert figures["schools"] == 1
    assert [figures[name] for name in figures if "unknown" in name or name == "uncounted_ha"] == [0] * 6


def test_the_error_of_the_model_says_what_lies_under_water_at_the_least_and_at_the_most(town: City, falling: str):
    # ± 0.05 m are ± 50 m: 4 to 6 ha; the ground of the kindergarten is 3.15 m high, that of the school 3.375 m
    finding = elevation_exposure(town, elevation=falling, water_level_m=3.25, stated_error_m=0.05)
    bounds = finding.table("bounds")
    assert bounds["ground_ha"].tolist() == pytest.approx([4, 5, 6])
    assert bounds["schools"].tolist() == [1, 1, 1]
    wider = elevation_exposure(town, elevation=falling, water_level_m=3.25, stated_error_m=0.2)
    assert wider.table("bounds")["schools"].tolist() == [0, 1, 2]
    assert wider.table("schools")["is_certain"].tolist() == [False, False]
    assert any("± 0.2 m" in note.en for note in wider.notes)
    assert any("not the Hòn Dấu datum" in note.en for note in wider.notes)


def test_depths_are_classes_and_their_sum_is_all(town: City, falling: str):
    # at 4.0 m: 0.5 m deep at the western edge, 1.0 m at the eastern
    finding = elevation_exposure(town, elevation=falling, water_level_m=4.0, stated_error_m=0.1)
    table = finding.table("depths")
    assert table["ground_ha"].tolist() == pytest.approx([0, 10, 0, 0, 10], abs=1e-9)
    assert table["people"].tolist() == pytest.approx([0, 1_000, 0, 0, 1_000])


def test_uses_are_those_of_the_plan_at_its_horizon(town: City, falling: str):
    asked = {"elevation": falling, "water_level_m": 3.25, "stated_error_m": 0.1}
    today = elevation_exposure(town, **asked).table("uses").set_index("use")
    seen = seen_at(town.connection, Horizon.H2030)
    later = elevation_exposure(seen, **asked).table("uses").set_index("use")
    seen_at(town.connection, Horizon.EXISTING)
    assert today.loc["Wet-rice-only land", "wet_share"] == pytest.approx(1)
    assert today["area_ha"].sum() == pytest.approx(9)
    assert later.loc["River", "wet_ha"] == pytest.approx(1)
    assert later["area_ha"].sum() == pytest.approx(10)


def test_a_place_cuts_what_counts(town: City, falling: str):
    finding = elevation_exposure(town, elevation=falling, water_level_m=3.35, stated_error_m=0.1, within="ward:WEST")
    # the ward ends at 200 m, the water at 150 m: 50 m x 200 m
    assert finding.quantity("ground_ha").value == pytest.approx(1)
    assert finding.quantity("parcels_ha").value == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("error", [-1.0, float("inf")])
def test_an_error_that_is_no_length_is_refused(town: City, falling: str, error: float):
    with pytest.raises(StatedErrorError):
        elevation_exposure(town, elevation=falling, water_level_m=3, stated_error_m=error)


def test_what_is_no_elevation_model_is_refused(town: City, tmp_path: Path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(NoElevationError, match="is CSV"):
        elevation_exposure(town, elevation=str(path), water_level_m=3, stated_error_m=1)


def test_a_city_without_anything_is_answered(city: City, falling: str):
    finding = elevation_exposure(city, elevation=falling, water_level_m=3.25, stated_error_m=0.1)
    # without wards it is all that the model covers, but for the cells along its edge, beyond which nothing is known:
    # 34 of 70 columns are lower, in 38 of 40 rows
    assert finding.quantity("ground_ha").value == pytest.approx(34 * 38 * 0.01)
    assert finding.quantity("ground_unknown_ha").value == pytest.approx(28 - 68 * 38 * 0.01)
    assert flood_freeboard(city, subject="parcel", edition="01:2021").verdicts == ()


def test_beyond_the_model_nothing_is_known_and_nothing_is_dry(town: City, tmp_path: Path):
    small = plane(tmp_path / "small.tif", size_m=(350.0, 400.0))  # as far as 250 m east
    finding = elevation_exposure(town, elevation=str(small), water_level_m=10, stated_error_m=1)
    figures = {each.name: each.value for each in finding.quantities}
    assert figures["ground_ha"] + figures["ground_unknown_ha"] == pytest.approx(10)
    assert figures["ground_unknown_ha"] == pytest.approx(5, abs=0.3)
    assert figures["people"] + figures["people_unknown"] == pytest.approx(1_000)
    assert figures["schools_unknown"] == 1
