"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from api.deps import of_request, only
from gis.statements import statements

router = APIRouter(prefix="/health", tags=["health"], dependencies=[Depends(only())])


@router.get("/live")
def live() -> dict[str, str]:
    """Say that the process answers; the database is not asked."""
    return {"status": "live"}


@router.get("/ready")
def ready(request: Request) -> JSONResponse:
    """Ask the database and name the versions that answer; 503 where it is silent or not migrated."""
    statement = statements(Path(__file__).with_suffix(".sql"))["versions"].sql()
    with of_request(request).pool.connection(timeout=2) as connection:
        row = connection.execute(statement).fetchone()
    names = ("postgresql", "postgis", "schema")
    return JSONResponse({"status": "ready", **dict(zip(names, row or (), strict=True))}, headers=_NOT_STORED)


_NOT_STORED = {"Cache-Control": "no-store"}
