"""What may be asked of processes and jobs: every address, its parameters and what it answers."""

from __future__ import annotations

from api.negotiation import HTML, JSON
from api.ogc.operation import COMMON, Operation, page
from api.processes.answers import WRITERS
from layers.model import Words

_SHAPES = {JSON.type: "finding", "application/geo+json": "features", HTML.type: "html"}
_FINDING = {writer.media.type: _SHAPES.get(writer.media.type, "binary") for writer in WRITERS}
_EXECUTION = "/processes/{processId}/execution"
_JOB = "/jobs/{jobId}"

ASK = Operation(
    _EXECUTION,
    "execute_by_address",
    "processes",
    Words("Hỏi một câu, với đối số trong địa chỉ", "Ask a question whose arguments stand in the address"),
    _FINDING,
    ("f_finding", "lang", "horizon", "scenario"),
)
EXECUTE = Operation(
    _EXECUTION,
    "execute",
    "processes",
    Words("Hỏi một câu: trả lời ngay, hoặc thành công việc", "Ask a question: answered now, or as a job"),
    _FINDING,
    ("f_finding", "lang", "prefer"),
    method="POST",
    body="execute",
    created="statusInfo",
)

PROCESSES: tuple[Operation, ...] = (
    Operation(
        "/processes",
        "processes",
        "processes",
        Words("Những câu có thể hỏi", "What can be asked"),
        page("processes"),
        (*COMMON, "limit_processes", "offset"),
    ),
    Operation(
        "/processes/{processId}",
        "process",
        "processes",
        Words("Một câu hỏi: đầu vào và đầu ra", "A question: its inputs and its output"),
        page("process"),
        COMMON,
    ),
    ASK,
    Operation(
        "/jobs",
        "jobs",
        "jobs",
        Words("Các công việc", "Jobs"),
        page("jobs"),
        (
            *COMMON,
            *("type", "processID", "status", "datetime_jobs", "minDuration", "maxDuration", "limit_jobs", "before"),
        ),
    ),
    Operation(_JOB, "job", "jobs", Words("Một công việc", "One job"), page("statusInfo"), COMMON),
    Operation(
        f"{_JOB}/results",
        "results",
        "jobs",
        Words("Câu trả lời của một công việc", "What a job found"),
        _FINDING,
        ("f_finding", "lang"),
    ),
)
"""What is read."""

DONE: tuple[Operation, ...] = (
    EXECUTE,
    Operation(
        _JOB,
        "dismiss",
        "jobs",
        Words("Hủy một công việc và bỏ câu trả lời", "Dismiss a job and forget its answer"),
        {JSON.type: "statusInfo"},
        COMMON,
        method="DELETE",
    ),
)
"""What is done."""
