"""What a worker does once a second: measure itself, and see whether the process that started it is still there."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path

from api.pool import Pool
from api.tally import write_down

PAUSE_S = 1.0


async def pulse(pool: Pool, counts_dir: Path | None) -> None:
    """Beat until cancelled.

    Parameters
    ----------
    counts_dir : where the workers lay their numbers together; None where there is one worker.
    """
    while True:
        pool.measure()
        if counts_dir is not None:
            write_down(counts_dir)
        parent = multiprocessing.parent_process()
        if parent is not None and not parent.is_alive():
            # Killed, and the private PostGIS with it, sooner or later. Workers that went on would keep the port.
            os.kill(os.getpid(), signal.SIGTERM)
            return
        await asyncio.sleep(PAUSE_S)
