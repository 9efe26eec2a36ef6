"""Two sights of the city on one map: what each side shows, and the divider between them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import folium
import psycopg
import pytest
from playwright.sync_api import Page, sync_playwright

from gis import assets
from gis.db import City, open_city
from gis.errors import UnknownLayerError
from gis.features import BoxError
from gis.maps import save
from gis.maps.drawing import NothingToDrawError
from gis.scenarios import change, drop_scenario, open_scenario
from layers import LAYERS
from layers.model import Horizon, Words
from tests.gis.hand import CHROMIUM_OPTIONS, chromium, database, put, square

EAST, NORTH = 550_000, 1_778_000


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    assets.bring()


@pytest.fixture(scope="module")
def url(server_url: str, template: str) -> Iterator[str]:
    """One zone: housing in 2030, a park in 2045; beside it one that stays. A house that is gone by 2045."""
    with database(server_url, template) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            zone = {"plan_code": "P", "code": "A"}
            put(connection, "zone", square(EAST, NORTH, 200), plan_use="DAT_O_Nhomnhao", horizon="2030", **zone)
            put(connection, "zone", square(EAST, NORTH, 200), plan_use="DAT_HTXH_CayxanhCC", horizon="2045", **zone)
            for horizon in ("2030", "2045"):
                put(connection, "zone", square(EAST + 200, NORTH, 200), plan_use="DAT_Coquan", horizon=horizon, **zone)
            put(connection, "building", square(EAST + 50, NORTH + 50, 20), stage="existing", stage_end="2045")
        yield url


@pytest.fixture
def plan(url: str) -> Iterator[City]:
    with open_city(url, horizon=Horizon.H2030) as plan:
        yield plan


@pytest.fixture
def later(url: str) -> Iterator[City]:
    with open_city(url, horizon=Horizon.H2045) as later:
        yield later


def told(drawn: folium.Map) -> list[tuple[dict, list, str]]:
    """Return each layer of a map as the drawing code is told of it: declaration, features, side."""
    page, decode = drawn.get_root().render(), json.JSONDecoder().raw_decode
    found = []
    for match in re.finditer(r"quyhoach\.layer\(\w+, ", page):
        declared, end = decode(page, match.end())
        features, end = decode(page, end + 2)
        found.append((declared, features, decode(page, end + 2)[0]))
    return found


def uses(features: list) -> list[str]:
    return sorted(value for _, values, _ in features for value in values if str(value).startswith("DAT_"))


def test_each_side_shows_its_horizon(plan: City, later: City):
    former, latter = told(plan.compare(later, "zone"))
    assert (former[2], latter[2]) == ("former", "latter")
    assert uses(former[1]) == ["DAT_Coquan", "DAT_O_Nhomnhao"]
    assert uses(latter[1]) == ["DAT_Coquan", "DAT_HTXH_CayxanhCC"]


def test_what_one_side_alone_has_is_drawn_on_it(plan: City, later: City):
    counts = [
        (layer[0]["name"], layer[2], layer[0]["total"]) for layer in told(plan.compare(later, "zone", "building"))
    ]
    assert counts == [
        ("building", "former", 1),
        ("building", "latter", 0),
        ("zone", "former", 2),
        ("zone", "latter", 2),
    ]


def test_two_horizons_may_be_seen_through_one_connection(plan: City):
    later = City(plan.connection, Horizon.H2045)
    former, latter = told(plan.compare(later, "zone"))
    assert uses(former[1]) != uses(latter[1])
    assert plan.frame("zone", columns=["horizon"]).horizon.unique() == ["2030"]


def test_two_scenarios_are_called_by_their_titles(url: str, plan: City):
    uid = int(plan.frame("zone").uid[0])
    open_scenario(plan.connection, "school", title="Trường học")
    try:
        with open_city(url, horizon=Horizon.H2030, scenario="school") as school:
            change(school, LAYERS["zone"], uid, {"plan_use": "DAT_HTXH_Truonghoc"})
            drawn = plan.compare(school, "zone")
            assert uses(told(drawn)[1][1]) == ["DAT_Coquan", "DAT_HTXH_Truonghoc"]
            assert '[["Không có kịch bản","The baseline"],["Trường học","Trường học"]]' in drawn.get_root().render()
    finally:
        drop_scenario(plan.connection, "school")


def test_frames_lie_over_both_sides(plan: City, later: City):
    over = {Words("Khu đất", "The site"): plan.frame("zone", limit=1).to_crs(4326)}
    *_, site = told(plan.compare(later, "zone", over=over))
    assert (site[0]["title"], site[2], len(site[1])) == (["Khu đất", "The site"], "both", 1)
    assert "Đất nhóm" not in str(site[0]["codes"])
    (zones, drawn) = told(plan.draw("zone", over=over))
    assert (zones[2], drawn[2]) == (None, None)
    assert "Ký hiệu ô" in [column["title"][0] for column in drawn[0]["columns"]]


def test_what_cannot_be_drawn_is_said(plan: City, later: City):
    with pytest.raises(UnknownLayerError, match="nearest name is zone"):
        plan.compare(later, "zones")
    with pytest.raises(NothingToDrawError, match="nothing to draw of pipe"):
        plan.compare(later, "pipe")
    with pytest.raises(NothingToDrawError, match="in the box 107,15"):
        plan.compare(later, "zone", bbox="107,15,107.1,15.1")
    with pytest.raises(BoxError):
        plan.compare(later, "zone", bbox="107,15")


@pytest.fixture(scope="module")
def written(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with open_city(url, horizon=Horizon.H2030) as plan, open_city(url, horizon=Horizon.H2045) as later:
        return save(plan.compare(later, "zone", "building"), tmp_path_factory.mktemp("map") / "compared.html")


@pytest.fixture
def page(written: Path) -> Iterator[Page]:
    """The map in a browser; whatever it asks for or complains about fails the test."""
    asked: list[str] = []
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: asked.append(f"error: {error}"))
        page.goto(written.as_uri())
        page.wait_for_selector(".divider")
        yield page
        browser.close()
    assert [url for url in asked if not url.startswith("data:")] == [written.as_uri()]


def color_at(page: Page, across: float, down: float) -> list[int]:
    """Return the colour of the map at a place of the window, as it is seen: on the side whose pane is not cut there."""
    return page.evaluate(
        """([x, y]) => {
            const canvas = document.elementsFromPoint(x, y).find(
                one => one.tagName === "CANVAS" && /overlay/.test(one.parentElement.className));
            const box = canvas.getBoundingClientRect(), scale = canvas.width / box.width;
            const ink = canvas.getContext("2d");
            return [...ink.getImageData((x - box.left) * scale, (y - box.top) * scale, 1, 1).data].slice(0, 3);
        }""",
        [across, down],
    )


def place_of_the_zone(page: Page) -> tuple[float, float]:
    """Return where the north-western part of the changing zone is drawn."""
    at = page.evaluate(
        """() => {
            const layers = Object.keys(window).filter(name => /^painted_layer/.test(name)).map(name => window[name]);
            const painted = layers.find(layer => layer.declared.name === "zone");
            const map = painted._map, bounds = painted.getBounds();
            const nw = map.latLngToContainerPoint(bounds.getNorthWest());
            const se = map.latLngToContainerPoint(bounds.getSouthEast());
            return [nw.x + (se.x - nw.x) * 0.05, nw.y + (se.y - nw.y) * 0.1];
        }"""
    )
    return at[0], at[1]


def test_the_divider_is_drawn_by_keys_and_shows_the_other_side(page: Page):
    grip = page.locator("[role=slider]")
    assert "Đến năm 2030 | Đến năm 2045" in (grip.get_attribute("aria-label") or "")
    place = place_of_the_zone(page)
    grip.focus()
    page.keyboard.press("End")
    assert grip.get_attribute("aria-valuenow") == "100"
    former = color_at(page, *place)
    page.keyboard.press("Home")
    assert grip.get_attribute("aria-valuenow") == "0"
    latter = color_at(page, *place)
    assert former != latter
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    assert grip.get_attribute("aria-valuenow") == "12"


def test_the_divider_follows_the_mouse_and_leaves_the_map_where_it_is(page: Page):
    box = page.locator(".grip").bounding_box()
    assert box
    centre = "Object.keys(window).filter(n => /^map_/.test(n)).map(n => window[n].getCenter().toString())[0]"
    before = page.evaluate(centre)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(600, 300, steps=4)
    page.mouse.up()
    page.mouse.move(900, 300)
    assert page.locator(".grip").get_attribute("aria-valuenow") == "50"
    assert page.evaluate(centre) == before


def test_the_legend_counts_both_sides(page: Page):
    said = page.inner_text(".quyhoach")
    assert "Nhóm nhà ở\nHousing group\n1 → 0" in said
    assert "Cơ quan, trụ sở\nOffices\n1 → 1" in said
    assert "So sánh" in said
