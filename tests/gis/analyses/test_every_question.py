"""What holds of every question alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.analyses import QUESTIONS
from gis.asking import ask, question_named
from gis.db import City, open_city, seen_at
from gis.sample.town import load_town
from gis.scenarios import open_scenario
from gis.wording import unit_in
from layers.model import Horizon
from tests.gis.hand import database
from tests.gis.planes import plane
from tests.gis.proposed import building, lot, written

ARGUMENTS = {
    "parcel_extract": {"parcel": "EAST/2/1", "on": "2026-11-27"},
    "plan_conformance": {"proposal": "", "on": "2026-11-27"},
    "largest_floor_area": {"site": "EAST/2/2", "edition": "01:2021"},
    "service_provision": {"on": "2026-11-27"},
    "service_access": {"on": "2026-11-27"},
    "water_pressure": {"edition": "01:2021"},
    "water_main_break": {"pipe": "P6"},
    "fire_flow": {"flow_l_s": "5", "edition": "01:2021"},
    "zone_water_supply": {
        "zone": "Z5",
        "floor_area_ratio": "2",
        "dwelling_m2": "100",
        "household": "4",
        "edition": "01:2021",
    },
    "build_out_check": {
        "zone": "Z5",
        "floor_area_ratio": "2",
        "dwelling_m2": "100",
        "household": "4",
        "edition": "01:2021",
        "rain": "i=20",
    },
    "scenario_difference": {"scenario": "same"},
    "route": {"origin": "parcel:EAST/2/1", "destination": "ward:WEST", "travel": "drive"},
    "service_area": {"origins": "ward", "limits": "1 min, 2 min"},
    "street_closure": {"streets": "ward:EAST"},
    "travel_matrix": {"origins": "ward", "destinations": "parcel:EAST/2/1"},
    "street_network": {"on": "2026-11-27"},
    "drainage_trace": {"at": "M1"},
    "drainage_capacity": {"rain": "i=20", "edition": "01:2021"},
    "storm_drainage": {"rain": "i=60 t=30"},
    "flood_freeboard": {"edition": "01:2021"},
    "elevation_exposure": {"elevation": "", "water_level_m": "3.2", "stated_error_m": "0.3"},
}


@pytest.fixture(scope="module")
def twice(server_url: str, template: str) -> Iterator[City]:
    """The town, with a scenario that changes nothing."""
    with database(server_url, template) as url, open_city(url) as city:
        load_town(city)
        open_scenario(city.connection, "same")
        yield city


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("proposal")
    tower = building((210, 130, 230, 190), "apartment", height_m=40, storeys=12)
    plane(folder / "plane.tif")
    return written(folder, lot((200, 120, 300, 200), code="L1"), tower)


def arguments(question: str, proposal: str) -> dict[str, str]:
    given = ARGUMENTS.get(question, {})
    files = {"proposal": proposal, "elevation": str(Path(proposal).with_name("plane.tif"))}
    return {**given, **{name: path for name, path in files.items() if given.get(name) == ""}}


@pytest.mark.parametrize("horizon", list(Horizon))
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_scenario_without_changes_answers_as_the_baseline_does(
    twice: City, proposal: str, question: str, horizon: Horizon
):
    asked = arguments(question, proposal)
    there = ask(seen_at(twice.connection, horizon), question, **asked)
    same = ask(seen_at(twice.connection, horizon, "same"), question, **asked)
    assert (there.tables, there.quantities) == (same.tables, same.quantities)
    assert [(each.rule, each.subject, each.outcome, each.asked) for each in there.verdicts] == [
        (each.rule, each.subject, each.outcome, each.asked) for each in same.verdicts
    ]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_has_the_same_hash_and_a_document_that_is_json(twice: City, proposal: str, question: str):
    asked = arguments(question, proposal)
    first, second = (ask(seen_at(twice.connection, Horizon.EXISTING), question, **asked) for _ in range(2))
    assert first.hash == second.hash
    document = json.loads(json.dumps(first.document, ensure_ascii=False, allow_nan=False))
    assert document["hash"] == first.hash
    assert set(document["arguments"]) == {each.name for each in question_named(question).parameters} - (
        {"proposal"} if question == "edition_difference" else set()
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_unit_is_written_in_vietnamese(twice: City, proposal: str, question: str):
    finding = ask(seen_at(twice.connection, Horizon.EXISTING), question, **arguments(question, proposal))
    units = {each.unit for each in finding.quantities} | {
        heading.unit for table in finding.tables for heading in table.headings
    }
    words = {word for unit in units for word in re.findall(r"[a-z]{3,}", unit or "")}
    assert {word for word in words if unit_in(word, "vi") == word} == set()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_written_on_paper(twice: City, proposal: str, question: str, tmp_path: Path):
    city = seen_at(twice.connection, Horizon.H2030)
    finding = ask(city, question, **arguments(question, proposal))
    for suffix, language in ((".pdf", "vi"), (".html", "en"), (".xlsx", "vi")):
        assert finding.report(tmp_path / f"{question}{suffix}", language=language, city=city).stat().st_size > 1_000


@pytest.mark.parametrize("question", QUESTIONS)
def test_asking_leaves_the_city_as_it_was_seen(twice: City, proposal: str, question: str):
    seen = seen_at(twice.connection, Horizon.H2045, "same")
    ask(seen, question, **arguments(question, proposal))
    (path,) = twice.connection.execute("SHOW search_path").fetchone()
    seen_at(twice.connection, Horizon.H2045, "same")
    assert twice.connection.execute("SHOW search_path").fetchone() == (path,)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_parameter_says_what_it_means(question: str):
    asked = question_named(question)
    assert asked.summary.endswith(".")
    assert [each.name for each in asked.parameters if not each.meaning] == []
