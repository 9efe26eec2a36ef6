"""Jobs as pages show them: in words, at the hour of the city."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gis.analyses import QUESTIONS
from gis.asking import question_named
from gis.jobs.job import Job
from gis.named import Named
from gis.reports.asked import argument_in, title_of
from gis.reports.labels import LABELS
from gis.schema import BASELINE
from gis.wording import day_in, measure_in, words_in

CITY_TIME = dt.timezone(dt.timedelta(hours=7))
"""Of Đà Nẵng, by law, all year."""
_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A job in a language; `named` is its question, None where it is one of another version of the service."""

    job: Job
    named: Named | None
    title: str
    progress: int
    created: str
    started: str
    finished: str
    took: str
    scenario: str
    asked: tuple[tuple[str, str], ...]


def row_of(job: Job, language: str) -> Row:
    """Return a job as a page shows it."""
    named = Named(question_named(job.question), language) if job.question in QUESTIONS else None
    seconds = (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else None
    return Row(
        job,
        named,
        named.title if named else job.question,
        round(_PER_CENT * job.progress),
        _moment(job.created_at, language),
        _moment(job.started_at, language) if job.started_at else "",
        _moment(job.finished_at, language) if job.finished_at else "",
        "" if seconds is None else measure_in(round(seconds, 1), "s", language),
        words_in(LABELS["baseline"], language) if job.scenario == BASELINE else job.scenario,
        tuple(
            (title_of(name, named, language), argument_in(name, value, named, language))
            for name, value in job.arguments.items()
            if value not in (None, "")
        ),
    )


def _moment(when: dt.datetime, language: str) -> str:
    there = when.astimezone(CITY_TIME)
    return f"{day_in(there.date(), language)} {there:%H:%M:%S}"
