"""Ways of building a quarter: what its lots measure, how its lanes run, what stands on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Make(IntEnum):
    """What a face of the city is made into."""

    WATER = 0
    BEACH = 1
    GREEN = 2
    FOREST = 3
    PADDY = 4
    CROPS = 5
    VILLAGE = 6
    OLD = 7
    ROW = 8
    VILLA = 9
    APARTMENT = 10
    MIXED = 11
    RESORT = 12
    INDUSTRY = 13
    CAMPUS = 14
    PARK = 15
    OFFICE = 16
    CEMETERY = 17
    FISH = 18


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a quarter is cut into lots: two rows back to back between lanes, in blocks between cross lanes.

    `sway_m` : how far lines stray from straight; `per_ha` : lots to expect on a hectare of site.
    """

    lot_width_m: float
    lot_depth_m: float
    lane_m: float
    block_m: float
    cross_m: float
    sway_m: float
    per_ha: float
    land_use: str
    alley_m: float | None = None
    people_per_lot: float = 0.0
    built: float = 1.0
    """Share of the lots that carry a building."""


PATTERNS: dict[Make, Pattern] = {
    Make.OLD: Pattern(4.6, 17.5, 8.5, 92, 9.0, 3.4, 76, "ODT", alley_m=4.0, people_per_lot=4.3),
    Make.ROW: Pattern(5.2, 19.5, 11.5, 104, 13.5, 1.0, 62, "ODT", people_per_lot=3.9, built=0.93),
    Make.VILLA: Pattern(11.0, 23.0, 13.5, 125, 15.0, 2.0, 26, "ODT", people_per_lot=4.0, built=0.88),
    Make.VILLAGE: Pattern(13.5, 31.0, 6.0, 150, 6.5, 7.0, 18, "ONT", people_per_lot=4.1, built=0.82),
    Make.APARTMENT: Pattern(46.0, 42.0, 14.0, 150, 15.0, 0.6, 3.7, "ODT", people_per_lot=210, built=0.95),
    Make.MIXED: Pattern(24.0, 36.0, 13.5, 110, 15.0, 0.8, 9.0, "TMD", people_per_lot=26, built=0.92),
    Make.RESORT: Pattern(52.0, 60.0, 12.0, 220, 13.5, 1.5, 2.5, "TMD", people_per_lot=12, built=0.85),
    Make.INDUSTRY: Pattern(66.0, 78.0, 22.0, 270, 22.0, 0.4, 1.5, "SKK", built=0.94),
    Make.CAMPUS: Pattern(85.0, 70.0, 12.0, 190, 12.0, 0.8, 1.3, "DGD", people_per_lot=20, built=1.0),
    Make.OFFICE: Pattern(42.0, 44.0, 13.5, 140, 15.0, 0.4, 4.0, "TSC", built=1.0),
    Make.PARK: Pattern(400.0, 400.0, 8.0, 900, 8.0, 0.0, 0.3, "DKV", built=0.0),
    Make.GREEN: Pattern(400.0, 400.0, 8.0, 900, 8.0, 0.0, 0.3, "DKV", built=0.0),
    Make.PADDY: Pattern(24.0, 68.0, 3.2, 250, 4.0, 6.0, 4.6, "LUC", people_per_lot=0.4, built=0.0),
    Make.CROPS: Pattern(31.0, 60.0, 3.2, 220, 4.5, 7.0, 4.1, "HNK", people_per_lot=0.5, built=0.05),
    Make.FISH: Pattern(38.0, 55.0, 4.5, 200, 5.0, 4.0, 3.3, "NTS", built=0.04),
    Make.FOREST: Pattern(210.0, 170.0, 5.0, 900, 5.0, 9.0, 0.27, "RSX", people_per_lot=0.3, built=0.0),
    Make.CEMETERY: Pattern(90.0, 70.0, 8.0, 300, 8.0, 1.0, 1.0, "NTD", built=0.0),
}
"""Waters and beaches have no lots."""

LIVED_IN = (Make.OLD, Make.ROW, Make.VILLA, Make.VILLAGE, Make.APARTMENT, Make.MIXED)
TOWN = (*LIVED_IN, Make.RESORT, Make.INDUSTRY, Make.CAMPUS, Make.PARK, Make.OFFICE)

RED_LINES_M = (60.0, 48.0, 36.0, 27.0, 20.5, 17.5, 15.0, 11.5, 4.0)
"""Width between the red lines of a street, by rank."""

RAILWAY_LAND_M = 24.0
