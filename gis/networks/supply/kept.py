"""The file that the layers were loaded from, kept beside them: what layers do not hold stands there."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from psycopg import Connection
from psycopg.rows import TupleRow

from gis.db import City
from gis.networks.supply.inp import Inp, parsed
from gis.networks.supply.stored import Stored
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, and the coordinate system it was read in."""

    inp: Inp
    crs: str


def keep(connection: Connection[TupleRow], delivery: int, inp: Inp, *, crs: str) -> None:
    """Keep the file of a delivery."""
    given = {"delivery": delivery, "name": inp.name, "crs": crs, "document": zlib.compress(inp.written)}
    connection.execute(statements(_SQL)["keep"].sql(), given)


def kept_file(city: City, stored: Stored) -> Kept | None:
    """Return the file that most of the stored nodes were loaded from; None where none of them came from one.

    Parameters
    ----------
    stored : the nodes and pipes of the city.
    """
    numbers, counts = np.unique(stored.nodes.whole("delivery"), return_counts=True)
    if not len(numbers):
        return None
    given = {"deliveries": [int(each) for each in numbers if each > 0]}
    found = city.connection.execute(statements(_SQL)["kept"].sql(), given).fetchall()
    if not found:
        return None
    rows = dict(zip(numbers.tolist(), counts.tolist(), strict=True))
    _, name, crs, document = max(found, key=lambda row: (rows[row[0]], row[0]))
    return Kept(parsed(name, zlib.decompress(document)), crs)
