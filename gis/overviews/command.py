"""`quyhoach overviews`: bring the overviews in step with the data, or make them anew."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Annotated, Any  # psycopg's connections are generic over the rows they return

import typer
from psycopg import Connection
from rich import progress as bars
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskProgressColumn, TextColumn

from gis import opening
from gis.errors import UnknownLayerError
from gis.overviews.blocks import gathered_layers
from gis.overviews.errors import TooWideError, UngatheredError
from gis.overviews.marks import mark_everything
from gis.overviews.refreshing import Progress, catch_up
from layers import LAYERS
from layers.model import Layer


def overviews(
    *,
    layer: Annotated[str | None, typer.Option(help="Layer whose overview is meant; all where not given.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Look at everything, not only at what changed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the blocks looked at as JSON.")] = False,
) -> None:
    """Bring the overviews, from which layers of many features are drawn far away, in step with the data."""
    wanted = _wanted(layer)
    with opening.city() as city:
        if rebuild:
            for each in wanted:
                mark_everything(city.connection, each)
        blocks = bring_in_step(city.connection, wanted)
    if as_json:
        typer.echo(json.dumps(blocks, indent=2))


def _wanted(name: str | None) -> tuple[Layer, ...]:
    gathered = gathered_layers(LAYERS.values())
    if name is None:
        return gathered
    chosen = tuple(layer for layer in gathered if layer.name == name)
    if not chosen and name in LAYERS:
        raise UngatheredError(LAYERS[name])
    if not chosen:
        raise UnknownLayerError(name, [layer.name for layer in gathered])
    return chosen


def bring_in_step(connection: Connection[Any], layers: Iterable[Layer]) -> dict[str, int]:
    """Refresh what is marked of the overviews of layers, and show how far it is; return the blocks looked at by layer.

    A layer that is spread too far is told of and left alone.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    began, blocks = time.monotonic(), dict[str, int]()
    with _watched(console) as progress:
        for layer in gathered_layers(layers):
            try:
                blocks[layer.name] = catch_up(connection, layer, progress)
            except TooWideError as refused:
                console.print(f"  {refused}", markup=False)
    if any(blocks.values()):
        took_s = time.monotonic() - began
        console.print(f"  {sum(blocks.values()):,} ô tổng quan · blocks of overviews, {took_s:.0f} s")
    return blocks


@contextmanager
def _watched(console: Console) -> Generator[Progress]:
    columns = (SpinnerColumn(), BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
    with bars.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("…", total=None)

        def tell(layer: Layer, done: int, total: int) -> None:
            words = f"Tổng quan · Overview: {layer.title.vi} · {layer.title.en}"
            progress.update(task, completed=done, total=total, description=words)

        yield tell
