"""Scenarios as pages, and the map that shows one."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.api.ogc.test_pages import Read
from tests.api.scenarios.conftest import METRES, Planner, parcel

LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])
SAID = {
    "vi": ("Kịch bản", "dữ liệu gốc", "Thửa đất", "Thêm", "Không có gì khác.", "Xem trên bản đồ"),
    "en": ("Scenarios", "the baseline", "Parcel", "Added", "Nothing differs.", "See it on the map"),
}


@pytest.fixture
def edited(planner: Planner) -> Planner:
    """The planner, who has added a parcel, changed one and removed one, and opened `green` from that."""
    planner.done("POST", "/scenarios/park/collections/parcel/items", json=parcel(), headers=METRES)
    patch = {"type": "Feature", "properties": {"land_use_code": "DKV"}}
    planner.done("PATCH", "/scenarios/park/collections/parcel/items/21", json=patch)
    planner.done("DELETE", "/scenarios/park/collections/parcel/items/22")
    planner.done("POST", "/scenarios", json={"name": "green", "parent": "park", "note": "<b>Bãi đỗ xe</b>"})
    return planner


def page(service: TestClient, address: str, language: str = "vi") -> str:
    answer = service.get(address, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def cells(text: str) -> list[list[str]]:
    """Return the rows of the tables of a page."""
    plain = lambda cell: " ".join(re.sub(r"<[^>]+>", " ", cell).split())  # noqa: E731
    found = re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in found]


@LANGUAGES
def test_the_open_scenarios_are_listed_with_the_layers_each_changes(edited: Planner, language: str):
    title, baseline, layer, *_ = SAID[language]
    text = page(edited.service, "/scenarios", language)
    assert f"<h1>{title}</h1>" in text
    _, newest, oldest = cells(text)
    assert newest[:2] == ["green green", "park"]
    assert oldest[:3] == ["Công viên park", baseline, layer]
    assert "http://testserver/?scenario=park" in Read(text).addresses
    listed = edited.done("GET", "/scenarios")["scenarios"]
    assert [(each["name"], each["changed_layers"]) for each in listed] == [("park", ["parcel"]), ("green", [])]


@LANGUAGES
def test_a_scenario_is_shown_with_what_it_changes_and_where_to_look(edited: Planner, language: str):
    _, _, layer, added, same, see = SAID[language]
    text = page(edited.service, "/scenarios/park", language)
    assert "<h1>Công viên</h1>" in text
    assert see in text
    head, counts = cells(text)
    assert (head[1], counts) == (added, [f"{layer} parcel", "1", "1", "1"])
    addresses = Read(text).addresses
    for horizon in ("existing", "2030", "2045"):
        asked = f"/processes/scenario_difference/execution?scenario=park&against=baseline&horizon={horizon}&f=html"
        (address,) = [each for each in addresses if each.endswith(asked)]
        assert edited.service.get(address).status_code == 200
        # The middle of what is changed is 550 300 m east, 1 778 250 m north of EPSG:5899.
        maps = [each for each in addresses if each.startswith(f"http://testserver/?scenario=park&horizon={horizon}#")]
        zoom, lat, lon = (float(part) for part in maps[0].split("#")[1].split("/"))
        assert (zoom, lat, lon) == (17, pytest.approx(16.0766, abs=2e-3), pytest.approx(108.2222, abs=2e-3))
    assert same in page(edited.service, "/scenarios/green", language)
    against = page(edited.service, "/scenarios/green?against=baseline", language)
    assert cells(against)[1] == [f"{layer} parcel", "1", "1", "1"]
    assert "&lt;b&gt;Bãi đỗ xe&lt;/b&gt;" in against


@LANGUAGES
def test_every_link_of_the_pages_leads_somewhere(edited: Planner, language: str):
    for path in ("/scenarios", "/scenarios/green", f"/ogc/scenarios/park?against=green&lang={language}"):
        for address in sorted(set(Read(page(edited.service, path, language)).addresses)):
            if not address.startswith("#"):
                assert edited.service.get(address, headers={"Accept": "*/*"}).status_code == 200, address


def test_a_page_without_scenarios_says_so(service: TestClient):
    assert "Chưa có kịch bản nào đang mở." in page(service, "/scenarios")


def test_the_map_shows_the_scenario_that_is_named(edited: Planner):
    text = page(edited.service, "/?scenario=park&lang=en", "en")
    assert 'data-scenario="park"' in text
    assert 'value="existing" checked' in text
    assert 'value="2045" checked' in page(edited.service, "/?horizon=2045")
    assert {"/scenarios/park?f=html&lang=en", "/?lang=en", "/?lang=vi&scenario=park"} <= set(Read(text).addresses)
    for address in ("/", "/?scenario=baseline"):
        assert "data-scenario" not in page(edited.service, address)
    for wrong in (
        "/?scenario=grey",
        "/?scenario=Park",
        "/?horizon=2031",
        "/?scenario=park&f=json",
        "/ogc?scenario=park",
    ):
        assert edited("GET", wrong, headers={"Accept": "text/html"}).status_code == 400
