"""What is asked, as it was written: in a body of JSON, in a form, or in an address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # what comes in is of any kind until it is checked

from fastapi import Request

from api.deps import read_horizon, read_scenario
from api.negotiation import HTML, JSON, Media, read_language, representation
from api.processes.answers import OFFERED
from api.processes.described import HORIZON, OUTPUT, SCENARIO, common_of, inputs_of
from api.query import decoded, fields, single
from api.refusals import EmptyParameterError, RepeatedParameterError, UnknownParameterError
from gis.asking import ArgumentError, Question
from gis.errors import QuyhoachError, nearest_of
from layers.model import Horizon

LATER = "respond-async"
"""The preference by which a client asks for a job (RFC 7240)."""
FORM = "application/x-www-form-urlencoded"
_ABOUT_THE_ANSWER = ("f", "lang")
_SHOWN = 60


class OrderError(QuyhoachError):
    """A request for an execution that cannot be read."""


@dataclass(frozen=True, slots=True)
class Order:
    """A question with its arguments, from where the city is seen, and in which form the answer is wanted."""

    question: Question
    arguments: Mapping[str, Any]
    horizon: Horizon
    scenario: str
    media: Media
    as_document: bool = False
    is_later: bool = False


def of_body(question: Question, body: bytes, request: Request) -> Order:
    """Read what was posted as OGC 18-062r2 asks.

    Raises
    ------
    OrderError, ArgumentError, FileRefusedError
        When it is not what the question takes.
    """
    read_language(single(request.scope["query_string"], _ABOUT_THE_ANSWER).get("lang"))
    try:
        said = _parsed(body)
        inputs = said.get("inputs", {})
        if not isinstance(inputs, dict):
            raise OrderError('"inputs" is no object; it is {"name": value, …}.')
        given = {name: _value(name, each) for name, each in inputs.items()}
        response = said.get("response", "raw")
        if response not in ("raw", "document"):
            raise OrderError(f'"response" is {str(response)[:_SHOWN]!r}; it is raw or document.')
        as_document = response == "document"
        media = _media(said.get("outputs"), request, as_document=as_document)
        return _order(question, given, media, as_document=as_document, is_later=_is_later(request))
    except RecursionError:
        raise OrderError("The body of the request is nested too deeply.") from None


def of_form(question: Question, body: bytes) -> Order:
    """Read what was filled into the form of a page, and posted: it is answered later."""
    given = _fields(question, body, ("lang",))
    read_language(given.pop("lang", None))
    return _order(question, given, HTML, is_later=True)


def with_language(address: str, body: bytes) -> str:
    """Return an address in the language that was filled into a form; as it is where none was."""
    spoken = read_language(next((decoded(value) for name, value in fields(body) if name == "lang"), None))
    return f"{address}?lang={spoken}" if spoken else address


def of_query(question: Question, request: Request) -> Order:
    """Read what stands in the address."""
    given = _fields(question, request.scope["query_string"], _ABOUT_THE_ANSWER)
    read_language(given.pop("lang", None))
    given.pop("f", None)
    return _order(question, given, representation(request, OFFERED))


def _order(
    question: Question,
    given: dict[str, Any],
    media: Media,
    *,
    as_document: bool = False,
    is_later: bool = False,
) -> Order:
    known = [each.name for each in inputs_of(question)]
    for name in given:
        if name not in known:
            raise ArgumentError(f"{question.name} takes no {name[:_SHOWN]!r}; {nearest_of(name, known)}.")
    seen = {each.name: each.read(given.pop(each.name)) for each in common_of(question) if each.name in given}
    return Order(
        question,
        question.read(given, files=False),
        read_horizon(seen.get(HORIZON.name)),
        read_scenario(seen.get(SCENARIO.name)),
        media,
        as_document,
        is_later,
    )


def _fields(question: Question, query: bytes, besides: tuple[str, ...]) -> dict[str, str]:
    """Return the fields of a form; one that was left empty was not filled in, whatever it is for."""
    optional = [each.name for each in question.parameters]
    known = (*(each.name for each in inputs_of(question)), *besides)
    given: dict[str, str] = {}
    for name, value in fields(query):
        if name not in known:
            raise UnknownParameterError(name, known)
        if name in given:
            raise RepeatedParameterError(name)
        if value:
            given[name] = decoded(value)
        elif name not in optional:
            raise EmptyParameterError(name)
    return given


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body, parse_constant=_no_number)
    except ValueError as wrong:
        raise OrderError(f"The body of the request is no JSON: {str(wrong)[:_SHOWN]}.") from None
    if not isinstance(said, dict):
        raise OrderError('The body of the request is no object; it is {"inputs": {"name": value, …}}.')
    return said


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is no number of JSON")


def _value(name: str, given: Any) -> Any:
    """Return the value of an input: by itself, in a list of one, or qualified by its media type."""
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if isinstance(given, dict) and "href" in given:
        raise ArgumentError(f"{name[:_SHOWN]} is a reference; nothing is fetched from elsewhere, give the value.")
    if isinstance(given, dict) and "value" in given and "type" not in given:
        given = given["value"]
    if given is None or isinstance(given, list):
        raise ArgumentError(f"{name[:_SHOWN]} is {'null' if given is None else 'a list'}; give one value.")
    return given


def _media(outputs: Any, request: Request, *, as_document: bool) -> Media:
    """Return in which form the output is wanted: `f=` goes before `outputs`, and that before Accept."""
    wanted = _format(outputs)
    if "f" in request.query_params or (wanted is None and not as_document):
        return representation(request, OFFERED)
    if wanted is None:
        return JSON
    for media in OFFERED:
        if wanted in (media.type, *media.others):
            return media
    raise OrderError(f"The output is wanted as {wanted[:_SHOWN]!r}; {nearest_of(wanted, [m.type for m in OFFERED])}.")


def _format(outputs: Any) -> str | None:
    if outputs is None:
        return None
    if not isinstance(outputs, dict):
        raise OrderError('"outputs" is no object; it is {"finding": {}}.')
    for name in outputs:
        if name != OUTPUT:
            raise OrderError(f"There is no output {name[:_SHOWN]!r}; there is {OUTPUT}.")
    said = outputs.get(OUTPUT) or {}
    if not isinstance(said, dict) or said.get("transmissionMode", "value") != "value":
        raise OrderError('The output is given as a value; say {"finding": {"transmissionMode": "value"}}.')
    wanted = said.get("format") or {}
    media = wanted.get("mediaType") if isinstance(wanted, dict) else wanted
    if media is not None and not isinstance(media, str):
        raise OrderError('The format of an output is {"mediaType": "application/json"} or another one.')
    return media


def _is_later(request: Request) -> bool:
    preferred = ",".join(request.headers.getlist("prefer")).lower()
    return LATER in [each.partition(";")[0].strip() for each in preferred.split(",")]
