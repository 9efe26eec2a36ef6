"""A delivery is loaded: one file into one layer, in one transaction, with every row accounted for."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any  # tables of a mapping file

import pyarrow as pa

from gis.ahead import ahead
from gis.copy import Constant
from gis.db import City
from gis.intake.archive import expanded
from gis.intake.boundary import Boundary, boundary
from gis.intake.choosing import OSM_MAPPING, Confirm, chosen_mapping, given_tables, used_unless_in_doubt
from gis.intake.errors import NoSuchLayerError, NothingStorableError
from gis.intake.formats import local_path, recognised
from gis.intake.geometry import GeometryCheck
from gis.intake.mapping import Mapping, mapping_file
from gis.intake.opening import OSM_FORMATS, opened_source
from gis.intake.pipeline import Pipeline, Watch
from gis.intake.placing import Placed, placed
from gis.intake.refused import RefusedRows, register_refused, write_geopackage
from gis.intake.remarks import Tally
from gis.intake.report import Gaps, Overlaps, Repairs, Report
from gis.intake.source import Source
from gis.intake.storing import (
    Mode,
    Stored,
    earlier_delivery,
    found_gaps,
    found_overlaps,
    next_delivery,
    now,
    register,
    store,
)
from layers import LAYERS
from layers.model import Layer

_PIECE_BYTES = 1024**2
_REPAIRS_DETAILED = 1_000


def _unwatched(_rows: int) -> None:
    return


@dataclass(frozen=True, slots=True)
class Manner:
    """How a load goes about it, apart from what it loads.

    Parameters
    ----------
    dry_run
        Check everything and store nothing.
    confirm
        Shown a guessed mapping, says whether to use it; by default only where nothing is in doubt.
    watch
        Told now and then how many rows of the file have been dealt with.
    report_dir
        Folder for the report as JSON and the refused rows as GeoPackage.
    """

    dry_run: bool = False
    confirm: Confirm = used_unless_in_doubt
    watch: Watch = _unwatched
    report_dir: Path | None = None
    expect: Watch = _unwatched


@dataclass(frozen=True, slots=True)
class _Task:
    """One load: where from, where to, how."""

    city: City
    path: Path
    layer: Layer
    mode: Mode
    mapping: Mapping
    placed: Placed
    boundary: Boundary
    source: Source
    batches: Iterator[pa.RecordBatch]
    manner: Manner
    notes: list[str] = field(default_factory=list[str])


def load(
    city: City,
    path: str | Path,
    *,
    layer: str,
    mapping: Mapping | Path | None = None,
    mode: Mode | str = Mode.APPEND,
    crs: str | None = None,
    source_layer: str | None = None,
    manner: Manner | None = None,
) -> Report:
    """Load a file into a layer, in one transaction: all of it that is fit, or nothing.

    Each row is read, renamed, repaired and checked as the layer declares, and then either stored or refused with its
    reason; none is lost. While it lasts, readers see the old state; a load that is interrupted leaves it as it was.

    Parameters
    ----------
    layer
        Name of the layer.
    mapping
        What columns and values mean: a mapping, a mapping file, or the name of one that is shipped. Without one the
        columns are guessed by name.
    mode
        append; replace (the old rows move to the history); upsert (by `uid` or by the key of the layer).
    crs
        Coordinate system of the file, where it declares none or a wrong one.
    source_layer
        Which layer of a file that holds several.

    Raises
    ------
    IntakeError
        When the delivery cannot be loaded as a whole; each kind says what would be right.
    """
    if layer not in LAYERS:
        raise NoSuchLayerError(layer, list(LAYERS))
    manner = manner or Manner()
    named = local_path(path)
    tables = given_tables(mapping) if isinstance(mapping, Path) else {}
    encoding = mapping.encoding if isinstance(mapping, Mapping) else tables.get("encoding")
    asked_layer = source_layer or (mapping.source_layer if isinstance(mapping, Mapping) else tables.get("source_layer"))
    with expanded(named) as inner:
        delivered = recognised(inner)
        if delivered.format in OSM_FORMATS and mapping is None:
            tables = mapping_file(OSM_MAPPING)
        with opened_source(delivered, LAYERS[layer], tables, source_layer=asked_layer, encoding=encoding) as opened:
            source = replace(opened, path=named)
            chosen = chosen_mapping(source, LAYERS[layer], mapping, tables, manner.confirm)
            return _loaded(city, source, LAYERS[layer], Mode(mode), chosen, crs, manner)


def _loaded(
    city: City, source: Source, layer: Layer, mode: Mode, mapping: Mapping, crs: str | None, manner: Manner
) -> Report:
    area = boundary(city.connection)
    # The reader keeps to one thread from its first row to its last: GDAL holds settings by thread.
    with closing(ahead(source.batches())) as batches, RefusedRows() as refused:
        first = next(batches)
        where = placed(source, first, crs or mapping.crs, area)
        task = _Task(city, source.path, layer, mode, mapping, where, area, source, chain([first], batches), manner)
        if where.note:
            task.notes.append(where.note)
        if mapping.ignored:
            task.notes.append(f"not loaded, as the mapping says: {', '.join(mapping.ignored)}")
        manner.expect(source.rows or 0)
        report = _rehearsed(task, refused) if manner.dry_run else _stored(task, refused)
        if manner.report_dir is not None:
            _write(report, refused, manner.report_dir, source)
    return report


def _pipeline(task: _Task, tally: Tally, refused: RefusedRows) -> Pipeline:
    checked = task.boundary if task.layer.intake.within_city else None
    geometry = GeometryCheck(task.layer, task.placed.transformation, checked, tally)
    return Pipeline(task.layer, task.mapping, geometry, tally, refused)


def _rehearsed(task: _Task, refused: RefusedRows) -> Report:
    started = time.monotonic()
    tally = Tally()
    pipeline = _pipeline(task, tally, refused)
    rows = sum(len(batch) for batch in pipeline.rows(task.batches, _constants(task, 0), task.manner.watch))
    task.notes.append("overlaps, gaps and keys are looked at only when rows are stored")
    return _report(task, None, pipeline, tally, refused, Stored(rows, {}), (None, None), started)


def _stored(task: _Task, refused: RefusedRows) -> Report:
    started, started_at = time.monotonic(), now()
    connection, tally = task.city.connection, Tally()
    pipeline = _pipeline(task, tally, refused)
    sha256 = _sha256(task.path)
    if sha256 and (earlier := earlier_delivery(connection, task.layer, sha256)) and task.mode is Mode.APPEND:
        task.notes.append(f"the same file was loaded before, as delivery {earlier}: its rows are now stored twice")
    with connection.transaction():
        number = next_delivery(connection)
        rows = pipeline.rows(
            task.batches, _constants(task, number), task.manner.watch, numbered=task.mode is Mode.UPSERT
        )
        leading = next(rows, None)
        rest = rows if leading is None else chain([leading], rows)
        columns = pipeline.columns
        stored = Stored(0, {})
        if leading is not None:
            stored = store(connection, task.layer, task.mode, task.mapping, rest, lambda: columns, refused)
        if task.mode is Mode.REPLACE and stored.rows == 0:
            raise NothingStorableError(task.path, pipeline.read, _reasons(refused))
        found = found_overlaps(connection, task.layer, number), found_gaps(connection, task.layer)
        report = _report(task, number, pipeline, tally, refused, stored, found, started)
        _enter(task, report, started_at, sha256)
        register_refused(connection, refused, number, task.placed.transformation.source.to_epsg() or 0)
    return report


def _constants(task: _Task, number: int) -> dict[str, Constant]:
    return {**task.mapping.constants, "delivery": number}


def _reasons(refused: RefusedRows) -> str:
    return ", ".join(f"{reason}: {rows:,}" for reason, rows in refused.counts.items())


def _report(
    task: _Task,
    number: int | None,
    pipeline: Pipeline,
    tally: Tally,
    refused: RefusedRows,
    stored: Stored,
    found: tuple[Overlaps | None, Gaps | None],
    started: float,
) -> Report:
    repairs = tally.repairs
    change_m2 = sum(each.area_after_m2 - each.area_before_m2 for each in repairs)
    return Report(
        delivery=number,
        layer=task.layer.name,
        file_name=task.path.name,
        format=task.source.format,
        crs=task.placed.name,
        operation=task.placed.transformation.operation,
        mode=task.mode.value,
        mapping=task.mapping.described(),
        boundary=task.boundary.name,
        read=pipeline.read,
        stored=stored.rows,
        refused=refused.total,
        left_out=pipeline.left_out,
        reasons=dict(refused.counts),
        changes={**task.source.changes, **tally.counts},
        outcome=stored.outcome,
        repairs=Repairs(len(repairs), change_m2, tuple(repairs[:_REPAIRS_DETAILED])),
        overlaps=found[0],
        gaps=found[1],
        notes=tuple(task.notes),
        seconds=time.monotonic() - started,
    )


def _enter(task: _Task, report: Report, started_at: Any, sha256: str | None) -> None:
    register(
        task.city.connection,
        {
            "number": report.delivery,
            "layer": report.layer,
            "file_name": report.file_name,
            "sha256": sha256,
            "mode": report.mode,
            "mapping": report.mapping,
            "crs": report.crs,
            "rows_read": report.read,
            "rows_stored": report.stored,
            "rows_refused": report.refused,
            "findings": report.findings(),
            "started_at": started_at,
        },
    )


def _sha256(path: Path) -> str | None:
    if path.is_dir():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(report: Report, refused: RefusedRows, folder: Path, source: Source) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{report.file_name.split('.')[0]}-{report.layer}"
    (folder / f"{name}.json").write_text(report.as_json() + "\n", encoding="utf-8")
    if refused.total:
        target = folder / f"{name}-refused.gpkg"
        target.unlink(missing_ok=True)
        write_geopackage(refused, target, source.crs)
