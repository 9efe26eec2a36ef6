"""Features of a layer as GeoJSON, in longitude and latitude, with their public attributes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from psycopg import sql

from gis.db import City
from gis.errors import QuyhoachError, UnknownLayerError
from gis.mercator import web_position
from gis.schema import stored_columns
from gis.statements import statements
from layers import LAYERS
from layers.model import Column, Layer

_HALF_TURN, _POLE = 180, 90


class UnknownFeatureError(QuyhoachError):
    """A layer shows no feature with that uid at that horizon."""

    def __init__(self, layer: Layer, uid: int, city: City) -> None:
        super().__init__(f"The layer {layer.name} has no feature {uid} at the horizon {city.horizon}.")


class BoxError(QuyhoachError):
    """Four numbers that are not a box in longitude and latitude."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason}; a box is west,south,east,north in degrees of longitude and latitude, "
            "for example 108.20,16.04,108.25,16.08."
        )


class UnknownCodeError(QuyhoachError):
    """A value that is not in the closed list of its column."""

    def __init__(self, column: Column, value: str, known: Sequence[str]) -> None:
        near = get_close_matches(value, known, n=1, cutoff=0.5)
        hint = f"the nearest is {near[0]}" if near else f"there are {', '.join(known)}"
        super().__init__(f"{column.name} has no value {value[:60]!r}; {hint}.")


@dataclass(frozen=True, slots=True)
class Box:
    """A box in degrees; its west side is never east of its east side."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.west, self.south, self.east, self.north))):
            raise BoxError("A side of the box is not a number")
        if not (-_HALF_TURN <= self.west <= self.east <= _HALF_TURN):
            raise BoxError(f"West {self.west:g} and east {self.east:g} are not in order between -180 and 180")
        if not (-_POLE <= self.south <= self.north <= _POLE):
            raise BoxError(f"South {self.south:g} and north {self.north:g} are not in order between -90 and 90")

    @classmethod
    def read(cls, text: str) -> Box:
        """Read `west,south,east,north`; BoxError where it is anything else."""
        try:
            west, south, east, north = (float(side) for side in text.split(","))
        except ValueError:
            raise BoxError(f"{text[:80]!r} is not four numbers") from None
        return cls(west, south, east, north)

    @property
    def web(self) -> tuple[float, float, float, float]:
        """The same box in metres of EPSG:3857: west, south, east, north."""
        return (*web_position(self.west, self.south), *web_position(self.east, self.north))

    @property
    def sides(self) -> list[float]:
        """West, south, east, north."""
        return [self.west, self.south, self.east, self.north]


WORLD = Box(-180, -90, 180, 90)


@dataclass(frozen=True, slots=True)
class Page:
    """Features as GeoJSON texts, and the uid after which the next page begins; None on the last page."""

    features: tuple[str, ...]
    after: int | None


def public_layers(layers: Mapping[str, Layer] = LAYERS) -> dict[str, Layer]:
    """Return the layers that everyone may see, by name, in drawing order."""
    return {name: layer for name, layer in layers.items() if layer.public}


def public_layer(name: str, layers: Mapping[str, Layer] = LAYERS) -> Layer:
    """Return the public layer of that name; UnknownLayerError where there is none."""
    known = public_layers(layers)
    if name not in known:
        raise UnknownLayerError(name, known)
    return known[name]


def public_columns(layer: Layer) -> tuple[Column, ...]:
    """Return the columns that everyone may see, those that every feature carries included."""
    return tuple(column for column in stored_columns(layer) if column.public)


def page(
    city: City,
    layer: Layer,
    *,
    box: Box = WORLD,
    limit: int,
    after: int = 0,
    chosen: Mapping[str, Sequence[str]] | None = None,
) -> Page:
    """Read the features that meet a box, in the order of their uid.

    Parameters
    ----------
    limit : most features on the page.
    after : uid after which the page begins, as the previous page said.
    chosen : for a coded column, the values a feature may have there.

    Raises
    ------
    UnknownCodeError
        When a chosen value is not in the list of its column.
    """
    west, south, east, north = box.web
    statement = statements(_SQL)["page"].sql(**_identifiers(layer), chosen=_condition(layer, chosen or {}))
    rows = city.connection.execute(
        statement,
        {"after": after, "west": west, "south": south, "east": east, "north": north, "rows": limit + 1},
    ).fetchall()
    following = rows[limit - 1][0] if len(rows) > limit else None
    return Page(tuple(text for _, text in rows[:limit]), following)


def feature(city: City, layer: Layer, uid: int) -> str:
    """Read one feature as GeoJSON text; UnknownFeatureError where the city shows none at its horizon."""
    row = city.connection.execute(statements(_SQL)["feature"].sql(**_identifiers(layer)), {"uid": uid}).fetchone()
    if row is None:
        raise UnknownFeatureError(layer, uid, city)
    return row[0]


def extents(city: City, layers: Iterable[Layer]) -> dict[str, Box]:
    """Return the box around what each layer holds, by name; a layer that holds nothing is left out.

    It is read from the spatial index: never too small, and too large only while removed rows are not yet cleared away.
    """
    names = [layer.name for layer in layers]
    rows = city.connection.execute(statements(_SQL)["extents"].sql(), {"layers": names})
    return {name: Box(west, south, east, north) for name, west, south, east, north in rows}


_SQL = Path(__file__).with_suffix(".sql")


def _identifiers(layer: Layer) -> dict[str, sql.Composable]:
    columns = (sql.Identifier(column.name) for column in public_columns(layer))
    return {"layer": sql.Identifier(layer.name), "attributes": sql.SQL(", ").join(columns)}


def _condition(layer: Layer, chosen: Mapping[str, Sequence[str]]) -> sql.Composable:
    parts: list[sql.Composable] = [sql.SQL("TRUE")]
    for name, values in chosen.items():
        column = layer.column(name)
        known = column.codes.values if column.codes else ()
        for value in values:
            if value not in known:
                raise UnknownCodeError(column, value, known)
        listed = sql.SQL(", ").join(map(sql.Literal, values))
        parts.append(sql.SQL("{} IN ({})").format(sql.Identifier(name), listed))
    return sql.SQL(" AND ").join(parts)
