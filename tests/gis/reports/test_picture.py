"""The map on paper: true to scale, with bar, arrow and legend, over what the city holds there."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import shapely

from gis.analyses.land_balance import land_balance
from gis.db import City
from gis.findings import Feature, Finding, Subject
from gis.reports import picture as picture_module
from gis.reports.frame import frame_about
from gis.reports.legend import FAIL_COLOR
from gis.reports.picture import picture
from layers.model import Horizon, Words
from tests.gis.reports.example import EXAMPLE, SOUTH, WEST, box, hostile

SVG = "{http://www.w3.org/2000/svg}"


def test_the_scale_is_the_largest_round_one_that_shows_everything():
    # 200 m by 100 m on 136 mm by 83 mm at most: 1:1471 is needed.
    frame = frame_about((WEST + 250, SOUTH, WEST + 450, SOUTH + 100))
    assert frame.scale == 1_500
    west, south, east, north = frame.bounds
    assert west < WEST + 250 < WEST + 450 < east
    assert south < SOUTH < SOUTH + 100 < north
    assert (east - west) == pytest.approx(0.170 * 1_500)


def test_the_bar_is_a_round_length():
    assert frame_about((0, 0, 200, 100)).bar_m == 50
    assert frame_about((0, 0, 60_000, 40_000)).bar_m == 20_000
    assert frame_about((0, 0, 0, 0)).bar_m == 10


def test_a_place_on_the_ground_has_its_place_on_paper():
    frame = frame_about((WEST, SOUTH, WEST + 200, SOUTH + 100))
    corner = frame.drawn(shapely.Point(frame.west_m, frame.north_m))
    beside = frame.drawn(shapely.Point(frame.west_m + 15, frame.north_m - 30))
    assert (corner.x, corner.y) == (0, 0)
    assert (beside.x, beside.y) == pytest.approx((100, 200))  # 15 m and 30 m at 1:1500 are 10 mm and 20 mm


def test_the_legend_names_each_look_once_and_where_rules_are_broken():
    drawn = picture(EXAMPLE, language="vi")
    assert drawn
    assert [each.title for each in drawn.legend] == [
        "Đất ở đô thị",
        "Hành lang bờ sông",
        "Công trình công cộng",
        "Đường quy hoạch",
        "Chỗ không đạt",
    ]
    assert drawn.scale == "1:1.500"
    english = picture(EXAMPLE, language="en")
    assert english
    assert english.scale == "1:1,500"
    assert "River bank corridor" in [each.title for each in english.legend]


def test_the_drawing_has_bar_arrow_names_and_hatching():
    drawn = picture(EXAMPLE, language="vi")
    assert drawn
    root = ElementTree.fromstring(drawn.svg)
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert {"0", "50 m", "B", "Tờ 2, thửa 4"} <= set(words)
    fills = {element.get("fill") for element in root.iter(f"{SVG}path")}
    assert {"#e8a33d", "url(#fails)"} <= fills
    assert FAIL_COLOR in {element.get("stroke") for element in root.iter(f"{SVG}path")}


def test_the_same_finding_is_the_same_drawing():
    assert picture(EXAMPLE, language="vi") == picture(EXAMPLE, language="vi")


def test_words_of_data_are_no_markup_in_the_drawing():
    drawn = picture(hostile(), language="vi")
    assert drawn
    root = ElementTree.fromstring(drawn.svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "g", "path", "circle", "text", "defs", "pattern", "rect"),
    }
    for entry in drawn.legend:
        ElementTree.fromstring(entry.swatch)


def test_without_features_or_a_place_there_is_no_map():
    bare = Finding("land_balance", Words("Đất", "Land"), {"within": "city"}, Horizon.EXISTING, "baseline")
    assert picture(bare, language="vi") is None


def test_the_city_lies_beneath_where_it_is_at_hand(town: City):
    drawn = picture(land_balance(town, within="ward:EAST"), language="vi", city=town)
    assert drawn
    assert [each.title for each in drawn.legend] == [
        *("Mặt nước", "Ranh giới thửa đất", "Đường", "Ranh giới phường, xã", "Phạm vi được hỏi")
    ]


def test_of_too_many_features_the_largest_are_drawn_and_the_others_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(picture_module, "MOST_FEATURES", 2)
    features = tuple(Feature(Subject("parcel", str(side)), box(0, 0, side, side)) for side in (5, 90, 60))
    finding = Finding("q", Words("Đất", "Land"), {}, Horizon.EXISTING, "baseline", features=features)
    drawn = picture(finding, language="vi")
    assert drawn
    assert drawn.omitted == 1
    assert len(re.findall(r'fill-opacity="0.55"', drawn.svg)) == 2


def test_the_legend_stands_in_every_document(tmp_path: Path):
    text = EXAMPLE.report(tmp_path / "report.html", language="en").read_text(encoding="utf-8")
    for title in ("Urban housing", "River bank corridor", "Planned street", "Where it fails"):
        assert f"<span>{title}</span>" in text
