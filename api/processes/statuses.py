"""How far a job has come, as OGC 18-062r2 says it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from fastapi import Request, Response

from api.documents import FRESH
from api.negotiation import JSON, language
from api.ogc.links import Link, link, own, root
from api.processes.described import RESULTS
from gis.jobs.job import Job, Status

_PER_CENT = 100


def status_of(request: Request, job: Job, links: list[Link]) -> dict[str, object]:
    """Return the status of a job; what is not known yet is left out."""
    at = root(request)
    found = [link(RESULTS, f"{at}/jobs/{job.id}/results")] if job.status is Status.SUCCESSFUL else []
    times = {
        "created": job.created_at,
        "started": job.started_at,
        "finished": job.finished_at,
        "updated": job.updated_at,
    }
    return {
        "jobID": str(job.id),
        "processID": job.question,
        "type": "process",
        "status": job.status.value,
        **({"message": job.message} if job.message else {}),
        "progress": round(_PER_CENT * job.progress),
        **{name: _instant(when) for name, when in times.items() if when is not None},
        "links": [*links, link("up", f"{at}/processes/{job.question}"), *found],
    }


def entry_of(request: Request, job: Job) -> dict[str, object]:
    """Return the status of a job as it stands in a list."""
    return status_of(request, job, [link("self", f"{root(request)}/jobs/{job.id}")])


def status_info(request: Request, job: Job, *, status: int, headers: Mapping[str, str]) -> Response:
    """Return the status of a job as the answer to what was done with it."""
    body = json.dumps(entry_of(request, job), ensure_ascii=False).encode()
    kind = {"Content-Type": JSON.type, "Content-Language": language(request)}
    return Response(body, status, headers={**FRESH, **kind, **headers})


def of_itself(request: Request, job: Job) -> dict[str, object]:
    """Return the status of a job as its own document."""
    return status_of(request, job, own(request))


def _instant(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
