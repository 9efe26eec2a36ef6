"""A finding as it is kept: packed as its document, and made from it again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints  # a document of JSON is of any kind

import shapely
from shapely.geometry.base import BaseGeometry

from gis.findings.finding import Finding
from layers.model import Words

_LEVEL = 6


def packed(finding: Finding) -> bytes:
    """Return the document of a finding in a fraction of its room."""
    return zlib.compress(json.dumps(finding.document, ensure_ascii=False, separators=(",", ":")).encode(), _LEVEL)


def unpacked(kept: bytes) -> dict[str, Any]:
    """Return the document that was packed."""
    return json.loads(zlib.decompress(kept))


def finding_of(document: Mapping[str, Any]) -> Finding:
    """Return the finding that a document says.

    Figures have the six decimals of the document, geometries its millimetres; its own document is the same again.
    """
    return _made(Finding, document)


def _made(kind: Any, said: Mapping[str, Any]) -> Any:
    kinds = _kinds(kind)
    # One that was kept by an older service may lack a field; it has its default then.
    known = (each.name for each in fields(kind) if each.name in said)
    return kind(**{name: _value(kinds[name], said[name]) for name in known})


@cache
def _kinds(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, said: Any) -> Any:
    """Return a value of JSON as a field of that kind has it."""
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(_value(get_args(kind)[0], each) for each in said)
    if origin is Mapping:
        return {name: _value(get_args(kind)[1], each) for name, each in said.items()}
    if origin in (Union, UnionType):
        return _one_of(get_args(kind), said)
    if isinstance(kind, type) and issubclass(kind, BaseGeometry):
        return shapely.from_wkt(said)
    if is_dataclass(kind):
        return _made(kind, said)
    return kind(said) if isinstance(kind, type) and issubclass(kind, Enum) else said


def _one_of(kinds: tuple[Any, ...], said: Any) -> Any:
    """Return a value whose field takes several kinds; the plain ones are told from each other by JSON itself."""
    if said is None:
        return None
    if isinstance(said, Mapping) and Words in kinds:
        return _made(Words, said)
    others = [kind for kind in kinds if kind not in (type(None), str, float, int, bool, Words)]
    return _value(others[0], said) if others else said
