"""Charts of frames and findings: what they say, in both languages, and that they can be looked at."""

from __future__ import annotations

import io
import re
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from gis import assets, charts
from gis.charts import Chart
from gis.db import City
from layers.model import Words
from tests.gis.proposed import building, lot, written


@pytest.fixture(scope="module", autouse=True)
def letters() -> None:
    assets.bring()


def words(chart: Chart, folder: Path) -> str:
    """Return what is written on a chart."""
    drawn = chart.save(folder / "chart.svg").read_text(encoding="utf-8")
    return " | ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))


def test_a_notebook_shows_a_picture_of_the_size_it_was_drawn_for(town: City):
    picture, size = charts.kinds(town.frame("parcel"))._repr_png_()
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "PNG"
        assert image.width > 1.5 * size["width"]
        assert image.height / image.width == pytest.approx(size["height"] / size["width"], rel=0.01)


@pytest.mark.parametrize(("layer", "unit"), [("parcel", "(ha)"), ("road", "(km)"), ("facility", "theo")])
def test_kinds_are_measured_in_hectares_kilometres_or_counted(town: City, tmp_path: Path, layer: str, unit: str):
    said = words(charts.kinds(town.frame(layer)), tmp_path)
    assert unit in said
    assert town.frame(layer).attrs["title"]["vi"] in said
    assert town.frame(layer).attrs["title"]["en"] in said


def test_what_is_rare_is_drawn_together(town: City, tmp_path: Path):
    said = words(charts.kinds(town.frame("facility"), most=2), tmp_path)
    assert "Các loại khác" in said
    assert "Other kinds" in said


def test_a_chart_of_nothing_is_empty_and_no_error(town: City):
    nothing = town.frame("parcel", where="frontage_m > 100000")
    assert charts.kinds(nothing)._repr_png_()
    assert charts.spread(Words("Không", "None"), nothing.frontage_m, step=1)._repr_png_()


def test_figures_are_written_as_vietnamese_does(tmp_path: Path):
    title = Words("Dân số", "People")
    assert "2.345,6" in words(charts.bars(title, pd.Series({"Hải Châu": 2345.6})), tmp_path)


def test_a_spread_counts_what_is_known(tmp_path: Path):
    said = words(charts.spread(Words("Cao", "Tall"), pd.Series([1.0, 2.0, 9.0, None]), step=5, unit="m"), tmp_path)
    assert [number for number in said.split(" | ") if number in ("2", "1")] == ["2", "1"]


def test_two_answers_are_held_against_each_other_with_their_difference(town: City, tmp_path: Path):
    balance = town.ask("land_balance")
    first = charts.figures(balance, "land_balance", "2030_ha")
    assert Words("Tổng cộng", "Total") not in first
    kind = next(iter(first))
    second = {**first, kind: first[kind] + 2}
    names = Words("Trước", "Before"), Words("Sau", "After")
    said = words(charts.pairs(Words("Đất", "Land"), first, second, names=names, unit="ha"), tmp_path)
    assert "(+2)" in said
    assert "(=)" in said
    assert "Trước · Before" in said
    shares = charts.pairs(Words("Mức", "Share"), {kind: 0.25}, {kind: 0.5}, names=names, unit="share", mark=1)
    assert "50 %  (+25)" in words(shares, tmp_path)


def test_the_flows_of_the_land_name_both_sides(town: City, tmp_path: Path):
    finding = town.ask("land_use_change")
    said = words(charts.flows(finding), tmp_path)
    table = finding.table(language="en")
    for side in ("earlier_title", "later_title"):
        largest = table.groupby(side).area_ha.sum().idxmax()
        assert largest in said


def test_a_parcel_is_divided_by_horizon(town: City, tmp_path: Path):
    said = words(charts.parts(town.ask("parcel_extract", parcel="WEST/1/1", on="2026-11-27")), tmp_path)
    assert "Đến năm 2030" in said
    assert "m²" in said


def test_verdicts_stand_object_by_rule(town: City, tmp_path: Path):
    proposed = written(
        tmp_path, lot((200, 120, 300, 200), code="L1"), building((210, 130, 230, 190), "apartment", height_m=40)
    )
    finding = town.ask("plan_conformance", proposal=proposed, on="2026-11-27")
    said = words(charts.verdicts(finding), tmp_path)
    assert "L1" in said
    assert said.count("✕") == len({(v.subject, v.rule) for v in finding.verdicts if v.outcome == "fail"}) > 0
    assert "Không đạt · Fail" in said


@pytest.mark.skipif(find_spec("wntr") is None, reason="wntr has no wheel for this machine")
def test_hours_are_drawn_with_the_norm_and_the_names_of_their_lines(town: City, tmp_path: Path):
    from gis.analyses.water_pressure import water_pressure

    found = water_pressure(town, edition="01:2021")
    said = words(charts.hours(found, mark=10), tmp_path)
    assert all(each in said for each in ("Áp lực nước cấp", "Áp lực thấp nhất", "Mean pressure", "| 24 |"))
    flows = charts.hours(found, ("given_m3_h", "drawn_m3_h", "stored_m3_h"), title=Words("Dòng", "Flows"))
    assert "m³/h" in words(flows, tmp_path)


@pytest.mark.skipif(find_spec("wntr") is None, reason="wntr has no wheel for this machine")
def test_hours_of_which_nothing_is_known_are_a_gap_and_no_error(town: City):
    from gis.analyses.water_pressure import water_pressure
    from tests.gis.networks.supply.files import written as network

    found = water_pressure(town, network=network("A 10 5", "P A R 100 300 130 0 CV"), edition="01:2021")
    assert charts.hours(found)._repr_png_()
