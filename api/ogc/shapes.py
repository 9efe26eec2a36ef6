"""The parts that shapes of answers are written with."""

from __future__ import annotations

Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
LINKS: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


def list_of(items: Schema) -> Schema:
    """Return the shape of a list."""
    return {"type": "array", "items": items}


def thing(required: list[str], **properties: Schema) -> Schema:
    """Return the shape of an object."""
    needed: Schema = {"required": required} if required else {}  # OpenAPI 3.0 has no empty list there
    return {"type": "object", **needed, "properties": properties}


def named(name: str) -> Schema:
    """Return the shape that has a name."""
    return {"$ref": f"#/components/schemas/{name}"}
