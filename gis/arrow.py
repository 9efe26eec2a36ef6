"""Kinds of column as Arrow holds them, and how its epoch stands to PostgreSQL's."""

from __future__ import annotations

import pyarrow as pa

from layers.model import Kind

ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us"),
}
"""Arrow type of each kind of column; times are UTC."""

DAYS_TO_2000 = 10_957
"""From 1970-01-01, where Arrow begins to count, to 2000-01-01, where PostgreSQL does."""
MICROSECONDS_TO_2000 = DAYS_TO_2000 * 86_400_000_000
