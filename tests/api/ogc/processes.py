"""What the classes of OGC API Processes ask for (OGC 18-062r2)."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from gis.analyses import QUESTIONS
from tests.api.conftest import JOB

REL = "http://www.opengis.net/def/rel/ogc/1.0"
EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"


def read(service: TestClient, path: str) -> dict:
    answer = service.get(f"/ogc{path}", headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
    return answer.json()


def rels(document: dict) -> set[str]:
    return {link["rel"] for link in document["links"]}


def core(service: TestClient) -> None:
    assert {f"{REL}/processes", f"{REL}/job-list"} <= rels(read(service, ""))
    listed = read(service, "/processes")
    assert [each["id"] for each in listed["processes"]] == list(QUESTIONS)
    for each in listed["processes"]:
        assert {"id", "version", "title", "jobControlOptions", "outputTransmission", "links"} <= set(each)
        alone = read(service, f"/processes/{each['id']}")
        assert all(alone[name] == each[name] for name in each if name != "links")
    execution = "/ogc/processes/land_balance/execution"
    assert service.post(execution, json={"inputs": {}}).json()["question"] == "land_balance"
    document = service.post(execution, json={"inputs": {}, "response": "document"}).json()
    assert document["finding"]["mediaType"] == "application/json"
    later = service.post(execution, json={"inputs": {}}, headers={"prefer": "respond-async"})
    assert (later.status_code, later.headers["preference-applied"]) == (201, "respond-async")
    status = service.get(later.headers["location"]).json()
    assert (status["type"], status["processID"]) == ("process", "land_balance")
    assert status["status"] in ("accepted", "running", "successful")  # somebody may work on it already
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", status["created"])
    service.delete(later.headers["location"])
    none = service.get(f"{later.headers['location']}/results")
    assert (none.status_code, none.json()["type"]) == (404, f"{EXCEPTIONS}/result-not-ready")
    assert read(service, f"/jobs/{JOB}/results")["question"] == "land_balance"
    for path, name in (("/processes/nothing", "no-such-process"), ("/jobs/nothing", "no-such-job")):
        answer = service.get(f"/ogc{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, f"{EXCEPTIONS}/{name}")


def described(service: TestClient) -> None:
    for question in QUESTIONS:
        said = read(service, f"/processes/{question}")
        assert {"self", "alternate", f"{REL}/execute"} <= rels(said)
        assert {"horizon", "scenario"} < set(said["inputs"])
        for each in said["inputs"].values():
            assert {"title", "description", "minOccurs", "schema"} <= set(each)
            Draft202012Validator.check_schema(each["schema"])
            assert each["minOccurs"] == (0 if {"default", "nullable"} & set(each["schema"]) else 1)
        assert list(said["outputs"]) == ["finding"]


def as_json(service: TestClient) -> None:
    for path in ("/processes", "/processes/land_balance", "/jobs", f"/jobs/{JOB}", f"/jobs/{JOB}/results"):
        assert read(service, path)


def as_html(service: TestClient) -> None:
    execution = "/processes/land_balance/execution"
    for path in ("/processes", "/processes/land_balance", execution, "/jobs", f"/jobs/{JOB}", f"/jobs/{JOB}/results"):
        answer = service.get(f"/ogc{path}", headers={"accept": "text/html"})
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h1>" in answer.text


def definition(service: TestClient) -> None:
    paths = service.get("/ogc/api?f=json").json()["paths"]
    assert set(paths["/processes/{processId}/execution"]) == {"get", "post"}
    assert set(paths["/jobs/{jobId}"]) == {"get", "delete"}
    own = paths["/processes/plan_conformance/execution"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert own["properties"]["inputs"]["required"] == ["proposal"]
    assert {"201", "400", "404", "413", "503"} <= set(
        paths["/processes/plan_conformance/execution"]["post"]["responses"]
    )


def job_list(service: TestClient) -> None:
    for _ in range(2):
        service.post("/ogc/processes/exposure/execution", json={}, headers={"prefer": "respond-async"})

    def ids(query: str) -> list[str]:
        return [job["jobID"] for job in read(service, f"/jobs?limit=1000&{query}")["jobs"]]

    whole = ids("")
    assert JOB in whole
    assert ids("type=process") == whole
    assert JOB in ids("processID=land_balance,exposure")
    assert JOB not in ids("processID=exposure")
    assert JOB in ids("status=successful")
    assert JOB not in ids("status=accepted,running")
    assert JOB in ids("datetime=2020-01-01T00:00:00Z/..")
    assert ids("datetime=../2020-01-01T00:00:00Z") == []
    assert JOB in ids("maxDuration=60")
    assert JOB not in ids("minDuration=60")
    first = read(service, "/jobs?limit=1")
    assert len(first["jobs"]) == 1
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    assert service.get(following).json()["jobs"][0]["jobID"] == whole[1]
    for bad in ("type=tile", "processID=nothing", "status=done", "datetime=never", "minDuration=x", "limit=0"):
        assert service.get(f"/ogc/jobs?{bad}").status_code == 400, bad


def dismissed(service: TestClient) -> None:
    later = service.post("/ogc/processes/exposure/execution", json={}, headers={"prefer": "respond-async"})
    answer = service.delete(later.headers["location"])
    assert (answer.status_code, answer.json()["status"]) == (200, "dismissed")
    assert service.get(later.headers["location"]).json()["status"] == "dismissed"
    assert service.get(f"{later.headers['location']}/results").status_code == 404
    assert service.delete("/ogc/jobs/nothing").status_code == 404


CLASSES = {
    "core": core,
    "ogc-process-description": described,
    "json": as_json,
    "html": as_html,
    "oas30": definition,
    "job-list": job_list,
    "dismiss": dismissed,
}
