"""`quyhoach map`: layers as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis import opening
from gis.export.place import refuse_place
from gis.features import Box
from gis.maps.drawing import MOST_FEATURES, draw, save
from layers.model import Horizon

_MOST = 10_000_000
"""More features than any page can hold."""


def map_(
    *,
    layer: Annotated[list[str], typer.Option(help="Layer to draw; give it again for more.")],
    out: Annotated[Path, typer.Option(help="HTML file to write.", dir_okay=False)] = Path("map.html"),
    bbox: Annotated[
        str | None, typer.Option(help="Part of the city as west,south,east,north in degrees; all of it without.")
    ] = None,
    horizon: Annotated[Horizon, typer.Option(help="The city as it stands, in 2030 or in 2045.")] = Horizon.EXISTING,
    limit: Annotated[
        int,
        typer.Option(
            help="Most features of each layer; where there are more, the nearest to the middle.", min=1, max=_MOST
        ),
    ] = MOST_FEATURES,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that stands there.")] = False,
) -> None:
    """Draw layers as declared on one map, a single HTML file that needs no network."""
    box = Box.read(bbox) if bbox is not None else None
    refuse_place(out, overwrite=overwrite)
    with opening.city(horizon=horizon) as city:
        written = save(draw(city, layer, box=box, limit=limit), out, overwrite=overwrite)
    typer.echo(f"{written} ({written.stat().st_size / 1e6:.1f} MB)")
