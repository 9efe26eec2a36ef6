"""What is asked of a layer, ready to be run: as a page, as a server-side cursor, or as a COPY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from gis.features.system import System
from layers.model import Column, Layer


@dataclass(frozen=True, slots=True)
class Query:
    """One statement over a layer, as the search path of a city shows it.

    Parameters
    ----------
    statement : a SELECT that yields `uid`, each of `columns` by its name, `geom` (in EPSG:5899, as stored), and where
        features are read page by page `key_1`, `key_2` … by which they are ordered; in the order that was asked for. It
        names the layer without a schema, so that scenario and horizon decide.
    values : the values it binds, by name.
    columns : the attributes an answer shows, in order.
    system : coordinate system the answer is written in; see `drawn`.
    limit : most features; None where all are wanted.
    """

    layer: Layer
    statement: sql.Composed
    values: Mapping[str, object]
    columns: tuple[Column, ...]
    system: System
    limit: int | None = None

    def encoded(self, outputs: sql.Composable) -> sql.Composed:
        """Return the statement that yields these expressions for each feature, in the same order.

        The expressions see `uid`, the columns, and `geom`.
        """
        return sql.SQL("SELECT\n    {}\nFROM (\n{}\n) AS feature").format(outputs, self.statement)

    @property
    def drawn(self) -> sql.Composed:
        """The geometry of a feature in the system of the answer, its axes in the order of that system.

        Outer rings run against the clock as seen on the map.
        """
        return drawn(self.system)


def drawn(system: System, *, native_order: bool = True) -> sql.Composed:
    """Return the expression that turns `geom` into a coordinate system.

    Parameters
    ----------
    native_order : whether latitude comes first where the system says so; else always east before north.
    """
    moved = sql.SQL("ST_ForcePolygonCCW(ST_Transform(geom, {}))").format(sql.Literal(system.srid))
    return sql.SQL("ST_FlipCoordinates({})").format(moved) if native_order and system.north_first else moved
