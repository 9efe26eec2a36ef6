"""The register of jobs, for those who hand questions in and ask for their answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # arguments and documents are of any kind
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from gis.findings.kept import unpacked
from gis.jobs.job import CHANNEL, Job, NoJobError, QueueFullError, ResultError
from gis.statements import statements
from layers.model import Horizon

MOST_WAITING = 200
"""Most jobs that may wait to be begun."""
_SQL = statements(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs are listed; None wherever any will do.

    `least_s` and `most_s` bound for how long they were worked on; `before` is the number of the last one that was seen.
    """

    questions: Sequence[str] | None = None
    statuses: Sequence[str] | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    least_s: float | None = None
    most_s: float | None = None
    before: int | None = None


def hand_in(
    connection: Connection[TupleRow],
    question: str,
    arguments: Mapping[str, Any],
    *,
    horizon: Horizon,
    scenario: str,
    wanted: Mapping[str, str],
) -> Job:
    """Write a question down to be answered later.

    Parameters
    ----------
    wanted : in which form the answer is wanted; it is kept with the job as it is.

    Raises
    ------
    QueueFullError
        When too many wait already.
    """
    values = {
        "question": question,
        "arguments": Jsonb(arguments),
        "horizon": horizon.value,
        "scenario": scenario,
        "wanted": Jsonb(wanted),
        "channel": CHANNEL,
    }
    with connection.transaction():
        connection.execute("SET TRANSACTION READ WRITE")
        waiting = connection.execute(_SQL["waiting"].sql(), {"most": MOST_WAITING}).fetchone()
        if waiting is None or waiting[0] >= MOST_WAITING:
            raise QueueFullError(MOST_WAITING)
        row = connection.execute(_SQL["hand_in"].sql(), values).fetchone()
    return Job.of_row(row or ())


def job_named(connection: Connection[TupleRow], given: str) -> Job:
    """Return a job by its id; NoJobError where there is none."""
    row = connection.execute(_SQL["one"].sql(), {"id": _id(given)}).fetchone()
    if row is None:
        raise NoJobError(given)
    return Job.of_row(row)


def jobs(connection: Connection[TupleRow], wanted: Wanted, *, most: int) -> list[Job]:
    """Return jobs, the newest first; their arguments are left out."""
    values = {name: getattr(wanted, name) for name in Wanted.__slots__}
    rows = connection.execute(_SQL["listed"].sql(), {**values, "most": most}).fetchall()
    return [Job.of_row(row) for row in rows]


def result(connection: Connection[TupleRow], job: Job) -> dict[str, Any]:
    """Return the document of what was found.

    Raises
    ------
    ResultError
        When the job is not successful, or was dismissed meanwhile.
    """
    row = connection.execute(_SQL["result"].sql(), {"id": job.id}).fetchone()
    if row is None or row[0] is None:
        raise ResultError(job)
    return unpacked(row[0])


def dismiss(connection: Connection[TupleRow], given: str) -> Job:
    """Let go of a job, whatever it is at, and of its answer; NoJobError where there is none."""
    with connection.transaction():
        connection.execute("SET TRANSACTION READ WRITE")
        connection.execute(_SQL["dismiss"].sql(), {"id": _id(given)})
        return job_named(connection, given)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NoJobError(given) from None
