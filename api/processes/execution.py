"""Questions asked over HTTP: answered at once, or handed in as jobs."""

from __future__ import annotations

from functools import partial
from typing import cast

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.deps import Database, FromPool
from api.ogc.links import root
from api.processes import running
from api.processes.answers import answered
from api.processes.orders import FORM, LATER, Order, of_body, of_form, of_query, with_language
from api.processes.statuses import status_info
from api.streaming import Seats
from gis.asking import question_named
from gis.db import seen_at
from gis.jobs.job import Job
from gis.jobs.register import hand_in
from gis.lineage import held

router = APIRouter(prefix="/processes/{process_id}/execution", tags=["processes"])


@router.get("")
async def execute_by_address(process_id: str, request: Request, database: FromPool) -> Response:
    """Ask a question whose arguments stand in the address, as the form of its page does."""
    return await _now(request, database, of_query(question_named(process_id), request))


@router.post("")
async def execute(process_id: str, request: Request, database: FromPool) -> Response:
    """Ask a question: answered at once, or later where the client would rather have a job."""
    question, body = question_named(process_id), await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = kind == FORM and not body.lstrip().startswith(b"{")  # curl calls all that it posts a form
    order = of_form(question, body) if is_form else await run_in_threadpool(of_body, question, body, request)
    if not order.is_later:
        return await _now(request, database, order)
    job = await run_in_threadpool(_handed_in, database, order)
    address = f"{root(request)}/jobs/{job.id}"
    if is_form:  # a browser goes there
        return Response(status_code=303, headers={"Location": with_language(address, body)})
    headers = {"Location": address, "Preference-Applied": LATER, "Cache-Control": "no-store"}
    return status_info(request, job, status=201, headers=headers)


async def _now(request: Request, database: Database, order: Order) -> Response:
    seats = cast(Seats, request.app.state.questions)
    write = partial(answered, request, media=order.media, as_document=order.as_document)
    return await running.answer(database, order, seats, write)


def _handed_in(database: Database, order: Order) -> Job:
    """Hand a question in, if its scenario is there."""
    wanted = {"media": order.media.name, "response": "document" if order.as_document else "raw"}
    with database.pool.connection() as connection, held(connection, order.scenario):
        seen_at(connection, order.horizon, order.scenario)
        return hand_in(
            connection,
            order.question.name,
            order.arguments,
            horizon=order.horizon,
            scenario=order.scenario,
            wanted=wanted,
        )
