"""The whole sample city as a stream of batches, from a number of parcels and a seed."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from gis.errors import QuyhoachError
from gis.sample.arrays import Floats
from gis.sample.boundaries import boundaries
from gis.sample.buildings import buildings
from gis.sample.corridors import corridors, reserves
from gis.sample.drains import SANITARY, drains
from gis.sample.facilities import facilities
from gis.sample.floods import floods
from gis.sample.layout import Layout, layout
from gis.sample.parcels import land_use_codes, parcels, sheets
from gis.sample.pipes import main_line, water
from gis.sample.plans import plans
from gis.sample.plots import plots
from gis.sample.roads import Streets, streets
from gis.sample.sewers import sanitary_drains, storm_drains
from gis.sample.stream import Batch
from gis.sample.supply import supply
from gis.sample.transit import transit
from gis.sample.transport import edge_names, railways, roads
from gis.sample.uses import land_uses, unbuilt_uses
from gis.sample.waterways import ponds, waters
from gis.sample.zones import zones

FEWEST, MOST = 2_000, 3_000_000


class SampleSizeRefused(QuyhoachError):
    """A sample city of that many parcels cannot be generated."""

    def __init__(self, parcels: int) -> None:
        super().__init__(f"A sample city has {FEWEST:,} to {MOST:,} parcels, not {parcels:,}.")


def generate(*, parcels: int = 25_000, seed: int = 1) -> Iterator[Batch]:
    """Generate a city at Đà Nẵng's coordinates that is not Đà Nẵng.

    Every layer has features; every feature says that it is a sample. The same number and seed give the same bytes.
    Memory is bounded: parcels, buildings and land use are made some quarters at a time, the networks as arrays.

    Parameters
    ----------
    parcels
        How many parcels to come near, within two in a hundred; the city grows in area with them.
    seed
        What chance starts from.

    Yields
    ------
    (layer name, batch)
        Batches with a column `geometry` (WKB, EPSG:5899), the declared columns and the kernel's source columns.

    Raises
    ------
    SampleSizeRefused
        When the number is outside 2 000 to 3 000 000.
    """
    refuse_size(parcels)
    plan = layout(parcels=parcels, seed=seed)
    yield from _plans_and_waters(plan)
    yield from zones(plan)
    yield from floods(plan)
    yield from _networks(plan)
    yield from _land(plan)


def refuse_size(parcels: int) -> None:
    """Raise SampleSizeRefused for a number of parcels that is outside 2 000 to 3 000 000."""
    if not FEWEST <= parcels <= MOST:
        raise SampleSizeRefused(parcels)


def _plans_and_waters(plan: Layout) -> Iterator[Batch]:
    yield from boundaries(plan)
    yield from plans(plan)
    yield from waters(plan, ponds(plan))
    yield from railways(plan)


def _networks(plan: Layout) -> Iterator[Batch]:
    """Yield streets, transit, water and drains in turn; no network outlives its turn but the streets they follow."""
    named = edge_names(plan)
    ways = streets(plan.frame, plan.bones, plan.home, plan.sway)
    yield from roads(plan, ways, named)
    yield from reserves(plan, named)
    yield from transit(plan, ways)
    protected = yield from _supplied(plan, ways)
    yield from storm_drains(plan, ways)
    sanitary = drains(plan, ways, SANITARY)
    yield from sanitary_drains(plan, sanitary)
    yield from corridors(plan, {**protected, "wastewater_treatment": sanitary.mouth})


def _supplied(plan: Layout, ways: Streets) -> Generator[Batch, None, dict[str, Floats]]:
    """Yield the water supply; return the places of its works that must be protected."""
    net = supply(plan, ways)
    yield from water(plan, net)
    return {"water_intake": net.network.points[net.works], "water_main": main_line(net)}


def _land(plan: Layout) -> Iterator[Batch]:
    within = sheets(plan)
    built: set[int] = set()
    for table in plots(plan):
        codes = land_use_codes(plan, table)
        yield from parcels(plan, table, codes, within)
        yield from buildings(plan, table)
        yield from facilities(plan, table)
        yield from land_uses(plan, table, codes)
        built.update(table.quarter[table.stage == 0].tolist())
    yield from unbuilt_uses(plan, built)
