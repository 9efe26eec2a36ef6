"""What is asked of the town's streets, every piece of which is known (see `gis.sample.town`)."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gis.analyses.parcel_access import NearestError, parcel_access
from gis.analyses.route import route
from gis.analyses.service_area import service_area
from gis.analyses.service_catchment import service_catchment
from gis.analyses.street_closure import ClosureError, street_closure
from gis.analyses.street_network import street_network
from gis.analyses.street_structure import street_structure
from gis.analyses.travel_change import SameHorizonError, travel_change
from gis.analyses.travel_matrix import ManyPairsError, travel_matrix
from gis.db import City, seen_at
from gis.findings.lonlat import degrees
from gis.networks.streets.limits import LimitError
from gis.planning.spots import SpotError
from layers.model import Horizon

EAST, NORTH = 550_000.0, 1_776_000.0
WALK_M_MIN = 80.0


def at(*places: tuple[float, float]) -> str:
    """Return places, in m from the corner of the town, as longitude,latitude."""
    return "; ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in degrees(np.add(places, (EAST, NORTH))).tolist())


def length_m(city: City, here: tuple[float, float], there: tuple[float, float], travel: str = "walk") -> float | None:
    return route(city, origin=at(here), destination=at(there), travel=travel).quantity("length_m").value


def test_a_way_round_a_block_is_300_m_at_80_m_a_minute(town: City):
    found = route(town, origin=at((50, 0)), destination=at((50, 200)))
    assert found.quantity("length_m").value == pytest.approx(300, abs=0.1)
    assert found.quantity("time_min").value == pytest.approx(300 / WALK_M_MIN, abs=0.01)
    assert found.quantity("straight_m").value == pytest.approx(200, abs=0.1)
    assert found.quantity("detour").value == pytest.approx(1.5, abs=0.001)
    legs = found.table("legs", language="vi")
    assert legs["street"].tolist() in (["Phố Nam", f"Phố Số {n}", "Phố Bắc"] for n in (1, 2))
    assert legs["length_m"].sum() == pytest.approx(300, abs=0.1)


def test_a_vehicle_keeps_to_the_direction_of_a_one_way_street(town: City):
    # Southwards round a block: 50 up, 100 across, 200 down, 100 back, 50 up; northwards straight on, at 40 km/h.
    assert length_m(town, (200, 150), (200, 50), "drive_shortest") == pytest.approx(500, abs=0.1)
    assert length_m(town, (200, 50), (200, 150), "drive_shortest") == pytest.approx(100, abs=0.1)
    found = route(town, origin=at((200, 50)), destination=at((200, 150)), travel="drive")
    assert found.quantity("time_min").value == pytest.approx(100 / (40 / 3.6) / 60, abs=0.001)


def test_the_walk_to_the_street_counts_on_foot_and_where_it_was_set_is_told(town: City):
    found = route(town, origin=at((50, 30)), destination=at((100, 0)))
    assert found.quantity("length_m").value == pytest.approx(30 + 50, abs=0.1)
    ends = found.table("ends")
    assert ends["off_m"].tolist() == pytest.approx([30, 0], abs=0.1)
    on_street, expected = (np.array(each.split(","), dtype=float) for each in (ends["on_street"][0], at((50, 0))))
    assert on_street == pytest.approx(expected, abs=2e-6)
    assert length_m(town, (50, 30), (100, 0), "drive") == pytest.approx(50, abs=0.1)


def test_a_raised_road_is_driven_along_but_not_entered_where_it_crosses(town: City):
    city = seen_at(town.connection, Horizon.H2045)
    # From the middle street at 340 up to the raised road at 150: 40 back, 100 up, 50 on, 50 down along it.
    assert length_m(city, (340, 100), (350, 150), "drive_shortest") == pytest.approx(240, abs=0.1)
    seen_at(town.connection, Horizon.EXISTING)


def test_where_no_street_is_near_there_is_no_way_and_the_answer_says_so(town: City):
    found = route(town, origin=at((50, 450)), destination=at((50, 0)))
    assert found.quantity("length_m").value is None
    assert found.quantity("time_min").value is None
    assert [note.en for note in found.notes] == ["Origin: no street near"]
    with pytest.raises(SpotError, match="names no position"):
        route(town, origin="", destination=at((0, 0)))
    with pytest.raises(SpotError, match="2 positions; give one"):
        route(town, origin=at((0, 0), (100, 0)), destination=at((0, 0)))


def test_what_is_reached_from_a_corner_counts_streets_in_part(town: City):
    found = service_area(town, origins=at((0, 0)), limits="100 m, 150 m")
    areas = found.table("areas")
    # 100 m both ways; then 50 m more on each of two streets at both of the corners that are reached.
    assert areas["street_km"].tolist() == pytest.approx([0.2, 0.4], abs=0.0002)
    # Two strips of 1 ha that share a square of 50 m; half a disc of 50 m at each end, a quarter at the corner.
    assert areas["area_ha"][0] == pytest.approx((17_500 + 1.25 * np.pi * 50**2) / 10_000, rel=0.02)


def test_a_one_way_street_is_reached_ahead_from_a_place_and_behind_to_it(town: City):
    ahead, behind = (
        service_area(town, origins=at((200, 50)), limits="50 m", travel="drive", trip=trip)
        for trip in ("outbound", "inbound")
    )
    for each in (ahead, behind):
        assert each.table("areas")["street_km"][0] == pytest.approx(0.05, abs=0.0002)
    assert ahead.features[0].geometry.centroid.y > NORTH + 60
    assert behind.features[0].geometry.centroid.y < NORTH + 40


def test_limits_are_of_one_kind_and_not_without_end(town: City):
    for wrong in ("5", "5 min, 500 m", "0 min", "200 km", "1 m, 2 m, 3 m, 4 m, 5 m, 6 m, 7 m"):
        with pytest.raises(LimitError, match="give up to 6 in one unit"):
            service_area(town, origins=at((0, 0)), limits=wrong)


def test_one_bad_origin_loses_neither_its_row_nor_the_others(town: City):
    (here,) = degrees(np.array([[EAST, NORTH]])).tolist()
    (far,) = degrees(np.array([[EAST, NORTH + 900]])).tolist()
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in (
            ("corner", {"type": "Point", "coordinates": here}),
            ("nowhere", None),
            ("far", {"type": "Point", "coordinates": far}),
            ("wrong", {"type": "Point", "coordinates": ["a"]}),
            ("off the world", {"type": "Point", "coordinates": [500, 100]}),
        )
    ]
    given = json.dumps({"type": "FeatureCollection", "features": features})
    pairs = travel_matrix(town, origins=given, destinations=at((100, 0))).table("pairs")
    assert pairs["status"].tolist() == ["Reached", "No position", "No street near", "No position", "No position"]
    assert pairs["length_m"][0] == pytest.approx(100, abs=0.1)
    assert pairs["length_m"][1:].isna().all()
    area = service_area(town, origins=given, limits="100 m")
    assert area.table("origins")["status"].tolist() == pairs["status"].tolist()
    assert area.table("areas")["street_km"][0] == pytest.approx(0.2, abs=0.0002)


def test_a_matrix_holds_every_pair_both_ways(town: City):
    places = at((0, 0), (200, 0), (200, 200))
    pairs = travel_matrix(town, origins=places, travel="drive_shortest").table("pairs")
    # Down the one-way street one goes round by a neighbouring one: 100 + 200 + 100.
    assert pairs["length_m"].tolist() == pytest.approx([0, 200, 400, 200, 0, 200, 400, 400, 0], abs=0.1)
    with pytest.raises(ManyPairsError, match="ask in parts"):
        travel_matrix(town, origins="; ".join([at((0, 0))] * 400))


def test_a_parcel_is_as_far_as_the_walk_along_the_street(town: City):
    found = parcel_access(town, facility="primary_school")
    parcels = found.table("parcels").set_index("parcel")
    assert len(parcels) == 25
    # The school's own lot: 25 m to the street and back. The market beside it: 25 m, round the block, 25 m. The point
    # inside a lot lies up to 5 m off its centre.
    assert parcels.loc["WEST/1/21", "time_min"] == pytest.approx(50 / WALK_M_MIN, abs=5.1 / WALK_M_MIN)
    assert parcels.loc["WEST/1/22", "time_min"] == pytest.approx(250 / WALK_M_MIN, abs=5.1 / WALK_M_MIN)
    assert (parcels["nearest"] == "Trường tiểu học mẫu").all()
    (row,) = found.table("access").to_dict("records")
    assert (row["facilities"], row["reached"], row["no_street"], row["no_way"]) == (1, 25, 0, 0)
    (none,) = parcel_access(town, facility="hospital").table("access").to_dict("records")
    assert (none["facilities"], none["reached"]) == (0, 0)
    assert none["median_min"] is None


def test_the_second_nearest_of_one_facility_is_not_reached(town: City):
    (row,) = parcel_access(town, facility="kindergarten", nearest=2).table("access").to_dict("records")
    assert (row["reached"], row["no_way"]) == (0, 25)
    for wrong in (0, 6):
        with pytest.raises(NearestError, match="from 1 to 5"):
            parcel_access(town, nearest=wrong)


def test_a_hundred_places_for_a_thousand_people_are_shared_by_all_who_reach_them(town: City):
    found = service_catchment(town, facility="kindergarten", limits="15 min")
    assert found.quantity("places").value == 100
    assert found.quantity("people_without").value == 0
    assert found.table("wards")["places_per_1000"].tolist() == pytest.approx([100, 100])
    (facility,) = found.table("facilities").to_dict("records")
    assert facility["people_per_place"] == pytest.approx(10)


def test_people_beyond_the_limit_get_nothing_and_the_others_share_it_all(town: City):
    found = service_catchment(town, facility="primary_school", limits="250 m")
    wards = found.table("wards").set_index("ward")
    assert (wards["people"] * wards["places_per_1000"]).sum() / 1_000 == pytest.approx(300)
    assert found.quantity("people_without").value > 0
    with pytest.raises(LimitError, match="more than one"):
        service_catchment(town, limits="5 min, 10 min")


def test_streets_are_counted_down_to_a_class_on_construction_land(town: City):
    found = street_network(town, on="2026-11-27")
    # 0.5 km of the middle street and 2 km of others, on 7.5 ha: all but fields and river.
    assert found.quantity("construction_ha").value == pytest.approx(7.5)
    classes = found.table("classes").set_index("road_class")
    assert classes["length_km"].tolist() == pytest.approx([0.5, 2.0])
    assert classes["density"].tolist() == pytest.approx([0.5 / 0.075, 2.5 / 0.075])
    assert classes["spacing_m"].tolist() == pytest.approx([300, 60])
    assert classes["land_ha"].tolist() == pytest.approx([0.5 * 2.7, 2 * 1.35])
    by_rule = {
        (each.rule, each.inputs.get("road_level")): each for each in found.verdicts if each.subject.layer == "city"
    }
    assert by_rule["road_density", "inter_district"].found == pytest.approx(6.6667, abs=1e-4)
    assert by_rule["road_density", "inter_district"].outcome == "cannot_be_decided"
    assert by_rule["road_density", "expressway"].outcome == "fail"
    assert by_rule["transport_land_share", "inter_district"].found == pytest.approx(1.35 / 7.5)
    assert by_rule["transport_land_share", "inter_district"].outcome == "pass"


def test_the_structure_of_the_grid_and_what_hangs_on_single_streets(town: City):
    found = street_structure(town)
    figures = {each.name: each.value for each in found.quantities}
    # Three ends in the east; the way there is twice two edges on each of three streets, over two nodes each.
    assert (figures["edges"], figures["dead_ends"], figures["bridges"], figures["cut_nodes"]) == (30, 3, 6, 6)
    assert (figures["parts"], figures["near_misses"]) == (1, 0)
    nodes = figures["nodes"]
    assert figures["meshedness"] == pytest.approx((30 - nodes + 1) / (2 * nodes - 5))


def test_new_streets_lengthen_no_journey(town: City):
    found = travel_change(town, earlier="existing", later="2045", travel="walk")
    assert found.quantity("losing").value == 0
    assert found.quantity("cut_off").value == 0
    assert found.quantity("saved_min").value >= 0
    with pytest.raises(SameHorizonError, match="Both horizons are 2030"):
        travel_change(town, earlier="2030", later="2030")


def test_closing_a_street_shortens_no_journey_and_its_end_is_cut_off(town: City):
    found = street_closure(town, streets=at((50, 0)), travel="walk")
    assert found.quantity("closed_m").value == pytest.approx(100)
    assert found.quantity("gaining").value == 0
    assert found.quantity("cut_off").value == 0
    line = degrees(np.array([[EAST + 290, NORTH - 50], [EAST + 290, NORTH + 250]])).tolist()
    halves = street_closure(town, streets=json.dumps({"type": "LineString", "coordinates": line}), travel="walk")
    assert halves.quantity("closed_m").value == pytest.approx(300)
    # The town falls into halves, between which nobody lives: everybody loses the other ward.
    assert halves.quantity("cut_off").value == pytest.approx(1_000)
    with pytest.raises(ClosureError, match="There is no road 987654321"):
        street_closure(town, streets="987654321")
    with pytest.raises(ClosureError, match="No street is at"):
        street_closure(town, streets=at((50, 900)))
