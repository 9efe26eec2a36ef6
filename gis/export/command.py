"""`quyhoach export`: one layer as one file."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gis import opening
from gis.export.delivery import Order, deliver, order
from gis.export.formats import FORMATS
from gis.export.report import Report
from gis.export.selection import ALL_HORIZONS
from gis.features import Box
from gis.schema import BASELINE
from layers.model import Horizon


class Shown(StrEnum):
    """What a file may show of a layer: one horizon, or all of them."""

    EXISTING = Horizon.EXISTING.value
    H2030 = Horizon.H2030.value
    H2045 = Horizon.H2045.value
    ALL = ALL_HORIZONS


def export(
    layer: Annotated[str, typer.Argument(help="Layer to write, for example parcel.")],
    path: Annotated[Path, typer.Argument(help="File to write; its ending names the format.")],
    *,
    format_: Annotated[
        str | None, typer.Option("--format", help=f"One of {', '.join(FORMATS)}, whatever the ending.")
    ] = None,
    bbox: Annotated[
        str | None,
        typer.Option("--bbox", "--box", help="Part of the city as west,south,east,north in degrees; all without."),
    ] = None,
    horizon: Annotated[
        Shown,
        typer.Option(help="The city as it stands, in 2030 or in 2045; or all stages and plans, to be loaded again."),
    ] = Shown.EXISTING,
    scenario: Annotated[str, typer.Option(help="Scenario whose city is written.")] = BASELINE,
    crs: Annotated[
        str | None, typer.Option(help="EPSG code of the file; EPSG:5899 without, EPSG:4326 for GeoJSON and KML.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that stands there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Write one layer to GeoPackage, GeoParquet, FlatGeobuf, GeoJSON, Shapefile, CSV, XLSX, KML or DXF."""
    box = Box.read(bbox) if bbox is not None else None
    every = horizon is Shown.ALL
    shown = Horizon.EXISTING if every else Horizon(horizon.value)
    with opening.city(horizon=shown, scenario=scenario) as city:
        ordered = order(city, layer, path, format=format_, box=box, crs=crs, every_horizon=every, overwrite=overwrite)
        report = _delivered(ordered, silent=as_json)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo(told(report))


def _delivered(ordered: Order, *, silent: bool) -> Report:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=silent) as progress:
        task = progress.add_task(ordered.path.name, total=None)
        return deliver(ordered, seen=lambda done, total: progress.update(task, completed=done, total=total))


def told(report: Report) -> str:
    """Return a report in lines for the screen."""
    rate = report.rows / report.seconds if report.seconds else 0
    lines = [
        f"{report.rows} features of {report.layer} (horizon {report.horizon}) → {report.path}",
        f"{report.format}, EPSG:{report.srid}, {report.size_bytes / 1e6:.1f} MB, "
        f"{report.seconds:.1f} s, {rate:,.0f} features/s",
    ]
    if report.renamed:
        lines.append("renamed: " + ", ".join(f"{old} → {new}" for old, new in report.renamed))
    lines += [f"lost: {loss}" for loss in report.losses]
    lines += [f"the format cannot hold: {limit}" for limit in report.limits]
    return "\n".join(lines)
