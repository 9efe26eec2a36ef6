"""What a map shows, read from the city: a bounded part of each layer, and the quiet context beneath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # attribute values are whatever the columns hold

from psycopg import sql

from gis.db import City
from gis.features import WORLD, Box
from gis.statements import statements
from gis.tiles import tile_columns
from layers import LAYERS
from layers.model import Column, Layer

CONTEXT = ("water_body", "road", "ward")
_MOST_OF_CONTEXT = 4_000
_CONTEXT_MARGIN = 0.5
"""Context reaches beyond what is shown by this share of its width, on each side."""
_CONTEXT_STEPS = 3_000
"""Context lines may move by the width of what is shown over this."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of a layer that a map shows.

    `features` are (uid, attributes in the order of `columns`, outline as GeoJSON text); `total` counts what meets the
    box; `sources` names who delivered what is shown; `reach` is the box around it, None where nothing is shown. What is
    drawn from tiles is `counted` by the painted column, and none of it is read.
    """

    layer: Layer
    columns: tuple[Column, ...]
    features: tuple[tuple[int, list[Any], str], ...]
    total: int
    sources: frozenset[str]
    reach: Box | None
    counted: Counter[str | None] | None = None

    @property
    def shown(self) -> int:
        """How many features are shown: those that were read, or all where they are drawn from tiles."""
        return len(self.features) if self.counted is None else self.total

    @property
    def painted_by(self) -> int | None:
        """Place of the painted column among the columns; None where the layer has one colour."""
        return next((place for place, column in enumerate(self.columns) if column.name == self.layer.paint.by), None)

    @property
    def codes(self) -> Counter[str | None]:
        """How many of the shown features have each value of the painted column."""
        if self.counted is not None:
            return self.counted if self.painted_by is not None else Counter()
        if self.painted_by is None:
            return Counter()
        return Counter(attributes[self.painted_by] for _, attributes, _ in self.features)


def read(city: City, layers: Sequence[Layer], *, box: Box | None, limit: int) -> list[Shown]:
    """Read the features nearest to the middle of the box, or of the first layer, at most `limit` of each layer.

    Where the first layer is larger than the limit, the others are read in the box around what is shown of it.
    """
    shown: list[Shown] = []
    reach = box or WORLD
    for layer in layers:
        part = _part(city, layer, reach, limit)
        if not shown and part.reach is not None and len(part.features) < part.total:
            reach = part.reach
        shown.append(part)
    return shown


def tallied(city: City, layer: Layer, *, box: Box | None) -> Shown:
    """Count the features of a layer instead of reading them: for what is drawn from the tiles of the service."""
    west, south, east, north = (box or WORLD).web
    code = sql.Literal(None) if layer.paint.by is None else sql.Identifier(layer.paint.by)
    rows = city.connection.execute(
        statements(_SQL)["tally"].sql(layer=sql.Identifier(layer.name), code=sql.SQL("{}::text").format(code)),
        {"west": west, "south": south, "east": east, "north": north},
    ).fetchall()
    counts: Counter[str | None] = Counter()
    for value, _, features, *_ in rows:
        counts[value] += features
    return Shown(
        layer,
        tile_columns(layer),
        features=(),
        total=counts.total(),
        sources=frozenset(source for _, source, *_ in rows),
        reach=_around([row[3:] for row in rows]),
        counted=counts,
    )


def context(city: City, around: Box, *, without: Sequence[Layer]) -> dict[str, list[str]]:
    """Read the outlines of water, streets and wards about a box as GeoJSON texts, by layer, where not shown anyway."""
    west, south, east, north = around.web
    margin = _CONTEXT_MARGIN * max(east - west, north - south)
    parameters = {
        "west": west - margin,
        "south": south - margin,
        "east": east + margin,
        "north": north + margin,
        "tolerance_m": max(east - west, north - south) / _CONTEXT_STEPS,
        "rows": _MOST_OF_CONTEXT,
    }
    wanted = [name for name in CONTEXT if LAYERS[name] not in without]
    found: dict[str, list[str]] = {}
    for name in wanted:
        statement = statements(_SQL)["context"].sql(layer=sql.Identifier(name))
        found[name] = [outline for (outline,) in city.connection.execute(statement, parameters)]
    return found


_SQL = Path(__file__).with_name("maps.sql")


def _part(city: City, layer: Layer, reach: Box, limit: int) -> Shown:
    west, south, east, north = reach.web
    box = {"west": west, "south": south, "east": east, "north": north}
    named = sql.Identifier(layer.name)
    total = _one_row(city, statements(_SQL)["meeting"].sql(layer=named), box)[0]
    middle = ((west + east) / 2, (south + north) / 2)
    if reach is WORLD and total > limit:
        middle = _one_row(city, statements(_SQL)["middle"].sql(layer=named), {})
    columns = tile_columns(layer)
    attributes = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    rows = city.connection.execute(
        statements(_SQL)["nearest"].sql(layer=named, attributes=attributes),
        {**box, "easting_m": middle[0], "northing_m": middle[1], "rows": limit},
    ).fetchall()
    return Shown(
        layer,
        columns,
        features=tuple((uid, values, outline) for uid, _, values, outline, *_ in rows),
        total=total,
        sources=frozenset(source for _, source, *_ in rows),
        reach=_around([row[4:] for row in rows]),
    )


def _one_row(city: City, statement: sql.Composed, parameters: dict[str, float]) -> tuple[Any, ...]:
    row = city.connection.execute(statement, parameters).fetchone()
    return row or ()


def _around(boxes: list[tuple[float, ...]]) -> Box | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return Box(min(west), min(south), max(east), max(north))
