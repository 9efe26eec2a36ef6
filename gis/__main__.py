"""The shell's door: one thin command for each verb."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.markup import escape

from gis import dictionary as data_dictionary
from gis import doctor as diagnosis
from gis.errors import QuyhoachError
from gis.export.command import export
from gis.intake.command import load
from gis.maps.command import map_
from gis.sample.command import sample

shell = typer.Typer(
    name="quyhoach",
    help="Quy hoạch: keep a city's land, zoning, transport and water in PostGIS, draw it, question it, serve it.",
    epilog="Start with `quyhoach up`, then open http://127.0.0.1:8000/.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@shell.command()
def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback unless you say otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=0, max=65_535)] = None,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1, max=64)] = 1,
) -> None:
    """Start PostGIS, load the sample city into an empty database, and serve the map."""
    # Named as text: the engine does not import the door that stands on it.
    importlib.import_module("api.server").up(host=host, port=port, workers=workers)


shell.command()(load)
shell.command()(export)
shell.command(name="map")(map_)
shell.command()(sample)


@shell.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what this machine has, what the database holds, and what is missing."""
    findings = diagnosis.findings()
    if as_json:
        typer.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False, indent=2))
    else:
        Console().print(diagnosis.table(findings))
    if any(not finding.well for finding in findings):
        raise typer.Exit(1)


@shell.command()
def dictionary() -> None:
    """Write the data dictionary, data/README.md, from the declarations."""
    typer.echo(data_dictionary.write())


def main() -> None:
    """Run the shell; a refusal is one sentence on standard error and exit code 2."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        shell()
    except QuyhoachError as refused:
        _say(str(refused))
    except psycopg.OperationalError as lost:
        _say(f"The database stopped answering: {str(lost).strip()}")


def _say(sentence: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]✗[/] {escape(sentence)}")
    sys.exit(2)


if __name__ == "__main__":
    main()
