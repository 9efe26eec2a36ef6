"""Proposals for the town, as GeoPackages that a planner would hand in."""

from __future__ import annotations

from pathlib import Path
from typing import Any  # attributes are of any kind

import geopandas

from gis.sample.squares import point, rectangle

Box = tuple[float, float, float, float]
Object = tuple[str, Any, dict[str, Any]]


def lot(box: Box, plan_use: str = "DAT_O_Nhomnhao", **values: Any) -> Object:
    return "zone", rectangle(*box), {"plan_use": plan_use, **values}


def parcel(box: Box, **values: Any) -> Object:
    return "parcel", rectangle(*box), values


def building(box: Box, building_use: str = "house", **values: Any) -> Object:
    return "building", rectangle(*box), {"building_use": building_use, **values}


def facility(east: float, north: float, facility_type: str, **values: Any) -> Object:
    return "facility", point(east, north), {"facility_type": facility_type, **values}


def written(folder: Path, *objects: Object, crs: int | None = 5899) -> str:
    """Write a proposal and return its path."""
    path = folder / "proposal.gpkg"
    path.unlink(missing_ok=True)
    for layer in dict.fromkeys(name for name, _, _ in objects):
        mine = [(shape, values) for name, shape, values in objects if name == layer]
        frame = geopandas.GeoDataFrame([values for _, values in mine], geometry=[shape for shape, _ in mine], crs=crs)
        frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio")
    return str(path)
