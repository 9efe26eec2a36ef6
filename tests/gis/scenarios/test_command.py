"""The shell opens, lists, edits, compares, merges and drops scenarios."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from gis.errors import QuyhoachError
from gis.scenarios.command import scenario
from gis.settings import settings
from tests.gis.scenarios.conftest import Town


def said(*words: str) -> str:
    """Return what the shell prints; a refusal is raised."""
    done = CliRunner().invoke(scenario, words, env={"COLUMNS": "200"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def shell_town(town: Town, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The town, as the shell finds it by the settings."""
    monkeypatch.setenv("QUYHOACH_DATABASE_URL", database_url)
    settings.cache_clear()
    yield town
    monkeypatch.undo()
    settings.cache_clear()


def test_a_scenario_goes_from_opening_to_dropping(shell_town: Town):
    assert json.loads(said("open", "grey", "--title", "Xám", "--json"))["parent"] == "baseline"
    views = json.loads(said("edit", "grey", "parcel", "--json"))
    assert views["2030"] == "at_2030_in_grey.parcel"
    shell_town.city.connection.execute(f"DELETE FROM {views['existing']} WHERE map_sheet = '1'".encode())
    assert json.loads(said("compare", "grey", "--json")) == [
        {"layer": "parcel", "added": 0, "changed": 0, "removed": 1}
    ]
    assert "Xám" in said("list")
    said("open", "marked", "--title", "Khu [/b] [red]A[/]")
    assert "Khu [/b] [red]A[/]" in said("list")
    said("drop", "marked")
    listed = {one["name"]: one["layers"] for one in json.loads(said("list", "--json"))}
    assert listed == {"green": ["parcel"], "grey": ["parcel"]}
    assert json.loads(said("merge", "grey", "--json"))[0]["removed"] == 1
    assert "There is no difference." in said("compare", "grey")
    assert "dropped" in said("drop", "grey")
    assert len(shell_town.shown()) == 2


def test_the_shell_refuses_in_a_sentence(shell_town: Town):
    with pytest.raises(QuyhoachError, match="part of the system"):
        said("open", "pg_catalog")
    with pytest.raises(QuyhoachError, match="nearest name is parcel"):
        said("edit", "green", "parcels")
    with pytest.raises(QuyhoachError, match="nearest is green"):
        said("compare", "gren")
    assert shell_town.shown("green")


def test_the_help_teaches():
    assert "costs only what it changes" in said("--help")
    assert "goes to the history" in " ".join(said("merge", "--help").split())
