"""A feature that a finding is about, and how it looks on a map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from gis.findings.verdict import Subject
from layers.model import Words


@dataclass(frozen=True, slots=True)
class Look:
    """What features of one kind are called in the legend, and their colour as `#rrggbb`; an outline is not filled."""

    title: Words
    color: str
    is_outline: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature that a finding is about, in EPSG:5899, with what was found of it."""

    subject: Subject
    geometry: BaseGeometry
    properties: Mapping[str, float | str | bool | None] = field(default_factory=dict)
    look: Look | None = None
