"""The commands that stand in no other room: start, look around, write the dictionary."""

from __future__ import annotations

import importlib
import json
from typing import Annotated

import typer
from rich.console import Console

from gis import dictionary as data_dictionary


def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback unless you say otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=0, max=65_535)] = None,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
    sample: Annotated[bool, typer.Option(help="Load the sample city into an empty database.")] = True,
) -> None:
    """Start PostGIS, load the sample city into an empty database, and serve the map."""
    # Named as text: the engine does not import the door that stands on it.
    importlib.import_module("api.server").up(host=host, port=port, workers=workers, sample=sample)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what this machine has, what the database holds, and what is missing."""
    diagnosis = importlib.import_module("gis.doctor")  # brings every library with it, to say its version
    findings = diagnosis.findings()
    if as_json:
        typer.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=2))
    else:
        Console().print(diagnosis.table(findings))
    if any(not finding.well for finding in findings):
        raise typer.Exit(1)


def dictionary() -> None:
    """Write the data dictionary, data/README.md, from the declarations."""
    typer.echo(data_dictionary.write())
