"""How far it is from each parcel to the nearest facilities of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import shapely

from gis.answering import told, told_through
from gis.db import City
from gis.errors import QuyhoachError
from gis.export.rows import rows
from gis.findings import Feature, Finding, Heading, Look, Quantity, Subject, Table
from gis.findings.table import Cell
from gis.networks.graph import Numbers, Places
from gis.networks.placing import Placed
from gis.networks.search import to_nearest_few
from gis.networks.streets.convention import convention
from gis.networks.streets.network import Streets, Travel, streets
from gis.networks.streets.status import Status, statuses
from gis.networks.streets.suppliers import Suppliers
from gis.planning.places import Place, place
from gis.statements import statements
from layers.land import FACILITIES
from layers.model import Words

_SQL = Path(__file__).with_suffix(".sql")
_TITLE = Words("Khoảng cách từ thửa đất đến công trình", "Access of parcels to facilities")
_KINDS = (
    "kindergarten",
    "primary_school",
    "lower_secondary_school",
    "upper_secondary_school",
    "health_station",
    "hospital",
    "market",
    "park",
)
_POINTS = pa.schema(
    [pa.field("uid", pa.int64()), pa.field("easting_m", pa.float64()), pa.field("northing_m", pa.float64())]
)
_LOOKS = (
    (5.0, Look(Words("Đến 5 phút", "Up to 5 min"), "#1b7837")),
    (10.0, Look(Words("5–10 phút", "5 to 10 min"), "#7fbf7b")),
    (15.0, Look(Words("10–15 phút", "10 to 15 min"), "#d9d38a")),
    (30.0, Look(Words("15–30 phút", "15 to 30 min"), "#f1a340")),
    (np.inf, Look(Words("Trên 30 phút", "More than 30 min"), "#b2182b")),
)
_NO_WAY = Look(Words("Không đến được theo đường", "Not reached along streets"), "#6b7280")
_MOST_LISTED = 2_000
_MOST_NEAREST = 5
_S_OF_MIN = 60.0
_FAR_SHARE = 90


class NearestError(QuyhoachError):
    """More of the nearest facilities than are looked for, or none."""

    def __init__(self, given: int) -> None:
        super().__init__(f"nearest is {given}; it is a whole number from 1 to {_MOST_NEAREST}.")


def parcel_access(
    city: City,
    *,
    facility: Literal[
        "all",
        "kindergarten",
        "primary_school",
        "lower_secondary_school",
        "upper_secondary_school",
        "health_station",
        "hospital",
        "market",
        "park",
    ] = "all",
    nearest: int = 1,
    travel: Literal["walk", "drive"] = "walk",
    within: str = "city",
) -> Finding:
    """Measure from every parcel the way to the nearest facilities of each kind, along the streets.

    The way begins at a point inside the parcel, which is set onto the nearest street within 200 m. Where no street is
    near or no way leads there the parcel is counted as such; no straight line takes its place.

    Parameters
    ----------
    facility : one kind of facility, or all eight.
    nearest : how many of the nearest count, 1 to 5; the times are those to the last of them.
    travel : on foot, or by vehicle in the least time.
    within : city, ward:CODE, plan:CODE, or a polygon as GeoJSON in longitude and latitude; of the facilities all count.

    Returns
    -------
    Finding
        Table `access` (parcels by status; median and 90th percentile, in min) and `parcels`, the first 2,000 of them.

    Raises
    ------
    PlaceError, NearestError
        When there is no such place, or so many are not looked for.
    """
    where, how = place(city, within), Travel(travel)
    if not 1 <= nearest <= _MOST_NEAREST:
        raise NearestError(nearest)
    told(0.0)
    network = streets(city)
    found = _Parcels.read(city, network, how, where)
    kinds = _KINDS if facility == "all" else (facility,)
    access = [
        _Access.of(city, network, how, found, kind=kind, number=nearest) for kind in told_through(kinds, begin=0.4)
    ]
    return Finding(
        question="parcel_access",
        title=_TITLE,
        arguments={"facility": facility, "nearest": nearest, "travel": travel, "within": within},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=found.quantities,
        tables=(_table(access, found), _parcel_table(city, access, found)),
        features=tuple(_features(city, access, found)),
        sources=(convention().source,),
    )


@dataclass(frozen=True)
class _Parcels:
    """The parcels of a place, by uid, each set onto the streets."""

    uid: Places
    placed: Placed

    @classmethod
    def read(cls, city: City, network: Streets, how: Travel, where: Place) -> _Parcels:
        """Read them; those of which a point inside lies in the place."""
        batches = list(rows(city.connection, statements(_SQL)["parcels"].sql(), {"place": where.wkb}, _POINTS))
        uid, *position = (
            np.concatenate([np.asarray(batch.column(name)) for batch in batches] or [np.empty(0)])
            for name in ("uid", "easting_m", "northing_m")
        )
        points = np.asarray(shapely.points(np.column_stack(position)), dtype=object).reshape(-1)
        if where.geometry is not None:
            shapely.prepare(where.geometry)
            inside = shapely.contains(where.geometry, points)
            uid, points = uid[inside], points[inside]
        told(0.2)
        return cls(uid.astype(np.int64), network.placed(points, how))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """How many there are, and how many have a street near."""
        return (
            Quantity("parcels", Words("Số thửa", "Parcels"), len(self.uid), "parcels"),
            Quantity(
                "parcels_on_street",
                Words("Trong đó có đường ở gần", "Of which with a street near"),
                int(self.placed.is_placed.sum()),
                "parcels",
            ),
        )

    @cached_property
    def listed(self) -> list[int]:
        """The places of those that are listed one by one."""
        return list(range(min(len(self.uid), _MOST_LISTED)))


@dataclass(frozen=True)
class _Access:
    """The way from each parcel to the facilities of one kind; infinite where there is none."""

    kind: str
    facilities: int
    nearest: Sequence[str | None]
    time_min: Numbers

    @classmethod
    def of(cls, city: City, network: Streets, how: Travel, found: _Parcels, *, kind: str, number: int) -> _Access:
        """Measure it."""
        facilities = Suppliers.read(city, kind, partial(network.placed, travel=how))
        cost, which = to_nearest_few(network.ways(how), found.placed, facilities.placed, number=number)
        per_min = _S_OF_MIN * (convention().walk_m_s if how is Travel.WALK else 1.0)
        first = [facilities.names[place] if place >= 0 else None for place in which[0][:_MOST_LISTED].tolist()]
        return cls(kind, len(facilities), first, cost[-1] / per_min)

    @property
    def title(self) -> Words:
        """What the facilities are called."""
        code = FACILITIES.named(self.kind)
        return code.title if code else Words(self.kind, self.kind)

    def status(self, found: _Parcels) -> list[Status]:
        """Return how each parcel came out."""
        if not self.facilities:
            return [Status.NO_TARGET] * len(found.uid)
        return list(statuses(found.placed, np.isfinite(self.time_min)))


def _table(access: Sequence[_Access], found: _Parcels) -> Table:
    headings = (
        Heading("facility", Words("Công trình", "Facility")),
        Heading("facilities", Words("Số lượng", "Number")),
        Heading("reached", Words("Số thửa đến được", "Parcels with a way"), "parcels"),
        Heading("no_street", Words("Không có đường ở gần", "No street near"), "parcels"),
        Heading("no_way", Words("Không có đường dẫn đến", "No way"), "parcels"),
        Heading("median_min", Words("Trung vị", "Median"), "min"),
        Heading("far_min", Words("90% số thửa trong", "90 % of them within"), "min"),
    )
    off = int((~found.placed.is_placed).sum())
    return Table("access", _TITLE, headings, tuple(_row(each, off) for each in access))


def _row(each: _Access, off: int) -> tuple[Cell, ...]:
    if not each.facilities:
        return each.title, 0, 0, off, None, None, None
    reached = each.time_min[np.isfinite(each.time_min)]
    said = np.percentile(reached, [50, _FAR_SHARE]).tolist() if len(reached) else (None, None)
    return each.title, each.facilities, len(reached), off, len(each.time_min) - len(reached) - off, *said


def _parcel_table(city: City, access: Sequence[_Access], found: _Parcels) -> Table:
    headings = (
        Heading("parcel", Words("Thửa", "Parcel")),
        Heading("facility", Words("Công trình", "Facility")),
        Heading("nearest", Words("Công trình gần nhất", "Nearest")),
        Heading("status", Words("Trạng thái", "Status")),
        Heading("time_min", Words("Thời gian", "Time"), "min"),
    )
    named = {uid: name for uid, name, _ in _named(city, found)}
    status = [each.status(found) for each in access]
    rows_ = tuple(
        (
            named.get(int(found.uid[n]), f"uid {found.uid[n]}"),
            each.title,
            each.nearest[n],
            status[number][n].words,
            float(each.time_min[n]) if np.isfinite(each.time_min[n]) else None,
        )
        for n in found.listed
        for number, each in enumerate(access)
    )
    said = "" if len(found.listed) == len(found.uid) else f" ({len(found.listed)}/{len(found.uid)})"
    return Table("parcels", Words(f"Từng thửa{said}", f"Parcel by parcel{said}"), headings, rows_)


def _named(city: City, found: _Parcels) -> list[tuple[int, str, bytes]]:
    uids = found.uid[found.listed].tolist()
    return city.connection.execute(statements(_SQL)["named"].sql(), {"uids": uids}, binary=True).fetchall()


def _features(city: City, access: Sequence[_Access], found: _Parcels) -> Iterator[Feature]:
    """Yield the parcels that are listed, the nearest first, by the time to the farthest of the kinds asked about."""
    farthest = np.max(
        [each.time_min for each in access if each.facilities] or [np.full(len(found.uid), np.inf)], axis=0
    )
    by_uid = dict(zip(found.uid[found.listed].tolist(), farthest[found.listed].tolist(), strict=True))
    for uid, name, geometry in sorted(_named(city, found), key=lambda each: by_uid[each[0]]):
        time = by_uid[uid]
        look = next(look for most, look in _LOOKS if time <= most) if np.isfinite(time) else _NO_WAY
        values = {"time_min": time if np.isfinite(time) else None}
        yield Feature(Subject("parcel", name, uid), shapely.from_wkb(geometry), values, look)
