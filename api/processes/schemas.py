"""Shapes of processes, jobs and findings, as the definition describes them."""

from __future__ import annotations

from api.ogc.shapes import LINKS, TEXT, Schema, list_of, named, thing
from api.processes.described import inputs_of, schema
from gis.asking import Question
from gis.jobs.job import Status

_ANY: Schema = {"type": "object", "additionalProperties": {}}
_TIME: Schema = {"type": "string", "format": "date-time"}
_SUMMARY: dict[str, Schema] = {
    "id": TEXT,
    "version": TEXT,
    "title": TEXT,
    "description": TEXT,
    "jobControlOptions": list_of({"type": "string", "enum": ["sync-execute", "async-execute", "dismiss"]}),
    "outputTransmission": list_of({"type": "string", "enum": ["value", "reference"]}),
    "links": LINKS,
}
_OUTPUTS: Schema = thing([], finding=thing([], format=thing([], mediaType=TEXT), transmissionMode=TEXT))

PROCESSES: dict[str, Schema] = {
    "processes": thing(["processes", "links"], processes=list_of(named("processSummary")), links=LINKS),
    "processSummary": thing(["id", "version"], **_SUMMARY),
    "process": thing(["id", "version"], **_SUMMARY, inputs=_ANY, outputs=_ANY),
    "execute": thing(
        [], inputs=_ANY, outputs=_OUTPUTS, response={"type": "string", "enum": ["raw", "document"], "default": "raw"}
    ),
    "statusInfo": thing(
        ["jobID", "status", "type"],
        jobID=TEXT,
        processID=TEXT,
        type={"type": "string", "enum": ["process"]},
        status={"type": "string", "enum": [str(status) for status in Status]},
        message=TEXT,
        progress={"type": "integer", "minimum": 0, "maximum": 100},
        created=_TIME,
        started=_TIME,
        finished=_TIME,
        updated=_TIME,
        links=LINKS,
    ),
    "jobs": thing(["jobs", "links"], jobs=list_of(named("statusInfo")), links=LINKS),
    "finding": thing(
        ["question", "title", "hash"],
        question=TEXT,
        title=thing(["vi", "en"], vi=TEXT, en=TEXT),
        arguments=_ANY,
        horizon=TEXT,
        scenario=TEXT,
        quantities=list_of(_ANY),
        tables=list_of(_ANY),
        verdicts=list_of(_ANY),
        features=list_of(_ANY),
        notes=list_of(_ANY),
        sources=list_of(_ANY),
        hash=TEXT,
        finding=_ANY,
    ),
}
"""Each shape by the name operations use."""


def body_of(question: Question) -> Schema:
    """Return the shape of what is posted to a question: `execute`, with its own inputs."""
    inputs = {each.name: schema(each) for each in inputs_of(question)}
    required = [each.name for each in question.parameters if each.is_required]
    return thing(
        ["inputs"] if required else [],
        inputs=thing(required, **inputs),
        outputs=_OUTPUTS,
        response={"type": "string", "enum": ["raw", "document"], "default": "raw"},
    )
