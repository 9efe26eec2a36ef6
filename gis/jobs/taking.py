"""The register of jobs, for those who work on them.

Who works on a job holds its lock in the database for as long as its connection lives: a running job whose lock nobody
holds has been abandoned.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow

from gis.jobs.job import JOB_LOCK, Job, Status
from gis.statements import statements

MOST_ATTEMPTS = 2
"""How often a job is begun: who works on it may die once."""
MOST_KEPT = 2_000
"""Most jobs that are kept, whatever their age."""
_LOST = "It was lost: the service was stopped, or its process died, each time it was worked on. Hand it in again."
_SQL = statements(Path(__file__).with_suffix(".sql"))


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended: with a packed finding, or with the reason why there is none."""

    status: Status
    message: str = ""
    is_refusal: bool = False
    result: bytes | None = None


def take(book: Connection[TupleRow], worker: str) -> Job | None:
    """Begin with the job that has waited longest; None where none waits."""
    row = book.execute(_SQL["take"].sql(), {"worker": worker, "room": JOB_LOCK}).fetchone()
    return None if row is None else Job.of_row(row[:-1])


def leave(book: Connection[TupleRow], job: Job) -> None:
    """Let go of a job that has ended, or was put back."""
    book.execute(_SQL["leave"].sql(), {"room": JOB_LOCK, "number": job.number})


def take_back(book: Connection[TupleRow]) -> int:
    """Put back the jobs whose workers have died, or say that they are lost; return how many there were."""
    values = {"room": JOB_LOCK, "most": MOST_ATTEMPTS, "lost": _LOST}
    return book.execute(_SQL["take_back"].sql(), values).rowcount


def hand_back(book: Connection[TupleRow], job: Job) -> None:
    """Put a job back since its worker is told to end."""
    book.execute(_SQL["hand_back"].sql(), _mine(job))


def come_on(book: Connection[TupleRow], job: Job, progress: float | None) -> bool:
    """Say how far a job has come, or nothing new; return whether it is still this worker's."""
    if progress is None:
        return book.execute(_SQL["still"].sql(), _mine(job)).rowcount == 1
    return book.execute(_SQL["come_on"].sql(), {**_mine(job), "progress": progress}).rowcount == 1


def end(book: Connection[TupleRow], job: Job, ending: Ending) -> None:
    """Write down how a job ended; nothing where it was dismissed meanwhile."""
    values = {name: getattr(ending, name) for name in Ending.__slots__}
    book.execute(_SQL["end"].sql(), {**_mine(job), **values})


def clear(book: Connection[TupleRow], *, days: int) -> int:
    """Forget jobs that ended so many days ago, and the oldest of too many; return how many."""
    return book.execute(_SQL["clear"].sql(), {"days": days, "most": MOST_KEPT}).rowcount


def _mine(job: Job) -> dict[str, int]:
    return {"number": job.number, "attempt": job.attempts}
