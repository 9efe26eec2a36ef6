"""`quyhoach swmm`: write a model of the storm drains, to be opened in SWMM 5."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis import opening
from gis.export.errors import FileExistsAlreadyError
from gis.networks.drainage.rain import RainError
from gis.networks.drainage.rain import rain as rain_given
from gis.networks.drainage.swmm.built import built
from gis.planning.places import place
from gis.planning.plans import plan_if_any
from gis.schema import BASELINE
from layers.model import Horizon


def swmm(
    path: Annotated[Path, typer.Argument(help="The file to write, .inp.", dir_okay=False)],
    rain: Annotated[str, typer.Option(help="`i=…` mm/h or `A=… C=… b=… n=… P=…`, with `t=…` min.")],
    *,
    within: Annotated[str, typer.Option(help="Drains that hang together with those of a place.")] = "city",
    plan: Annotated[str, typer.Option(help="Plan that says the use of land in 2030 and 2045.")] = "",
    catchments: Annotated[bool, typer.Option("--catchments", help="Paved shares as catchments say them.")] = False,
    horizon: Annotated[Horizon, typer.Option(help="When the city is looked at.")] = Horizon.EXISTING,
    scenario: Annotated[str, typer.Option(help="Scenario that is looked at.")] = BASELINE,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that stands there.")] = False,
) -> None:
    """Write the storm drains as a model of SWMM 5: `quyhoach swmm storm.inp --rain "i=60 t=60"`.

    Positions are in EPSG:5899, flows in m³/s. What has no level, size, roughness or way to an outfall is left out.
    """
    storm = rain_given(rain)
    if storm is None:
        raise RainError(rain, "is not given; it is not known for this place")
    if path.exists() and not overwrite:
        raise FileExistsAlreadyError(path)
    reading = "catchment" if catchments else "land_use"
    with opening.city(horizon=horizon, scenario=scenario) as city:
        made = built(city, storm, plan_if_any(city, plan), where=place(city, within), ground=reading)
        path.write_text(made.text, encoding="utf-8")
    left_out = len(made.network.sewers) - len(made.sewers)
    typer.echo(f"{path}: {len(made.nodes):,} nodes, {len(made.sewers):,} sewers, {left_out:,} left out")
