"""A proposal and its objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # an attribute is of the kind its column declares

from shapely.geometry.base import BaseGeometry

from gis.findings import Subject
from layers.model import Words

GEOJSON = "GeoJSON"
"""Name of a proposal that was given as text."""
LAYERS_PROPOSED = ("zone", "parcel", "building", "facility")
"""Layers whose features can be proposed: lots with their limits, parcels, buildings, facilities."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One object: a feature of a layer that does not stand yet, in EPSG:5899; a value that is not given is None.

    `uid` is that of a feature of a scenario.
    """

    layer: str
    label: str
    geometry: BaseGeometry
    values: Mapping[str, Any]
    uid: int | None = None

    @property
    def subject(self) -> Subject:
        """It as the subject of a verdict."""
        return Subject(self.layer, self.label, self.uid)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Objects that are looked at together; `digest` names what was given, whatever its file is called.

    `scenario` is the one whose changes they are, if they are a scenario's; `unread` are attributes that were given and
    that no layer of theirs has.
    """

    name: str
    digest: str
    objects: tuple[Proposed, ...]
    scenario: str | None = None
    unread: tuple[str, ...] = ()

    @property
    def label(self) -> Words:
        """What it is called: a scenario, a file, or what was given as text."""
        if self.scenario is not None:
            return Words(f"Kịch bản {self.scenario}", f"Scenario {self.scenario}")
        if self.name == GEOJSON:
            return Words("GeoJSON được gửi kèm câu hỏi", "GeoJSON that came with the question")
        return Words(self.name, self.name)

    def of(self, layer: str) -> tuple[Proposed, ...]:
        """Return the objects of a layer."""
        return tuple(each for each in self.objects if each.layer == layer)
