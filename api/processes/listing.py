"""The questions as processes: the list of them, and what each takes and gives."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api import pages
from api.deps import FromPool, only
from api.negotiation import JSON, language
from api.ogc.links import Link, link, own, root, with_query
from api.processes.described import description, inputs_of, summary
from api.processes.forms import fields
from api.processes.paging import whole_number
from gis.asking import question_named, questions
from gis.named import Named
from gis.scenarios.register import scenarios
from gis.schema import BASELINE

MOST_LISTED = 1_000
_MOST_OFFERED = 200
"""Scenarios among which a form lets one choose, the newest."""

router = APIRouter(prefix="/processes", tags=["processes"])


@router.get("", dependencies=[Depends(only("f", "lang", "limit", "offset"))])
def processes(request: Request) -> Response:
    """List the questions that can be asked."""
    spoken, at = language(request), root(request)
    limit = whole_number(request, "limit", least=1, most=MOST_LISTED, default=MOST_LISTED)
    offset = whole_number(request, "offset", least=0, most=MOST_LISTED, default=0)
    listed = questions()[offset : offset + limit]
    links: list[Link] = own(request)
    if offset + limit < len(questions()):
        links.append(link("next", with_query(request, JSON, offset=str(offset + limit))))
    document = {"processes": [summary(each, at, spoken) for each in listed], "links": links}
    return pages.answer(request, document, "processes.html", questions=[Named(each, spoken) for each in listed])


@router.get("/{process_id}", dependencies=[Depends(only("f", "lang"))])
def process(process_id: str, request: Request, database: FromPool) -> Response:
    """Describe a question: its inputs, its output; as a page, with a form to ask it."""
    question, spoken = question_named(process_id), language(request)
    document = description(question, root(request), spoken, own(request))
    named = Named(question, spoken)
    with database.pool.connection() as connection:
        found = scenarios(connection)[-_MOST_OFFERED:]
    return pages.answer(
        request,
        document,
        "process.html",
        named=named,
        fields=fields(named, inputs_of(question), {BASELINE: "", **{one.name: one.title or "" for one in found}}),
        is_long=any(each.is_file for each in question.parameters),
    )
