"""`quyhoach notebooks`: JupyterLab on the city of this machine, for this machine alone."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from typing import Annotated

import typer

from gis import opening
from gis.errors import QuyhoachError
from gis.sample.command import fill
from gis.settings import REPOSITORY

NOTEBOOKS = REPOSITORY / "notebooks"
_PORT = 8888


class JupyterMissingError(QuyhoachError):
    """JupyterLab is not in this environment."""

    def __init__(self) -> None:
        super().__init__("JupyterLab is not installed in this environment; `make notebooks` installs and opens it.")


def notebooks(
    port: Annotated[int, typer.Option(help="Port to listen on; the next free one where it is taken.", min=0)] = _PORT,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
) -> None:
    """Open the notebooks in JupyterLab, on the city of the settings; an empty database gets the sample city."""
    if find_spec("jupyterlab") is None:
        raise JupyterMissingError
    with opening.opened_database() as url:
        if opening.is_empty(url):
            fill(url)
        # It asks who opens it for a token, listens at 127.0.0.1, and looks for neither news nor updates.
        command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.port={port}", f"--ServerApp.root_dir={NOTEBOOKS}"]
        command += [] if browser else ["--no-browser"]
        command += ["--allow-root"] if os.geteuid() == 0 else []
        environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(NOTEBOOKS / ".jupyter")}
        with subprocess.Popen(command, env=environment) as jupyter:
            _until_it_ends(jupyter)


def _until_it_ends(jupyter: subprocess.Popen[bytes]) -> None:
    """Wait for JupyterLab, which hears of Ctrl-C as we do and asks back; when we are ended, it ends too."""
    try:
        while jupyter.poll() is None:
            with suppress(KeyboardInterrupt):
                jupyter.wait()
    finally:
        jupyter.terminate()
