"""Whether the service lives, whether it can answer, and what it counts of itself."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from typing import cast

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from psycopg import errors as sql_errors

from api.deps import FromPool, only
from api.ogc.media import METRICS
from api.refusals import NotReadyError
from api.tally import exposition, of_all_workers, of_this_worker, write_down
from api.tiles import TileRoom
from api.work import measure
from gis import migrations
from gis.settings import Settings
from gis.statements import statements

router = APIRouter(tags=["health"], dependencies=[Depends(only())])

_NOT_STORED = {"Cache-Control": "no-store"}
_WAIT_S = 2.0
_UNKNOWN = ("", "", "")
_MIB = 1024 * 1024


@router.get("/health/live")
def live() -> JSONResponse:
    """Say that the process answers; the database is not asked."""
    return JSONResponse({"status": "live"}, headers=_NOT_STORED)


@router.get("/health/ready")
def ready(request: Request, database: FromPool) -> JSONResponse:
    """Ask the database and name the versions that answer; 503 where it is silent or not migrated."""
    statement = statements(Path(__file__).with_suffix(".sql"))["versions"].sql()
    with database.pool.connection(timeout=_WAIT_S) as connection:
        try:
            postgresql, postgis, schema = connection.execute(statement).fetchone() or _UNKNOWN
        except (sql_errors.UndefinedTable, sql_errors.UndefinedFunction, sql_errors.InvalidSchemaName):
            raise NotReadyError("The database holds no city yet; `quyhoach up` makes its tables.") from None
        if not migrations.is_current(connection):
            wanted = migrations.head()
            raise NotReadyError(
                f"The database is at revision {schema}, or its views are of another version of the service, "
                f"which needs revision {wanted}; `quyhoach up` brings it there."
            )
    local_dir = cast(Settings, request.app.state.settings).local_dir
    beside = local_dir if local_dir.exists() else Path("/")
    document = {
        "status": "ready",
        "quyhoach": version("quyhoach"),
        "postgresql": postgresql,
        "postgis": postgis,
        "schema": schema,
        "disk_free_mb": shutil.disk_usage(beside).free // _MIB,
    }
    return JSONResponse(document, headers=_NOT_STORED)


@router.get("/metrics", response_class=Response)
def metrics(request: Request, database: FromPool) -> Response:
    """Show Prometheus what all workers have counted."""
    measure(database, cast(TileRoom, request.app.state.tile_room))
    directory = cast(Settings, request.app.state.settings).shared_dir
    if directory is None:
        whole = of_this_worker()
    else:
        write_down(directory)
        whole = of_all_workers(directory)
    return Response(exposition(whole), media_type=METRICS.type, headers=_NOT_STORED)
