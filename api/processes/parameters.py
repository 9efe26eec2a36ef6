"""The parameters of processes and jobs, as the definition describes them."""

from __future__ import annotations

from api.ogc.parameter import Parameter
from api.processes.answers import OFFERED
from api.processes.described import schema
from api.processes.jobs import LISTED, MOST_LISTED
from api.processes.orders import LATER
from gis.analyses import QUESTIONS
from gis.asking import Question
from gis.jobs.job import Status
from gis.named import Named
from layers.model import Words

_SECONDS: dict[str, object] = {"type": "integer", "minimum": 0}


def of_question(question: Question) -> tuple[Parameter, ...]:
    """Return the inputs of a question as parameters of an address."""
    vi, en = Named(question, "vi"), Named(question, "en")
    return tuple(
        Parameter(
            each.name,
            "query",
            Words(vi.meaning_of(each), en.meaning_of(each)),
            {"type": "string"} if each.is_file else schema(each),
            en.example_of(each) or None,
            is_required=each.is_required,
        )
        for each in question.parameters
    )


def of_processes() -> dict[str, Parameter]:
    """Return every parameter by the name operations use."""
    form = Words("Dạng trả về; được ưu tiên hơn Accept", "Representation; goes before Accept")
    most = Words("Nhiều nhất bao nhiêu", "How many at most")
    return {
        "processId": _one_of("processId", "path", Words("Tên câu hỏi", "Name of the question"), QUESTIONS),
        "jobId": Parameter(
            "jobId", "path", Words("Số hiệu công việc", "Id of the job"), {"type": "string", "format": "uuid"}
        ),
        "f_finding": _one_of("f", "query", form, [media.name for media in OFFERED]),
        "prefer": _one_of("Prefer", "header", Words("Trả lời sau, thành công việc", "Answer later, as a job"), [LATER]),
        "limit_processes": Parameter("limit", "query", most, {"type": "integer", "minimum": 1, "default": MOST_LISTED}),
        "offset": Parameter(
            "offset",
            "query",
            Words("Bỏ qua bao nhiêu câu đầu", "How many are passed over"),
            {"type": "integer", "minimum": 0, "default": 0},
        ),
        **_of_jobs(most),
    }


def _of_jobs(most: Words) -> dict[str, Parameter]:
    return {
        "type": _some_of("type", Words("Loại công việc", "Kind of job"), ["process"]),
        "processID": _some_of("processID", Words("Của những câu hỏi này", "Of these questions"), QUESTIONS),
        "status": _some_of("status", Words("Ở những trạng thái này", "Of these statuses"), tuple(Status)),
        "datetime_jobs": Parameter(
            "datetime",
            "query",
            Words("Được giao lúc đó, hoặc trong khoảng đó", "Handed in then, or in that interval"),
            {"type": "string"},
            "2026-11-27T00:00:00Z/..",
        ),
        "minDuration": Parameter(
            "minDuration", "query", Words("Đã làm ít nhất bao nhiêu giây", "Worked on for so many seconds"), _SECONDS
        ),
        "maxDuration": Parameter(
            "maxDuration", "query", Words("Đã làm nhiều nhất bao nhiêu giây", "Worked on for no more seconds"), _SECONDS
        ),
        "limit_jobs": Parameter("limit", "query", most, {"type": "integer", "minimum": 1, "default": LISTED}),
        "before": Parameter(
            "before",
            "query",
            Words("Tiếp theo trang trước", "Goes on where a page ended"),
            {"type": "integer", "minimum": 1},
        ),
    }


def _one_of(name: str, place: str, meaning: Words, values: list[str] | tuple[str, ...]) -> Parameter:
    return Parameter(name, place, meaning, {"type": "string", "enum": [str(value) for value in values]})


def _some_of(name: str, meaning: Words, values: list[str] | tuple[str, ...]) -> Parameter:
    items = {"type": "string", "enum": [str(value) for value in values]}
    return Parameter(name, "query", meaning, {"type": "array", "items": items, "minItems": 1})
