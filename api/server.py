"""The service as processes that listen."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress

import uvicorn
from rich.console import Console
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.keeping import jobs_worked_on, kept_in_step
from gis import opening
from gis.assets import LEAFLET_JS, asset
from gis.errors import QuyhoachError
from gis.sample.command import fill
from gis.settings import settings

_BACKLOG = 2_048
_IDLE_S = 65
"""How long an idle connection is kept: longer than the minute for which proxies keep theirs, so that none is cut
while a request is on its way."""
_SLOWEST_READER_MS = 60_000


class PortTakenError(QuyhoachError):
    """Something else listens where the service should."""

    def __init__(self, host: str, port: int, reason: OSError) -> None:
        super().__init__(
            f"The service cannot listen at {host}:{port} ({reason.strerror}); "
            "stop what runs there, or choose another port with QUYHOACH_PORT."
        )


class NotStartedError(QuyhoachError):
    """The service ended before it answered anyone."""

    def __init__(self) -> None:
        super().__init__("The service could not be started; the lines above say why.")


def up(*, host: str | None = None, port: int | None = None, workers: int = 1, sample: bool = True) -> None:
    """Start or reach PostGIS, fill an empty database with the sample city, and serve until Ctrl-C.

    Parameters
    ----------
    host, port : where to listen; as the settings say where not given.
    workers : processes that answer.
    sample : whether an empty database is filled with the sample city.

    Raises
    ------
    PortTakenError
        When nothing can listen at that host and port; before anything is started.
    """
    wanted = settings()
    host, port = host or wanted.host, wanted.port if port is None else port
    with _bound(host, port) as door:
        asset(LEAFLET_JS)
        with opening.opened_database() as url:
            if sample and opening.is_empty(url):
                fill(url)
            port = door.getsockname()[1]
            Console(stderr=True).print(f"Bản đồ · The map: [bold]http://{host}:{port}/[/]   (Ctrl-C: dừng · stop)")
            _serve(door, url, workers)


def serve(host: str, port: int, database_url: str, workers: int = 1) -> None:
    """Serve the city until Ctrl-C or SIGTERM, then finish what is being answered and return.

    Parameters
    ----------
    database_url : libpq address of the migrated PostGIS; handed to the workers through their environment.
    workers : processes that answer. One that dies is replaced; all end when this process does.

    Raises
    ------
    PortTakenError
        When nothing can listen at that host and port.
    NotStartedError
        When a worker fails before it answers.
    """
    with _bound(host, port) as door:
        _serve(door, database_url, workers)


def _serve(door: socket.socket, database_url: str, workers: int) -> None:
    host, port = door.getsockname()[:2]
    try:
        door.listen(_BACKLOG)
    except OSError as reason:  # taken since
        raise PortTakenError(host, port, reason) from reason
    with ExitStack() as around:
        os.environ["QUYHOACH_DATABASE_URL"] = database_url
        os.environ["QUYHOACH_HAS_KEEPER"] = "true"
        if workers > 1:
            os.environ["QUYHOACH_SHARED_DIR"] = around.enter_context(tempfile.TemporaryDirectory(prefix="quyhoach-"))
        settings.cache_clear()
        around.enter_context(kept_in_step(database_url))
        around.enter_context(jobs_worked_on(database_url, most=settings().most_jobs))
        config = _configuration(workers)
        with suppress(KeyboardInterrupt), _terminated_as_interrupted():
            if workers > 1:
                _supervise(Multiprocess(config, sockets=[door]))
            else:
                server = uvicorn.Server(config)
                server.run(sockets=[door])
                if not server.started:
                    raise NotStartedError


def _supervise(supervisor: Multiprocess) -> None:
    supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        raise NotStartedError


def _configuration(workers: int) -> uvicorn.Config:
    wanted = settings()
    return uvicorn.Config(
        "api.worker:worker",
        factory=True,
        workers=workers,
        loop="uvloop",
        http="api.wire:Wire",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(wanted.trusted_proxies),
        forwarded_allow_ips=wanted.trusted_proxies or None,
        backlog=_BACKLOG,
        timeout_keep_alive=_IDLE_S,
        timeout_graceful_shutdown=wanted.grace_s,
        timeout_worker_healthcheck=30,
    )


@contextmanager
def _terminated_as_interrupted() -> Generator[None]:
    """Let SIGTERM end the service as Ctrl-C does: the server raises the signal again when it has finished."""
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, signal.SIGINT)}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


@contextmanager
def _bound(host: str, port: int) -> Generator[socket.socket]:
    """Take the address, for as long as the block runs; nobody is let in before the service listens."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # inherited by every connection: who reads nothing is let go
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _SLOWEST_READER_MS)
        door.bind(address)
        door.set_inheritable(True)
    except OSError as reason:
        raise PortTakenError(host, port, reason) from reason
    with door:
        yield door
