"""The service as a process that listens."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress

import uvicorn
from rich.console import Console

from gis import opening
from gis.assets import LEAFLET_JS, asset
from gis.db import open_city
from gis.errors import QuyhoachError
from gis.overviews.command import bring_in_step
from gis.sample import load_sample
from gis.sample.command import watched
from gis.settings import settings
from layers import LAYERS

_GRACE_S = 5
_MOST_CONNECTIONS = 1_000


class PortTakenError(QuyhoachError):
    """Something else listens where the service should."""

    def __init__(self, host: str, port: int, reason: OSError) -> None:
        super().__init__(
            f"The service cannot listen at {host}:{port} ({reason.strerror}); "
            "stop what runs there, or choose another port with QUYHOACH_PORT."
        )


def up(*, host: str | None = None, port: int | None = None, workers: int = 1) -> None:
    """Start or reach PostGIS, fill an empty database with the sample city, and serve until Ctrl-C.

    Parameters
    ----------
    host, port : where to listen; as the settings say where not given.
    workers : processes that answer.

    Raises
    ------
    PortTakenError
        When nothing can listen at that host and port; before anything is started.
    """
    wanted = settings()
    host, port = host or wanted.host, wanted.port if port is None else port
    _try(host, port)
    asset(LEAFLET_JS)
    with opening.opened_database() as url:
        if opening.is_empty(url):
            _fill(url)
        Console(stderr=True).print(f"Bản đồ · The map: [bold]http://{host}:{port}/[/]   (Ctrl-C: dừng · stop)")
        serve(host, port, url, workers)


def _fill(url: str) -> None:
    wanted = settings()
    with open_city(url) as city:
        with watched(wanted.sample_parcels) as progress:
            load_sample(city, parcels=wanted.sample_parcels, seed=wanted.sample_seed, progress=progress)
        bring_in_step(city.connection, LAYERS.values())


def serve(host: str, port: int, database_url: str, workers: int = 1) -> None:
    """Serve the city until Ctrl-C or SIGTERM, then finish what is being answered and return.

    Parameters
    ----------
    database_url : libpq address of the migrated PostGIS; handed to the workers through their environment.
    workers : processes that answer.

    Raises
    ------
    PortTakenError
        When nothing can listen at that host and port.
    """
    _try(host, port)
    os.environ["QUYHOACH_DATABASE_URL"] = database_url
    settings.cache_clear()
    with suppress(KeyboardInterrupt), _terminated_as_interrupted():
        uvicorn.run(
            "api.app:create",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=_GRACE_S,
        )


@contextmanager
def _terminated_as_interrupted() -> Generator[None]:
    """Let SIGTERM end the service as Ctrl-C does: the server raises the signal again when it has finished."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _try(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as reason:
        raise PortTakenError(host, port, reason) from reason
