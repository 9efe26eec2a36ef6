"""`quyhoach scenario`: open, list, edit, compare, merge and drop scenarios."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gis import opening
from gis.errors import UnknownLayerError
from gis.lineage import held, lineage
from gis.scenarios.comparing import compare
from gis.scenarios.errors import BaselineEditError
from gis.scenarios.layout import lay_out
from gis.scenarios.merging import Conflicts, merge_scenario
from gis.scenarios.reach import sight
from gis.scenarios.register import Scenario, drop_scenario, open_scenario, scenarios
from gis.schema import BASELINE
from layers import LAYERS
from layers.model import Horizon

scenario = typer.Typer(
    name="scenario",
    help="Scenarios: what if. A scenario is the city with changes of its own; it costs only what it changes.",
    epilog=(
        "`quyhoach scenario open green --title 'More parks'`, then `quyhoach scenario edit green parcel` says which "
        "view to edit with any SQL or GIS program; or `quyhoach export parcel p.gpkg --horizon all --scenario green`, "
        "edit the file, and `quyhoach load p.gpkg --layer parcel --scenario green --mode replace`. "
        "Look at it with `?scenario=green`. "
        "Then `compare`, `merge` or `drop` it."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

Name = Annotated[str, typer.Argument(help="Name of the scenario: lower case letters, digits and _, at most 40.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@scenario.command(name="open")
def open_(
    name: Name,
    *,
    title: Annotated[str | None, typer.Option(help="Title people read.")] = None,
    parent: Annotated[str, typer.Option("--from", help="Scenario it begins as; the baseline without.")] = BASELINE,
    note: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    as_json: AsJson = False,
) -> None:
    """Open a scenario. It shows what its parent shows, now and later, until it changes something."""
    with opening.city() as city:
        opened = open_scenario(city.connection, name, title=title, parent=parent, note=note)
    if as_json:
        typer.echo(_json(_entry(opened)))
    else:
        typer.echo(f"{opened.name} is open, from {opened.parent}; look at it with ?scenario={opened.name}")


@scenario.command(name="list")
def list_(*, as_json: AsJson = False) -> None:
    """List the open scenarios."""
    with opening.city() as city:
        found = scenarios(city.connection)
        layers = {one.name: sorted(sight(city.connection, one.name).layers) for one in found}
    if as_json:
        typer.echo(_json([{**_entry(one), "layers": layers[one.name]} for one in found]))
        return
    shown = Table("name", "title", "from", "opened", "layers", box=None, pad_edge=False)
    for one in found:
        opened = f"{one.opened_at:%Y-%m-%d %H:%M}"
        shown.add_row(one.name, Text(one.title or ""), one.parent, opened, ", ".join(layers[one.name]))
    Console().print(shown)


@scenario.command()
def edit(name: Name, layer: Annotated[str, typer.Argument(help="Layer to edit.")], *, as_json: AsJson = False) -> None:
    """Make a layer ready to be edited, and name the view that SQL and GIS programs edit."""
    if layer not in LAYERS:
        raise UnknownLayerError(layer, LAYERS)
    if name == BASELINE:
        raise BaselineEditError
    with opening.city() as city, held(city.connection, name), city.connection.transaction():
        lay_out(city.connection, LAYERS[layer], lineage(city.connection, name))
        seen = sight(city.connection, name)
        views = {
            shown: seen.at(horizon).table(LAYERS[layer]).as_string(city.connection).replace('"', "")
            for shown, horizon in [("everything stored", None), *((at.value, at) for at in Horizon)]
        }
    if as_json:
        typer.echo(_json(views))
        return
    for shown, view in views.items():
        typer.echo(f"{shown}: {view}")


@scenario.command(name="compare")
def compare_(
    name: Name,
    other: Annotated[str, typer.Argument(help="What to compare with.")] = BASELINE,
    *,
    horizon: Annotated[
        Horizon | None, typer.Option(help="What is seen at one horizon; all that is stored without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Count what a scenario adds, changes and removes, layer by layer."""
    with opening.city() as city, held(city.connection, name, other):
        found = compare(city.connection, name, other, horizon=horizon)
    if as_json:
        typer.echo(_json([asdict(one) for one in found]))
    else:
        _print_counts("added", "changed", "removed", rows=[(o.layer, o.added, o.changed, o.removed) for o in found])


@scenario.command()
def merge(
    name: Name,
    *,
    conflicts: Annotated[
        Conflicts,
        typer.Option(
            help="Features changed on both sides: refuse the merge, take them as the scenario has them, or leave them."
        ),
    ] = Conflicts.REFUSE,
    as_json: AsJson = False,
) -> None:
    """Bring what a scenario changes to its parent, all of it or nothing; what is replaced goes to the history."""
    with opening.city() as city:
        done = merge_scenario(city.connection, name, conflicts=conflicts)
    if as_json:
        typer.echo(_json([asdict(one) for one in done]))
        return
    rows = [(one.layer, one.added, one.changed, one.removed, one.left) for one in done]
    _print_counts("added", "changed", "removed", "left", rows=rows)


@scenario.command()
def drop(name: Name, *, as_json: AsJson = False) -> None:
    """Drop a scenario with all it changes."""
    with opening.city() as city:
        drop_scenario(city.connection, name)
    typer.echo(_json({"dropped": name}) if as_json else f"{name} is dropped.")


def _print_counts(*heads: str, rows: list[tuple[str | int, ...]]) -> None:
    if not rows:
        typer.echo("There is no difference.")
        return
    shown = Table("layer", *heads, box=None, pad_edge=False)
    for row in rows:
        shown.add_row(*map(str, row))
    Console().print(shown)


def _entry(one: Scenario) -> dict[str, object]:
    return {**asdict(one), "opened_at": one.opened_at.isoformat()}


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2)
