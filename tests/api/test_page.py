"""The map page: read as text, and walked through in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api import web
from api.negotiation import LANGUAGES
from gis import assets
from tests.api.conftest import Served
from tests.gis.hand import CHROMIUM_OPTIONS, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


def opened(browser: Browser, served: Served, complaints: list[str], *, width: int = 1280, height: int = 800) -> Page:
    """Open the page; what it asks of other hosts and what it complains about is gathered."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
    page = context.new_page()
    page.on("request", lambda request: request.url.startswith(served.root) or complaints.append(request.url))
    page.on("response", lambda answer: answer.status >= 400 and complaints.append(f"{answer.status} {answer.url}"))
    page.on("console", lambda message: complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.goto(f"{served.root}/")
    return page


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    complaints: list[str] = []
    page = opened(browser, served, complaints)
    page.wait_for_selector(".entries li")
    yield page
    assert complaints == []
    page.context.close()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.5", "vi"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,en;q=0.3", "en"),
        ("en;q=0.2,vi;q=0.8", "vi"),
        ("de", "vi"),
        ("en;q=much", "vi"),
    ],
)
def test_the_language_is_the_browsers_choice_and_vietnamese_otherwise(
    service: TestClient, accepted: str, language: str
):
    assert service.get("/", headers={"Accept-Language": accepted}).headers["content-language"] == language


def test_the_switch_overrules_the_browser(service: TestClient):
    answer = service.get("/?lang=en", headers={"Accept-Language": "vi"})
    assert answer.headers["content-language"] == "en"
    assert '<html lang="en">' in answer.text
    assert service.get("/?lang=fr").status_code == 400


def test_every_expression_is_there_in_both_languages_and_used():
    vietnamese, english = (web.words(language) for language in LANGUAGES)
    assert set(vietnamese) == set(english)
    assert all(text.strip() for text in (*vietnamese.values(), *english.values()))
    parts = "".join((Path(web.__file__).parent / name).read_text() for name in ("page.html", "page.js", "city.js"))
    assert [name for name in vietnamese if f"words.{name}" not in parts] == []


def test_the_page_allows_nothing_but_itself(service: TestClient):
    policy = service.get("/").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in service.get("/").text.replace("http-equiv", "")


@pytest.mark.parametrize("name", ["page.js", "leaflet.js"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_part_of_the_page_is_not_sent_again_to_who_has_it(service: TestClient, name: str, coding: str):
    accepted = {"Accept-Encoding": coding}
    answer = service.get(f"/web/{name}", headers=accepted)
    assert answer.headers["etag"].startswith('W/"')
    for known in (
        {"If-None-Match": answer.headers["etag"]},
        {"If-None-Match": f'"other", {answer.headers["etag"]}'},
        {"If-Modified-Since": answer.headers["last-modified"]},
    ):
        again = service.get(f"/web/{name}", headers={**accepted, **known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == answer.headers["etag"]
    for unknown in (
        {"If-None-Match": '"other"', "If-Modified-Since": answer.headers["last-modified"]},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert service.get(f"/web/{name}", headers={**accepted, **unknown}).content == answer.content


@pytest.mark.parametrize("given", ["bytes=0-9", "bytes=9-5", "bytes=99999999-", "bytes=x", "foo=5-2"])
def test_a_part_of_the_page_is_sent_whole_whatever_range_is_asked_for(service: TestClient, given: str):
    answer = service.get("/web/page.js", headers={"Range": given})
    assert answer.status_code == 200
    assert answer.content == (Path(web.__file__).parent / "page.js").read_bytes()
    assert "accept-ranges" not in answer.headers


def test_without_the_libraries_one_sentence_says_how_to_bring_them(
    service: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = assets.settings().model_copy(update={"local_dir": tmp_path})
    monkeypatch.setattr(assets, "settings", lambda: elsewhere)
    monkeypatch.setattr(assets, "LOCAL_DIR", tmp_path)
    answer = service.get("/")
    assert answer.status_code == 503
    assert re.search(r"bring it with: /.* -m gis\.assets", answer.json()["detail"])


def test_the_lock_file_pins_by_hash_and_names_no_address():
    lock = json.loads((assets.REPOSITORY / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_the_city_is_drawn_with_a_legend_of_what_is_in_view(page: Page):
    legend = page.inner_text(".entries")
    for expected in ("Đất trồng lúa", "Sông", "Đường trục chính đô thị"):
        assert expected in legend
    assert "Đất rừng" not in legend
    expect(page.locator(".source")).to_contain_text("Dữ liệu mẫu do máy tạo")


def test_another_horizon_is_drawn_at_a_touch(page: Page):
    page.get_by_text("Đến 2030").click()
    expect(page.locator(".entries")).to_contain_text("Ô quy hoạch")
    expect(page.locator(".entries")).to_contain_text("Y tế")
    expect(page.locator(".entries")).not_to_contain_text("Đất trồng lúa")


def test_a_touched_place_says_what_is_known(page: Page):
    box = page.locator("#map").bounding_box()
    assert box
    # The town is fitted beside the panel; Sơn Trà is its eastern half.
    page.mouse.click(box["width"] * 0.75, box["height"] * 0.5)
    expect(page.locator(".place-card")).to_contain_text("Sơn Trà")
    expect(page.locator(".place-card")).to_contain_text("Loại đất")
    page.get_by_label("Đóng").click()
    expect(page.locator(".place-card")).to_be_hidden()


def test_on_a_phone_the_map_keeps_half_of_the_screen(browser: Browser, served: Served):
    complaints: list[str] = []
    page = opened(browser, served, complaints, width=390, height=844)
    page.wait_for_selector(".legend")
    box = page.locator(".panel").bounding_box()
    assert box
    assert box["width"] == 390
    assert box["height"] < 844 / 2
    page.wait_for_load_state("networkidle")
    page.locator(".legend summary").click()
    expect(page.locator(".entries li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert complaints == []
    page.context.close()


def test_a_lost_server_is_said_and_recovered_from(browser: Browser, served: Served):
    page = opened(browser, served, [])
    page.wait_for_selector(".entries li")
    page.context.set_offline(True)
    page.get_by_text("Đến 2030").click()
    expect(page.locator(".notice").first).to_contain_text("Mất liên lạc với máy chủ")
    page.context.set_offline(False)
    expect(page.locator(".notice").first).to_be_hidden()
    expect(page.locator(".entries")).to_contain_text("Y tế")
    page.context.close()
