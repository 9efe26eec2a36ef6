"""One side of a comparison, as a process: `python -m tests.bench.evaluating.pawns SIDE FILE [ARGUMENT]`.

The database is that of `QUYHOACH_DATABASE_URL`. What was found is written to the file as JSON, so that both sides can
be held against each other.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Areas = dict[str, float]
"""Hectares by what they are of."""


def main() -> None:
    """Run one side."""
    side, out, *arguments = sys.argv[1:]
    url = os.environ["QUYHOACH_DATABASE_URL"]
    Path(out).write_text(json.dumps(SIDES[side](url, *arguments)), encoding="utf-8")


def ours(url: str) -> Areas:
    """Ask for the land balance and for what becomes of each use."""
    from gis.asking import ask
    from gis.db import open_city

    with open_city(url) as city:
        balance = ask(city, "land_balance").table_named()
        change = ask(city, "land_use_change").table_named()
    found = {
        f"{column} {code}": area
        for column in ("existing_ha", "2030_ha", "2045_ha")
        for code, area in zip(balance.column("code"), balance.column(column), strict=True)
        if isinstance(code, str) and isinstance(area, float)
    }
    pairs = zip(change.column("earlier"), change.column("later"), change.column("area_ha"), strict=True)
    # What has no use before or after stands there in words.
    both = (
        (first, second, area) for first, second, area in pairs if isinstance(first, str) and isinstance(second, str)
    )
    return found | {f"{first} {second}": area for first, second, area in both}


def theirs(url: str, plan: str = "MAU-QHC-2025") -> Areas:
    """Read both layers and overlay them with geopandas."""
    import geopandas

    engine = _engine(url)
    parcels = geopandas.read_postgis("SELECT land_use_code, geom FROM at_existing.parcel", engine)
    found: Areas = {}
    for column, code, layer in (
        ("existing_ha", "land_use_code", parcels),
        *(
            (f"{year}_ha", "plan_use", geopandas.read_postgis(_ZONES.format(year=year), engine, params=(plan,)))
            for year in (2030, 2045)
        ),
    ):
        sums = layer.assign(area=layer.area).groupby(code)["area"].sum()
        found |= {f"{column} {key}": area / 10_000 for key, area in sums.items()}
    zones = geopandas.read_postgis(_ZONES.format(year=2030), engine, params=(plan,))
    both = geopandas.overlay(parcels, zones)
    sums = both.assign(area=both.area).groupby(["land_use_code", "plan_use"])["area"].sum()
    return found | {f"{first} {second}": area / 10_000 for (first, second), area in sums.items()}


_ZONES = "SELECT plan_use, geom FROM at_{year}.zone WHERE plan_code = %s"


def asked(url: str, question: str, *arguments: str) -> dict[str, Any]:
    """Ask one question; return how many verdicts and rows it has."""
    from gis.asking import ask
    from gis.db import open_city

    given = dict(argument.split("=", 1) for argument in arguments)
    with open_city(url) as city:
        finding = ask(city, question, **given)
    return {"verdicts": len(finding.verdicts), "rows": sum(len(table.rows) for table in finding.tables)}


def supply(url: str, path: str) -> dict[str, Any]:
    """Simulate a day of the water supply out of its layers; leave the file that the engine ran."""
    from gis.db import open_city
    from gis.networks.supply.model import model
    from gis.networks.supply.running import runnable
    from gis.networks.supply.simulation import simulate

    with open_city(url) as city:
        found = model(city)
    simulated = simulate(found, hours=24)
    Path(path).write_text(runnable(found, hours=24), encoding="utf-8")
    return {"nodes": len(found.network.nodes), "times": len(simulated.time_s)}


def epanet(_url: str, path: str) -> dict[str, Any]:
    """Run EPANET alone on a file; return how long it took, the library being there."""
    import time

    from wntr.epanet.toolkit import runepanet

    began = time.perf_counter()
    runepanet(path)
    return {"seconds": time.perf_counter() - began}


def _engine(url: str) -> Any:
    import psycopg
    import sqlalchemy

    return sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url))


SIDES: dict[str, Callable[..., dict[str, Any]]] = {
    "ours": ours,
    "theirs": theirs,
    "asked": asked,
    "supply": supply,
    "epanet": epanet,
}

if __name__ == "__main__":
    main()
