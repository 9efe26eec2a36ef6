"""What was asked is said in words; the command that asks it again keeps the codes."""

from __future__ import annotations

import json

import pytest

from gis.asking import ask, question_named
from gis.db import City
from gis.findings import Outcome
from gis.findings.kept import finding_of, packed, unpacked
from gis.named import Named
from gis.reports.asked import argument_in
from gis.reports.content import content
from gis.reports.inputs import inputs_in
from layers.model import Words
from tests.gis.conftest import lonlat_box
from tests.gis.reports.example import verdict

PLAN = "Quy hoạch chung thị trấn mẫu (TOWN-QHC)"
LOT = {
    "type": "Feature",
    "properties": {"layer": "zone", "plan_use": "DAT_O_Nhomnhao"},
    "geometry": json.loads(lonlat_box(10, 10, 90, 90)),
}


@pytest.mark.parametrize(
    ("question", "given", "vi", "en"),
    [
        ("land_balance", {"within": "ward:WEST"}, "Phường Tây (WEST)", "Phường Tây (WEST)"),
        ("land_balance", {}, "Toàn thành phố", "The whole city"),
        ("exposure", {"within": lonlat_box(0, 0, 50, 50)}, "Khu vực được vẽ", "The area drawn"),
        ("service_provision", {"ward": "EAST"}, "Phường Đông (EAST)", "Phường Đông (EAST)"),
        ("service_access", {"edition": "01:2026"}, "QCVN 01:2026/BXD", "QCVN 01:2026/BXD"),
        ("parcel_extract", {"parcel": "EAST/2/1"}, "Thửa 1, tờ 2, Phường Đông", "Parcel 1, sheet 2, Phường Đông"),
        ("largest_floor_area", {"site": "EAST/2/2"}, "Thửa 2, tờ 2, Phường Đông", "Parcel 2, sheet 2, Phường Đông"),
        (
            "plan_conformance",
            {"proposal": json.dumps(LOT)},
            "GeoJSON được gửi kèm câu hỏi",
            "GeoJSON that came with the question",
        ),
    ],
)
def test_codes_are_said_as_people_call_them_and_stay_in_the_command(
    town: City, question: str, given: dict[str, str], vi: str, en: str
):
    finding = ask(town, question, **given)
    for language, said in (("vi", vi), ("en", en)):
        assert said in dict(content(finding, language).asked).values()
    if "plan" in finding.arguments:
        assert dict(content(finding, "vi").asked)["Đồ án quy hoạch"] == finding.argument_words["plan"].vi
        assert "plan=TOWN-QHC" in finding.command
    for name, value in given.items():
        if not value.startswith("{"):
            assert f"{name}={value}" in finding.command


def test_a_finding_that_was_kept_says_them_still_and_an_older_one_as_far_as_codes_tell(town: City):
    document = unpacked(packed(ask(town, "land_balance", within="ward:WEST")))
    assert dict(content(finding_of(document), "en").asked)["Place"] == "Phường Tây (WEST)"
    del document["argument_words"]
    assert dict(content(finding_of(document), "en").asked)["Place"] == "Ward WEST"


@pytest.mark.parametrize(
    ("name", "value", "vi", "en"),
    [
        ("within", "city", "Toàn thành phố", "The whole city"),
        ("within", "plan:QHC", "Khu vực của đồ án QHC", "The area of plan QHC"),
        ("within", '{"type": "Polygon"}', "Khu vực được vẽ", "The area drawn"),
        ("proposal", "scenario:park", "Kịch bản park", "Scenario park"),
        ("proposal", "/home/lan/de xuat.gpkg", "de xuat.gpkg", "de xuat.gpkg"),
        ("on", "2026-11-27", "27/11/2026", "27 November 2026"),
        ("area", "new", "Khu phát triển mới", "New area"),
    ],
)
def test_an_argument_that_nobody_looked_up_is_said_as_far_as_it_tells(name: str, value: str, vi: str, en: str):
    for language, said in (("vi", vi), ("en", en)):
        named = Named(question_named("plan_conformance"), language)
        assert argument_in(name, value, named, language) == said


def test_inputs_are_named_and_those_that_stand_in_the_arithmetic_are_not_said_again():
    found = verdict(
        Outcome.FAIL,
        arithmetic=Words("1.553 người × 0,65 m²/người = 1.009,45 m²", "1,553 people × 0.65 m²/person = 1,009.45 m²"),
        inputs={"people": 1_553.0, "norm_m2": 0.65, "need_m2": 1_009.45, "facilities": 0.0, "lot_use": "education"},
    )
    assert inputs_in(found, "vi") == "Số công trình: 0; Công trình trên lô đất: Giáo dục"
    assert inputs_in(found, "en").startswith("Facilities: 0; ")
    alone = verdict(Outcome.FAIL, arithmetic=None, inputs={"distance_m": -12.5, "lot_m2": None})
    assert inputs_in(alone, "vi").replace("\u00a0", " ") == "Khoảng cách: −12,5 m; Diện tích lô đất: chưa rõ"
