"""The service as a process that listens."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

import uvicorn

from gis.errors import QuyhoachError
from gis.settings import settings

_GRACE_S = 5
_MOST_CONNECTIONS = 1_000


class PortTakenError(QuyhoachError):
    """Something else listens where the service should."""

    def __init__(self, host: str, port: int, reason: OSError) -> None:
        super().__init__(
            f"The service cannot listen at {host}:{port} ({reason.strerror}); "
            "stop what runs there, or choose another port with QUYHOACH_PORT."
        )


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
    with suppress(KeyboardInterrupt):
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


def _try(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as reason:
        raise PortTakenError(host, port, reason) from reason
