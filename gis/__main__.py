"""The shell's door: one command for each verb, read from its room when it is asked for."""

from __future__ import annotations

import gc
import importlib
import signal
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.abc import MetaPathFinder
from typing import Any  # typer carries its own click, whose types have no public name

import psycopg
import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from gis.errors import QuyhoachError

COMMANDS: Mapping[str, str] = {
    "up": "gis.commands:up",
    "load": "gis.intake.command:load",
    "export": "gis.export.command:export",
    "map": "gis.maps.command:map_",
    "ask": "gis.analyses.command:ask_",
    "swmm": "gis.networks.drainage.swmm.command:swmm",
    "notebooks": "gis.jupyter:notebooks",
    "sample": "gis.sample.command:sample",
    "scenario": "gis.scenarios.command:scenario",
    "epanet": "gis.networks.supply.command:epanet",
    "overviews": "gis.overviews.command:overviews",
    "doctor": "gis.commands:doctor",
    "dictionary": "gis.commands:dictionary",
}
"""The verbs, in the order of the help, and the function that does each."""

_WITHOUT_TABLES = frozenset({"load", "export", "doctor"})
"""Verbs that never draw on pandas: pyogrio would import it wherever it is installed, which takes half their start."""


class _Without(MetaPathFinder):
    """Says of pandas and GeoPandas that they are not installed, for the rest of the process."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:  # noqa: ARG002 - as it is called
        """Refuse the two; leave all others to the next finder."""
        if fullname in {"pandas", "geopandas"}:
            raise ModuleNotFoundError(name=fullname)


class _Verbs(TyperGroup):
    """Commands whose rooms are not entered, with all the libraries they need, before they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the group is the same in every context
        """Return the verbs."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of a verb; where there is none, the nearest is offered."""
        if cmd_name not in COMMANDS:
            near = get_close_matches(cmd_name, COMMANDS, n=1)
            ctx.fail(f"There is no command {cmd_name!r}; {f'did you mean {near[0]}?' if near else 'see --help.'}")
        if cmd_name in _WITHOUT_TABLES:
            sys.meta_path.insert(0, _Without())
        module, function = COMMANDS[cmd_name].split(":")
        with _collecting_seldom():
            done = getattr(importlib.import_module(module), function)
        if isinstance(done, typer.Typer):
            return typer.main.get_command(done)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="markdown")
        alone.command(name=cmd_name)(done)
        return typer.main.get_command(alone)


@contextmanager
def _collecting_seldom() -> Generator[None]:
    """Import without the garbage collector; let it leave alone what was imported, and look after many features only."""
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


shell = typer.Typer(
    cls=_Verbs,
    name="quyhoach",
    help="Quy hoạch: keep a city's land, zoning, transport and water in PostGIS, draw it, question it, serve it.",
    epilog="Start with `quyhoach up`, then open http://127.0.0.1:8000/.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


@shell.callback()
def _shell() -> None:
    pass


def main() -> None:
    """Run the shell; a refusal is one sentence on standard error and exit code 2."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it
        signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    try:
        shell(prog_name="quyhoach")
    except QuyhoachError as refused:
        _say(str(refused))
    except psycopg.errors.ProgramLimitExceeded as beyond:
        _say(f"The database cannot hold this: {str(beyond).strip()}")
    except psycopg.OperationalError as lost:
        _say(f"The database stopped answering: {str(lost).strip()}")
    except OSError as failed:
        _say(f"{f'{failed.filename!r}: ' if failed.filename else ''}{failed.strerror or failed}.")
    except UnicodeEncodeError as unreadable:
        _say(f"{str(unreadable.object)[:200]!r} is not text in UTF-8.")


def _say(sentence: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[bold red]✗[/] {escape(sentence)}")
    sys.exit(2)


if __name__ == "__main__":
    main()
