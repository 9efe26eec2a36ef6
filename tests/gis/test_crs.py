"""Coordinates come to EPSG:5899 by one named operation, in PostGIS as in pyproj; the known traps are refused."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from gis import crs
from gis.crs import (
    DatumShiftError,
    NoDatumError,
    NoOperationError,
    SwappedOriginError,
    UnknownSystemError,
    candidates,
    extent,
    share_inside,
    system,
    transformation,
)
from gis.db import City

VN2000 = "+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m +no_defs"
SHIFT = "-191.90441429,-39.30318279,-111.45032835"
GOLD = [
    ((108.2277, 16.0613), (550914.974, 1776420.779)),
    ((108.2208, 16.0772), (550172.714, 1778178.444)),
]
"""Longitude and latitude (WGS 84) with easting and northing in EPSG:5899, computed once with EPSG:6960."""


@pytest.mark.parametrize(("lonlat", "expected"), GOLD)
def test_the_listed_points_lie_where_they_were_computed(lonlat: tuple[float, float], expected: tuple[float, float]):
    found = transformation(4326).stored(np.array([lonlat]))[0]
    assert found == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize(("lonlat", "expected"), GOLD)
def test_postgis_and_pyproj_agree_to_a_centimetre(
    city: City, lonlat: tuple[float, float], expected: tuple[float, float]
):
    row = city.connection.execute(
        "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_Point(%s, %s, 4326), 5899) AS p", lonlat
    ).fetchone()
    ours = transformation(4326).stored(np.array([lonlat]))[0]
    assert row is not None
    assert np.hypot(row[0] - ours[0], row[1] - ours[1]) < 0.01
    assert row == pytest.approx(expected, abs=0.01)


def test_there_and_back_again_is_less_than_a_millimetre():
    back = Transformer.from_crs(5899, 4326, always_xy=True)
    for lonlat, _ in GOLD:
        easting_m, northing_m = transformation(4326).stored(np.array([lonlat]))[0]
        lon, lat = back.transform(easting_m, northing_m)
        assert np.hypot((lon - lonlat[0]) * 107_000, (lat - lonlat[1]) * 110_600) < 0.001


def test_the_operation_is_the_one_of_the_survey_and_no_ballpark():
    assert "VN-2000 to WGS 84 (2)" in transformation(4326).operation
    free = Transformer.from_crs(4326, 5899, always_xy=True)
    free.transform(*GOLD[0][0])
    assert "VN-2000 to WGS 84 (2)" in free.get_last_used_operation().description


def test_rotations_of_the_wrong_sign_are_refused_with_the_64_centimetres_they_cost():
    with pytest.raises(DatumShiftError, match=r"0\.64 m .*0\.00928836,-0\.01975479,0\.00427372"):
        system(f"{VN2000} +towgs84={SHIFT},-0.00928836,0.01975479,-0.00427372,0.252906278")


def test_rotations_of_the_right_sign_are_taken_and_shift_nothing():
    given = f"{VN2000} +towgs84={SHIFT},0.00928836,-0.01975479,0.00427372,0.252906278"
    assert transformation(given).stored(np.array([GOLD[0][1]]))[0] == pytest.approx(GOLD[0][1], abs=0.001)


def test_rotations_left_out_are_refused_with_the_32_centimetres_they_cost():
    with pytest.raises(DatumShiftError, match=r"0\.32 m"):
        system(f"{VN2000} +towgs84={SHIFT}")


def test_a_system_without_datum_is_refused_with_the_225_metres_it_costs():
    with pytest.raises(NoDatumError, match=r"225 m.*EPSG:5899"):
        system(VN2000)


def test_the_text_that_drops_the_datum_of_5899_is_refused():
    with pytest.warns(UserWarning, match="lose important projection"), pytest.raises(NoDatumError):
        system(CRS.from_epsg(5899).to_proj4())


def test_a_zero_shift_is_refused_with_the_225_metres_it_costs():
    with pytest.raises(DatumShiftError, match=r"225\.4 m|225\.43 m"):
        system(f"{VN2000} +towgs84=0,0,0,0,0,0,0")


def test_a_drawing_grid_without_datum_is_refused():
    with pytest.raises((NoDatumError, UnknownSystemError)):
        system('LOCAL_CS["site grid",UNIT["metre",1]]')


def test_epsg_6959_is_refused_because_its_origin_is_exchanged():
    with pytest.raises(SwappedOriginError, match="EPSG:5899"):
        system("EPSG:6959")
    with pytest.raises(SwappedOriginError):
        system(6959)


def test_a_word_that_names_no_system_is_refused():
    with pytest.raises(UnknownSystemError, match="EPSG:5899"):
        system("hệ tọa độ thành phố")


def test_a_datum_without_operation_is_refused_not_taken_for_granted():
    unknown = (
        'GEOGCS["Old survey",DATUM["Old_survey_1950",SPHEROID["Everest",6377276.345,300.8017]],'
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    )
    with pytest.raises(NoOperationError, match="accuracy is unknown"):
        transformation(unknown)


def test_the_esri_spelling_of_the_zone_is_the_zone():
    given = (
        'PROJCS["VN_2000_TM3_107_45",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137.0,'
        '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",107.75],'
        'PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    assert transformation(given).stored(np.array([GOLD[0][1]]))[0] == pytest.approx(GOLD[0][1], abs=0.001)


def test_a_height_system_beside_the_horizontal_one_changes_nothing():
    assert transformation("EPSG:5899+5727").transformer is None or transformation("EPSG:5899+5727").operation
    found = transformation("EPSG:5899+5727").stored(np.array([GOLD[0][1]]))[0]
    assert found == pytest.approx(GOLD[0][1], abs=0.001)


def test_longitude_comes_first_whatever_the_registry_says():
    assert transformation("EPSG:4326").stored(np.array([[108.2277, 16.0613]]))[0][0] == pytest.approx(
        550914.974, abs=0.01
    )


def test_candidates_are_those_that_fall_into_the_city_and_are_for_asking():
    metres = np.array([expected for _, expected in GOLD])
    narrow = shapely.box(500_000, 1_750_000, 570_000, 1_800_000)
    fitting = [each.srid for each in candidates(metres, narrow)]
    assert fitting[0] == 5899
    assert 3405 not in fitting
    assert [each.srid for each in candidates(np.array([lonlat for lonlat, _ in GOLD]), narrow)] == [4326]


def test_swapped_coordinates_are_seen():
    lonlat = np.array([lonlat for lonlat, _ in GOLD])
    assert crs.are_swapped(lonlat[:, ::-1], 4326, extent())
    assert not crs.are_swapped(lonlat, 4326, extent())


def test_positions_that_are_no_numbers_are_inside_nothing():
    assert share_inside(np.array([[np.nan, np.nan]]), 4326, extent()) == 0
    assert share_inside(np.array([[1e9, 1e9]]), 4326, extent()) == 0
