"""What polygons cover of each pixel is found exactly, and a mosaic gives every code the pixels it is due."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.overviews.blocks import PIXELS, Block, blocks_meeting, pixel_side
from gis.overviews.coverage import covered, covered_by_each, edges
from gis.overviews.mosaic import NOTHING, mosaic
from gis.overviews.patches import patches

BLOCK = Block(12, 13_200, 7_400)
GRID = shapely.box(
    *np.meshgrid(np.arange(PIXELS), np.arange(PIXELS)), *np.meshgrid(np.arange(1, PIXELS + 1), np.arange(1, PIXELS + 1))
)
LEAST_DIFFERENCE = 1e-6


def on_the_map(pixels):
    """Return shapes drawn in pixels from the block's north-west corner, rows counted southwards, in EPSG:3857."""
    side, place = pixel_side(BLOCK.level), BLOCK.place
    return shapely.transform(pixels, lambda points: [place.west, place.north] + points * [side, -side])


@st.composite
def polygons(draw):
    """Draw polygons of any size, some with a hole, some half or wholly outside of the block."""
    middle = np.array(draw(st.tuples(*[st.integers(-160, 1_184)] * 2))) / 16
    radius = draw(st.sampled_from([0.3, 1.0, 7.5, 40.0, 90.0]))
    corners = draw(st.integers(3, 9))
    turns = (np.arange(corners) + draw(st.floats(0, 1))) * (2 * np.pi / corners)
    reach = np.array(draw(st.lists(st.integers(4, 10), min_size=corners, max_size=corners))) / 10 * radius
    shape = shapely.Polygon(middle + reach[:, None] * np.stack([np.cos(turns), np.sin(turns)], axis=1))
    hole = shapely.Point(middle).buffer(radius / 20, quad_segs=2) if draw(st.booleans()) else shapely.Polygon()
    whole = shape.difference(hole)
    return shapely.MultiPolygon([whole] if whole.geom_type == "Polygon" else list(whole.geoms))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(polygons(), st.integers(0, 2)), min_size=1, max_size=6))
def test_each_pixel_is_covered_as_far_as_the_polygons_overlap_it(drawn):
    shapes, kinds = np.array([shape for shape, _ in drawn], object), np.array([kind for _, kind in drawn])
    outlines = edges(on_the_map(shapes), BLOCK)
    found = covered(outlines, kinds, 3)
    for kind in range(3):
        overlaid = sum(
            (shapely.area(shapely.intersection(GRID, shape)) for shape in shapes[kinds == kind]), np.zeros(1)
        )
        assert np.abs(found[kind] - overlaid).max() < 2 * LEAST_DIFFERENCE
    inside = shapely.area(shapely.intersection(shapes, shapely.box(0, 0, PIXELS, PIXELS)))
    assert covered_by_each(outlines, len(shapes)) == pytest.approx(inside, abs=LEAST_DIFFERENCE)


def test_a_square_of_one_and_a_half_pixels_covers_two_by_halves():
    square = np.array([shapely.multipolygons([shapely.box(1.5, 1.25, 3, 2)])])
    found = covered(edges(on_the_map(square), BLOCK), np.array([0]), 1)[0]
    assert found[1, 1:4] == pytest.approx([0.375, 0.75, 0])
    assert found.sum() == pytest.approx(1.125)


def ground(seed: int, grain: int, empty: float, codes: int = 4):
    """Return shares of some codes that change every `grain` pixels; a part of the pixels is empty."""
    rng = np.random.default_rng(seed)
    many = rng.dirichlet([0.3] * codes, (PIXELS // grain, PIXELS // grain)).transpose(2, 0, 1)
    shares = many.repeat(grain, axis=1).repeat(grain, axis=2) * rng.uniform(0, 1, (PIXELS, PIXELS))
    return np.where(rng.uniform(0, 1, (PIXELS, PIXELS)) < empty, 0, shares)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([1, 2, 4, 8, 16, 32]),
    st.sampled_from([0.0, 0.3, 0.97, 0.99]),
    st.integers(1, 24),
)
def test_every_code_has_as_many_pixels_as_it_has_area_within_one(seed, grain, empty, codes):
    shares = ground(seed, grain, empty, codes)
    given_away = mosaic(shares)
    for code in range(codes):
        assert abs((given_away == code).sum() - shares[code].sum()) <= 1
    assert ((given_away == NOTHING) | (given_away < codes)).all()


def test_where_features_overlap_they_share_the_ground():
    shares = np.zeros((2, PIXELS, PIXELS))
    shares[0], shares[1] = 1.0, 1.0
    given_away = mosaic(shares)
    assert (given_away == 0).sum() == (given_away == 1).sum() == PIXELS**2 / 2


def test_a_code_never_appears_in_a_neighbourhood_where_it_has_no_area():
    rng = np.random.default_rng(1)
    shares = np.zeros((2, PIXELS, PIXELS))
    shares[0, :, :32] = rng.uniform(0, 1, (PIXELS, 32))
    shares[1, :, 32:] = rng.uniform(0, 1, (PIXELS, 32))
    given_away = mosaic(shares)
    assert not (given_away[:, :32] == 1).any()
    assert not (given_away[:, 32:] == 0).any()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 4, 16]), st.sampled_from([0.0, 0.3, 0.97, 1.0]))
def test_patches_cover_the_pixels_of_each_code_and_nothing_else(seed, grain, empty):
    pixels = mosaic(ground(seed, grain, empty))
    codes, shapes = patches(pixels, BLOCK)
    assert shapely.is_valid(shapes).all()
    counts = [(pixels == code).sum() for code in codes]
    assert shapely.area(shapes) / pixel_side(BLOCK.level) ** 2 == pytest.approx(counts)
    assert sorted(codes) == [code for code in range(4) if (pixels == code).any()]
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(shapely.area(shapes).sum())


def test_blocks_that_meet_a_box_are_those_it_shares_ground_with():
    place = BLOCK.place
    assert [block.place.meets(place) for block in blocks_meeting(12, place)] == [True] * len(blocks_meeting(12, place))
    assert BLOCK in blocks_meeting(12, place)
    assert [child.parent for child in BLOCK.children] == [BLOCK] * 4
