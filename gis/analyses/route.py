"""The way between two places along the streets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import shapely

from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.lonlat import degrees
from gis.networks.placing import Placed
from gis.networks.streets.convention import convention
from gis.networks.streets.network import Streets, Travel, streets
from gis.networks.streets.path import Path, path
from gis.networks.streets.provision import road_class_title
from gis.networks.streets.status import Status, statuses
from gis.planning.spots import Spots, spot
from layers.model import Words

_TITLE = Words("Đường đi", "Route")
_WAY = Look(Words("Đường đi", "Route"), "#c2410c")
_OFF = Look(Words("Từ vị trí đến đường", "From the position to the street"), "#6b7280")
_END = Look(Words("Điểm đầu, điểm cuối", "Ends"), "#1a1a1a")
_ORIGIN, _DESTINATION = Words("Điểm đi", "Origin"), Words("Điểm đến", "Destination")
_S_OF_MIN = 60.0


def route(
    city: City,
    *,
    origin: str,
    destination: str,
    travel: Literal["walk", "drive", "drive_shortest"] = "walk",
) -> Finding:
    """Find the way between two places along the streets: the shortest on foot, the fastest or the shortest by vehicle.

    Streets are joined where they share a vertex, so that a bridge is not joined to what passes below it. A place is set
    onto the nearest street within 200 m; how far off it lies, and where it was set, is in the answer. Who walks goes
    that way too; a vehicle begins on the street.

    Parameters
    ----------
    origin : longitude,latitude in degrees, facility:UID, parcel:WARD/SHEET/NUMBER or ward:CODE.
    destination : as the origin.
    travel : on foot, by vehicle in the least time, or by vehicle along the least length.

    Returns
    -------
    Finding
        Length (m), time (min), detour against the straight line; tables `ends` and `legs`, street by street.

    Raises
    ------
    SpotError, ParcelError
        When an end is no position.
    """
    how = Travel(travel)
    ends = (spot(city, origin, name="origin"), spot(city, destination, name="destination"))
    network = streets(city)
    here, there = (network.placed(end.points, how) for end in ends)
    found = path(network, how, here, there) if here.is_placed.all() and there.is_placed.all() else None
    way = _Way(city, network, ends, (here, there), how, found)
    return Finding(
        question="route",
        title=_TITLE,
        arguments={"origin": origin.strip(), "destination": destination.strip(), "travel": travel},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=way.quantities,
        tables=(way.leg_table, way.end_table),
        features=tuple(way.features),
        notes=way.notes,
        sources=(convention().source,),
    )


@dataclass(frozen=True)
class _Way:
    """What was found between two ends."""

    city: City
    network: Streets
    ends: tuple[Spots, Spots]
    placed: tuple[Placed, Placed]
    travel: Travel
    path: Path | None

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Length, time and detour; not known where there is no way."""
        (start,), (end,) = (each.points for each in self.ends)
        straight_m = float(shapely.distance(start, end))
        length_m = self._length_m
        return (
            Quantity("length_m", Words("Chiều dài", "Length"), length_m, "m"),
            Quantity("time_min", Words("Thời gian", "Time"), self._time_min, "min"),
            Quantity("straight_m", Words("Đường chim bay", "Straight line"), straight_m, "m"),
            Quantity(
                "detour",
                Words("Hệ số vòng", "Detour: length over the straight line"),
                None if length_m is None or not straight_m else length_m / straight_m,
                "1",
            ),
        )

    @property
    def _off_m(self) -> float:
        """What is walked between the ends and the streets; a vehicle does not go it."""
        return sum(float(each.off_m[0]) for each in self.placed) if self.travel is Travel.WALK else 0.0

    @property
    def _length_m(self) -> float | None:
        return None if self.path is None else self.path.length_m + self._off_m

    @property
    def _time_min(self) -> float | None:
        if self.path is None:
            return None
        return (self.path.time_s + self._off_m / convention().walk_m_s) / _S_OF_MIN

    @property
    def _statuses(self) -> tuple[Status, Status]:
        first, last = (next(statuses(each, each.is_placed)) for each in self.placed)
        gone = self.path is None and first is last is Status.REACHED
        return (Status.NO_WAY, Status.NO_WAY) if gone else (first, last)

    @property
    def notes(self) -> tuple[Words, ...]:
        """Why there is no way, if there is none."""
        return tuple(
            Words(f"{end.vi}: {status.words.vi.lower()}", f"{end.en}: {status.words.en.lower()}")
            for end, status in zip((_ORIGIN, _DESTINATION), self._statuses, strict=True)
            if status is not Status.REACHED
        )

    @property
    def end_table(self) -> Table:
        """Where the ends were set onto the streets."""
        headings = (
            Heading("end", Words("Đầu mút", "End")),
            Heading("place", Words("Vị trí", "Place")),
            Heading("status", Words("Trạng thái", "Status")),
            Heading("off_m", Words("Cách đường", "Off the street"), "m"),
            Heading("on_street", Words("Vị trí trên đường (kinh độ,vĩ độ)", "Position on the street (lon,lat)")),
        )
        rows = tuple(
            (end, spot.labels[0], status.words, *self._set(placed))
            for end, spot, status, placed in zip(
                (_ORIGIN, _DESTINATION), self.ends, self._statuses, self.placed, strict=True
            )
        )
        return Table("ends", Words("Điểm đầu, điểm cuối", "Ends"), headings, rows)

    def _set(self, placed: Placed) -> tuple[float | None, str | None]:
        if not placed.is_placed[0]:
            return None, None
        snapped = placed.snapped(self.network.graph)
        ((lon, lat),) = degrees(shapely.get_coordinates(snapped)).tolist()
        return float(placed.off_m[0]), f"{lon:.6f},{lat:.6f}"

    @property
    def leg_table(self) -> Table:
        """The streets that are gone along, in order."""
        headings = (
            Heading("leg", Words("Chặng", "Leg")),
            Heading("street", Words("Đường", "Street")),
            Heading("road_class", Words("Cấp đường", "Class")),
            Heading("length_m", Words("Chiều dài", "Length"), "m"),
            Heading("time_min", Words("Thời gian", "Time"), "min"),
        )
        rows = ()
        if self.path is not None:
            names = self.path.names(self.city)
            rows = tuple(
                (number, names.get(leg.uid), road_class_title(leg.road_class), leg.length_m, leg.time_s / _S_OF_MIN)
                for number, leg in enumerate(self.path.legs(names), 1)
            )
        return Table("legs", Words("Theo từng đường", "Street by street"), headings, rows)

    @property
    def features(self) -> Iterator[Feature]:
        """The way, what leads from the ends to it, and the ends."""
        if self.path is not None:
            yield Feature(Subject("route", _TITLE.vi), self.path.line, {"length_m": self._length_m}, _WAY)
        for end, placed in zip(self.ends, self.placed, strict=True):
            if placed.is_placed[0] and placed.off_m[0] > 0:
                line = shapely.shortest_line(end.points[0], placed.snapped(self.network.graph)[0])
                yield Feature(Subject("route", end.labels[0]), line, {"off_m": float(placed.off_m[0])}, _OFF)
            yield Feature(Subject("place", end.labels[0]), end.points[0], {}, _END)
