"""What the value of a column may be, as JSON Schema and OpenAPI both write it."""

from __future__ import annotations

from layers.model import Column, Kind

_TYPES: dict[Kind, dict[str, object]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.TIMESTAMP: {"type": "string", "format": "date-time"},
}


def value(column: Column) -> dict[str, object]:
    """Return the type of a column, with its closed codes where it has any."""
    codes: dict[str, object] = {"enum": list(column.codes.values)} if column.codes else {}
    return {**_TYPES[column.kind], **codes}
