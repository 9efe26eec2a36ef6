"""Overlaps and gaps are found once each, whatever the order, the windows and the number of vertices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.db import City
from gis.intake import Mapping, load
from gis.intake.coverage import footprints, spooled
from gis.intake.coverage.apart import not_apart
from gis.intake.seen import Seen
from tests.gis.intake.conftest import EAST_M, NORTH_M, Write, square, stored

PARCEL = Mapping(columns={"stage": ("moc",)}, constants={"source": "test"})
WARD = Mapping(columns={"code": ("ma",)}, constants={"source": "test", "name": "x"})


def parcels(write: Write, shapes: list[shapely.Polygon], stages: list[str] | None = None, name: str = "p.fgb") -> Path:
    return write(name, shapes, moc=stages or ["existing"] * len(shapes))


def test_neighbours_that_share_an_edge_do_not_overlap(city: City, write: Write):
    report = load(city, parcels(write, [square(0), square(1), square(0, 1)]), layer="parcel", mapping=PARCEL)
    assert report.overlaps is not None
    assert report.overlaps.pairs == 0


def test_an_overlap_is_told_with_both_uids_area_and_place(city: City, write: Write):
    wide = shapely.box(EAST_M + 90, NORTH_M, EAST_M + 200, NORTH_M + 100)
    report = load(city, parcels(write, [square(0), wide]), layer="parcel", mapping=PARCEL)
    assert report.overlaps is not None
    (found,) = report.overlaps.largest
    uids = [uid for (uid,) in stored(city, "SELECT uid FROM city.parcel ORDER BY uid")]
    assert [found.uid, found.other_uid] == uids
    assert found.area_m2 == pytest.approx(10 * 100)
    assert EAST_M + 90 < found.easting_m < EAST_M + 100
    assert not found.is_contained


def test_a_strip_within_the_tolerance_is_no_overlap(city: City, write: Write):
    for width_m, pairs in ((0.009, 0), (0.02, 1)):
        wide = shapely.box(EAST_M + 100 - width_m, NORTH_M, EAST_M + 200, NORTH_M + 100)
        report = load(city, parcels(write, [square(0), wide]), layer="parcel", mapping=PARCEL, mode="replace")
        assert report.overlaps is not None
        assert report.overlaps.pairs == pairs
        assert report.as_dict()["tolerance_m"] == 0.01


def test_only_features_of_the_same_stage_exclude_each_other(city: City, write: Write):
    path = parcels(write, [square(0), square(0), square(0)], ["existing", "2030", "2045"])
    report = load(city, path, layer="parcel", mapping=PARCEL)
    assert report.overlaps is not None
    assert report.overlaps.pairs == 0


def test_a_new_delivery_is_held_against_what_is_there(city: City, write: Write):
    load(city, parcels(write, [square(0), square(5)], name="a.fgb"), layer="parcel", mapping=PARCEL)
    load(city, parcels(write, [square(5, size_m=150)], name="b.fgb"), layer="parcel", mapping=PARCEL)
    report = load(city, parcels(write, [square(0, size_m=50)], name="c.fgb"), layer="parcel", mapping=PARCEL)
    assert report.overlaps is not None
    assert (report.overlaps.pairs, report.overlaps.contained) == (1, 1)


def test_a_layer_that_may_overlap_is_not_asked(city: City, write: Write):
    path = write("b.gpkg", [square(0), square(0, size_m=50)], ten=["a", "b"])
    mapping = Mapping(columns={"name": ("ten",)}, constants={"source": "t", "stage": "existing"})
    assert load(city, path, layer="building", mapping=mapping).overlaps is None


@pytest.mark.parametrize("layer_is_empty", [True, False])
def test_windows_find_what_one_look_finds(
    city: City, write: Write, monkeypatch: pytest.MonkeyPatch, *, layer_is_empty: bool
):
    """In an empty layer the rows are examined on their way, in a filled one read back: the answer is the same."""
    rng = np.random.default_rng(7)
    corners = np.array([EAST_M, NORTH_M]) + rng.uniform(0, 2_000, (400, 2))
    sizes = rng.uniform(20, 90, (400, 2))
    shapes = shapely.box(*corners.T, *(corners + sizes).T)
    common = shapely.area(shapely.intersection(shapes[:, None], shapes[None, :]))
    expected = np.triu(common, 1)
    monkeypatch.setattr(footprints, "CROWD", 30)
    monkeypatch.setattr(spooled, "_BLOCK", 7)
    if not layer_is_empty:
        load(city, parcels(write, [square(40)], name="far.fgb"), layer="parcel", mapping=PARCEL)
    report = load(city, parcels(write, list(shapes)), layer="parcel", mapping=PARCEL)
    assert report.overlaps is not None
    assert report.overlaps.pairs == np.count_nonzero(expected)
    assert report.overlaps.area_m2 == pytest.approx(expected.sum())
    for found in report.overlaps.largest:
        pair = stored(
            city, "SELECT ST_AsBinary(geom) FROM city.parcel WHERE uid IN (%s, %s)", found.uid, found.other_uid
        )
        one, other = (shapely.from_wkb(geom) for (geom,) in pair)
        assert one.intersection(other).area == pytest.approx(found.area_m2)


def test_overlaps_among_rows_that_bring_their_uid_are_told_by_it(city: City, write: Write):
    path = write("u.fgb", [square(3), square(0), square(0, size_m=50)], moc=["existing"] * 3, uid=[30, 20, 10])
    by_uid = Mapping(columns={"stage": ("moc",), "uid": ("uid",)}, constants={"source": "test"})
    report = load(city, path, layer="parcel", mapping=by_uid, mode="replace")
    assert report.overlaps is not None
    (found,) = report.overlaps.largest
    assert (found.uid, found.other_uid, found.is_contained) == (10, 20, True)


def test_a_gap_between_wards_is_told_with_its_area(city: City, write: Write):
    ring = [square(c, r) for c in range(3) for r in range(3) if (c, r) != (1, 1)]
    path = write("w.gpkg", ring, ma=[str(n) for n in range(8)])
    report = load(city, path, layer="ward", mapping=WARD)
    assert report.gaps is not None
    assert (report.gaps.holes, report.gaps.area_m2) == (1, pytest.approx(10_000))
    (gap,) = report.gaps.largest
    assert square(1, 1).contains(shapely.Point(gap.easting_m, gap.northing_m))


def test_wards_that_fit_leave_no_gap(city: City, write: Write):
    path = write("w.gpkg", [square(c, r) for c in range(3) for r in range(3)], ma=[str(n) for n in range(9)])
    report = load(city, path, layer="ward", mapping=WARD)
    assert report.gaps is not None
    assert report.gaps.holes == 0


def test_no_overlap_is_ever_ruled_out():
    rng = np.random.default_rng(0)
    shapes = []
    for _ in range(600):
        count = rng.integers(3, 30)
        angles, radii = np.sort(rng.uniform(0, 2 * np.pi, count)), rng.uniform(1, 4, count)
        star = rng.uniform(0, 40, 2) + np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
        shape = shapely.polygons(star)
        shapes.append(shape if rng.random() < 0.5 else shapely.reverse(shape))
    valid = np.array(shapes)[shapely.is_valid(shapes)]
    left, right = shapely.STRtree(valid).query(valid)
    left, right = left[left < right], right[left < right]
    really = shapely.area(shapely.intersection(valid[left], valid[right])) > 1e-9
    kept = set(zip(*not_apart(valid, left, right, 0.0), strict=True))
    assert set(zip(left[really], right[really], strict=True)) <= kept
    assert len(kept) < len(left)


def test_rows_seen_before_are_found_in_whatever_batch():
    rng = np.random.default_rng(1)
    rows = [bytes(rng.integers(0, 4, 4, dtype=np.uint8)) for _ in range(2_000)]
    first: dict[bytes, int] = {}
    expected = [0 if first.setdefault(row, number) == number else first[row] for number, row in enumerate(rows, 1)]
    seen, found = Seen(), []
    for start in range(0, 2_000, 130):
        part = rows[start : start + 130]
        found += seen.first_rows(part, np.arange(start + 1, start + 1 + len(part))).tolist()
    assert found == expected
