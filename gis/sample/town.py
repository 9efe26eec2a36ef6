"""The town: ten hectare squares on which every number can be checked on paper.

Its south-west corner lies at E 550 000, N 1 776 000 (EPSG:5899). Positions below are metres east and north of it.
Squares A–E lie south, F–J north of the middle street; each is 100 m by 100 m. The ground is flat at 3.0 m. ::

    200 +---------+---------+---------+---------+----+~~~~+
        |    F    |    G    |    H    |    I    | J  |~~~~|   wards: WEST = A B F G (4 ha, 400 people)
        |  park   |school|mkt| shops  |  flats  |green~~~~|          EAST = C D E H I J (6 ha, 600 people)
    100 +=========+=========M1========M2========M3===O1===+   ===  middle street, 27 m between its red lines
        |    A    |    B    |    C    |    D    | E  |~~~~|   ~~~  river, 50 m wide (1 ha)
        |10 strips|4 quarters factory |2 fields |field~~~~|
      0 +---------+---------+---------+---------+----+~~~~+
        0        100       200       300       400  450  500

*Streets.* Along 0, 100 and 200 north (500 m each) and 0, 100, 200, 300, 400 east (200 m each): 2 500 m today, in 30
pieces between junctions. The one along 200 east is one way, northwards. The middle street bridges the river (450–500,
level 1). By 2030 comes the river road along 450 east (200 m), by 2045 a raised road along 350 east (200 m, level 1)
that crosses the middle street without meeting it.

*Parcels.* A: ten of 10 m x 100 m (numbers 1–10 of sheet 1). B: four of 50 m x 50 m (11, 12, 13 and **13 again**: one
deliberate twin). F: park of 1 ha (20). G: school and market of 0.5 ha each (21, 22). C: factory of 1 ha (1 of sheet 2).
D: two fields of 0.5 ha (2, 3). E: a field of 0.5 ha (4) that goes by 2030, when two lots of 0.25 ha come (5, 6). H: two
of 0.5 ha (7, 8). I: 1 ha (9). J: 0.5 ha of green (10). So 25 parcels today, 26 from 2030; both cover 9 ha.

*Buildings.* On each strip of A one of 10 m x 50 m, 2 storeys (floor area ratio 1.0); in each quarter of B one of 20 m x
25 m, 4 storeys (0.8); school 30 m x 50 m, 3 storeys (0.9); market 40 m x 50 m, 1 storey; factory 50 m x 100 m, 1 storey
(0.5); in H two of 20 m x 50 m, 5 storeys (1.0); flats 40 m x 50 m, 10 storeys, 40 m high (2.0).

*Plan.* 2030: Z1 = A+B housing (2 ha, ratio 2.0), Z2 = F park, Z3 = G school, Z4 = C+H housing (2 ha: the factory
conflicts), Z5 = D and E west of the river, housing (1.5 ha), Z6 = I and J west of the river, mixed (1.5 ha, ratio 4.0),
Z7 river (1 ha). 2045: Z4 is only 200–250 east, mixed (1 ha), Z5 = 250–450 south (2 ha), Z6 = 250–450 north (2 ha, ratio
6.0): the factory parcel is split into halves of 0.5 ha. The river bank corridor is 20 m wide (430–450 east, 0.4 ha): it
takes 0.2 ha of the field in E and of the green in J. The power line corridor is 80–100 north, 0–200 east (0.4 ha,
heights up to 4 m): buildings of A and B stand in it. The reserve of the middle street is 500 m x 27 m (1.35 ha).

*Water.* R1 (0, 0, head 5 m) - 50 m - pump PU1 (0, 50; 36 m³/h at 30 m) - 50 m - J1 (0, 100) - 100 m - J2 (100, 100),
and the loop J2 - J3 (200, 100) - J4 (200, 200) - J5 (100, 200) of 100 m sides; hydrant H1 (150, 100) halves the side J2
- J3. From J3 50 m to valve V1 (250, 100), 50 m to J6 (300, 100), 100 m to tank T1 (300, 200; floor 30 m, level 3 m).
Demands in m³/day: J2 100, J3 100, J4 50, J5 50, J6 100: 400 in all. All pipes 200 mm, C = 130. Shutting V1 leaves J6
with the tank alone.

*Drains.* Storm: M1 (200, 100; bed 1.50) - M2 (300, 100; 1.30) - M3 (400, 100; 1.10) - outfall O1 (450, 100; 1.00):
falls of 2 in a thousand, 600 mm. Sanitary: S1 (100, 0; 1.50) - S2 (200, 0; 1.20) - outfall O2 (300, 0; 0.90): 3 in a
thousand, 300 mm. Catchments: C1 = everything west of the river north of the middle street (4.5 ha, to M1), C2 = south
of it (4.5 ha, to M2).

*Floods.* Ten years: 425–450 east, 0–0.5 m (0.5 ha). A hundred years: 400–425 east 0–0.5 m, 425–450 east 0.5–1 m (1 ha
in all).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any  # values of declared columns, of any kind

import geopandas
import numpy as np

from gis.db import City
from gis.sample.load import load_batches
from gis.sample.stream import DOCUMENT, SOURCE, SOURCE_DATE, Batch, batches
from gis.sample.town_land import land_features
from gis.sample.town_networks import network_features
from gis.sample.town_plan import plan_features
from layers import LAYERS

CRS = "EPSG:5899"

_KERNEL = {"source": SOURCE, "source_document": DOCUMENT, "source_date": SOURCE_DATE, "quality": "generated"}


def town() -> dict[str, geopandas.GeoDataFrame]:
    """Return the town as a frame for each declared layer, with its declared columns and where it comes from."""
    frames: dict[str, geopandas.GeoDataFrame] = {}
    for name, rows in _features().items():
        columns = [column.name for column in LAYERS[name].columns]
        values = {column: [row.get(column) for row in rows] for column in columns}
        geometry = [row["geometry"] for row in rows]
        frames[name] = geopandas.GeoDataFrame({**values, **_KERNEL}, geometry=geometry, crs=CRS)
    return frames


def load_town(city: City) -> dict[str, int]:
    """Store the town in one transaction; return the rows stored by layer."""
    return load_batches(city, _batches())


def _batches() -> Iterator[Batch]:
    for name, rows in _features().items():
        geometry = np.array([row["geometry"] for row in rows], dtype=object)
        given = sorted({column for row in rows for column in row} - {"geometry"})
        yield from batches(name, geometry, {column: [row.get(column) for row in rows] for column in given})


def _features() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    found = {**land_features(), **plan_features(), **network_features()}
    return {name: found[name] for name in LAYERS}


__all__ = ["CRS", "load_town", "town"]
