"""`quyhoach sample`: a generated city of any size into the database."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich import progress as bars
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn
from rich.table import Table

from gis import opening
from gis.db import open_city
from gis.overviews.command import bring_in_step
from gis.sample.city import refuse_size
from gis.sample.load import Progress, load_sample
from gis.settings import settings
from layers import LAYERS


def sample(
    parcels: Annotated[
        int | None, typer.Option(help="Parcels of the city, 2 000 to 3 000 000; by the settings where not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="What chance starts from.", min=0)] = None,
    overviews: Annotated[bool, typer.Option(help="Bring the overviews in step at the end.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Generate a sample city and store it beside whatever is there, in one transaction."""
    wanted = settings()
    size = wanted.sample_parcels if parcels is None else parcels
    refuse_size(size)
    with opening.city() as city:
        with watched(size) as progress:
            begun = wanted.sample_seed if seed is None else seed
            counts = load_sample(city, parcels=size, seed=begun, progress=progress)
        if overviews:
            bring_in_step(city.connection, LAYERS.values())
    if as_json:
        typer.echo(json.dumps(counts, indent=2))
    else:
        Console(highlight=False).print(_table(counts))


def fill(url: str) -> None:
    """Load the sample city of the settings into an empty database, and say so."""
    wanted = settings()
    with open_city(url) as city:
        with watched(wanted.sample_parcels) as progress:
            load_sample(city, parcels=wanted.sample_parcels, seed=wanted.sample_seed, progress=progress)
        bring_in_step(city.connection, LAYERS.values())


@contextmanager
def watched(parcels: int) -> Generator[Progress]:
    """Say what is made, draw a bar while it is, on a terminal, and say how much it was; to standard error."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"Thành phố mẫu · Sample city: {parcels:,} thửa · parcels, do máy tạo · generated")
    columns = (SpinnerColumn(), BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    began, counts = time.monotonic(), Counter[str]()
    with bars.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("…", total=parcels)

        def tell(layer: str, rows: int) -> None:
            counts[layer] += rows
            words = f"{LAYERS[layer].title.vi} · {LAYERS[layer].title.en}"
            progress.update(task, completed=counts["parcel"], description=words)

        yield tell
    took_s = time.monotonic() - began
    console.print(f"  {counts.total():,} đối tượng · features, {len(counts)} lớp · layers, {took_s:.0f} s")


def _table(counts: dict[str, int]) -> Table:
    shown = Table(box=None, pad_edge=False)
    shown.add_column("layer")
    shown.add_column("features", justify="right")
    for name in LAYERS:
        shown.add_row(name, f"{counts.get(name, 0):,}")
    shown.add_section()
    shown.add_row("[bold]all[/]", f"[bold]{sum(counts.values()):,}[/]")
    return shown
