"""Every resource as a page, in both languages, with nothing from another host."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api import pages
from api.ogc.operations import OPERATIONS
from tests.api.ogc.test_addresses import filled

PAGES = [filled(each.path) if each.path != "/" else "" for each in OPERATIONS if "text/html" in each.answers]
EACH = pytest.mark.parametrize("path", PAGES)
OUR_HOSTS = ("http://testserver", "/", "#", "?")


class Read(HTMLParser):
    """The addresses a page loads or leads to, and its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.headings = 0
        self.language: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.headings += tag == "h1"
        if tag == "html":
            self.language = given["lang"]
        self.addresses += [given[name] or "" for name in ("href", "src", "action") if name in given]


@EACH
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_speaks_the_language_of_the_client(service: TestClient, path: str, language: str):
    answer = service.get(f"/ogc{path}", headers={"accept": "text/html", "accept-language": language})
    assert answer.status_code == 200, answer.text
    read = Read(answer.text)
    assert (read.language, answer.headers["content-language"], read.headings) == (language, language, 1)


@pytest.mark.parametrize(
    ("liked", "language"),
    [
        ("", "vi"),
        ("fr", "vi"),
        ("*", "vi"),
        ("en-GB", "en"),
        ("vi-VN, en", "vi"),
        ("vi;q=0", "en"),
        ("vi;q=0, *;q=0.5", "en"),
        ("vi;q=0.4, *;q=0.5", "en"),
        ("vi-VN;q=0.3, vi;q=0, *;q=0.1", "vi"),
        ("en;q=0", "vi"),
        ("*;q=0", "vi"),
    ],
)
def test_a_language_that_is_refused_is_not_spoken_where_there_is_another(
    service: TestClient, liked: str, language: str
):
    answer = service.get("/conformance", headers={"accept-language": liked})
    assert answer.headers["content-language"] == language


@EACH
def test_a_page_loads_nothing_from_another_host(service: TestClient, path: str):
    answer = service.get(f"/ogc{path}", headers={"accept": "text/html"})
    assert [address for address in Read(answer.text).addresses if not address.startswith(OUR_HOSTS)] == []
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@EACH
def test_every_link_of_a_page_leads_somewhere(service: TestClient, path: str):
    addresses = set(Read(service.get(f"/ogc{path}", headers={"accept": "text/html"}).text).addresses)
    for address in sorted(addresses)[:40]:
        if address.startswith("#") or "{" in address or address.endswith("/changes"):
            continue
        assert service.get(address, headers={"accept": "*/*"}).status_code == 200, address


def test_both_languages_have_the_same_expressions():
    assert set(pages.words("vi")) == set(pages.words("en"))


def test_what_a_feature_says_is_text_and_never_markup(service: TestClient):
    answer = service.get("/collections/ward/items?name=%3Cscript%3Ealert(1)%3C/script%3E&f=html")
    assert "<script>alert" not in answer.text


def test_a_page_of_features_leads_to_the_next(service: TestClient):
    seen, address = [], "/collections/road/items?limit=2&f=html&lang=en"
    while address:
        text = service.get(address, headers={"accept": "text/html"}).text
        seen += re.findall(r"Đường \d", re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
        found = re.search(r'href="([^"]*bookmark=[^"]*)"', text)
        address = found[1].replace("&amp;", "&") if found else None
    assert sorted(set(seen)) == ["Đường 0", "Đường 1", "Đường 2"]


LISTED = (
    "road_class=foot,district&limit=2&horizon=2030&scenario=park&sortby=-name&bbox=108,16,109,17&datetime=2030-01-01"
    "&filter=uid>0&filter-lang=cql2-text&count=false&properties=name&name=Đường 1&name=Đường 2"
)


@pytest.mark.parametrize("lang", ["", "&lang=en"])
def test_every_link_of_a_list_that_was_narrowed_leads_somewhere(service: TestClient, lang: str):
    text = service.get(f"/ogc/collections/road/items?{LISTED}{lang}", headers={"accept": "text/html"}).text
    addresses = {address for address in Read(text).addresses if "/collections/road/items" in address}
    shapes = json.loads(re.findall(r'id="shapes">(.*?)</script>', text)[0])["features"]
    addresses |= {shape["href"] for shape in shapes}
    features = {address for address in addresses if "/items/" in address}
    assert len(features) == len(shapes) == 2
    assert all("scenario=park" in address and "horizon=2030" in address for address in features)
    assert all(lang in address for address in features)
    for address in sorted(addresses):
        answer = service.get(address, headers={"accept": "text/html"})
        assert answer.status_code == 200, answer.text


def test_the_way_back_to_the_first_page_keeps_all_that_was_asked(service: TestClient):
    first = service.get("/collections/road/items?limit=1&name=Đường 1&name=Đường 2&count=false&f=html").text
    following = next(address for address in Read(first).addresses if "bookmark=" in address)
    second = service.get(following, headers={"accept": "text/html"}).text
    back = re.search(r'rel="first" href="([^"]*)"', second)
    assert back
    kept = parse_qs(urlsplit(back[1].replace("&amp;", "&")).query)
    assert kept == {"limit": ["1"], "name": ["Đường 1,Đường 2"], "count": ["false"]}
