"""Footprints of the features a layer holds, read from the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import numpy as np
import shapely
from psycopg import Connection, sql

from gis.intake.coverage.footprints import CROWD, Box, Window
from gis.statements import statements
from layers.model import Layer

_SQL = Path(__file__).with_suffix(".sql")


def together(layer: Layer) -> sql.Composable:
    """Return the expression for what the features of a layer may not overlap within, as text."""
    columns = [sql.Identifier(name) for name in layer.intake.exclusive or ()]
    if not columns:
        return sql.Literal("")
    return sql.SQL("concat_ws({})").format(sql.SQL(", ").join([sql.Literal(" · "), *columns]))


class StoredFootprints:
    """All features of a layer, of which those of one delivery are new; named by their uid.

    The connection must not be used for anything else while they are asked for.
    """

    def __init__(self, connection: Connection[Any], layer: Layer, stored: sql.Identifier, delivery: int) -> None:
        self._connection, self._delivery, self._known = connection, delivery, statements(_SQL)
        self._places = {"layer": stored, "together": together(layer)}

    def reach(self) -> Box | None:
        """Return the box all new ones lie in; None where there is none."""
        query = self._known["reach"].sql(**self._places)
        row = self._connection.execute(query, {"delivery": self._delivery}).fetchone()
        return None if row is None or row[0] is None else row

    def crowd(self, box: Box) -> int:
        """Return how many meet a box; counting stops beyond `CROWD`."""
        query = self._known["crowd"].sql(**self._places)
        row = self._connection.execute(query, {**_corners(box), "most": CROWD + 1}).fetchone()
        return int(row[0]) if row else 0

    def window(self, box: Box) -> Window | None:
        """Return those that meet a box; None where none does."""
        query = self._known["window"].sql(**self._places)
        with self._connection.cursor(binary=True) as cursor:
            row = cursor.execute(query, {**_corners(box), "delivery": self._delivery}).fetchone()
        if row is None or row[0] is None:
            return None
        names, are_new, digests, shapes = row
        parts = shapely.get_parts(shapely.from_wkb(shapes))
        return Window(box, np.asarray(names), np.asarray(are_new, dtype=np.bool_), np.asarray(digests), parts)


def uids_of(connection: Connection[Any], stored: sql.Identifier, delivery: int, names: list[int]) -> dict[int, int]:
    """Return the uids of the rows of a delivery that were stored first, second …, counted from 0."""
    query = statements(_SQL)["uids"].sql(layer=stored)
    return dict(connection.execute(query, {"delivery": delivery, "places": names}).fetchall())


def _corners(box: Box) -> dict[str, float]:
    return dict(zip(("west_m", "south_m", "east_m", "north_m"), box, strict=True))
