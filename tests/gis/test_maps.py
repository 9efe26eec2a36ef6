"""Maps as one file: what is drawn, what is said, and that no network is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import folium
import psycopg
import pytest
import typer
from playwright.sync_api import Browser, Page, sync_playwright
from typer.testing import CliRunner

from gis import assets
from gis.db import City, open_city, seen_at
from gis.errors import UnknownLayerError
from gis.export.errors import FileExistsAlreadyError, NoFolderError
from gis.features import Box
from gis.maps import draw, save
from gis.maps.command import map_
from gis.maps.drawing import NothingToDrawError
from gis.maps.reading import read
from gis.settings import settings
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import CHROMIUM_OPTIONS, chromium, database, put, square

EAST, NORTH = 550_000, 1_778_000
HOSTILE = (
    "</script><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">{{ 7 }}{% raw %}"
)


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    assets.bring()


@pytest.fixture(scope="module")
def url(server_url: str, template: str) -> Iterator[str]:
    """Five parcels in a row from west to east, one of them planned; a street, a ward, a school."""
    with database(server_url, template) as url, psycopg.connect(url, autocommit=True) as connection:
        for place, code in enumerate(["ODT", "ODT", "LUA", None, "ODT"]):
            parcel = square(EAST + 100 * place, NORTH, 90)
            put(connection, "parcel", parcel, land_use_code=code, stage="existing", map_sheet=str(place))
        put(connection, "parcel", square(EAST, NORTH + 200, 50), land_use_code="CLN", stage="2030")
        street = f"MULTILINESTRING(({EAST} {NORTH - 20}, {EAST + 500} {NORTH - 20}))"
        put(connection, "road", street, name="Lê Duẩn", road_class="city_main", stage="existing")
        put(connection, "ward", square(EAST - 300, NORTH - 300, 1_200), code="1", name="Hải Châu", source="survey")
        school = f"POINT({EAST + 150} {NORTH + 50})"
        put(connection, "facility", school, name=HOSTILE, facility_type="school", stage="existing")
        yield url


@pytest.fixture
def city(url: str) -> Iterator[City]:
    with open_city(url) as city:
        yield city


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


def declared(drawn: folium.Map, layer: str) -> dict:
    """Return what the drawing code is told of a layer."""
    page = drawn.get_root().render()
    told = (
        json.JSONDecoder().raw_decode(page, match.end())[0] for match in re.finditer(r"quyhoach\.layer\(\w+, ", page)
    )
    return next(described for described in told if described["name"] == layer)


def test_the_legend_holds_only_the_codes_present_each_with_its_count_and_declared_colour(city: City):
    told = declared(draw(city, ["parcel"]), "parcel")
    colors = {code.code: code.color for code in LAYERS["parcel"].column("land_use_code").codes.codes}
    assert [(code["code"], code["count"], code["color"]) for code in told["codes"]] == [
        ("LUA", 1, colors["LUA"]),
        ("ODT", 3, colors["ODT"]),
    ]
    assert told["others"] == 1


def test_a_large_layer_is_shown_nearest_to_its_middle_and_says_of_how_many(city: City):
    (part,) = read(city, [LAYERS["parcel"]], box=None, limit=3)
    sheet = [column.name for column in part.columns].index("map_sheet")
    assert [values[sheet] for _, values, _ in part.features] == ["1", "2", "3"]
    told = declared(draw(city, ["parcel"], limit=3), "parcel")
    assert (told["shown"], told["total"]) == (3, 5)


def test_a_box_bounds_every_layer(city: City):
    # The first parcel ends at 108.22002, the second begins at 108.22012, and the school stands in it.
    first = Box(108.2190, 16.07, 108.2201, 16.08)
    parcels, school = read(city, [LAYERS["parcel"], LAYERS["facility"]], box=first, limit=100)
    assert (parcels.total, school.total) == (1, 0)


def test_the_horizon_decides_what_stands(city: City):
    seen_at(city.connection, Horizon.H2030)
    told = declared(draw(City(city.connection, Horizon.H2030), ["parcel"]), "parcel")
    assert {code["code"] for code in told["codes"]} == {"LUA", "ODT", "CLN"}


def test_nothing_to_draw_is_said(city: City):
    with pytest.raises(NothingToDrawError, match=r"nothing to draw of pipe at the horizon existing"):
        draw(city, ["pipe"])


def test_an_unknown_layer_is_answered_with_the_nearest_name(city: City):
    with pytest.raises(UnknownLayerError, match="nearest name is parcel"):
        draw(city, ["parcels"])


def test_it_is_a_folium_map_that_others_can_add_to_and_notebooks_show(city: City):
    drawn = draw(city, ["parcel"])
    assert isinstance(drawn, folium.Map)
    folium.Marker([16.076, 108.22], popup="here").add_to(drawn)
    (south, west), (north, east) = drawn.get_bounds()
    assert 108.21 < west < east < 108.23
    assert 16.07 < south < north < 16.08
    assert "<iframe" in drawn._repr_html_()


class Addresses(HTMLParser):
    """Collects every address a browser would ask for by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        asked = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
        self.found += [value or "" for name, value in attrs if asked.get(tag) == name]
        self.found += [
            url for name, value in attrs if name == "style" for url in re.findall(r"url\(([^)]*)", value or "")
        ]

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.found += re.findall(r"url\(([^)]*)", data) + re.findall(r"@import[^;]*", data)
        if self._inside == "script":
            self.found += re.findall(r"sourceMappingURL=\S+", data)


def test_the_page_names_no_address_that_a_browser_would_ask_for(city: City):
    addresses = Addresses()
    addresses.feed(draw(city, ["parcel", "road", "facility"]).get_root().render())
    assert [url[:60] for url in addresses.found if not url.startswith(("data:", "#"))] == []


def test_a_map_is_written_beside_its_place_and_renamed(city: City, tmp_path: Path):
    written = save(draw(city, ["parcel"]), tmp_path / "map.html")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    assert written.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_map_takes_the_place_of_a_file_only_when_asked(city: City, tmp_path: Path):
    path = tmp_path / "map.html"
    path.write_text("mine")
    drawn = draw(city, ["parcel"])
    with pytest.raises(FileExistsAlreadyError, match="exists already"):
        save(drawn, path)
    assert path.read_text() == "mine"
    save(drawn, path, overwrite=True)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_map_for_a_folder_that_is_not_there_is_refused(city: City, tmp_path: Path):
    with pytest.raises(NoFolderError, match="there is no such folder"):
        save(draw(city, ["parcel"]), tmp_path / "missing" / "map.html")


@pytest.fixture(scope="module")
def written(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with open_city(url) as city:
        return save(draw(city, ["parcel", "road", "facility"], limit=4), tmp_path_factory.mktemp("map") / "map.html")


@pytest.fixture
def page(browser: Browser, written: Path) -> Iterator[Page]:
    """The map opened in a browser; whatever it asks for or complains about fails the test."""
    asked: list[str] = []
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.goto(written.as_uri())
    page.wait_for_selector(".quyhoach section")
    yield page
    assert [url for url in asked if not url.startswith("data:")] == [written.as_uri()]
    context.close()


def test_the_panel_says_layers_codes_counts_and_source_in_both_languages(page: Page):
    said = page.inner_text(".quyhoach")
    for expected in (
        "Thửa đất",
        "Parcel",
        "Đất ở tại đô thị",
        "4 / 5 đối tượng được hiển thị",
        "4 / 5 features shown",
        "Dữ liệu mẫu do máy tạo",
        "Generated sample data",
    ):
        assert expected in said


def test_a_touched_feature_shows_titles_units_and_values_as_text(page: Page):
    place = page.evaluate(
        """() => {
            const painted = Object.keys(window).filter(name => /^painted_layer/.test(name)).map(name => window[name]);
            const school = painted.find(layer => layer.declared.name === "facility").getLayers()[0];
            return school._map.latLngToContainerPoint(school.getLatLng());
        }"""
    )
    page.mouse.click(place["x"], place["y"])
    said = page.inner_text(".leaflet-popup")
    assert "Loại công trình" in said
    assert "Facility type" in said
    assert HOSTILE in said
    assert page.title() != "broken"


def test_a_layer_can_be_taken_off_and_put_back_in_its_place(page: Page):
    count = "Object.keys(window).filter(n => /^painted_layer/.test(n) && window[n]._map).length"
    parcel = page.locator(".quyhoach section", has_text="Thửa đất").locator("input")
    assert page.evaluate(count) == 3
    parcel.uncheck()
    assert page.evaluate(count) == 2
    parcel.check()
    assert page.evaluate(count) == 3


def test_the_declared_colour_is_on_the_canvas(page: Page):
    fill = next(code.color for code in LAYERS["parcel"].column("land_use_code").codes.codes if code.code == "ODT")
    assert fill
    rgb = [int(fill[at : at + 2], 16) for at in (1, 3, 5)]
    seen = page.evaluate(
        """rgb => [...document.querySelectorAll("canvas")].some(canvas => {
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            for (let at = 0; at < data.length; at += 4) {
                if (data[at + 3] < 200) continue;
                if (rgb.every((part, place) => Math.abs(part - data[at + place]) < 4)) return true;
            }
            return false;
        })""",
        rgb,
    )
    assert seen


def test_on_a_phone_the_panel_is_folded_at_the_foot(browser: Browser, written: Path):
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(written.as_uri())
    box = page.locator(".quyhoach").bounding_box()
    assert box
    assert box["width"] == 390
    assert box["height"] < 200
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    context.close()


def test_without_the_libraries_one_sentence_says_how_to_bring_them(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = settings().model_copy(update={"local_dir": tmp_path})
    monkeypatch.setattr(assets, "settings", lambda: elsewhere)
    monkeypatch.setattr(assets, "LOCAL_DIR", tmp_path)
    with pytest.raises(assets.MissingAssetError, match=r"bring it with: /.* -m gis\.assets"):
        draw(city, ["parcel"])


def test_the_command_writes_the_map(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shell = typer.Typer()
    shell.command()(map_)
    monkeypatch.setenv("QUYHOACH_DATABASE_URL", url)
    settings.cache_clear()
    try:
        out = tmp_path / "map.html"
        ran = CliRunner().invoke(shell, ["--layer", "parcel", "--limit", "3", "--out", str(out)])
        assert ran.exit_code == 0, ran.output
        assert out.stat().st_size > 100_000
        again = CliRunner().invoke(shell, ["--layer", "nosuch", "--out", str(out)])
        assert isinstance(again.exception, FileExistsAlreadyError)
        ran = CliRunner().invoke(shell, ["--layer", "parcel", "--limit", "3", "--out", str(out), "--overwrite"])
        assert ran.exit_code == 0, ran.output
        endless = CliRunner().invoke(shell, ["--layer", "parcel", "--limit", "9" * 20, "--out", str(out)])
        assert endless.exit_code == 2
        assert "--limit" in endless.output
    finally:
        settings.cache_clear()
