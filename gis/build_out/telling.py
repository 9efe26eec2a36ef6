"""Zones that are built, in figures and on the map."""

from __future__ import annotations

from collections.abc import Iterator

from gis.build_out.zones import Built
from gis.findings import Feature, Look, Quantity, Subject
from layers.model import Words

_GROUND = Look(Words("Ô quy hoạch được xét", "The zone asked about"), "#1a1a1a", is_outline=True)
_M2_OF_HA = 10_000


def zone_quantities(zones: Built) -> Iterator[Quantity]:
    """Yield the ground, the floor area and the people of zones that are built."""
    yield Quantity("ground_ha", Words("Diện tích ô", "Ground"), zones.ground.area / _M2_OF_HA, "ha")
    yield Quantity("floor_m2", Words("Diện tích sàn", "Floor area"), zones.floor_m2, "m²")
    yield Quantity("people", Words("Số người khi xây xong", "People when it is built"), zones.people, "people")
    yield Quantity("today", Words("Số người đang ở đó", "People who live there today"), zones.today, "people")
    yield Quantity("more", Words("Số người tăng thêm", "People who come"), zones.more, "people")


def outlines(zones: Built) -> Iterator[Feature]:
    """Yield the ground of zones that are built."""
    yield Feature(Subject("zone", zones.code), zones.ground, {}, _GROUND)
