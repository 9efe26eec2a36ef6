"""Jobs over HTTP: listed, looked at, dismissed, their answers fetched."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from api import pages
from api.deps import Database, FromPool, only
from api.negotiation import HTML, JSON, language, representation
from api.ogc.links import Link, link, own, with_query
from api.pages.jobs import row_of
from api.processes.answers import OFFERED, answered
from api.processes.paging import chosen, interval, seconds, whole_number
from api.processes.statuses import entry_of, of_itself, status_info
from api.refusals import FailedJobError, RefusedJobError
from api.streaming import Seats
from gis.analyses import QUESTIONS
from gis.findings.kept import finding_of
from gis.jobs import register
from gis.jobs.job import ResultError, Status
from gis.jobs.register import Wanted

FILTERS = ("type", "processID", "status", "datetime", "minDuration", "maxDuration", "limit", "before")
MOST_LISTED = 1_000
LISTED = 50
_LAST = 2**62

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("", dependencies=[Depends(only("f", "lang", *FILTERS))])
def job_list(request: Request, database: FromPool) -> Response:
    """List the jobs, the newest first."""
    wanted, limit = _wanted(request)
    with database.pool.connection() as connection:
        found = register.jobs(connection, wanted, most=limit + 1)
    shown, links = found[:limit], own(request)
    following: list[Link] = []
    if len(found) > limit:
        following = [link("next", with_query(request, JSON, before=str(shown[-1].number)))]
    document = {"jobs": [entry_of(request, job) for job in shown], "links": [*links, *following]}
    return pages.answer(
        request,
        document,
        "jobs.html",
        rows=[row_of(job, language(request)) for job in shown],
        following=following[0]["href"] if following else None,
    )


@router.get("/{job_id}", dependencies=[Depends(only("f", "lang"))])
def job(job_id: str, request: Request, database: FromPool) -> Response:
    """Say how far a job has come."""
    with database.pool.connection() as connection:
        found = register.job_named(connection, job_id)
    document = of_itself(request, found)
    downloads = [media for media in OFFERED if media is not HTML]
    return pages.answer(request, document, "job.html", row=row_of(found, language(request)), downloads=downloads)


@router.delete("/{job_id}", dependencies=[Depends(only("f", "lang"))])
def dismiss(job_id: str, request: Request, database: FromPool) -> Response:
    """Let go of a job: end the work on it, forget its answer."""
    with database.pool.connection() as connection:
        found = register.dismiss(connection, job_id)
    return status_info(request, found, status=200, headers={})


@router.get("/{job_id}/results", dependencies=[Depends(only("f", "lang"))])
async def results(job_id: str, request: Request, database: FromPool) -> Response:
    """Return what a job found, in the form in which it was asked for, or in another one."""
    seats = cast(Seats, request.app.state.questions)
    await seats.take()
    try:
        return await run_in_threadpool(_results, job_id, request, database)
    finally:
        seats.leave()


def _results(job_id: str, request: Request, database: Database) -> Response:
    with database.pool.connection() as connection:
        found = register.job_named(connection, job_id)
        if found.status is Status.FAILED:
            raise (RefusedJobError if found.is_refusal else FailedJobError)(found.message)
        if found.status is not Status.SUCCESSFUL:
            raise ResultError(found)
        document = register.result(connection, found)
    language(request)  # refused where it is none of ours, though a document of JSON has both
    accepts_any = request.headers.get("accept", "*/*").strip() in ("", "*/*")
    media = representation(request, OFFERED)
    as_document = found.wanted.get("response") == "document" and "f" not in request.query_params and media is OFFERED[0]
    if "f" not in request.query_params and (accepts_any or as_document):
        media = next((each for each in OFFERED if each.name == found.wanted.get("media")), media)
    return answered(request, finding_of(document), media, as_document=as_document)


def _wanted(request: Request) -> tuple[Wanted, int]:
    chosen(request, "type", ["process"])
    since, until = interval(request, "datetime")
    before = whole_number(request, "before", least=1, most=_LAST, default=_LAST)
    wanted = Wanted(
        questions=chosen(request, "processID", QUESTIONS),
        statuses=chosen(request, "status", list(Status)),
        since=since,
        until=until,
        least_s=seconds(request, "minDuration"),
        most_s=seconds(request, "maxDuration"),
        before=before,
    )
    return wanted, whole_number(request, "limit", least=1, most=MOST_LISTED, default=LISTED)
