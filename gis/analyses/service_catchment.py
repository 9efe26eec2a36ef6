"""How many places of a service there are for who can reach them: supply shared among all in its catchment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from gis.answering import told
from gis.certainty import Certainty
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Source, Subject, Table
from gis.networks.catchment import Catchment, in_steps, two_step_in_parts, within
from gis.networks.search import between_some
from gis.networks.streets.convention import convention
from gis.networks.streets.limits import LimitError, read_limits, travel_within
from gis.networks.streets.living import Living
from gis.networks.streets.network import streets
from gis.networks.streets.status import statuses
from gis.networks.streets.suppliers import Suppliers
from gis.planning.people import people
from gis.planning.plans import plan_if_any
from layers.land import FACILITIES
from layers.model import Words

_TITLE = Words("Sức chứa dịch vụ theo vùng phục vụ", "Places of a service for those who reach them")
_WEIGHTS = (1.0, 0.68, 0.22)
"""What counts in each third of the limit."""
_STEPS = Source(
    Words("E2SFCA: trọng số theo ba khoảng", "E2SFCA: weights by three steps"),
    "Luo, Qi 2009, Health & Place 15(4)",
    Certainty.SECONDARY,
)
_TWO_STEPS = Source(Words("2SFCA", "2SFCA"), "Luo, Wang 2003, Environment and Planning B 30(6)", Certainty.SECONDARY)
_LOOKS = (
    (0.5, Look(Words("Dưới nửa mức trung bình", "Less than half of the mean"), "#b2182b")),
    (1.0, Look(Words("Dưới mức trung bình", "Below the mean"), "#ef8a62")),
    (1.5, Look(Words("Trên mức trung bình", "Above the mean"), "#a6dba0")),
    (np.inf, Look(Words("Từ 1,5 lần mức trung bình", "1.5 times the mean and more"), "#1b7837")),
)
_POINT = Look(Words("Công trình", "Facility"), "#1a1a1a")
_THOUSAND = 1_000
_MOST_LISTED = 2_000


def service_catchment(
    city: City,
    *,
    facility: Literal[
        "kindergarten",
        "primary_school",
        "lower_secondary_school",
        "upper_secondary_school",
        "health_station",
        "hospital",
    ] = "kindergarten",
    limits: str = "15 min",
    travel: Literal["walk", "drive"] = "walk",
    decay: Literal["none", "steps"] = "none",
) -> Finding:
    """Share the places of each facility among all who reach it, and add up what each person gets (2SFCA).

    What a facility can take is divided by the people within the limit along the streets; a person gets the sum over the
    facilities he reaches. With steps those in the second third of the limit count 0.68, in the last 0.22 (E2SFCA). A
    facility of which it is not known how much it can take gives nothing, and is counted.

    Parameters
    ----------
    facility : kind of facility.
    limits : how far people go, one limit in minutes or metres.
    travel : on foot, or by vehicle.
    decay : whether all within the limit count alike, or in three steps.

    Returns
    -------
    Finding
        Tables `wards` (places per 1,000 people) and `facilities`; people times what they get is what there is.

    Raises
    ------
    LimitError
        When that is no limit, or several.
    """
    limit, *more = asked = read_limits(limits)
    if more:
        raise LimitError(limits, "more than one")
    how = travel_within(travel, asked)
    network, plan = streets(city), plan_if_any(city)
    ways, most = network.ways(how), limit.cost(how)
    living = Living.read(city, plan, partial(network.placed, travel=how))
    told(0.3)
    supply = Suppliers.read(city, facility, partial(network.placed, travel=how))
    bounds = [most * share for share in (1 / 3, 2 / 3, 1)]
    weigh = within(most) if decay == "none" else in_steps(bounds, _WEIGHTS)
    costs = partial(between_some, ways, living.places, supply.placed, most=most)
    shared = _Shared(living, supply, two_step_in_parts(living.people, supply.known, costs, weigh))
    return Finding(
        question="service_catchment",
        title=_TITLE,
        arguments={"facility": facility, "limits": limits, "travel": travel, "decay": decay},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=shared.quantities,
        tables=(shared.ward_table, shared.facility_table),
        features=tuple(shared.features),
        notes=(_title(facility), people(city, plan).counted, *living.notes),
        sources=(_TWO_STEPS if decay == "none" else _STEPS, convention().source),
    )


@dataclass(frozen=True)
class _Shared:
    """What people get of the supply."""

    living: Living
    supply: Suppliers
    catchment: Catchment

    @property
    def _mean(self) -> float | None:
        """Places per person, were all of them shared by all."""
        total = self.living.total
        return float(self.supply.known.sum()) / total if total and np.isfinite(self.supply.capacity).any() else None

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What there is, for how many, and how many get nothing."""
        people, access = self.living.people, self.catchment.access
        unknown = int(np.isnan(self.supply.capacity).sum())
        mean = self._mean
        return (
            Quantity("people", Words("Số người được xét", "People looked at"), self.living.total or None, "people"),
            Quantity(
                "places", Words("Sức chứa đã biết", "Places that are known"), float(self.supply.known.sum()), "places"
            ),
            Quantity(
                "facilities_unknown", Words("Công trình chưa rõ sức chứa", "Facilities of unknown size"), unknown, "1"
            ),
            Quantity(
                "places_per_1000",
                Words("Sức chứa trên 1.000 người", "Places per 1,000 people"),
                None if mean is None else mean * _THOUSAND,
                "places/1000 people",
            ),
            Quantity(
                "people_without",
                Words("Số người không đến được chỗ nào", "People who reach none"),
                float(people[access <= 0].sum()),
                "people",
            ),
        )

    @property
    def ward_table(self) -> Table:
        """What the people of each ward get."""
        headings = (
            Heading("ward", Words("Phường, xã", "Ward")),
            Heading("people", Words("Số người", "People"), "people"),
            Heading(
                "places_per_1000", Words("Sức chứa trên 1.000 người", "Places per 1,000 people"), "places/1000 people"
            ),
            Heading("people_without", Words("Không đến được chỗ nào", "Reach none"), "people"),
        )
        rows = tuple((ward.label, *self._of_ward(number)) for number, ward in enumerate(self.living.wards))
        return Table("wards", Words("Theo phường, xã", "By ward"), headings, rows)

    def _of_ward(self, number: int) -> tuple[float, float | None, float]:
        here = self.living.ward == number
        people, access = self.living.people[here], self.catchment.access[here]
        total = float(people.sum())
        got = float(people @ access) / total * _THOUSAND if total else None
        return total, got, float(people[access <= 0].sum())

    @property
    def facility_table(self) -> Table:
        """How many reach each facility."""
        headings = (
            Heading("facility", Words("Công trình", "Facility")),
            Heading("status", Words("Trạng thái", "Status")),
            Heading("places", Words("Sức chứa", "Places"), "places"),
            Heading("people_per_place", Words("Số người trên một chỗ", "People for each place"), "people"),
        )
        shares = self.catchment.shares
        rows = tuple(
            (name, status.words, None if np.isnan(capacity) else capacity, 1 / share if share > 0 else None)
            for name, status, capacity, share in zip(
                self.supply.names[:_MOST_LISTED],
                statuses(self.supply.placed, self.supply.placed.is_placed),
                self.supply.capacity.tolist(),
                shares.tolist(),
                strict=False,
            )
        )
        return Table("facilities", Words("Từng công trình", "Facility by facility"), headings, rows)

    @property
    def features(self) -> Iterator[Feature]:
        """The wards by what their people get, and the facilities."""
        mean = self._mean
        for number, ward in enumerate(self.living.wards):
            _, got, _ = self._of_ward(number)
            look = None
            if got is not None and mean:
                look = next(look for most, look in _LOOKS if got / _THOUSAND / mean <= most)
            yield Feature(Subject("ward", ward.label), ward.geometry, {"places_per_1000": got}, look)
        for name, point in zip(self.supply.names[:_MOST_LISTED], self.supply.placed.points, strict=False):
            yield Feature(Subject("facility", name), point, {}, _POINT)


def _title(kind: str) -> Words:
    code = FACILITIES.named(kind)
    return code.title if code else Words(kind, kind)
