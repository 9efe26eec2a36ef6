"""A job: a question that was handed in, and how far it has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any  # arguments are of the kinds of their question
from uuid import UUID

from gis.errors import QuyhoachError

JOB_LOCK = 7_230_550
"""The room of the locks by which who works on a job is known to live; the number of the job is the other half."""
CHANNEL = "quyhoach_job"
"""Where it is heard that there is a job."""


class Status(StrEnum):
    """How far a job has come, in the words of OGC API Processes."""

    ACCEPTED = "accepted"
    RUNNING = "running"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    DISMISSED = "dismissed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens."""
        return self not in (Status.ACCEPTED, Status.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """A question that was handed in.

    `wanted` says in which form the answer was asked for. `is_refusal` tells a question that refused to be answered from
    a service that failed. `attempts` counts those who have begun to work on it; `progress` is a share (0-1).
    """

    number: int
    id: UUID
    question: str
    arguments: Mapping[str, Any]
    horizon: str
    scenario: str
    wanted: Mapping[str, str]
    status: Status
    progress: float
    message: str
    is_refusal: bool
    attempts: int
    created_at: dt.datetime
    started_at: dt.datetime | None
    updated_at: dt.datetime
    finished_at: dt.datetime | None

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> Job:
        """Return the job of a row of the register, its columns in the order of the fields."""
        values = list(row)
        values[7] = Status(values[7])
        return cls(*values)


class JobError(QuyhoachError):
    """Something that a job is not, or not yet."""


class NoJobError(JobError):
    """There is no job of that id."""

    def __init__(self, id_: str) -> None:
        super().__init__(f"There is no job {id_[:60]!r}, or no longer: they are kept for some days. /jobs lists them.")


class ResultError(JobError):
    """A job that has no answer to show."""

    def __init__(self, job: Job) -> None:
        later = (
            "it was dismissed, and has none" if job.status is Status.DISMISSED else "ask again when it is successful"
        )
        super().__init__(f"The job {job.id} is {job.status}; {later}.")


class QueueFullError(JobError):
    """More jobs wait than are worth keeping waiting."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} jobs wait already; hand it in again when some of them are done.")
