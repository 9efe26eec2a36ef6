"""The whole sample city as a stream of batches, from a number of parcels and a seed."""

from __future__ import annotations

from collections.abc import Iterator

from gis.errors import QuyhoachError
from gis.sample.boundaries import boundaries
from gis.sample.buildings import buildings
from gis.sample.corridors import corridors, reserves
from gis.sample.facilities import facilities
from gis.sample.floods import floods
from gis.sample.layout import Layout, layout
from gis.sample.parcels import land_use_codes, parcels, sheets
from gis.sample.pipes import main_line, water
from gis.sample.plans import plans
from gis.sample.plots import plots
from gis.sample.sewers import drainage
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
    if not FEWEST <= parcels <= MOST:
        raise SampleSizeRefused(parcels)
    plan = layout(parcels=parcels, seed=seed)
    yield from boundaries(plan)
    yield from _waters_and_networks(plan)
    yield from zones(plan)
    yield from floods(plan)
    yield from _land(plan)


def _waters_and_networks(plan: Layout) -> Iterator[Batch]:
    named = edge_names(plan)
    net = supply(plan)
    works, drained = drainage(plan)
    yield from plans(plan)
    yield from waters(plan, ponds(plan))
    yield from roads(plan, named)
    yield from railways(plan)
    yield from transit(plan)
    yield from water(plan, net)
    yield from drained
    intakes = net.network.points[net.works]
    protected = {"wastewater_treatment": works, "water_intake": intakes, "water_main": main_line(net)}
    yield from corridors(plan, protected)
    yield from reserves(plan, named)


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
