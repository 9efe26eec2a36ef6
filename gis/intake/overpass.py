"""Overpass JSON: the same objects as an OpenStreetMap file, written down as one."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast  # JSON

import osmium
from osmium.osm import mutable

from gis.intake.errors import DamagedFileError, ExpansionError
from gis.intake.formats import Delivered, Format
from gis.intake.workroom import workroom

_LARGEST_BYTES = 256 * 1024**2
_ORDER = {"node": 0, "way": 1, "relation": 2}


@contextmanager
def as_osm(delivered: Delivered) -> Generator[Delivered]:
    """Yield an answer of Overpass as an OpenStreetMap file, removed afterwards.

    Raises
    ------
    DamagedFileError
        When it is cut off, or was asked for without the nodes of its ways.
    """
    path = delivered.path
    if path.stat().st_size > _LARGEST_BYTES:
        raise ExpansionError(path, f"{_LARGEST_BYTES / 1024**2:,.0f} MiB, more than is read as JSON at once")
    try:
        elements = _elements(json.loads(path.read_bytes()))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise DamagedFileError(path, f"it is no whole answer of Overpass ({error})") from error
    if any(each.get("type") == "way" and "nodes" not in each for each in elements):
        raise DamagedFileError(path, "its ways have no nodes; ask Overpass with `out body; >; out skel qt;`")
    with workroom() as folder:
        target = folder / f"{path.stem}.osm.pbf"
        try:
            _write(sorted(elements, key=lambda each: (_ORDER[each["type"]], each["id"])), target)
        except (LookupError, TypeError, ValueError, AttributeError, RuntimeError, OverflowError) as error:
            raise DamagedFileError(path, f"one of its elements is not as Overpass writes it ({error})") from error
        yield Delivered(target, Format.OVERPASS)


def _elements(answer: Any) -> list[dict[str, Any]]:
    """Return the elements of an answer; ValueError where one is none."""
    for each in answer["elements"]:
        if not isinstance(each, dict) or cast("dict[str, Any]", each).get("type") not in _ORDER:
            raise ValueError(f"an element is a node, a way or a relation, not {str(each)[:60]}")
    return answer["elements"]


def _write(elements: list[dict[str, Any]], target: Path) -> None:
    with osmium.SimpleWriter(str(target)) as writer:
        for each in elements:
            tags = each.get("tags", {})
            if each["type"] == "node":
                writer.add_node(mutable.Node(id=each["id"], location=(each["lon"], each["lat"]), tags=tags))
            elif each["type"] == "way":
                writer.add_way(mutable.Way(id=each["id"], nodes=each["nodes"], tags=tags))
            else:
                members = [(member["type"][0], member["ref"], member["role"]) for member in each.get("members", [])]
                writer.add_relation(mutable.Relation(id=each["id"], members=members, tags=tags))
