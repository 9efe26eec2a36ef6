"""A finding on a map of Leaflet, and `quyhoach ask --report`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import folium
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from gis.analyses.land_balance import land_balance
from gis.db import City
from gis.findings import Finding
from gis.maps import save
from gis.maps.found import NothingFoundToDrawError
from gis.wording import LanguageError
from layers.model import Horizon, Words
from tests.gis.hand import CHROMIUM_OPTIONS, chromium
from tests.gis.reports.example import EXAMPLE, HOSTILE, hostile

ROOT = Path(__file__).resolve().parents[3]


def told(drawn: folium.Map) -> list[dict[str, Any]]:
    """Return what the drawing code is told of each layer."""
    page = drawn.get_root().render()
    return [
        json.JSONDecoder().raw_decode(page, match.end())[0] for match in re.finditer(r"quyhoach\.layer\(\w+, ", page)
    ]


def test_features_are_drawn_by_look_and_conflicts_in_red_on_top():
    layers = told(EXAMPLE.map())
    assert [(each["title"][0], each["geometry"], each["shown"]) for each in layers] == [
        ("Đất ở đô thị", "MultiPolygon", 1),
        ("Hành lang bờ sông", "MultiPolygon", 1),
        ("Đường quy hoạch", "MultiLineString", 1),
        ("Công trình công cộng", "Point", 1),
        ("Chỗ không đạt", "MultiPolygon", 2),
    ]
    assert layers[1]["paint"]["opacity"] == 0
    assert layers[-1]["paint"]["color"] == "#b3261e"


def test_what_a_feature_says_has_the_titles_of_layers_and_the_verdicts_in_both_languages():
    housing = told(EXAMPLE.map())[0]
    titles = [column["title"] for column in housing["columns"]]
    assert titles[0] == ["Đối tượng", "Subject"]
    assert titles[-1] == ["Kết luận", "Verdicts"]
    assert any("Không đạt: Chiều cao công trình tối đa" in vi for vi, _ in housing["columns"][-1]["values"].values())
    assert any("Fail: Greatest height of a building" in en for _, en in housing["columns"][-1]["values"].values())


def test_water_streets_and_wards_lie_beneath_where_the_city_is_at_hand(town: City):
    bare, over = (EXAMPLE.map(city=city).get_root().render() for city in (None, town))
    assert '"water_body":[' not in bare
    assert '"water_body":[{' in over


def test_a_finding_about_no_feature_cannot_be_drawn(town: City):
    with pytest.raises(NothingFoundToDrawError, match=r"names no feature that could be drawn"):
        land_balance(town).map()
    with pytest.raises(NothingFoundToDrawError):
        Finding("q", Words("Đất", "Land"), {}, Horizon.EXISTING, "baseline").map()
    with pytest.raises(LanguageError):
        EXAMPLE.map(language="fr")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


def opened(browser: Browser, path: Path) -> tuple[Page, list[str]]:
    """Open a map; return the page, and all that it asked for or complained about."""
    said: list[str] = []
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.on("request", lambda request: said.append(request.url))
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.goto(path.as_uri())
    page.wait_for_selector(".quyhoach section")
    return page, [each for each in said if not each.startswith("data:") and each != path.as_uri()]


def test_the_map_asks_no_network_and_says_title_legend_and_hash(browser: Browser, tmp_path: Path):
    page, said = opened(browser, save(EXAMPLE.map(language="en"), tmp_path / "map.html"))
    assert said == []
    words = page.inner_text(".quyhoach")
    for expected in (EXAMPLE.hash, "May the parcel be built on", "Thửa đất có được xây dựng không", "Where it fails"):
        assert expected in words
    assert words.index("May the parcel") < words.index("Thửa đất có được")
    page.close()


def test_words_that_are_markup_or_templates_elsewhere_are_words_on_the_map(browser: Browser, tmp_path: Path):
    page, said = opened(browser, save(hostile().map(), tmp_path / "map.html"))
    assert said == []
    words = page.inner_text(".quyhoach")
    for text in HOSTILE[:9]:
        assert text in words, text
    page.close()


def shell(url: str, *words: str, code: int = 0) -> str:
    environment = {**os.environ, "QUYHOACH_DATABASE_URL": url, "PYTHONPATH": str(ROOT), "COLUMNS": "160"}
    done = subprocess.run(
        [sys.executable, "-m", "gis", "ask", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def test_the_shell_writes_reports_beside_its_answer(town_url: str, tmp_path: Path):
    paths = [tmp_path / f"balance{suffix}" for suffix in (".pdf", ".html", ".xlsx")]
    options = [word for path in paths for word in ("--report", str(path))]
    printed = shell(town_url, "land_balance", "within=ward:WEST", *options)
    assert "Land balance" in printed
    assert paths[0].read_bytes().startswith(b"%PDF")
    assert "Cân bằng sử dụng đất" in paths[1].read_text(encoding="utf-8")
    assert "exists already" in shell(town_url, "land_balance", *options, code=2)
    shell(town_url, "land_balance", "within=ward:WEST", *options, "--overwrite", "--language", "en")
    assert "Land balance" in paths[1].read_text(encoding="utf-8")


def test_the_shell_refuses_a_report_that_could_not_be_written_before_it_asks(town_url: str, tmp_path: Path):
    assert "its ending is one of .pdf" in shell(town_url, "land_balance", "--report", str(tmp_path / "a.doc"), code=2)
    assert "it is vi (Vietnamese) or en" in shell(town_url, "land_balance", "--language", "fr", code=2)
