"""Features of a layer as a GeoDataFrame: a binary COPY decoded a whole column at a time, with what the columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any  # frames and arrays are generic over what they hold

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
from psycopg import sql

from gis.copy import GEOMETRY
from gis.db import City
from gis.errors import QuyhoachError
from gis.export.rows import rows, shapes
from gis.export.selection import arrow_schema
from gis.features import CRS84, BoxGiven, UnknownColumnError, public_layer, questioned_columns, written_box
from gis.features.query import Query
from gis.features.question import Question
from gis.features.reach import reached
from gis.filters.condition import ALWAYS, Condition, all_of
from gis.filters.translation import condition
from gis.schema import STORED_SRID
from gis.statements import statements
from layers.model import Column, Kind, Layer, Words

_SQL = Path(__file__).with_suffix(".sql")
_SOURCE = "source"
_KINDS: dict[Kind, Any] = {Kind.TEXT: pd.StringDtype(na_value=np.nan)}
_KINDS_WITH_GAPS: dict[Kind, Any] = {**_KINDS, Kind.INTEGER: pd.Int64Dtype(), Kind.BOOLEAN: pd.BooleanDtype()}
"""How pandas holds a column, where its usual kind would depend on what is found in it."""


class LimitError(QuyhoachError):
    """A number of features that cannot be read."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"limit is {limit}; it is the most features to read, 0 or more.")


def frame(
    city: City,
    layer: str,
    *,
    bbox: BoxGiven | None = None,
    where: str | None = None,
    limit: int | None = None,
    columns: Sequence[str] | None = None,
) -> geopandas.GeoDataFrame:
    """Read the features of a layer, as the city shows them, in the order of their uid.

    The frame is in EPSG:5899 and begins with `uid`. Its kinds of column do not depend on what was found: whole numbers
    and yes or no that may be empty are those of pandas that know it (`Int64`, `boolean`).

    Parameters
    ----------
    layer : its name.
    bbox : west, south, east, north in degrees; features that meet it are read, whole.
    where : a filter in CQL2 text over the columns of the layer; geometries in it are in degrees.
    limit : most features to read; all where not given.
    columns : names of the columns wanted, in order; all where not given.

    Returns
    -------
    GeoDataFrame
        With `attrs`: `layer`; `title` and `titles` of layer and columns, by language (`vi`, `en`); `units` by column;
        `horizon`, `scenario`; `source`, who delivered what was read.

    Raises
    ------
    UnknownLayerError, UnknownColumnError, BoundsError, FilterError, LimitError
        When what is asked for is not there, or not understood.
    """
    declared = public_layer(layer)
    shown = _shown(declared, columns)
    if limit is not None and limit < 0:
        raise LimitError(limit)
    read = list(dict.fromkeys((*shown, questioned_columns(declared)[_SOURCE])))
    chosen = all_of(_conditions(declared, bbox, where))
    question = Question(declared, tuple(read[1:]), chosen)
    found = _framed(city, question.query() if limit is None else question.first(limit), read)
    sources = sorted(found[_SOURCE].unique().tolist())
    found = found[[*(column.name for column in shown), GEOMETRY]]
    found.attrs.update(_attrs(city, declared, shown, sources))
    return found


def _shown(layer: Layer, names: Sequence[str] | None) -> list[Column]:
    known = questioned_columns(layer)
    for name in names or ():
        if name not in known:
            raise UnknownColumnError(layer, name)
    return list(known.values()) if names is None else [known[name] for name in dict.fromkeys(("uid", *names))]


def _conditions(layer: Layer, bbox: BoxGiven | None, where: str | None) -> Iterator[Condition]:
    yield ALWAYS if bbox is None else reached(written_box(bbox), CRS84)
    yield ALWAYS if where is None else condition(where, questioned_columns(layer))


def _framed(city: City, query: Query, columns: Sequence[Column]) -> geopandas.GeoDataFrame:
    attributes = sql.SQL(",\n    ").join(sql.Identifier(column.name) for column in columns)
    statement = statements(_SQL)["features"].sql(attributes=attributes, query=query.statement)
    schema = arrow_schema(columns)
    batches: list[pa.RecordBatch] = []
    drawn: list[Any] = [np.empty(0, dtype=object)]
    for batch in rows(city.connection, statement, query.values, schema):
        drawn.append(shapes(batch))
        batches.append(batch.drop_columns([GEOMETRY]))
    table = pa.Table.from_batches(batches, schema.remove(len(columns)))
    series = {column.name: _series(table.column(column.name), column) for column in columns}
    return geopandas.GeoDataFrame(series, geometry=np.concatenate(drawn), crs=STORED_SRID)


def _series(values: pa.ChunkedArray[Any], column: Column) -> pd.Series[Any]:
    kind = (_KINDS if column.required else _KINDS_WITH_GAPS).get(column.kind)
    return values.to_pandas(types_mapper=lambda _: kind, date_as_object=False)


def _attrs(city: City, layer: Layer, columns: Sequence[Column], sources: list[str]) -> dict[str, Any]:
    return {
        "layer": layer.name,
        "title": _by_language(layer.title),
        "titles": {
            language: {column.name: _by_language(column.title)[language] for column in columns}
            for language in ("vi", "en")
        },
        "units": {column.name: column.unit for column in columns if column.unit},
        "horizon": city.horizon.value,
        "scenario": city.scenario,
        "source": sources,
    }


def _by_language(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}
