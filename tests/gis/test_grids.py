"""Grids of tiles, by numbers of the OGC's register and by arithmetic on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from gis import crs
from gis.db import City
from gis.grids import GRIDS, VN2000, WEB, WORLD, Grid, UnknownGridError, grid_named

EVERY = pytest.mark.parametrize("grid", GRIDS.values(), ids=lambda grid: grid.name)


def test_scales_are_those_of_the_register():
    # OGC register of tile matrix sets: WebMercatorQuad and WorldCRS84Quad.
    assert WEB.scale_denominator(0) == pytest.approx(559082264.028717, rel=1e-12)
    assert WEB.cell(0) == pytest.approx(156543.033928041, rel=1e-12)
    assert WEB.scale_denominator(18) == pytest.approx(2132.7295838497, rel=1e-10)
    assert (WEB.west, WEB.north) == (pytest.approx(-20037508.3427892), pytest.approx(20037508.3427892))
    assert WORLD.scale_denominator(0) == pytest.approx(279541132.014358, rel=1e-12)
    assert WORLD.cell(0) == 0.703125
    assert (WEB.last_zoom, WORLD.last_zoom) == (24, 23)
    assert WEB.scale_denominator(24) == pytest.approx(33.3238997476528, rel=1e-12)
    assert (WEB.columns(24), WORLD.columns(23), WORLD.rows(23)) == (16_777_216, 16_777_216, 8_388_608)
    assert (WORLD.columns(0), WORLD.rows(0), WORLD.columns(3), WORLD.rows(3)) == (2, 1, 16, 8)


def test_the_grid_of_the_surveyed_coordinates_has_round_numbers():
    # 655 360 m / 256 pixels = 2 560 m; a pixel of 0.28 mm on paper makes that 1 : 9 142 857.
    assert [VN2000.cell(z) for z in (0, 8, 10)] == [2560, 10, 2.5]
    assert VN2000.scale_denominator(0) == pytest.approx(9_142_857.142857, rel=1e-12)
    assert VN2000.bounds(0, 0, 0) == (420_000, 1_344_640, 1_075_360, 2_000_000)
    # The city hall, E 550 172.7 N 1 778 178.4: 50 tiles of 2 560 m east of 420 000, 86 south of 2 000 000.
    assert VN2000.bounds(8, 86, 50) == (548_000, 1_777_280, 550_560, 1_779_840)


def test_the_surveyed_grid_holds_mainland_and_islands():
    west, south, east, north = VN2000.outline
    inner = crs.extent().bounds
    assert west < inner[0]
    assert south < inner[1]
    assert east > inner[2]
    assert north > inner[3]


@EVERY
def test_axes_are_those_of_the_coordinate_system(grid: Grid):
    assert CRS.from_user_input(grid.crs).axis_info[0].direction == "east"
    assert tuple(axis.abbrev for axis in CRS.from_user_input(grid.crs).axis_info) == grid.axes


def test_the_usual_web_tile_is_where_postgis_draws_it(city: City):
    row = city.connection.execute(
        "SELECT ST_XMin(t), ST_YMin(t), ST_XMax(t), ST_YMax(t) FROM ST_TileEnvelope(14, 13117, 7450) AS t"
    ).fetchone()
    assert row
    assert WEB.bounds(14, 7450, 13117) == pytest.approx(row, abs=1e-6)


@EVERY
@given(draw=st.data())
def test_neighbours_share_their_sides_and_four_make_one(grid: Grid, draw: st.DataObject):
    z = draw.draw(st.integers(0, grid.last_zoom - 1))
    row, column = draw.draw(st.integers(0, grid.rows(z) - 1)), draw.draw(st.integers(0, grid.columns(z) - 1))
    west, south, east, north = grid.bounds(z, row, column)
    assert grid.bounds(z, row, column + 1)[0] == east
    assert grid.bounds(z, row + 1, column)[3] == south
    assert grid.bounds(z + 1, 2 * row, 2 * column)[0::3] == (west, north)
    assert grid.bounds(z + 1, 2 * row + 1, 2 * column + 1)[1:3] == (south, east)


@EVERY
def test_the_last_tile_ends_where_the_grid_does(grid: Grid):
    z = grid.last_zoom
    _, south, east, _ = grid.outline
    last = grid.bounds(z, grid.rows(z) - 1, grid.columns(z) - 1)
    assert last[1:3] == (pytest.approx(south, abs=1e-6), pytest.approx(east, abs=1e-6))
    assert grid.holds(z, grid.rows(z) - 1, grid.columns(z) - 1)
    assert not grid.holds(z, grid.rows(z), 0)
    assert not grid.holds(z, 0, grid.columns(z))
    assert not grid.holds(z + 1, 0, 0)
    assert not grid.holds(0, -1, 0)


def test_zooms_of_like_scale_are_found():
    assert [grid.web_zoom(8) for grid in (WEB, WORLD, VN2000)] == [8, 9, 14]
    assert [grid.web_zoom(grid.last_zoom) for grid in (WEB, WORLD, VN2000)] == [24, 24, 22]


def test_limits_are_the_tiles_a_box_meets():
    met = VN2000.limits(8, 550_000, 1_778_000, 551_000, 1_779_000)
    assert met
    assert (met.first_row, met.last_row, met.first_column, met.last_column) == (86, 86, 50, 51)
    whole = WORLD.limits(1, -200, -95, 200, 95)
    assert whole
    assert (whole.first_row, whole.last_row, whole.first_column, whole.last_column) == (0, 1, 0, 3)
    assert VN2000.limits(3, 0, 0, 1, 1) is None


def test_an_unknown_grid_names_the_nearest():
    with pytest.raises(UnknownGridError, match="the nearest name is WebMercatorQuad"):
        grid_named("webmercatorquad")
