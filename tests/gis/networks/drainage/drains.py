"""A few drains laid by hand, in metres east and north of the town's corner."""

from __future__ import annotations

from itertools import pairwise
from typing import Any  # attributes are of any kind

import shapely

from gis.db import City
from gis.sample.squares import line, point, rectangle
from tests.gis.hand import put

Place = tuple[float, float]


def manhole(city: City, code: str | None, at: Place, *, system: str = "storm", **values: Any) -> int:
    said = {
        "code": code or "",
        "sewer_system": system,
        "ground_level_m": 3.0,
        "invert_level_m": 0.0,
        "stage": "existing",
    }
    return put(city.connection, "manhole", shapely.to_wkt(point(*at)), **{**said, **values})


def outfall(city: City, code: str, at: Place, *, system: str = "storm", **values: Any) -> int:
    said = {"code": code, "sewer_system": system, "invert_level_m": 0.0, "stage": "existing"}
    return put(city.connection, "outfall", shapely.to_wkt(point(*at)), **{**said, **values})


def sewer(city: City, start: str | None, end: str | None, *places: Place, **values: Any) -> int:
    said = {
        "code": f"{start}-{end}",
        "sewer_system": "storm",
        "start_node": start,
        "end_node": end,
        "shape": "circular",
        "diameter_mm": 600,
        "roughness_n": 0.013,
        "invert_start_m": 1.2,
        "invert_end_m": 1.0,
        "stage": "existing",
    }
    return put(city.connection, "sewer", shapely.to_wkt(line(*places)), **{**said, **values})


def catchment(city: City, code: str, outlet: str | None, box: tuple[float, float, float, float], **values: Any) -> int:
    said = {"code": code, "outlet": outlet, "stage": "existing"}
    return put(city.connection, "catchment", shapely.to_wkt(rectangle(*box)), **{**said, **values})


def channel(city: City, name: str, *places: Place, **values: Any) -> int:
    said = {"name": name, "channel_type": "canal", "stage": "existing"}
    return put(city.connection, "channel", shapely.to_wkt(line(*places)), **{**said, **values})


def chain(city: City, *, levels: tuple[float, ...] = (1.5, 1.3, 1.1, 1.0), cover_m: float = 3.0) -> None:
    """Lay manholes A, B, … 100 m apart to an outfall Z, each sewer falling from one level to the next."""
    codes = [*(chr(ord("A") + place) for place in range(len(levels) - 1)), "Z"]
    for place, (code, level) in enumerate(zip(codes[:-1], levels, strict=False)):
        manhole(city, code, (100 * place, 0), invert_level_m=level, ground_level_m=cover_m)
    outfall(city, "Z", (100 * (len(codes) - 1), 0), invert_level_m=levels[-1])
    for place, (upper, lower) in enumerate(pairwise(codes)):
        ends = {"invert_start_m": levels[place], "invert_end_m": levels[place + 1]}
        sewer(city, upper, lower, (100 * place, 0), (100 * (place + 1), 0), **ends)
