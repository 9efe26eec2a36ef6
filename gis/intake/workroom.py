"""Where a delivery is unpacked or written anew: a temporary folder, removed afterwards, by the next load if need be."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from gis import abandoned

_PREFIX = "quyhoach-delivery-"


@contextmanager
def workroom() -> Generator[Path]:
    """Yield an empty folder, held for as long as it is needed; those that killed loads left are cleared."""
    abandoned.clear(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"))
    folder, mark = _held()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(mark)


def _held() -> tuple[Path, int]:
    """Make a folder and hold it; another one where a load that clears took it for abandoned in between."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            mark = abandoned.hold(folder)
        except FileNotFoundError:
            continue
        if folder.is_dir():
            return folder, mark
        os.close(mark)
