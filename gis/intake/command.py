"""`quyhoach load`: one delivery into one layer, or heights out of an elevation model."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from gis import opening
from gis.db import City
from gis.errors import QuyhoachError
from gis.intake.asked import WithoutElevationError, named_layers, refuse_with_elevation
from gis.intake.choosing import Confirm, used_unless_in_doubt
from gis.intake.errors import ReportUnwrittenError
from gis.intake.guess import Guess
from gis.intake.loading import Manner, load_layers
from gis.intake.report import Report
from gis.intake.storing import Mode
from gis.schema import BASELINE
from layers import LAYERS
from layers.model import Layer

if TYPE_CHECKING:
    from gis.intake.elevation import ElevationReport

_WORDS = Console(stderr=True, highlight=False)


def load(
    path: Annotated[Path, typer.Argument(help="The file: any vector format, OpenStreetMap, or a GeoTIFF of heights.")],
    *,
    layer: Annotated[
        str | None, typer.Option(help="Layer to load it into; several with commas for OpenStreetMap.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="Mapping file, or the name of one in data/mappings.")
    ] = None,
    mode: Annotated[
        Mode | None, typer.Option(help="append, replace the layer, or upsert by key.", show_default="append")
    ] = None,
    scenario: Annotated[
        str, typer.Option(help="Scenario that is changed; the others see nothing of it. Replace stores what differs.")
    ] = BASELINE,
    crs: Annotated[str | None, typer.Option(help="Coordinate system, where the file declares none: EPSG:5899.")] = None,
    source_layer: Annotated[str | None, typer.Option(help="Which layer of a file that holds several.")] = None,
    elevation: Annotated[bool, typer.Option("--elevation", help="Fill empty heights from a GeoTIFF.")] = False,
    stated_error_m: Annotated[float | None, typer.Option(help="Error its maker states, in metres.")] = None,
    overviews: Annotated[bool, typer.Option(help="Bring the overview of the layer in step at the end.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and store nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Use a guessed mapping without asking.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Folder for the report (JSON) and the refused rows (GeoPackage).")
    ] = None,
) -> None:
    """Load a delivery: read, rename, repair, check, and store it in one transaction; nothing is lost silently."""
    if layer is None and not elevation:
        raise typer.BadParameter("say which layer it is loaded into", param_hint="--layer")
    if elevation:
        options = {"--map": mapping, "--mode": mode, "--source-layer": source_layer, "--report": report}
        refuse_with_elevation({**options, "--scenario": None if scenario == BASELINE else scenario})
        from gis.intake.elevation import sample_elevation  # noqa: PLC0415 - rasterio, which files do without

        with opening.city() as city:
            heights = sample_elevation(city, path, layer=layer, crs=crs, stated_error_m=stated_error_m, dry_run=dry_run)
        _show_elevation(heights, as_json=as_json)
        return
    if stated_error_m is not None:
        raise WithoutElevationError("--stated-error-m")
    manner = Manner(dry_run=dry_run, confirm=_confirmation(dry_run=dry_run, yes=yes), report_dir=report)
    layers = named_layers(layer or "")
    given = _Given(mapping, mode or Mode.APPEND, crs, source_layer)
    with opening.city(scenario=scenario) as city:
        reports, unwritten = _loaded(city, path, layers, given, manner)
        _show(reports, as_json=as_json)
        if overviews and not dry_run and scenario == BASELINE:
            _bring_in_step(city, [LAYERS[each.layer] for each in reports])
    if unwritten is not None:
        raise unwritten


def _bring_in_step(city: City, layers: Sequence[Layer]) -> None:
    if any(layer.gathered_below is not None for layer in layers):
        from gis.overviews.command import bring_in_step  # noqa: PLC0415 - rasterio, which most layers do without

        bring_in_step(city.connection, layers)


@dataclass(frozen=True, slots=True)
class _Given:
    mapping: Path | None
    mode: Mode
    crs: str | None
    source_layer: str | None


def _show(reports: Sequence[Report], *, as_json: bool) -> None:
    if as_json:
        said = [each.as_dict() for each in reports]
        typer.echo(json.dumps(said[0] if len(said) == 1 else said, ensure_ascii=False, indent=2, default=str))
        return
    for each in reports:
        Console(highlight=False).print(each)


def _loaded(
    city: City, path: Path, layers: Sequence[str], given: _Given, manner: Manner
) -> tuple[Sequence[Report], ReportUnwrittenError | None]:
    """Return the reports, and what kept them from being written into their folder after the rows were stored."""
    with _progress(manner, path.name) as watched:
        try:
            reports = load_layers(
                city,
                path,
                layers=layers,
                mapping=given.mapping,
                mode=given.mode,
                crs=given.crs,
                source_layer=given.source_layer,
                manner=watched,
            )
        except ReportUnwrittenError as unwritten:
            return unwritten.reports, unwritten
        except QuyhoachError:
            if len(layers) > 1:
                _WORDS.print(f"Nothing was stored, in none of the layers {', '.join(layers)}:")
            raise
    return reports, None


def _confirmation(*, dry_run: bool, yes: bool) -> Confirm:
    def confirm(guess: Guess, layer: Layer) -> bool:
        _WORDS.print(f"No mapping was given. Guessed for layer {layer.name}:")
        for reason in guess.reasons:
            _WORDS.print(f"  {reason}", markup=False)
        for doubt in guess.doubts:
            _WORDS.print(f"  ? {doubt}", markup=False, style="yellow")
        _WORDS.print(guess.as_toml(layer), markup=False, style="dim")
        if dry_run or yes:
            return True
        if sys.stdin.isatty():
            return typer.confirm("Use it?", err=True)
        return used_unless_in_doubt(guess, layer)

    return confirm


@contextmanager
def _progress(manner: Manner, name: str) -> Generator[Manner]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TextColumn("{task.completed:,} rows"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_WORDS, transient=True, disable=not _WORDS.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        yield replace(
            manner,
            watch=lambda rows: progress.update(task, completed=rows),
            expect=lambda rows: progress.update(task, completed=0, total=rows or None),
        )


def _show_elevation(report: ElevationReport, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        return
    error = f"{report.stated_error_m:g} m" if report.stated_error_m is not None else "not stated"
    table = Table("layer", "column", "empty", "filled", "unknown", box=None)
    for each in report.columns:
        table.add_row(each.layer, each.column, f"{each.empty:,}", f"{each.filled:,}", f"{each.unknown:,}")
    console = Console(highlight=False)
    console.print(
        f"{report.file_name}: {report.crs}, cells of {report.cell_m:.0f} m, error {error}; bilinear", markup=False
    )
    if report.dry_run:
        console.print("  dry run, nothing stored: this would be filled")
    console.print(table)
