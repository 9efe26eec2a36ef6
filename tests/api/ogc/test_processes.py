"""A question has the same answer behind every door, and nobody asks for more than is theirs."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from threading import Thread

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.processes import execution, running
from gis.analyses import QUESTIONS
from gis.asking import ask, question_named, questions
from gis.db import open_city
from gis.named import is_named
from layers.model import Horizon
from tests.api.ogc.test_pages import Read
from tests.gis.networks.drainage.test_swmm import PIPE, options

BALANCE = "/ogc/processes/land_balance/execution"
CONFORMANCE = "/ogc/processes/plan_conformance/execution"
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[108.215, 16.075], [108.221, 16.075], [108.221, 16.081], [108.215, 16.081], [108.215, 16.075]]],
}
PROPOSAL = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "properties": {"plan_use": "DAT_O_Nhomnhao"}, "geometry": SQUARE}],
}


def test_the_answer_is_that_of_a_notebook(service: TestClient, town_url: str):
    with open_city(town_url, horizon=Horizon.H2030, scenario="park") as city:
        expected = ask(city, "land_balance", within="ward:1", present="land_use").document
    inputs = {"within": "ward:1", "present": "land_use", "horizon": "2030", "scenario": "park"}
    assert service.post(BALANCE, json={"inputs": inputs}).json() == expected
    assert service.get(BALANCE, params=inputs).json() == expected
    whole = service.post(BALANCE, json={"inputs": inputs, "response": "document"}).json()
    assert whole == {"finding": {"mediaType": "application/json", "value": expected}}


def test_an_input_may_be_qualified_or_in_a_list_of_one_and_geojson_is_itself(service: TestClient):
    answers = [
        service.post(BALANCE, json={"inputs": {"within": given}})
        for given in (json.dumps(SQUARE), SQUARE, [SQUARE], {"value": SQUARE, "mediaType": "application/geo+json"})
    ]
    hashes = {answer.json()["tables"][0]["rows"][0][3] for answer in answers}
    assert len(hashes) == 1
    proposed = service.post(CONFORMANCE, json={"inputs": {"proposal": PROPOSAL, "edition": "01:2021"}})
    assert proposed.status_code == 200, proposed.text
    assert proposed.json()["arguments"]["proposal"].startswith("geojson:")


@pytest.mark.parametrize(
    ("media", "begins"),
    [
        ("application/json", b'{"question":"exposure"'),
        ("application/geo+json", b'{"type":"FeatureCollection"'),
        ("text/html", b"<!doctype html>"),
        ("application/pdf", b"%PDF"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_a_finding_is_written_as_it_is_wanted(service: TestClient, media: str, begins: bytes):
    address, body = "/ogc/processes/exposure/execution", {"inputs": {}}
    by_accept = service.post(address, json=body, headers={"accept": media})
    by_output = service.post(address, json={**body, "outputs": {"finding": {"format": {"mediaType": media}}}})
    for answer in (by_accept, by_output):
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media)
        assert answer.content.startswith(begins)


FILES = (
    "/etc/passwd",
    "pyproject.toml",
    "../x.gpkg",
    "file:///etc/passwd",
    "/vsicurl/http://x/y",
    " /etc/passwd",
    " ",
    "x{",
)


OF_FILES = [(each.name, one.name) for each in questions() for one in each.parameters if one.is_file]


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(("question", "parameter"), OF_FILES)
def test_no_file_of_the_server_is_read_for_anyone(service: TestClient, question: str, parameter: str, path: str):
    address = f"/ogc/processes/{question}/execution"
    for later in ({}, {"prefer": "respond-async"}):
        for given in (path, [path], {"value": path}):
            answer = service.post(address, json={"inputs": {parameter: given}}, headers=later)
            assert answer.status_code == 400
            assert "files of this machine are not read for others" in answer.json()["detail"]
    answer = service.get(address, params={parameter: path})
    assert answer.status_code == 400
    form = service.post(address, data={parameter: path}, follow_redirects=False)
    assert form.status_code == 400


def test_a_path_that_a_question_would_read_all_the_same_is_not_opened(service: TestClient, monkeypatch):
    open_door = replace(
        question_named("plan_conformance"),
        parameters=tuple(replace(each, is_file=False) for each in question_named("plan_conformance").parameters),
    )
    monkeypatch.setattr(execution, "question_named", lambda _: open_door)
    answer = service.post(CONFORMANCE, json={"inputs": {"proposal": "/etc/passwd"}})
    assert (answer.status_code, "files of this machine" in answer.json()["detail"]) == (400, True)


def test_a_model_is_taken_as_its_text_and_one_that_names_files_is_not_run(service: TestClient):
    address, text = "/ogc/processes/storm_drainage/execution", options() + PIPE.format(diameter=0.6, flow=0.137297)
    answer = service.post(address, json={"inputs": {"model": text}})
    assert answer.status_code == 200
    (row,) = next(each for each in answer.json()["tables"] if each["name"] == "links")["rows"]
    assert row[1] == pytest.approx(0.137297, rel=1e-3)
    for lines in ("[FILES]\nSAVE OUTFLOWS x\n", "[TIMESERIES]\nT FILE /etc/passwd\n"):
        refused = service.post(address, json={"inputs": {"model": text + lines}})
        assert (refused.status_code, "names another file" in refused.json()["detail"]) == (400, True)


def test_a_reference_is_not_followed(service: TestClient):
    answer = service.post(CONFORMANCE, json={"inputs": {"proposal": {"href": "file:///etc/passwd"}}})
    assert (answer.status_code, "nothing is fetched from elsewhere" in answer.json()["detail"]) == (400, True)


def test_a_scenario_may_be_proposed(service: TestClient):
    answer = service.post(CONFORMANCE, json={"inputs": {"proposal": "scenario:nothing"}})
    assert (answer.status_code, "nothing" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("question", "body", "why"),
    [
        ("land_balance", b"{", "is no JSON"),
        ("land_balance", b"[]", "is no object"),
        ("land_balance", b'{"inputs": 1}', '"inputs" is no object'),
        ("land_balance", b'{"inputs": {"within": NaN}}', "NaN is no number"),
        ("land_balance", b"[" * 100_000, "nested too deeply"),
        ("land_balance", b'{"inputs": {"within": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}}", ""),
        ("land_balance", b'{"inputs": {"witin": "city"}}', "the nearest is within"),
        ("land_balance", b'{"inputs": {"within": ["city", "city"]}}', "is a list; give one value"),
        ("land_balance", b'{"inputs": {"within": null}}', "is null"),
        ("land_balance", b'{"inputs": {"within": 3}}', "it is a text"),
        ("land_balance", rb'{"inputs": {"within": "\ud800"}}', "no text can hold"),
        ("land_balance", rb'{"inputs": {"within": "ward:\u0000"}}', "no text can hold"),
        ("land_balance", b'{"inputs": {"within": "ward:9"}}', "There is no ward '9'"),
        ("land_balance", b'{"inputs": {"present": "parcels"}}', "it is one of parcel, land_use"),
        ("land_balance", b'{"inputs": {"plan": "QHX"}}', "There is no plan 'QHX'"),
        ("land_balance", b'{"inputs": {"horizon": "2031"}}', "it is one of existing, 2030, 2045"),
        ("land_balance", b'{"inputs": {"scenario": "pg_catalog"}}', "pg_catalog"),
        ("land_balance", b'{"inputs": {"scenario": 7}}', "it is a text"),
        ("land_balance", b'{"outputs": {"balance": {}}}', "there is finding"),
        ("land_balance", b'{"outputs": {"finding": {"transmissionMode": "reference"}}}', "given as a value"),
        ("land_balance", b'{"outputs": {"finding": {"format": {"mediaType": "text/csv"}}}}', "'text/csv'"),
        ("land_balance", b'{"response": "both"}', "raw or document"),
        ("parcel_extract", b"{}", "parcel_extract needs parcel"),
        ("parcel_extract", b'{"inputs": {"parcel": "1/2/3"}}', ""),
        ("parcel_extract", b'{"inputs": {"parcel": "1/2/3", "on": "yesterday"}}', ""),
        ("plan_conformance", b'{"inputs": {"proposal": {"type": "Point"}}}', ""),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_would_be_right(
    service: TestClient, question: str, body: bytes, why: str
):
    for later in ({}, {"prefer": "respond-async"}) if why not in ("", "There is no ward '9'") else ({},):
        answer = service.post(f"/ogc/processes/{question}/execution", content=body, headers=later)
        if later and answer.status_code == 201:  # what only the question knows is refused by the job
            continue
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert why in answer.json()["detail"]


def test_an_unknown_question_is_not_there_and_the_nearest_is_named(service: TestClient):
    for answer in (
        service.get("/ogc/processes/land_balanse"),
        service.get("/ogc/processes/land_balanse/execution"),
        service.post("/ogc/processes/land_balanse/execution", json={}),
    ):
        assert (answer.status_code, "the nearest is land_balance" in answer.json()["detail"]) == (404, True)
    assert "did you mean within?" in service.get(f"{BALANCE}?witin=city").json()["detail"]


def test_a_method_that_is_not_answered_is_refused_with_those_that_are(service: TestClient):
    answer = service.put(BALANCE)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert service.options(BALANCE).headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert service.options("/ogc/jobs/1").headers["allow"] == "GET, HEAD, OPTIONS, DELETE"
    assert service.post("/ogc/processes").headers["allow"] == "GET, HEAD, OPTIONS"
    foreign = service.post(BALANCE, json={}, headers={"origin": "http://elsewhere"})
    assert foreign.status_code == 403


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_form_comes_from_the_signature(service: TestClient, question: str, language: str):
    text = service.get(f"/ogc/processes/{question}?f=html&lang={language}").text
    for parameter in question_named(question).parameters:
        assert f'name="{parameter.name}"' in text
        assert all(f'<option value="{choice}"' in text for choice in parameter.choices)
    for value in ("existing", "2030", "2045", *(() if question == "scenario_difference" else ("baseline", "park"))):
        assert f'<option value="{value}"' in text
    assert f"/processes/{question}/execution" in text
    assert 'name="lang"' in text


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_a_question_and_its_inputs_have_words_in_both_languages(question):
    assert is_named(question), "give it words in gis/named.json"


def test_a_form_that_is_left_empty_asks_with_the_defaults(service: TestClient):
    filled = service.get(f"{BALANCE}?within=&plan=&present=parcel&horizon=existing&scenario=baseline")
    assert filled.json() == service.post(BALANCE, json={}).json()
    assert service.get(f"{BALANCE}?horizon=").status_code == 400


def test_a_page_of_a_finding_has_aligned_figures_and_says_how_to_repeat_it(service: TestClient):
    answer = service.get(f"{BALANCE}?within=ward:1&lang=en", headers={"accept": "text/html"})
    assert Read(answer.text).language == "en"
    assert '<td class="number">' in answer.text
    assert "quyhoach ask land_balance within=ward:1" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text
    assert (
        'href="http://testserver/ogc/processes/land_balance/execution?within=ward:1&amp;lang=en&amp;f=pdf"'
        in answer.text
    )


def test_what_somebody_proposes_is_text_on_a_page_and_never_markup(service: TestClient):
    feature = {
        **PROPOSAL["features"][0],
        "properties": {"plan_use": "DAT_O_Nhomnhao", "code": "<script>alert(1)</script>"},
    }
    body = {"inputs": {"proposal": {**PROPOSAL, "features": [feature]}, "edition": "01:2021"}}
    answer = service.post(CONFORMANCE, json=body, headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_more_questions_than_are_answered_at_once_are_refused_for_now(service: TestClient, town_url: str):
    asked = [Thread(target=service.get, args=(BALANCE,)) for _ in range(running.MOST_AT_ONCE)]
    with psycopg.connect(town_url) as other:
        other.execute("LOCK TABLE city.plan IN ACCESS EXCLUSIVE MODE")
        for one in asked:
            one.start()
        time.sleep(0.5)
        refused = service.get(BALANCE)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        other.rollback()
    for one in asked:
        one.join()
    assert service.get(BALANCE).status_code == 200


def test_a_scenario_that_a_question_is_about_goes_before_the_one_it_is_seen_in(service: TestClient):
    address = "/ogc/processes/scenario_difference/execution"
    assert "needs scenario" in service.post(address, json={}).json()["detail"]
    answer = service.post(address, json={"inputs": {"scenario": "park"}})
    assert (answer.status_code, answer.json()["arguments"]["scenario"]) == (200, "park"), answer.text
    assert service.get(f"{address}?scenario=park").json() == answer.json()


def test_a_question_that_takes_too_long_is_ended_and_a_job_is_offered(
    service: TestClient, town_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(running, "LONGEST_S", 0.3)
    with psycopg.connect(town_url, autocommit=True) as other, other.transaction():
        other.execute("LOCK TABLE city.plan IN ACCESS EXCLUSIVE MODE")
        answer = service.get(BALANCE)
        assert (answer.status_code, "Prefer: respond-async" in answer.json()["detail"]) == (504, True)
        time.sleep(1)
        count = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        assert other.execute(count).fetchone() == (0,)
