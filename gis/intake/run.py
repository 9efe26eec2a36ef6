"""One load from its first row to its entry in the register, with every row accounted for."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyarrow as pa
from psycopg.errors import UniqueViolation

from gis.copy import Constant, Rows
from gis.db import City
from gis.intake.boundary import Boundary
from gis.intake.coverage.gaps import Gaps, all_gaps
from gis.intake.coverage.overlaps import Overlaps
from gis.intake.coverage.search import OverlapSearch
from gis.intake.destination import Destination, destination
from gis.intake.errors import NothingStorableError, RepeatedUidError
from gis.intake.geometry import GeometryCheck
from gis.intake.mapping import Mapping
from gis.intake.pipeline import Pipeline, Watch
from gis.intake.placing import Placed
from gis.intake.refused import RefusedRows, register_refused
from gis.intake.remarks import Tally
from gis.intake.report import Repairs, Report
from gis.intake.source import Source
from gis.intake.storing import (
    Mode,
    Stored,
    dates,
    earlier_delivery,
    is_by_key,
    lock,
    next_delivery,
    refuse_taken_uids,
    register,
    store,
)
from layers.model import Layer


@dataclass(frozen=True, slots=True)
class Task:
    """What is loaded, where to and how; decided before the first row is looked at."""

    city: City
    source: Source
    layer: Layer
    mode: Mode
    mapping: Mapping
    placed: Placed
    boundary: Boundary
    batches: Iterator[pa.RecordBatch]
    watch: Watch

    def notes(self) -> list[str]:
        """Return what is to be known about the load as a whole."""
        notes = [self.placed.note] if self.placed.note else []
        if self.mapping.ignored:
            notes.append(f"not loaded, as the mapping says: {', '.join(self.mapping.ignored)}")
        return notes


class Run:
    """One way through a delivery."""

    def __init__(self, task: Task, refused: RefusedRows) -> None:
        self._task, self._refused, self._tally = task, refused, Tally()
        self._started, self._started_at = time.monotonic(), dt.datetime.now(dt.UTC)
        self._notes = task.notes()
        checked = task.boundary if task.layer.intake.within_city else None
        geometry = GeometryCheck(task.layer, task.placed.transformation, checked, self._tally)
        self._pipeline = Pipeline(task.layer, task.mapping, geometry, self._tally, refused)

    def rehearsed(self) -> Report:
        """Check every row and store none."""
        rows = sum(len(batch) for batch in self._rows(0, numbered=False))
        self._notes.append("overlaps, gaps and keys are looked at only when rows are stored")
        return self._report(None, Stored(rows, {}), None, None, dry_run=True)

    def stored(self) -> Report:
        """Check every row, store what is fit, and enter both into the register, in one transaction."""
        task, connection = self._task, self._task.city.connection
        with ThreadPoolExecutor(max_workers=1) as beside, connection.transaction():
            digest = beside.submit(_sha256, task.source.path)
            number = next_delivery(connection)
            into = destination(task.city, task.layer)
            alone = (not lock(connection, into) or task.mode is Mode.REPLACE) and not is_by_key(into, task.mode)
            before = dates(connection, into) if task.mode is Mode.REPLACE else {}
            with OverlapSearch(connection, task.layer, into.stored, alone=alone) as search:
                try:
                    stored = self._store(into, number, search)
                except UniqueViolation as repeated:
                    raise RepeatedUidError(
                        task.source.path, repeated.diag.message_detail or repeated.diag.message_primary or ""
                    ) from repeated
                if "uid" in self._pipeline.columns:
                    refuse_taken_uids(connection, into, number)
                overlaps = search.found(number)
            if task.mode is Mode.APPEND and stored.rows:
                self._remark_repetition(into, digest.result())
            self._remark_dates_lost(into, before)
            if stored.outcome.get("removed") and self._refused.total:
                self._notes.append("rows that were refused are not in the layer: features that they mean are removed")
            report = self._report(number, stored, overlaps, all_gaps(connection, task.layer, into.stored))
            register(connection, report, sha256=digest.result(), started_at=self._started_at)
            srid = task.placed.transformation.source.to_epsg() or 0
            register_refused(connection, self._refused, number, srid)
        return report

    def _rows(self, number: int, *, numbered: bool) -> Iterator[Rows]:
        constants: dict[str, Constant] = {**self._task.mapping.constants, "delivery": number}
        return self._pipeline.rows(self._task.batches, constants, self._task.watch, numbered=numbered)

    def _store(self, into: Destination, number: int, search: OverlapSearch) -> Stored:
        """Store the rows; the first are made here, because they say which columns there are."""
        task = self._task
        self._pipeline.footprints = search.footprints
        rows = _then(self._rows(number, numbered=is_by_key(into, task.mode)), search.begin)
        leading = next(rows, None)
        if leading is None:
            stored = Stored(0, {})
        else:
            stored = store(
                task.city.connection,
                into,
                chain([leading], rows),
                columns=self._pipeline.columns,
                mode=task.mode,
                mapping=task.mapping,
                refused=self._refused,
            )
        if task.mode is Mode.REPLACE and stored.rows == 0:
            raise NothingStorableError(task.source.path, self._report(None, Stored(0, {}), None, None))
        return stored

    def _remark_repetition(self, into: Destination, sha256: str | None) -> None:
        earlier = earlier_delivery(self._task.city.connection, into, sha256)
        if earlier is not None:
            self._notes.append(f"the same file was loaded before, as delivery {earlier}: its rows are now stored twice")

    def _remark_dates_lost(self, into: Destination, before: dict[str, int]) -> None:
        """Say so where a replaced layer held stages or horizons that the file does not: an export of one horizon."""
        after = dates(self._task.city.connection, into) if before else {}
        lost = ", ".join(f"{date}: {rows:,}" for date, rows in before.items() if date not in after)
        if lost:
            where = "the scenario shows them no longer" if into.is_scenario else "now in the history alone"
            self._notes.append(
                f"the layer held features of dates the file has none of, {where} ({lost}); "
                "`export --horizon all` writes every date"
            )

    def _report(
        self,
        number: int | None,
        stored: Stored,
        overlaps: Overlaps | None,
        gaps: Gaps | None,
        *,
        dry_run: bool = False,
    ) -> Report:
        task, tally = self._task, self._tally
        return Report(
            delivery=number,
            dry_run=dry_run,
            layer=task.layer.name,
            scenario=task.city.scenario,
            file_name=task.source.path.name,
            format=task.source.format,
            crs=task.placed.name,
            operation=task.placed.transformation.operation,
            mode=task.mode.value,
            mapping=task.mapping.described(),
            boundary=task.boundary.name,
            read=self._pipeline.read,
            stored=stored.rows,
            refused=self._refused.total,
            left_out=self._pipeline.left_out + task.source.noticed.left_out,
            reasons=dict(self._refused.counts),
            changes={**task.source.noticed.changes, **tally.counts},
            outcome=stored.outcome,
            repairs=Repairs(tally.repaired, tally.area_change_m2, tuple(tally.repairs)),
            overlaps=overlaps,
            gaps=gaps,
            notes=tuple(self._notes),
            seconds=time.monotonic() - self._started,
        )


def _then(rows: Iterator[Rows], done: Callable[[], None]) -> Iterator[Rows]:
    """Yield rows, and call when the last one is made."""
    yield from rows
    done()


def _sha256(path: Path) -> str | None:
    """Return the digest of a file; None for a FileGDB, which is a directory."""
    if path.is_dir():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
