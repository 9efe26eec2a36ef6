"""Who lives within the distance that the standards ask for of each service, and who is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Literal

import numpy as np
import numpy.typing as npt

from gis.answering import part, told, told_through
from gis.days import day
from gis.db import City
from gis.findings import NOT_APPLICABLE, Feature, Finding, Heading, Look, Quantity, Source, Subject, Table
from gis.findings.sources import layer_source, standard_source
from gis.findings.table import Cell
from gis.networks.placing import Placed
from gis.networks.streets.convention import convention
from gis.networks.streets.living import Living
from gis.networks.streets.network import Travel, streets
from gis.networks.streets.suppliers import Suppliers
from gis.networks.streets.walking import reach
from gis.networks.ways import Ways
from gis.overlay import Shapes
from gis.planning.distances import DISTANCE_RULES, distance_norm
from gis.planning.people import people
from gis.planning.plans import plan_in_force
from gis.standards import Edition, Norm, in_force
from gis.standards import edition as edition_named
from gis.wording import LANGUAGES, reference_in
from layers import LAYERS
from layers.land import FACILITIES
from layers.model import Words

_TITLE = Words("Tiếp cận dịch vụ công cộng", "Access to public services")
_LOOKS = (
    (0.5, Look(Words("Dưới một nửa trong tầm", "Less than half within reach"), "#c22f2f")),
    (0.8, Look(Words("50–80 % trong tầm", "50 to 80 % within reach"), "#e0a040")),
    (1.01, Look(Words("Từ 80 % trong tầm", "80 % and more within reach"), "#3f8f4f")),
)
_POINT = Look(Words("Công trình", "Facility"), "#1a1a1a")


def service_access(
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
        "playground",
        "park",
        "fire_station",
        "transit_stop",
    ] = "all",
    on: str = "",
    edition: str = "",
    area: Literal["new", "existing"] = "new",
    plan: str = "",
) -> Finding:
    """Measure how far people walk to the nearest facility of each kind, and hold it against the norm.

    The way is along the streets people may walk on, from where they live to where the facility stands; where no street
    is within 200 m, or none leads there, it is the straight line, and those people are told. People of today live on
    the dwelling parcels of their ward, those of 2030 and 2045 in the zones that provide for them, in squares of 100 m.

    Parameters
    ----------
    facility : one kind of facility, stops of public transport, or `all`.
    on : the day of the standards; today where none is given.
    edition : the edition of QCVN 01, such as `01:2026`; the one in force on the day where none is given.
    area : whether the city is taken for a `new` or an `existing` area, in which distances may be longer.
    plan : code of the plan whose people count in 2030 and 2045; the approved general plan where none is given.

    Returns
    -------
    Finding
        Tables `access` (people and share within the norm, distances in m) and `wards` (people left out, by ward).

    Raises
    ------
    PlanError, DayError, NoEditionError, UnknownEditionError
        When there is no such plan, day or edition.
    """  # fmt: skip
    when = day(on)
    standard = edition_named(edition) if edition else in_force(on=when)
    of_plan = plan_in_force(city, plan)
    kinds = [facility] if facility != "all" else list(DISTANCE_RULES)
    network = streets(city)
    placed = partial(network.placed, travel=Travel.WALK)
    told(0.1)
    with part(0.1, 0.3):
        living = Living.read(city, of_plan, placed)
    found = [
        _access(network.walking, living, Suppliers.read(city, kind, placed).placed, (kind, standard, area))
        for kind in told_through(kinds, begin=0.3)
    ]
    arguments = {"facility": facility, "on": when.isoformat(), "edition": standard.number, "area": area}
    return Finding(
        question="service_access",
        title=_TITLE,
        arguments={**arguments, "plan": of_plan.code},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=_quantities(living, network.walking),
        tables=(_table(found, living), _ward_table(found, living)),
        features=tuple(_features(found, living)),
        notes=(standard.title, people(city, of_plan).counted, *living.notes),
        sources=(standard_source(standard), *_layers(network.walking)),
        argument_words={"plan": of_plan.label, "edition": standard.label},
    )


@dataclass(frozen=True, slots=True)
class _Access:
    """How far the people are from the facilities of one kind; `most_m` is None where the edition names no distance."""

    kind: str
    facilities: Shapes
    most_m: float | None
    norm: Norm | None
    distance_m: npt.NDArray[np.float64]
    along: npt.NDArray[np.bool_]
    served: npt.NDArray[np.bool_] = field(repr=False)

    @property
    def title(self) -> Words:
        """What the facilities are called."""
        code = FACILITIES.named(self.kind)
        return code.title if code else LAYERS[self.kind].title


def _access(ways: Ways, living: Living, placed: Placed, asked: tuple[str, Edition, str]) -> _Access:
    kind, standard, area = asked
    most_m, norm = distance_norm(standard, kind, area=area) or (None, None)
    found = reach(ways, living.places, placed)
    served = found.distance_m <= most_m if most_m is not None else np.zeros(len(living.people), dtype=np.bool_)
    return _Access(kind, placed.points, most_m, norm, found.distance_m, found.along, served)


def _table(found: Sequence[_Access], living: Living) -> Table:
    headings = (
        Heading("facility", Words("Công trình", "Facility")),
        Heading("facilities", Words("Số lượng", "Number")),
        Heading("norm_m", Words("Bán kính quy chuẩn", "Norm"), "m"),
        Heading("served_people", Words("Số người trong tầm", "People within it"), "people"),
        Heading("served_share", Words("Tỷ lệ", "Share"), "1"),
        Heading("left_out_people", Words("Số người ngoài tầm", "People left out"), "people"),
        Heading("median_m", Words("Khoảng cách trung vị", "Median distance"), "m"),
        Heading("straight_share", Words("Tính theo đường thẳng", "Measured straight"), "1"),
        Heading("reference", Words("Điều khoản", "Clause")),
        Heading("certainty", Words("Độ tin cậy", "Certainty")),
    )
    return Table("access", _TITLE, headings, tuple(_row(each, living) for each in found))


def _row(each: _Access, living: Living) -> tuple[Cell, ...]:
    total = living.total
    known = each.most_m is not None and total > 0
    served = float(living.people[each.served].sum())
    straight = float(living.people[~each.along].sum()) / total if total else None
    return (
        *(each.title, len(each.facilities), each.most_m),
        *((served, served / total, total - served) if known else (None, None, None)),
        _median(each.distance_m, living.people),
        straight if len(each.facilities) else NOT_APPLICABLE,
        Words(*(reference_in(each.norm.rule.clause, language) for language in LANGUAGES)) if each.norm else None,
        each.norm.certainty.words if each.norm else NOT_APPLICABLE,
    )


def _median(distances: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float | None:
    """Return the distance within which half of the people are; None where it is not finite."""
    order = np.argsort(distances, kind="stable")
    passed = np.cumsum(weights[order])
    if not len(passed) or not passed[-1]:
        return None
    median = float(distances[order][int(np.searchsorted(passed, passed[-1] / 2))])
    return median if np.isfinite(median) else None


def _ward_table(found: Sequence[_Access], living: Living) -> Table:
    headings = (
        Heading("ward", Words("Phường, xã", "Ward")),
        Heading("facility", Words("Công trình", "Facility")),
        Heading("people", Words("Số người", "People"), "people"),
        Heading("left_out_people", Words("Số người ngoài tầm", "People left out"), "people"),
        Heading("served_share", Words("Tỷ lệ trong tầm", "Share within it"), "1"),
    )
    rows = tuple(
        (ward.label, each.title, *_of_ward(each, living, number))
        for number, ward in enumerate(living.wards)
        for each in found
        if each.most_m is not None
    )
    return Table("wards", Words("Theo phường, xã", "By ward"), headings, rows)


def _of_ward(each: _Access, living: Living, ward: int) -> tuple[float, float, float | None]:
    here = living.ward == ward
    total, served = float(living.people[here].sum()), float(living.people[here & each.served].sum())
    return total, total - served, served / total if total else None


def _quantities(living: Living, ways: Ways) -> tuple[Quantity, ...]:
    outside = float(living.people[living.ward < 0].sum())
    return (
        Quantity("people", Words("Số người được xét", "People looked at"), living.total, "people"),
        Quantity("people_without_ward", Words("Ngoài các phường, xã", "Outside of all wards"), outside, "people"),
        Quantity("street_km", Words("Đường đi bộ được", "Streets to walk on"), ways.length_m / 1_000, "km"),
    )


def _features(found: Sequence[_Access], living: Living) -> Iterator[Feature]:
    """Yield the wards by the share that all of the services reach together, then the facilities of a single kind."""
    counted = [each for each in found if each.most_m is not None]
    reached = reduce(np.logical_and, (each.served for each in counted), np.ones(len(living.people), dtype=np.bool_))
    for number, ward in enumerate(living.wards):
        here = living.ward == number
        total = float(living.people[here].sum())
        share = float(living.people[here & reached].sum()) / total if total else None
        look = None if share is None else next(look for most, look in _LOOKS if share < most)
        yield Feature(Subject("ward", ward.label), ward.geometry, {"served_share": share}, look)
    if len(found) == 1:
        for position in found[0].facilities:
            yield Feature(Subject("facility", found[0].title.vi), position, {}, _POINT)


def _layers(ways: Ways) -> tuple[Source, ...]:
    if not ways.length_m:
        return ()
    farthest_m = convention().farthest_street_m
    note = Words(f"Đường trong vòng {farthest_m:g} m", f"Streets within {farthest_m:g} m")
    return (replace(layer_source("road"), note=note),)
