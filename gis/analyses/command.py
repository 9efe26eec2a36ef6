"""`quyhoach ask`: ask a question of the city."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from gis import opening
from gis.answering import heard_by
from gis.asking import ArgumentError, Parameter, Question, ask, question_named, questions
from gis.db import City
from gis.findings import Finding
from gis.findings.shown import print_shown
from gis.reports.writing import refuse_report
from gis.schema import BASELINE
from gis.wording import check_language
from layers.model import Horizon

_PRINTED, _REPORTED = "en", "vi"
"""Languages, where none is said, of what is printed and of what is written."""

_Language = Annotated[
    str | None, typer.Option(help="vi or en; without it, tables are printed in English and reports are in Vietnamese.")
]
_Paths = Annotated[
    list[Path] | None,
    typer.Option(help="Write a report too: .pdf, .html or .xlsx; give it again for more.", dir_okay=False),
]


def ask_(
    question: Annotated[str, typer.Argument(help="What is asked; without it, what can be asked.")] = "",
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]", help="How it is asked; see `ask QUESTION --form`."),
    ] = None,
    *,
    horizon: Annotated[Horizon, typer.Option(help="When the city is looked at.")] = Horizon.EXISTING,
    scenario: Annotated[str, typer.Option(help="Scenario that is looked at.")] = BASELINE,
    form: Annotated[bool, typer.Option("--form", help="Say what the question takes instead of asking it.")] = False,
    language: _Language = None,
    report: _Paths = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace reports that stand there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Ask a question of the city: `quyhoach ask land_balance within=ward:20194 --report balance.pdf`.

    The same question is asked in a notebook with `gis.ask`; the same city and the same arguments have the same hash.
    """
    if not question:
        _print(questions(), as_json=as_json)
        return
    asked = question_named(question)
    if form:
        _print_form(asked, as_json=as_json)
        return
    given = _given(arguments or [])
    if scenario != BASELINE and any(each.name == "scenario" for each in asked.parameters):
        given.setdefault("scenario", scenario)  # it is what is asked about; the question itself looks at what it needs
        scenario = BASELINE
    asked.read(given)  # refused before a city is opened
    check_language(language or _PRINTED)
    reports = _Reports(tuple(report or ()), language or _REPORTED, overwrite)
    with opening.city(horizon=horizon, scenario=scenario) as city:
        with _watched(question):
            finding = ask(city, question, **given)
        reports.write(finding, city)
    if as_json:
        typer.echo(json.dumps(finding.document, ensure_ascii=False, indent=2))
    else:
        print_shown(finding, language=language or _PRINTED)


@contextmanager
def _watched(question: str) -> Generator[None]:
    """Draw how far a question has come while the block runs, where somebody sits at a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(question, total=1.0)
        with heard_by(lambda share: progress.update(task, completed=share)):
            yield


@dataclass(frozen=True, slots=True)
class _Reports:
    """Where reports are written; refused before a city is opened where they could not be."""

    paths: tuple[Path, ...]
    language: str
    overwrite: bool

    def __post_init__(self) -> None:
        for path in self.paths:
            refuse_report(path, language=self.language, overwrite=self.overwrite)

    def write(self, finding: Finding, city: City) -> None:
        """Write them all, over what lies around in the city."""
        for path in self.paths:
            finding.report(path, language=self.language, city=city, overwrite=self.overwrite)


def _given(arguments: list[str]) -> dict[str, object]:
    given: dict[str, object] = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals or not name:
            raise ArgumentError(f"{argument[:60]!r} is no argument; write it as name=value.")
        if name in given:
            raise ArgumentError(f"{name} is given twice.")
        given[name] = value
    return given


def _print(listed: tuple[Question, ...], *, as_json: bool) -> None:
    if as_json:
        said = [{"name": each.name, "summary": each.summary} for each in listed]
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    table = Table("question", "what it finds", box=None, pad_edge=False)
    for each in listed:
        table.add_row(each.name, Text(each.summary))
    Console().print(table)


def _print_form(asked: Question, *, as_json: bool) -> None:
    if as_json:
        said = [
            {
                "name": each.name,
                "type": each.kind.__name__,
                "choices": list(each.choices),
                "required": each.is_required,
                "default": each.default,
                "meaning": each.meaning,
            }
            for each in asked.parameters
        ]
        typer.echo(json.dumps({"question": asked.name, "parameters": said}, ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(Text(asked.page.partition("\n\nParameters\n")[0]))
    table = Table("argument", "default", "meaning", box=None, pad_edge=False)
    for each in asked.parameters:
        choices = f" ({', '.join(each.choices)})" if each.choices else ""
        table.add_row(each.name, Text(_default(each)), Text(each.meaning + choices))
    console.print(table)


def _default(parameter: Parameter) -> str:
    if parameter.is_required:
        return "required"
    return "" if parameter.default is None else str(parameter.default)
