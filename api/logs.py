"""The log: one JSON object a line, for requests and for all else that is worth saying.

A line about a request names its id, method, path, the template of its address, status, time and size. It holds neither
the query, in which a link may carry its signature, nor who asked.
"""

from __future__ import annotations

import json
import logging
import random
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path

from api.visit import Passage, Told, request_id
from gis.settings import Settings

_LONGEST_PATH = 200
_requests = logging.getLogger("quyhoach.requests")


class Lines(logging.Formatter):
    """Records as lines of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        told = getattr(record, "told", None)
        if told is not None:
            line |= told
        elif name := request_id():
            line["request_id"] = name
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(file: Path | None) -> None:
    """Let every logger of this process write lines of JSON: to standard error, or to a file that may be moved away."""
    handler = logging.StreamHandler(sys.stderr) if file is None else WatchedFileHandler(file, encoding="utf-8")
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    # Each attempt to reach a database that is down would be a line; `api/pool.py` says once that it is, and once that
    # it is back. What is no HTTP is counted, not logged.
    for noisy in ("psycopg.pool", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def told(settings: Settings) -> Told:
    """Return what is told of every answered request, and logs those that the settings ask for."""
    _requests.setLevel(logging.INFO)
    if settings.log_requests == "none":
        return _nothing
    from api.errors import is_failure  # noqa: PLC0415 - processes that answer nobody write lines too

    share = settings.log_share if settings.log_requests == "all" else 0.0

    def some(visit: Passage, template: str, took_s: float) -> None:
        failed = is_failure(visit.status)
        if failed or share >= 1 or random.random() < share:  # noqa: S311 - a sample, no secret
            _log(visit, template, took_s, failed=failed)

    return some


def _nothing(_visit: Passage, _template: str, _took_s: float) -> None:
    pass


def _log(visit: Passage, template: str, took_s: float, *, failed: bool) -> None:
    line = {
        "request_id": visit.name,
        "method": visit.scope["method"][:20],
        "path": visit.scope["path"][:_LONGEST_PATH],
        "route": template,
        "status": visit.status or None,
        "took_ms": round(took_s * 1000, 2),
        "bytes": visit.sent_bytes,
        "client_left": visit.has_left,
    }
    level = logging.WARNING if failed and not visit.has_left else logging.INFO
    _requests.log(level, "request", extra={"told": line})
