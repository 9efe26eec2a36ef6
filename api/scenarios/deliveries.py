"""A file of changes is loaded into a scenario over HTTP, by the intake that every delivery goes through."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any  # rows of Arrow are of any kind

from fastapi import APIRouter, Depends, Request, Response

from api.deps import FromPool
from api.errors import ParameterError
from api.permission import permitted, seated
from api.query import single
from api.refusals import BodyError, NothingFitError, TooManyRowsError
from api.scenarios.bodies import Sent, kind
from api.scenarios.named import Here, written
from api.scenarios.opening import NOT_STORED
from gis.intake import Manner, Mode, Report, load
from gis.intake.errors import NothingStorableError
from gis.intake.folder import Account
from gis.intake.workroom import workroom

MOST_ROWS = 50_000
"""Rows of one file."""
MOST_REFUSED = 100
"""Refused rows that an answer names one by one; the register keeps all."""
PARAMETERS = ("mode", "key", "crs", "source-layer", "dry-run")
KINDS: Mapping[str, str] = {
    "application/geopackage+sqlite3": ".gpkg",
    "application/geo+json": ".geojson",
    "application/json": ".geojson",
    "application/flatgeobuf": ".fgb",
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.google-earth.kml+xml": ".kml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "text/csv": ".csv",
}
"""The kinds of files that are taken, and how the name of one ends; one of no said kind is told by its content."""
_BEGINNINGS = {b"SQLite format 3\0": ".gpkg", b"PK\x03\x04": ".zip"}
"""How files begin that are told by their names too."""
_NAME, _UID = "changes", "uid"
_CODE = re.compile(r"EPSG:[0-9]{4,6}", re.ASCII)
_LONGEST = 200

router = APIRouter(prefix="/scenarios", dependencies=[Depends(permitted), Depends(seated)])


@router.post("/{name}/collections/{layer}/changes", summary="Load a file of changes into a scenario")
def load_changes(at: Here, request: Request, body: Sent, database: FromPool) -> Response:
    """Load a file into a layer of a scenario: all of it that is fit, and say what became of every row."""
    given = single(request.scope["query_string"], PARAMETERS)
    mode, is_rehearsed = _mode(given.get("mode")), _is_rehearsed(given.get("dry-run"))
    crs, source_layer = _crs(given.get("crs")), _short(given, "source-layer")
    refused = _Refused()
    manner = Manner(
        dry_run=is_rehearsed,
        expect=_bounded,
        watch=_bounded,
        names_uid=_names_uid(given.get("key"), mode),
        account=refused.take,
    )
    with _file(body, kind(request, KINDS)) as path, written(database, at.scenario) as city:
        try:
            report = load(city, path, layer=at.layer.name, mode=mode, crs=crs, source_layer=source_layer, manner=manner)
        except NothingStorableError as nothing:
            raise NothingFitError(str(nothing), refused_rows=refused.rows) from None
    text = json.dumps(_told(report, refused), ensure_ascii=False, default=str)
    return Response(text, media_type="application/json", headers=NOT_STORED)


@dataclass(frozen=True, slots=True)
class _Refused:
    """The first of the rows that a load refused, each with its place in the file and its reason."""

    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def take(self, account: Account) -> None:
        for batch in account.refused.batches():
            shown = batch.select(["row_number", "reason", "message"]).slice(0, MOST_REFUSED - len(self.rows))
            self.rows.extend({"row": row.pop("row_number"), **row} for row in shown.to_pylist())


def _told(report: Report, refused: _Refused) -> dict[str, object]:
    """Say what a load did: the counts, the refused rows, and all that its report says."""
    done = report.outcome
    return {
        "scenario": report.scenario,
        "layer": report.layer,
        "mode": report.mode,
        "delivery": report.delivery,
        "added": done.get("inserted", 0) if done else report.stored,
        "changed": done.get("updated", 0),
        "removed": done.get("removed", 0),
        "unchanged": done.get("unchanged", 0),
        "refused": report.refused,
        "refused_rows": refused.rows,
        "report": report.as_dict(),
    }


@contextmanager
def _file(body: bytes, said: str) -> Generator[Path]:
    """Lay what was sent into a file, whose name ends as its kind wants it."""
    if not body:
        raise BodyError(f"There is no file in the body of the request; send one of {', '.join(KINDS)}.")
    with workroom() as folder:
        by_content = next((ending for beginning, ending in _BEGINNINGS.items() if body.startswith(beginning)), "")
        path = folder / f"{_NAME}{KINDS.get(said, by_content)}"
        path.write_bytes(body)
        yield path


def _bounded(rows: int) -> None:
    if rows > MOST_ROWS:
        raise TooManyRowsError(MOST_ROWS)


def _mode(said: str | None) -> Mode:
    if said is not None and said not in list(Mode):
        raise ParameterError("mode", said, "one of " + ", ".join(Mode))
    return Mode.APPEND if said is None else Mode(said)


def _names_uid(said: str | None, mode: Mode) -> bool:
    if said is not None and (said != _UID or mode is Mode.APPEND):
        raise ParameterError("key", said, f"{_UID}, with mode=upsert or replace, or left out")
    return said == _UID


def _is_rehearsed(said: str | None) -> bool:
    if said not in (None, "true", "false"):
        raise ParameterError("dry-run", said, "true or false")
    return said == "true"


def _crs(said: str | None) -> str | None:
    # By its code alone: a whole definition can name files of this machine.
    if said is not None and not _CODE.fullmatch(said):
        raise ParameterError("crs", said, "the code of a coordinate system, as EPSG:5899")
    return said


def _short(given: Mapping[str, str], name: str) -> str | None:
    value = given.get(name)
    if value is not None and len(value) > _LONGEST:
        raise ParameterError(name, value, f"at most {_LONGEST} letters long")
    return value
