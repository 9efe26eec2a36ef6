"""Boundaries, parcels, land use, zones and waters of the sample fit together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely


def area(shapes):
    return float(shapely.area(shapes).sum())


def test_wards_and_districts_cover_the_city(drawn):
    whole = area(drawn.shapes("city"))
    for layer in ("ward", "district"):
        assert shapely.coverage_is_valid(drawn.shapes(layer))
        assert area(drawn.shapes(layer)) == pytest.approx(whole, abs=1)


def test_ward_populations_sum_to_the_districts_and_the_citys(drawn):
    people = drawn.column("ward", "population")
    of = drawn.column("ward", "district_code")
    for code, total in zip(drawn.column("district", "code"), drawn.column("district", "population"), strict=True):
        assert people[of == code].sum() == total
    assert people.sum() == drawn.column("city", "population")[0]


@pytest.mark.parametrize("stage", ["existing", "2030", "2045"])
def test_parcels_that_stand_together_do_not_overlap(drawn, stage):
    reached = {"existing": ["existing"], "2030": ["existing", "2030"], "2045": ["existing", "2030", "2045"]}[stage]
    stands = np.isin(drawn.column("parcel", "stage"), reached)
    stands &= ~np.isin(drawn.column("parcel", "stage_end").astype(str), reached)
    assert shapely.coverage_is_valid(drawn.shapes("parcel")[stands])


def test_a_parcel_lies_in_its_ward(usual):
    wards = dict(zip(usual.column("ward", "code"), usual.shapes("ward"), strict=True))
    inside = shapely.point_on_surface(usual.shapes("parcel"))
    homes = np.array([wards[code] for code in usual.column("parcel", "ward_code")], dtype=object)
    picked = np.arange(0, len(inside), 37)
    assert shapely.covers(homes[picked], inside[picked]).all()


def test_some_sheet_and_number_come_twice_within_a_ward_but_not_one_in_a_hundred(usual):
    names = ("ward_code", "map_sheet", "parcel_number")
    keys = list(zip(*(usual.column("parcel", name) for name in names), strict=True))
    twins = len(keys) - len(set(keys))
    assert 0 < twins < len(keys) / 100


def test_land_use_covers_the_city_without_overlap(drawn):
    assert shapely.coverage_is_valid(drawn.shapes("land_use"))
    assert area(drawn.shapes("land_use")) == pytest.approx(area(drawn.shapes("city")), abs=1)


@pytest.mark.parametrize("horizon", ["2030", "2045"])
def test_zones_of_the_general_plan_cover_the_city_without_overlap(drawn, horizon):
    chosen = drawn.column("zone", "horizon") == horizon
    chosen &= drawn.column("zone", "plan_code") == "MAU-QHC-2025"
    assert shapely.coverage_is_valid(drawn.shapes("zone")[chosen])
    assert area(drawn.shapes("zone")[chosen]) == pytest.approx(area(drawn.shapes("city")), abs=1)


def test_the_plan_of_2045_builds_more_land_and_higher_than_that_of_2030(drawn):
    town = np.isin(drawn.column("zone", "plan_use"), ["DAT_O_Nhomnhao", "DAT_O_Honhop_Nhomo", "DAT_SX_Congnghiep"])
    areas = shapely.area(drawn.shapes("zone"))
    ratio = drawn.number("zone", "max_floor_area_ratio")
    built = {}
    for horizon in ("2030", "2045"):
        here = town & (drawn.column("zone", "horizon") == horizon)
        here &= drawn.column("zone", "plan_code") == "MAU-QHC-2025"
        built[horizon] = float(areas[here].sum()), float(np.nansum((areas * ratio)[here]) / areas[here].sum())
    assert built["2045"][0] > built["2030"][0]
    assert built["2045"][1] > built["2030"][1] + 0.2


def test_a_factory_stands_in_a_housing_zone_and_buildings_in_corridors(usual):
    horizon = usual.column("zone", "horizon") == "2030"
    housing = usual.shapes("zone")[horizon & (usual.column("zone", "plan_use") == "DAT_O_Nhomnhao")]
    factories = usual.shapes("building")[usual.column("building", "building_use") == "industry"]
    assert len(shapely.STRtree(factories).query(housing, predicate="intersects")[0]) > 0
    kinds = usual.column("corridor", "corridor_type")
    tree = shapely.STRtree(usual.shapes("building"))
    for kind in ("river_bank", "power_line"):
        assert len(tree.query(usual.shapes("corridor")[kinds == kind], predicate="intersects")[0]) > 0, kind


def test_buildings_stand_within_parcels(usual):
    today = usual.column("building", "stage") == "existing"
    buildings = usual.shapes("building")[today][::53]
    tree = shapely.STRtree(usual.shapes("parcel"))
    _, inside = tree.query(shapely.buffer(buildings, -0.05), predicate="covered_by")
    assert len(inside) >= len(buildings)


def test_towers_stand_near_the_centre_and_low_houses_far_from_it(usual):
    housing = usual.column("building", "building_use") == "house"
    places = shapely.get_coordinates(shapely.centroid(usual.shapes("building")[housing]))
    storeys = usual.number("building", "storeys")[housing]
    away = np.hypot(*(places - np.median(places, axis=0)).T)
    near, far = np.quantile(away, [0.2, 0.8])
    assert storeys[away < near].mean() > storeys[away > far].mean() + 0.3


def test_the_rarer_flood_contains_the_commoner(drawn):
    years = drawn.column("flood_zone", "return_period_years")
    assert sorted(set(years)) == [5, 10, 20, 50, 100]
    floods = [shapely.union_all(drawn.shapes("flood_zone")[years == period]) for period in (5, 10, 20, 50, 100)]
    for commoner, rarer in pairwise(floods):
        assert shapely.difference(commoner, rarer).area < 3
        assert rarer.area > commoner.area
