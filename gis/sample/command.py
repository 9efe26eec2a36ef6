"""`quyhoach sample`: a generated city of any size into the database."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from gis import opening
from gis.sample.load import load_sample
from gis.settings import settings
from layers import LAYERS


def sample(
    parcels: Annotated[
        int | None, typer.Option(help="Parcels of the city, 2 000 to 3 000 000; by the settings where not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="What chance starts from.", min=0)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Generate a sample city and store it beside whatever is there, in one transaction."""
    wanted = settings()
    with opening.city() as city, shown_progress() as progress:
        counts = load_sample(
            city,
            parcels=wanted.sample_parcels if parcels is None else parcels,
            seed=wanted.sample_seed if seed is None else seed,
            progress=told(progress),
        )
    if as_json:
        typer.echo(json.dumps(counts, indent=2))
    else:
        Console(highlight=False).print(_table(counts))


def shown_progress() -> Progress:
    """Return a progress display on standard error, with a line for each layer."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:>10,.0f}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def told(progress: Progress) -> Callable[[str, int], None]:
    """Return what adds rows to the line of their layer."""
    tasks: dict[str, TaskID] = {}

    def tell(layer: str, rows: int) -> None:
        if layer not in tasks:
            tasks[layer] = progress.add_task(LAYERS[layer].title.en, total=None)
        progress.advance(tasks[layer], rows)

    return tell


def _table(counts: dict[str, int]) -> Table:
    shown = Table(box=None, pad_edge=False)
    shown.add_column("layer")
    shown.add_column("features", justify="right")
    for name in LAYERS:
        shown.add_row(name, f"{counts.get(name, 0):,}")
    shown.add_section()
    shown.add_row("[bold]all[/]", f"[bold]{sum(counts.values()):,}[/]")
    return shown
