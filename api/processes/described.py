"""Questions as processes are described: by their signatures."""

from __future__ import annotations

from importlib.metadata import version

from api.ogc.links import OGC_REL, Link, link
from api.processes.answers import WRITERS
from gis.asking import Parameter, Question
from gis.named import Named
from gis.schema import BASELINE
from layers.model import Horizon, Words

EXECUTE = f"{OGC_REL}/execute"
JOB_LIST = f"{OGC_REL}/job-list"
RESULTS = f"{OGC_REL}/results"
PROCESSES = f"{OGC_REL}/processes"
HORIZON = Parameter("horizon", str, tuple(Horizon), Horizon.EXISTING.value, "When the city is looked at.")
SCENARIO = Parameter("scenario", str, (), BASELINE, "Scenario that is looked at.")
COMMON = (HORIZON, SCENARIO)
"""What every question takes beside its own parameters: from where the city is seen."""
OUTPUT = "finding"
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
_FINDING = Words("Câu trả lời", "Finding")
_FINDING_LEAD = Words(
    "Số liệu, bảng, kết luận và đối tượng, kèm mã băm mà lần hỏi lại giống hệt sẽ lặp lại",
    "Figures, tables, verdicts and features, with a hash that the same question of the same city repeats",
)


def common_of(question: Question) -> tuple[Parameter, ...]:
    """Return what a question takes beside its own parameters; a parameter of its own goes before one of that name."""
    own = {each.name for each in question.parameters}
    return tuple(each for each in COMMON if each.name not in own)


def inputs_of(question: Question) -> tuple[Parameter, ...]:
    """Return all that a question takes."""
    return (*question.parameters, *common_of(question))


def summary(question: Question, at: str, language: str) -> dict[str, object]:
    """Return a question as it stands in the list.

    Parameters
    ----------
    at : root of the addresses.
    """
    named = Named(question, language)
    return {
        "id": question.name,
        "version": version("quyhoach"),
        "title": named.title,
        "description": " ".join(filter(None, (named.summary, named.description))),
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [link("self", f"{at}/processes/{question.name}", title=named.title)],
    }


def description(question: Question, at: str, language: str, own: list[Link]) -> dict[str, object]:
    """Return a question with all it takes and gives.

    Parameters
    ----------
    own : the links of the description to itself and to its other representations.
    """
    named = Named(question, language)
    here = f"{at}/processes/{question.name}"
    return {
        **summary(question, at, language),
        "inputs": {each.name: _input(each, named) for each in inputs_of(question)},
        "outputs": {OUTPUT: _output(language)},
        "links": [
            *own,
            link(EXECUTE, f"{here}/execution", title=named.title),
            link(JOB_LIST, f"{at}/jobs?processID={question.name}", title=named.title),
        ],
    }


def schema(parameter: Parameter) -> dict[str, object]:
    """Return what values a parameter takes, as JSON Schema and OpenAPI 3.0 write it."""
    said: dict[str, object] = {"type": _TYPES[parameter.kind]}
    if parameter.is_file:
        said = {"oneOf": [{"type": "string"}, {"type": "object", "format": "geojson-feature-collection"}]}
    if parameter.choices:
        said["enum"] = list(parameter.choices)
    if parameter.may_miss:
        return {**said, "nullable": True}
    return said if parameter.is_required else {**said, "default": parameter.default}


def _input(parameter: Parameter, named: Named) -> dict[str, object]:
    return {
        "title": named.title_of(parameter),
        "description": named.meaning_of(parameter),
        "minOccurs": 1 if parameter.is_required else 0,
        "maxOccurs": 1,
        "schema": schema(parameter),
    }


def _output(language: str) -> dict[str, object]:
    title, lead = (each.vi if language == "vi" else each.en for each in (_FINDING, _FINDING_LEAD))
    return {"title": title, "description": lead, "schema": {"oneOf": [writer.schema for writer in WRITERS]}}
