"""One worker: the process that answers."""

from __future__ import annotations

import gc
import resource

from api import logs
from api.app import create
from api.entrance import Entrance
from gis.settings import settings

_MOST_FILES = 65_536


def worker() -> Entrance:
    """Make the service in a process that does nothing else; the factory each worker is given."""
    wanted = settings()
    logs.configure(wanted.log_file)
    _allow_many_connections()
    service = create(wanted)
    gc.collect()
    gc.freeze()  # what was imported stays: no need to look at it again
    gc.set_threshold(50_000, 20, 20)
    return service


def _allow_many_connections() -> None:
    """Allow this process as many open files as it may have; each connection is one, and 1 024 are the usual number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
