"""Features of a frame as a table: by the titles of their layer, codes by what they stand for."""

from __future__ import annotations

from typing import Any  # what a frame holds is of any kind

import pandas as pd

from gis.errors import UnknownLayerError
from gis.findings.table import Cell, Heading, Table
from layers import LAYERS
from layers.model import Column, Words


def listed(frame: pd.DataFrame, layer: str, *, title: Words | None = None) -> Table:
    """Return the attributes of a frame that a layer declares, as a table; other columns are left out.

    Parameters
    ----------
    layer : name of the layer whose columns they are.
    title : what the table is called; the title of the layer where none is given.

    Raises
    ------
    UnknownLayerError
        When there is no such layer.
    """
    if layer not in LAYERS:
        raise UnknownLayerError(layer, LAYERS)
    columns = [column for column in LAYERS[layer].columns if column.name in frame.columns]
    values = [frame[column.name].tolist() for column in columns]
    rows = tuple(
        tuple(_cell(value, column) for value, column in zip(row, columns, strict=True))
        for row in zip(*values, strict=True)
    )
    headings = tuple(Heading(column.name, column.title, column.unit) for column in columns)
    return Table(layer, title or LAYERS[layer].title, headings, rows)


def _cell(value: Any, column: Column) -> Cell:
    if value is None or pd.isna(value):
        return None
    code = column.codes.named(str(value)) if column.codes else None
    if code is not None:
        return code.title
    return value if isinstance(value, (str, int, float, bool)) else str(value)
