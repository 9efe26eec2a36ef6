"""Server-sent events of the service, read as a browser reads them."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse

from tests.bench.serving.servers import HOST, Server

_QUIET_S = 60


class NoEventsError(RuntimeError):
    """The service streams no changes; the message says what it answered."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event: when it was heard, the tiles `z/x/y` it names; None where it means every tile."""

    at: float
    tiles: frozenset[str] | None


@contextmanager
def events(server: Server, path: str) -> Generator[queue.Queue[Event]]:
    """Follow the changes until leaving; NoEventsError where there are none to follow."""
    connection = HTTPConnection(HOST, server.port, timeout=_QUIET_S)
    connection.request("GET", path, headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    if answer.status != 200 or not (answer.getheader("content-type") or "").startswith("text/event-stream"):
        connection.close()
        raise NoEventsError(f"{path} answers {answer.status} {answer.getheader('content-type')}")
    heard: queue.Queue[Event] = queue.Queue()
    answer.readline()  # the stream has begun
    reading = threading.Thread(target=_read, args=(answer, heard), daemon=True)
    reading.start()
    time.sleep(0.5)  # the worker listens to the database from now on
    try:
        yield heard
    finally:
        if connection.sock is not None:
            connection.sock.shutdown(2)
        reading.join(timeout=5)
        connection.close()


def _read(answer: HTTPResponse, heard: queue.Queue[Event]) -> None:
    try:
        while line := answer.readline():
            if line.startswith(b"data:"):
                tiles = json.loads(line[5:])["tiles"]
                heard.put(Event(time.perf_counter(), None if tiles is None else frozenset(tiles)))
    except (OSError, HTTPException, ValueError):
        return
