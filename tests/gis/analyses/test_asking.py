"""A question is asked by its name, with arguments that may be text, in a notebook and in the shell."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import gis
from gis import opening
from gis.analyses import QUESTIONS
from gis.analyses.land_balance import land_balance
from gis.asking import ArgumentError, UnknownQuestionError, ask, question_named, questions
from gis.db import City
from gis.settings import settings

ROOT = Path(__file__).resolve().parents[3]


def test_a_question_has_the_name_the_form_and_the_page_of_its_function():
    assert [each.name for each in questions()] == list(QUESTIONS)
    for each in questions():
        assert each.summary.endswith(".")
        assert all(parameter.meaning for parameter in each.parameters), each.name
    present = question_named("land_balance").parameters[2]
    assert (present.name, present.choices, present.default) == ("present", ("parcel", "land_use"), "parcel")
    assert [each.name for each in question_named("land_balance").parameters] == [
        name for name in inspect.signature(land_balance).parameters if name != "city"
    ]


def test_the_answer_is_that_of_the_function(town: City):
    assert gis.ask(town, "land_balance", within="ward:WEST").hash == land_balance(town, within="ward:WEST").hash


def test_a_size_that_nobody_knows_is_left_out_and_stays_out_of_the_command(town: City):
    size = next(each for each in question_named("buildable_capacity").parameters if each.name == "dwelling_m2")
    assert (size.kind, size.default, size.is_required) == (float, None, False)
    assert [size.read(given) for given in (None, "", "62.5")] == [None, None, 62.5]
    finding = ask(town, "buildable_capacity", dwelling_m2="")
    assert finding.document["arguments"]["dwelling_m2"] is None
    assert "dwelling_m2" not in finding.command
    assert "dwelling_m2=62.5" in ask(town, "buildable_capacity", dwelling_m2=62.5).command


@pytest.mark.parametrize(
    ("name", "arguments", "error", "why"),
    [
        ("land_balanse", {}, UnknownQuestionError, "nearest is land_balance"),
        ("weather", {}, UnknownQuestionError, "such as parcel_extract, plan_conformance"),
        ("land_balance", {"witin": "city"}, ArgumentError, "takes no 'witin'; the nearest is within"),
        ("land_balance", {"present": "parcels"}, ArgumentError, "it is one of parcel, land_use"),
        ("land_balance", {"within": 3}, ArgumentError, "'3'; it is a text"),
        ("land_use_change", {"later": "2040"}, ArgumentError, "it is one of 2030, 2045"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_be_right(
    town: City, name: str, arguments: dict[str, object], error: type[Exception], why: str
):
    with pytest.raises(error, match=why):
        ask(town, name, **arguments)


def shell(url: str, *words: str, fails: bool = False, columns: str = "160") -> str:
    """Return what `quyhoach ask` prints, or the sentence with which it refuses."""
    environment = {**os.environ, "QUYHOACH_DATABASE_URL": url, "PYTHONPATH": str(ROOT), "COLUMNS": columns}
    done = subprocess.run(
        [sys.executable, "-m", "gis", "ask", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == (2 if fails else 0), done.stderr
    return done.stderr if fails else done.stdout


def test_the_shell_says_what_can_be_asked_and_how(town_url: str):
    said = shell(town_url)
    assert all(name in said for name in QUESTIONS)
    said = shell(town_url, "land_balance", "--form")
    assert "within" in said
    assert "(parcel, land_use)" in said
    form = json.loads(shell(town_url, "land_use_change", "--form", "--json"))
    assert form["parameters"][0]["choices"] == ["existing", "2030"]


def test_the_shell_answers_as_a_notebook_does(town: City, town_url: str):
    said = json.loads(shell(town_url, "land_balance", "within=ward:WEST", "--json"))
    assert said["hash"] == land_balance(town, within="ward:WEST").hash
    printed = shell(town_url, "land_balance", "--language", "vi")
    assert "Cân bằng sử dụng đất" in printed
    assert "Tổng cộng" in printed


def test_the_shell_refuses_in_one_sentence(town_url: str):
    assert "ward:WST" not in shell(town_url, "land_balance", "within=ward:WEST")
    assert "nearest is ward:WEST, Phường Tây" in shell(town_url, "land_balance", "within=ward:WST", fails=True)
    assert "write it as name=value" in shell(town_url, "land_balance", "ward:WEST", fails=True)
    assert "within is given twice" in shell(town_url, "land_balance", "within=city", "within=city", fails=True)
    assert "nearest is land_balance" in shell(town_url, "land_balanc", fails=True)
    assert "needs scenario" in shell(town_url, "scenario_difference", fails=True)
    assert "no scenario 'park'" in shell(town_url, "scenario_difference", "--scenario", "park", fails=True)


def test_no_figure_is_cut_short_however_narrow_the_terminal(town_url: str):
    wide = shell(town_url, "land_balance").split()
    narrow = shell(town_url, "land_balance", columns="40").split()
    figures = {word for word in wide if word[0].isdigit() and "." in word}
    assert figures
    assert figures <= set(narrow)


def test_a_city_asks_for_itself(town: City):
    assert town.ask("land_balance", within="ward:EAST") == ask(town, "land_balance", within="ward:EAST")


def test_without_a_city_the_one_connected_last_is_asked(town_url: str, town: City, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUYHOACH_DATABASE_URL", town_url)
    settings.cache_clear()
    opened: list[City] = []
    try:
        assert ask("land_balance") == ask(town, "land_balance")
        opened.append(gis.connect(horizon="2030"))
        assert ask("land_balance").horizon == "2030"
        opened[0].close()
        assert ask("land_balance").horizon == "existing"
        opened.append(gis.connect(horizon="2045"))
        assert (opened[1].frame("zone", columns=["horizon"]).horizon == "2045").all()
    finally:
        opening._left_open().stack.close()
        opening._left_open.cache_clear()
        settings.cache_clear()


def test_a_finding_and_its_tables_are_shown_in_a_notebook_in_both_languages(town: City):
    finding = town.ask("land_balance")
    said = finding._repr_html_()
    assert finding.hash in said
    assert "Cân bằng sử dụng đất" in said
    assert "Land balance" in said
    table = finding.table_named()._repr_html_()
    # The head, and a row above the uses of each list.
    assert table.count("<tr") == len(finding.table_named().rows) + 3
    assert "<tr class=sum>" in table
    assert repr(finding) == f"Finding('land_balance', hash='{finding.hash}')"
