"""Questions about whole cities against reading and overlaying them, and a proposal of 500 objects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import psycopg
import shapely

from tests.bench.evaluating.sides import farthest_apart, side
from tests.bench.figures import Figure, not_measured
from tests.bench.measure import Run, in_turn, median_s, peak_mib
from tests.bench.serving.ground import Ground

_LEAST_HA = 0.1
"""Smaller areas of the overlay are slivers, whose shares say nothing."""
_METHOD = "land_balance and land_use_change / geopandas: read parcels and zones, sum, overlay; each a process, in turn"


def overlay(ground: Ground) -> Iterator[Figure]:
    """Yield the land balance and the change of use of the whole city against geopandas, and how cost grows."""
    small = list(_compared(ground, ground.city_url, ground.scale.parcels, rounds=min(3, ground.scale.rounds)))
    yield from small
    if ground.large_url is None:
        yield not_measured("cost when parcels grow ten times", "×", "no large city", most=11)
        return
    large = list(_compared(ground, ground.large_url, ground.scale.large_parcels, rounds=1))
    yield from large
    seconds = [next(each.value for each in found if each.unit == "s") for found in (small, large)]
    grown = 10 * (seconds[1] / ground.scale.large_parcels) / (seconds[0] / ground.scale.parcels)
    note = f"{seconds[0]:.1f} s and {seconds[1]:.1f} s; per parcel, for ten times as many"
    yield Figure("cost when parcels grow ten times", grown, "×", most=11, note=note, method=_METHOD)


def _compared(ground: Ground, url: str, parcels: int, *, rounds: int) -> Iterator[Figure]:
    ours: list[Run] = []
    theirs: list[Run] = []
    apart = 0.0
    for _ in range(rounds):
        measured, found = side(url, ground.folder, "ours")
        ours.append(measured)
        measured, expected = side(url, ground.folder, "theirs")
        theirs.append(measured)
        apart = max(apart, farthest_apart(found, expected, least=_LEAST_HA))
    name = f"land balance and change of use, {parcels:,} parcels"
    note = f"{median_s(ours):.1f} s, geopandas {median_s(theirs):.1f} s, {peak_mib(theirs):.0f} MiB"
    yield Figure(f"{name}: against overlay", in_turn(ours, theirs), "×", least=3, note=note, method=_METHOD)
    yield Figure(f"{name}: areas apart", 100 * apart, "%", most=0.01, note=f"areas of {_LEAST_HA} ha and more")
    yield Figure(f"{name}: peak memory", peak_mib(ours), "MiB", most=500)
    yield Figure(f"{name}: time", median_s(ours), "s", most=float("inf"))


def proposal(ground: Ground) -> Iterator[Figure]:
    """Yield how long a proposal of 500 objects takes against all rules."""
    path = ground.folder / "proposal.gpkg"
    _write_proposal(ground.city_url, path)
    runs: list[Run] = []
    verdicts = 0
    for _ in range(min(3, ground.scale.rounds)):
        measured, found = side(ground.city_url, ground.folder, "asked", "plan_conformance", f"proposal={path}")
        runs.append(measured)
        verdicts = found["verdicts"]
    note = f"{verdicts:,} verdicts; starting included"
    yield Figure("a proposal of 500 objects against all rules", median_s(runs), "s", most=5, note=note)


def _write_proposal(url: str, path: Path) -> None:
    """Write 250 lots with a building on each, on dwelling parcels all over the city."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT ST_AsBinary(geom) FROM at_existing.parcel"
            " WHERE land_use_code = 'ODT' ORDER BY md5(uid::text) LIMIT 250"
        ).fetchall()
    lots = shapely.from_wkb(np.array([bytes(row[0]) for row in rows], dtype=object))
    buildings = shapely.buffer(lots, -1)
    uses = np.where(np.arange(len(lots)) % 2, "apartment", "house")
    geopandas.GeoDataFrame(
        {"plan_use": "DAT_O_Nhomnhao", "max_built_share": 0.8, "min_green_share": 0.1}, geometry=lots, crs=5899,
        index=range(len(lots)),
    ).to_file(path, layer="zone")  # fmt: skip
    geopandas.GeoDataFrame(
        {"building_use": uses, "height_m": 15.0, "storeys": 4}, geometry=buildings, crs=5899, index=range(len(lots))
    ).to_file(path, layer="building")


def indicators(ground: Ground) -> Iterator[Figure]:
    """Yield how long all indicators of all wards at three horizons take."""
    runs = [side(ground.city_url, ground.folder, "asked", "indicators")[0] for _ in range(min(3, ground.scale.rounds))]
    yield Figure("indicators of all wards at three horizons", median_s(runs), "s", most=30, note="starting included")
