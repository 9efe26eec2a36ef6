"""The notebooks run from top to bottom on the sample city, and what they show asks nothing of any network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from gis import assets
from gis.db import open_city
from gis.sample import load_sample
from gis.scenarios import scenarios
from tests.gis.hand import database

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 10
by_name = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def sample_url(server_url: str, template: str) -> Iterator[str]:
    """Address of the city that `make run` loads: the notebooks tell of places in it."""
    assets.bring()
    with database(server_url, template) as url:
        with open_city(url) as city:
            load_sample(city)
        yield url


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what Jupyter and its like keep: nothing is left in the home of who runs the tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def _surroundings(sample_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("QUYHOACH_DATABASE_URL", sample_url)


@cache
def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 4


@by_name
def test_it_is_kept_without_what_it_showed(path: Path):
    kept = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in kept["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)
    assert {cell["execution_count"] for cell in cells} == {None}


@by_name
def test_no_cell_is_longer_than_a_glance(path: Path):
    assert [source for source in code(path) if len(source.splitlines()) > LONGEST_CELL] == []


@by_name
@pytest.mark.usefixtures("_surroundings")
def test_it_runs_from_top_to_bottom_and_asks_nothing_of_any_network(path: Path, sample_url: str):
    done = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    NotebookClient(done, timeout=120, kernel_name="python3", resources=folder).execute()
    shown = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert [output.text for output in shown if output.output_type == "stream"] == []
    kinds = [kind for output in shown for kind in output.get("data", {})]
    assert "image/png" in kinds
    assert "text/html" in kinds
    for output in shown:
        for kind, content in output.get("data", {}).items():
            assert asked_by(kind, content) == []
    with open_city(sample_url) as city:
        assert scenarios(city.connection) == ()


def asked_by(kind: str, content: str) -> list[str]:
    """Return every address that a browser would ask for by itself when it shows this."""
    if kind == "image/png":
        return []
    if kind != "text/html":
        return re.findall(r"https?://\S+", content)
    page = Addresses()
    page.feed(content)
    return [address for address in page.found if not address.startswith(("data:", "#"))]


class Addresses(HTMLParser):
    """Collects every address that a browser would ask for by itself, pages within the page included."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        asked = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
        for name, value in attrs:
            if asked.get(tag) == name:
                self.found.append(value or "")
            elif name == "srcdoc":
                within = Addresses()
                within.feed(value or "")
                self.found += within.found
            elif name == "style":
                self.found += re.findall(r"url\(([^)]*)", value or "")

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.found += re.findall(r"url\(([^)]*)", data) + re.findall(r"@import[^;]*", data)
        if self._inside == "script":
            self.found += re.findall(r"sourceMappingURL=\S+", data)
            self.found += re.findall(r"fetch\(\s*[\"']https?:[^\"']*", data)
