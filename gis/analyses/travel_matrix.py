"""How far it is from each of some places to each of some others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gis.db import City
from gis.errors import QuyhoachError
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.table import Cell
from gis.networks.graph import Numbers
from gis.networks.placing import Placed
from gis.networks.search import between
from gis.networks.streets.convention import convention
from gis.networks.streets.network import Travel, streets
from gis.networks.streets.status import Status, statuses
from gis.planning.spots import Spots, spots
from layers.model import Words

_TITLE = Words("Ma trận đi lại", "Travel matrix")
_ORIGIN, _DESTINATION = Words("Điểm đi", "Origin"), Words("Điểm đến", "Destination")
_LOOKS = (Look(_ORIGIN, "#1b6ca8"), Look(_DESTINATION, "#c2410c"))
_MOST_PAIRS = 100_000
_S_OF_MIN = 60.0


class ManyPairsError(QuyhoachError):
    """More pairs of places than a table of an answer holds."""

    def __init__(self, origins: int, destinations: int) -> None:
        super().__init__(
            f"{origins:,} origins to {destinations:,} destinations are {origins * destinations:,} pairs; "
            f"at most {_MOST_PAIRS:,} are answered: ask in parts."
        )


def travel_matrix(
    city: City,
    *,
    origins: str,
    destinations: str = "",
    travel: Literal["walk", "drive", "drive_shortest"] = "walk",
) -> Finding:
    """Measure the way from each of some places to each of some others along the streets, on foot or by vehicle.

    Each pair has a status: a place without a position, without a street near or without a way keeps its row, and the
    others keep their figures.

    Parameters
    ----------
    origins : longitude,latitude (several with ;), facility:TYPE, parcel:WARD/SHEET/NUMBER, ward, or GeoJSON.
    destinations : as the origins; the origins themselves where none are given.
    travel : on foot, by vehicle in the least time, or by vehicle along the least length.

    Returns
    -------
    Finding
        Table `pairs` (min, and m where ways are measured in m), and `places` with what each was set onto.

    Raises
    ------
    SpotError, ParcelError, ManyPairsError
        When there are no such places, or too many pairs.
    """
    how = Travel(travel)
    here = spots(city, origins)
    there = spots(city, destinations, name="destinations") if destinations.strip() else here
    if len(here) * len(there) > _MOST_PAIRS:
        raise ManyPairsError(len(here), len(there))
    network = streets(city)
    placed = (network.placed(here.points, how), network.placed(there.points, how))
    matrix = _Matrix((here, there), placed, how, between(network.ways(how), *placed))
    return Finding(
        question="travel_matrix",
        title=_TITLE,
        arguments={"origins": origins.strip(), "destinations": destinations.strip(), "travel": travel},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=matrix.quantities,
        tables=(matrix.pair_table, matrix.place_table),
        features=tuple(matrix.features),
        sources=(convention().source,),
    )


@dataclass(frozen=True)
class _Matrix:
    """Costs in the unit of the ways, (origins, destinations); infinite where there is no way."""

    spots: tuple[Spots, Spots]
    placed: tuple[Placed, Placed]
    travel: Travel
    costs: Numbers

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """How many pairs there are, and how many of them have a way."""
        reached = int(np.isfinite(self.costs).sum())
        return (
            Quantity("pairs", Words("Số cặp", "Pairs"), self.costs.size, "1"),
            Quantity("pairs_reached", Words("Số cặp có đường đi", "Pairs with a way"), reached, "1"),
        )

    @property
    def pair_table(self) -> Table:
        """A row for each pair."""
        in_m = self.travel is not Travel.DRIVE
        headings = (
            Heading("origin", _ORIGIN),
            Heading("destination", _DESTINATION),
            Heading("status", Words("Trạng thái", "Status")),
            *((Heading("length_m", Words("Chiều dài", "Length"), "m"),) if in_m else ()),
            *((Heading("time_min", Words("Thời gian", "Time"), "min"),) if self._has_time else ()),
        )
        return Table("pairs", _TITLE, headings, tuple(self._pairs(in_m=in_m)))

    @property
    def _has_time(self) -> bool:
        """Whether costs are a time, or are gone at one speed."""
        return self.travel is not Travel.DRIVE_SHORTEST

    def _pairs(self, *, in_m: bool) -> Iterator[tuple[Cell, ...]]:
        first, last = (list(statuses(each, each.is_placed)) for each in self.placed)
        per_min = _S_OF_MIN * (1.0 if self.travel is Travel.DRIVE else convention().walk_m_s)
        for i, origin in enumerate(self.spots[0].labels):
            for j, destination in enumerate(self.spots[1].labels):
                cost = float(self.costs[i, j]) if np.isfinite(self.costs[i, j]) else None
                status = Status.REACHED if cost is not None else _worse(first[i], last[j])
                length = (cost,) if in_m else ()
                time = (None if cost is None else cost / per_min,) if self._has_time else ()
                yield origin, destination, status.words, *length, *time

    @property
    def place_table(self) -> Table:
        """Where each place was set onto the streets."""
        headings = (
            Heading("end", Words("Đầu mút", "End")),
            Heading("place", Words("Vị trí", "Place")),
            Heading("status", Words("Trạng thái", "Status")),
            Heading("off_m", Words("Cách đường", "Off the street"), "m"),
        )
        rows = tuple(
            (end, label, status.words, off_m if np.isfinite(off_m) else None)
            for end, given, placed in zip((_ORIGIN, _DESTINATION), self.spots, self.placed, strict=True)
            for label, status, off_m in zip(
                given.labels, statuses(placed, placed.is_placed), placed.off_m.tolist(), strict=True
            )
        )
        return Table("places", Words("Các vị trí", "Places"), headings, rows)

    @property
    def features(self) -> Iterator[Feature]:
        """The places."""
        for given, look in zip(self.spots, _LOOKS, strict=True):
            for label, point in zip(given.labels, given.points, strict=True):
                if not point.is_empty:
                    yield Feature(Subject("place", label), point, {}, look)


def _worse(first: Status, last: Status) -> Status:
    """Return why there is no way between two ends."""
    if first is last is Status.REACHED:
        return Status.NO_WAY
    return first if first is not Status.REACHED else last
