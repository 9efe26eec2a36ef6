"""What is exported: the features of a layer as a city shows them, all or those that meet a box."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # psycopg's connections are generic over the rows they return

import pyarrow as pa
from psycopg import Connection, sql

from gis.arrow import ARROW
from gis.copy import GEOMETRY
from gis.db import City
from gis.export.card import Source, comment
from gis.export.errors import SystemUnheldError
from gis.export.rows import rows
from gis.features import Box
from gis.scenarios.reach import sight
from gis.schema import stored_columns
from gis.statements import statements
from layers.model import Column, Kind, Layer, Words

_SQL = Path(__file__).with_suffix(".sql")
ALL_HORIZONS = "all"
_MOST_SOURCES = 50
_UID = Column(
    "uid",
    Kind.INTEGER,
    Words("Mã duy nhất", "Unique name"),
    Words("Mã của đối tượng, duy nhất trong toàn thành phố", "Name of the feature, unique in the whole city"),
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Features of one layer, in one coordinate system: those the city shows, or those of every horizon."""

    city: City
    layer: Layer
    box: Box | None
    srid: int
    every_horizon: bool = False

    @property
    def horizon(self) -> str:
        """Name of the horizon, or `all`."""
        return ALL_HORIZONS if self.every_horizon else self.city.horizon.value

    @property
    def columns(self) -> tuple[Column, ...]:
        """The uid, the declared columns, and those every feature carries."""
        return (_UID, *stored_columns(self.layer))

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the features: columns with title and comment as GDAL reads them, then the geometry."""
        return arrow_schema(self.columns)

    def batches(self) -> Generator[pa.RecordBatch]:
        """Yield the features in the order of their uid."""
        columns = sql.SQL(",\n    ").join(sql.Identifier(column.name) for column in self.columns)
        query = statements(_SQL)["features"].sql(layer=self._place(), columns=columns)
        connection = self.city.connection
        # By the index, so that the first feature comes at once and the server keeps none: never sorted as a whole.
        connection.execute("SET LOCAL enable_sort = off")
        yield from rows(connection, query, {**self._reach(), "srid": self.srid}, self.schema)
        connection.execute("SET LOCAL enable_sort TO DEFAULT")

    def sources(self) -> tuple[tuple[Source, ...], int]:
        """Return the most frequent sources, and the number of all features."""
        query = statements(_SQL)["sources"].sql(layer=self._place())
        found = self.city.connection.execute(query, {**self._reach(), "most": _MOST_SOURCES}).fetchall()
        sources = tuple(Source(name, document, features) for name, document, features, _ in found)
        return sources, found[0][3] if found else 0

    def lengths(self) -> tuple[int, dict[str, int]]:
        """Return the number of vertices, and for each text column the bytes of its longest text."""
        names = [column.name for column in self.columns if column.kind is Kind.TEXT]
        longest = sql.SQL(",\n    ").join(
            sql.SQL("coalesce(max(octet_length({})), 0)").format(sql.Identifier(name)) for name in names
        )
        query = statements(_SQL)["lengths"].sql(layer=self._place(), longest=longest)
        vertices, *lengths = self.city.connection.execute(query, self._reach()).fetchall()[0]
        return vertices, dict(zip(names, lengths, strict=True))

    def _place(self) -> sql.Identifier:
        """Return the table of all horizons, or what the search path shows of it."""
        if self.every_horizon:
            return sight(self.city.connection, self.city.scenario).table(self.layer)
        return sql.Identifier(self.layer.name)

    def _reach(self) -> dict[str, object]:
        west, south, east, north = self.box.web if self.box else (0.0, 0.0, 0.0, 0.0)
        return {"boxed": self.box is not None, "west": west, "south": south, "east": east, "north": north}


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """Return the Arrow schema of features with these columns: each with title and comment, then the geometry."""
    fields = [
        pa.field(
            column.name,
            ARROW[column.kind],
            metadata={"GDAL:OGR:alternative_name": column.title.vi, "GDAL:OGR:comment": comment(column)},
        )
        for column in columns
    ]
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})])


def refuse_unheld_system(connection: Connection[Any], srid: int) -> None:
    """Raise SystemUnheldError where the database has no such coordinate system."""
    row = connection.execute(statements(_SQL)["holds_system"].sql(), {"srid": srid}).fetchone()
    if row is None or not row[0]:
        raise SystemUnheldError(f"EPSG:{srid}")
