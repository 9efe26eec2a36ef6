"""How far one comes from some places along the streets, and who lives there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.answering import told_through
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.networks.placing import Placed
from gis.networks.search import to_nearest
from gis.networks.service_area import ServiceArea, area_of_all, service_areas
from gis.networks.streets.convention import convention
from gis.networks.streets.limits import Limit, read_limits, travel_within
from gis.networks.streets.living import Living
from gis.networks.streets.network import streets
from gis.networks.streets.status import statuses
from gis.networks.ways import Ways
from gis.planning.people import people
from gis.planning.plans import plan_if_any
from gis.planning.spots import Spots, spots
from layers.model import Words

_TITLE = Words("Vùng phục vụ", "Service area")
_COLORS = ("#1b7837", "#7fbf7b", "#d9d38a", "#f1a340", "#d6604d", "#8c2d04")
_ORIGIN = Look(Words("Điểm xuất phát", "Origin"), "#1a1a1a")
_MOST_LISTED = 500
_M2_OF_HA, _M_OF_KM = 10_000, 1_000


def service_area(
    city: City,
    *,
    origins: str,
    limits: str = "5 min, 10 min, 15 min",
    travel: Literal["walk", "drive"] = "walk",
    trip: Literal["outbound", "inbound"] = "outbound",
) -> Finding:
    """Find what can be reached from some places along the streets within some minutes or metres, and who lives there.

    A street that is reached in part counts in part; the ground within 50 m of what is reached is drawn. People are
    counted along the streets, from where they come onto them. What several places reach is reached from the nearest.

    Parameters
    ----------
    origins : longitude,latitude (several with ;), facility:TYPE, parcel:WARD/SHEET/NUMBER, ward, or GeoJSON.
    limits : up to six, in minutes or in metres, such as 5 min, 10 min or 400 m, 800 m.
    travel : on foot or by vehicle; metres by vehicle are those of the shortest way.
    trip : outbound from the places or inbound to them, which are not the same where streets are one-way.

    Returns
    -------
    Finding
        Tables `areas` (ha, km of streets, people for each limit) and `origins`, with the status of each.

    Raises
    ------
    SpotError, LimitError
        When there are no such places or limits.
    """  # fmt: skip
    asked = read_limits(limits)
    how = travel_within(travel, asked)
    given, network = spots(city, origins), streets(city)
    placed = network.placed(given.points, how)
    ways = network.ways(how) if trip == "outbound" else network.ways(how).reversed
    plan = plan_if_any(city)
    living = Living.read(city, plan, partial(network.placed, travel=how))
    cost, _ = to_nearest(ways.reversed, living.places, placed)
    most = [limit.cost(how) for limit in asked]
    areas = [area_of_all(ways, placed, most=each) for each in told_through(most, begin=0.3)]
    reached = [
        _Reached(limit, area, area.polygon(about_m=convention().about_m), float(living.people[cost <= each].sum()))
        for limit, area, each in zip(asked, areas, most, strict=True)
    ]
    arguments = {"origins": origins.strip(), "limits": limits, "travel": travel, "trip": trip}
    return Finding(
        question="service_area",
        title=_TITLE,
        arguments=arguments,
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(given, placed, living),
        tables=(_area_table(reached, living), _origin_table(given, placed, ways, most[-1])),
        features=tuple(_features(given, reached)),
        notes=(people(city, plan).counted, *living.notes),
        sources=(convention().source,),
    )


@dataclass(frozen=True)
class _Reached:
    """What is reached within one limit."""

    limit: Limit
    area: ServiceArea
    ground: BaseGeometry
    people: float


def _quantities(given: Spots, placed: Placed, living: Living) -> tuple[Quantity, ...]:
    return (
        Quantity("origins", Words("Số điểm xuất phát", "Origins"), len(given), "1"),
        Quantity(
            "origins_on_street",
            Words("Trong đó nằm gần đường", "Of which near a street"),
            int(placed.is_placed.sum()),
            "1",
        ),
        Quantity("people", Words("Số người được xét", "People looked at"), living.total or None, "people"),
    )


def _area_table(reached: Sequence[_Reached], living: Living) -> Table:
    headings = (
        Heading("limit", Words("Giới hạn", "Limit")),
        Heading("area_ha", Words("Diện tích", "Area"), "ha"),
        Heading("street_km", Words("Chiều dài đường", "Streets"), "km"),
        Heading("people", Words("Số người", "People"), "people"),
        Heading("people_share", Words("Tỷ lệ người", "Share of people"), "1"),
    )
    total = living.total
    rows = tuple(
        (
            each.limit.words,
            float(each.ground.area) / _M2_OF_HA,
            each.area.length_m / _M_OF_KM,
            *((each.people, each.people / total) if total else (None, None)),
        )
        for each in reached
    )
    return Table("areas", _TITLE, headings, rows)


def _origin_table(given: Spots, placed: Placed, ways: Ways, most: float) -> Table:
    headings = (
        Heading("origin", Words("Điểm xuất phát", "Origin")),
        Heading("status", Words("Trạng thái", "Status")),
        Heading("off_m", Words("Cách đường", "Off the street"), "m"),
        Heading("street_km", Words("Chiều dài đường trong giới hạn lớn nhất", "Streets in the widest limit"), "km"),
    )
    listed = min(len(given), _MOST_LISTED)
    lengths = [each.length_m / _M_OF_KM for each in service_areas(ways, placed.chosen(np.arange(listed)), most=most)]
    rows = tuple(
        (label, status.words, *((off_m, length) if on_street else (None, None)))
        for label, status, off_m, on_street, length in zip(
            given.labels[:listed],
            list(statuses(placed, placed.is_placed))[:listed],
            placed.off_m.tolist(),
            placed.is_placed.tolist(),
            lengths,
            strict=False,
        )
    )
    said = "" if listed == len(given) else f" ({listed}/{len(given)})"
    return Table("origins", Words(f"Điểm xuất phát{said}", f"Origins{said}"), headings, rows)


def _features(given: Spots, reached: Sequence[_Reached]) -> Iterator[Feature]:
    """Yield the ground beyond each limit and within the next, the widest first, the streets reached, the origins."""
    inner = [*(each.ground for each in reached[:-1])]
    rings = [reached[0].ground, *(shapely.difference(e.ground, i) for e, i in zip(reached[1:], inner, strict=True))]
    for place, (each, ring) in reversed(list(enumerate(zip(reached, rings, strict=True)))):
        look = Look(each.limit.words, _COLORS[place])
        yield Feature(Subject("service_area", each.limit.words.vi), ring, {"limit": each.limit.number}, look)
    for label, point in zip(given.labels[:_MOST_LISTED], given.points, strict=False):
        if not point.is_empty:
            yield Feature(Subject("place", label), point, {}, _ORIGIN)
