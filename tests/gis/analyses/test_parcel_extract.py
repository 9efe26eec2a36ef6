"""What is planned on a parcel of the town; every number can be read off its squares."""

from __future__ import annotations

import datetime as dt
import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.analyses.parcel_extract import parcel_extract
from gis.days import DayError
from gis.db import City
from gis.findings import Finding
from gis.planning import surroundings
from gis.planning.parcels import ParcelError
from gis.planning.parts import Reading, parts
from gis.planning.surroundings import cut_about
from gis.sample.squares import rectangle
from tests.gis.hand import put

ON = "2026-11-27"


def extract(city: City, parcel: str) -> Finding:
    return parcel_extract(city, parcel=parcel, on=ON)


def uses(finding: Finding, horizon: str) -> dict[str | None, tuple[float, float | None, float | None, str | None]]:
    """Return area, least and most in m², and the reading, by zone."""
    table = finding.table("planned_use").query("horizon == @horizon").astype(object)
    table = table.where(table.notna(), None)
    columns = ("area_m2", "least_m2", "most_m2")
    return {
        row["zone"]: (*(None if row[name] is None else round(row[name], 2) for name in columns), row["reading"])
        for _, row in table.iterrows()
    }


def test_a_parcel_inside_a_zone_has_its_use_as_far_as_the_lines_can_tell(town: City):
    # 10 m x 100 m at the corner of the plan, whose lines are good to 5 m: 5 m x 90 m are sure.
    assert uses(extract(town, "WEST/1/1"), "2030") == {
        "Z1": (1000, 450, 1000, "A part"),
        "Z2": (0, 0, 50, "Within the line tolerance"),
    }


def test_a_parcel_across_two_zones_has_both_with_their_bounds(town: City):
    finding = extract(town, "EAST/2/1")
    corner_m2 = pytest.approx(math.pi * 25 / 4, abs=0.2)  # a quarter of a circle of 5 m
    edge_m2 = pytest.approx(50 * 5 + math.pi * 25 / 4, abs=0.2)
    assert uses(finding, "2045") == {
        "Z4": (5000, 40 * 95, 5500, "A part"),
        "Z5": (5000, 45 * 90, 5500, "A part"),
        "Z1": (0, 0, 100 * 5, "Within the line tolerance"),
        "Z6": (0, 0, edge_m2, "Within the line tolerance"),
        "Z3": (0, 0, corner_m2, "Within the line tolerance"),
    }
    assert finding.table("planned_use").query("horizon == '2045'")["share"].sum() == pytest.approx(1)


def test_what_touches_a_parcel_stands_with_its_area_and_what_it_says(town: City):
    finding = extract(town, "EAST/2/4")
    rows = finding.table("restrictions")[["kind", "horizon", "area_m2", "says"]].fillna("").values.tolist()
    assert ["River bank", "2030, 2045", 2000.0, ""] in rows
    assert ["Road reserve", "2030, 2045", 50 * 13.5, "Red lines 27 m apart"] in rows
    assert ["Flood zone", "2030, 2045", 2500.0, "Every 10 years, 0–0.5 m deep"] in rows
    assert ["Flood zone", "2030, 2045", 2500.0, "Every 100 years, 0.5–1 m deep"] in rows
    power = extract(town, "WEST/1/1").table("restrictions").query("kind == 'Power line'")
    assert power["says"].tolist() == ["Nothing higher than 4 m"]
    assert power["area_m2"].tolist() == [200.0]


def test_limits_of_the_zones_stand_beside_each_other(town: City):
    limits = extract(town, "EAST/2/1").table("limits").query("horizon == '2045'").set_index("zone")
    assert limits.loc["Z4", "max_floor_area_ratio"] == 4.0
    assert limits.loc["Z5", "max_floor_area_ratio"] == 2.5
    assert limits.loc["Z5", "max_height_m"] == 20


def test_the_plan_is_named_with_its_decision_scale_and_tolerance(town: City):
    (row,) = extract(town, "WEST/1/1").table_named("plan").rows
    assert row == ("TOWN-QHC", "Quy hoạch chung (mẫu) 2025", "MẪU/2", "2025-01-01", 10_000, 5.0)


def test_before_its_decision_a_plan_says_nothing(town: City):
    finding = parcel_extract(town, parcel="WEST/1/1", on="2024-12-31")
    assert finding.table_named("planned_use").rows == ()
    assert any("No plan is approved" in note.en for note in finding.notes)


def test_parcels_of_one_number_are_all_listed(town: City):
    finding = extract(town, "WEST/1/13")
    assert finding.quantity("parcels").value == 2
    assert len(finding.table_named("parcel").rows) == 2
    assert any("2 parcels have that number" in note.en for note in finding.notes)


def test_a_parcel_is_found_by_uid_and_by_position_too(town: City):
    (row,) = extract(town, "WEST/1/5").table_named("parcel").rows
    assert extract(town, str(row[1])).table_named("parcel").rows == (row,)
    (middle,) = extract(town, "WEST/1/5").geodataframe()[-1:].to_crs(4326).representative_point()
    lon, lat = middle.x, middle.y
    assert row in extract(town, f"{lon:.9f},{lat:.9f}").table_named("parcel").rows


@pytest.mark.parametrize(
    ("parcel", "why"),
    [
        ("WEST/1", "give its uid, WARD/SHEET/NUMBER"),
        ("WEST/1/999", "sheet 1 of ward WEST has 17 parcels, but none of the number '999'"),
        ("WEST/9/1", "Ward WEST has 17 parcels, but none on a map sheet '9'"),
        ("NORTH/1/1", "No parcel is of a ward 'NORTH'"),
        ("9" * 18, "no parcel"),
        ("", "names no parcel"),
        ("200,91", "no position in longitude"),
        ("16.05,108.2", "longitude comes first: 108.2,16.05"),
        ("108.2277,16.0613", r"holds the position 108.2277,16.0613; the nearest is EAST/2/\d+, [\d,]+ m away"),
        ("0,0", "which lies 21,814 km from the city's"),
    ],
)
def test_what_names_no_parcel_is_refused(town: City, parcel: str, why: str):
    with pytest.raises(ParcelError, match=why):
        extract(town, parcel)


def test_what_is_no_day_is_refused(town: City):
    with pytest.raises(DayError, match="write it as 2026-11-30"):
        parcel_extract(town, parcel="WEST/1/1", on="30/11/2026")
    for said in ("30/30/2026", "soon", "2026-02-30"):
        with pytest.raises(DayError, match="write it as 2026-12-31"):
            parcel_extract(town, parcel="WEST/1/1", on=said)


def test_the_day_is_today_where_none_is_given(town: City):
    assert dt.date.fromisoformat(parcel_extract(town, parcel="WEST/1/1").arguments["on"]) >= dt.date(2026, 11, 27)


boxes = st.tuples(*[st.floats(0, 90) for _ in range(2)], *[st.floats(5, 60) for _ in range(2)])


@given(areas=st.lists(boxes, max_size=6), tolerance=st.one_of(st.none(), st.floats(0, 10)))
@settings(max_examples=60, deadline=None)
def test_parts_and_no_plan_are_the_site(areas: list[tuple[float, ...]], tolerance: float | None):
    site = rectangle(20, 20, 100, 80)
    zones = [rectangle(e, n, e + width, n + depth) for e, n, width, depth in areas]
    found = parts(site, zones, tolerance_m=tolerance)
    total = sum(part.area_m2 for part in found.parts) + found.slivers_m2 + found.none_m2 - found.twice_m2
    assert total == pytest.approx(shapely.area(site), abs=0.01)
    for part in found.parts:
        if tolerance is None:
            assert part.reading is Reading.UNKNOWN_TOLERANCE
        else:
            assert part.least_m2 <= part.area_m2 + 1e-6 <= part.most_m2 + 2e-6


@pytest.mark.parametrize("parcel", ["EAST/2/1", "EAST/2/4", "EAST/2/10", "WEST/1/1", "WEST/1/20"])
def test_what_is_cut_to_the_surroundings_says_the_same(town: City, monkeypatch: pytest.MonkeyPatch, parcel: str):
    whole = extract(town, parcel)
    monkeypatch.setattr(surroundings, "_LEFT_WHOLE_BYTES", 0)
    cut = extract(town, parcel)
    for name in ("planned_use", "restrictions", "limits"):
        one, other = (each.table(name) for each in (whole, cut))
        assert one.columns.tolist() == other.columns.tolist()
        for column in one.columns:
            exact = one[column].dtype == object
            assert one[column].tolist() == (
                other[column].tolist() if exact else pytest.approx(other[column].tolist(), abs=1e-6, nan_ok=True)
            )


def test_a_large_feature_is_read_as_far_as_it_lies_near(city: City):
    wave = [(550_000 + x, 1_776_000 + 3 * math.sin(x / 5)) for x in range(2_000)]
    river = shapely.MultiPolygon([shapely.LineString(wave).buffer(30, quad_segs=8)])
    put(city.connection, "corridor", river.wkt, corridor_type="river_bank", horizon="2030", name="Sông")
    site = shapely.box(550_900, 1_775_990, 550_950, 1_776_060)
    (near,) = cut_about(city, "corridor", site, reach_m=20)
    assert shapely.get_num_coordinates(near.geometry) < 200 < shapely.get_num_coordinates(river)
    window = site.buffer(20)
    assert near.geometry.intersection(window).area == pytest.approx(river.intersection(window).area, rel=1e-9)
    assert cut_about(city, "corridor", shapely.box(550_900, 1_776_060, 550_950, 1_776_100), reach_m=20) == ()
