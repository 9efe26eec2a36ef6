"""A map of a notebook draws a large layer from the vector tiles of the service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from gis.db import City, open_city
from gis.maps import save
from tests.api.conftest import Served
from tests.gis.hand import CHROMIUM_OPTIONS, chromium

SERVICE = "http://127.0.0.1:8000/"


@pytest.fixture
def city(town_url: str) -> Iterator[City]:
    with open_city(town_url) as city:
        yield city


def test_only_what_is_larger_than_the_limit_comes_from_tiles(city: City):
    page = city.draw("parcel", "water_body", limit=2, service=SERVICE).get_root().render()
    assert page.count("quyhoach.tiled(map_") == 1
    assert '"http://127.0.0.1:8000/tiles/parcel/{z}/{x}/{y}.mvt?horizon=existing"' in page
    assert '"shown":3,"total":3' in page
    assert page.count("quyhoach.layer(map_") == 1


def test_without_a_service_it_is_bounded_and_asks_nobody(city: City):
    page = city.draw("parcel", limit=2).get_root().render()
    assert "quyhoach.tiled(map_" not in page
    assert '"shown":2,"total":3' in page


def test_the_tiles_are_those_of_the_scenario(town_url: str):
    with open_city(town_url, scenario="park") as park:
        page = park.draw("parcel", limit=1, service=SERVICE).get_root().render()
    assert ".mvt?horizon=existing\\u0026scenario=park" in page or ".mvt?horizon=existing&scenario=park" in page


@pytest.fixture
def page(city: City, served: Served, tmp_path: Path) -> Iterator[Page]:
    """The map in a browser, which may ask the service for tiles and nobody else for anything."""
    written = save(city.draw("parcel", limit=1, service=served.root), tmp_path / "map.html")
    asked: list[str] = []
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(f"error: {error}"))
        page.goto(written.as_uri())
        page.wait_for_selector(".leaflet-tile-loaded")
        yield page
        browser.close()
    others = [url for url in asked if not url.startswith(("data:", f"{served.root}/tiles/parcel/"))]
    assert others == [written.as_uri()]


def test_a_touched_feature_of_a_tile_says_what_it_is_in_both_languages(page: Page):
    middle = page.evaluate(
        """() => {
            const map = Object.keys(window).filter(name => /^map_/.test(name)).map(name => window[name])[0];
            const panel = document.querySelector(".quyhoach");
            const free = panel.offsetLeft + panel.offsetWidth;
            return [(free + map.getSize().x) / 2, map.getSize().y / 2];
        }"""
    )
    page.wait_for_timeout(300)
    page.mouse.click(*middle)
    said = page.inner_text(".leaflet-popup")
    assert "Thửa đất" in said
    assert "Parcel" in said
    assert "Đất ở tại đô thị" in said


def test_a_service_that_is_not_there_is_said(city: City, tmp_path: Path):
    written = save(city.draw("parcel", limit=1, service="http://127.0.0.1:9"), tmp_path / "map.html")
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.goto(written.as_uri())
        page.wait_for_selector("text=Không nhận được ô bản đồ")
        browser.close()
