"""Public services that standards ask land for, and the facilities that supply them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from gis.certainty import Certainty
from gis.standards import Edition, NotApplicableError, Rule
from gis.standards.axes import Codes
from gis.standards.rule import Case
from layers.model import Words

_PER_PERSON = "service_land_per_person"
_PLACES = "places_per_1000"
_PER_PLACE = "land_per_place"
_THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Service:
    """A service: the codes of the axis `facility` that norms are given for, the facility types that supply it.

    `rules` are rules of land per person that stand by themselves; `is_school` says that existing areas get no less.
    """

    name: str
    title: Words
    codes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    supplied_by: tuple[str, ...] = ()
    is_school: bool = False

    @classmethod
    def school(cls, name: str, title: Words) -> Service:
        """Return a school, supplied by facilities of its own name."""
        return cls(name, title, (name,), (), (name,), True)


SERVICES = (
    Service.school("kindergarten", Words("Trường mầm non", "Kindergartens")),
    Service.school("primary_school", Words("Trường tiểu học", "Primary schools")),
    Service.school("lower_secondary_school", Words("Trường trung học cơ sở", "Lower secondary schools")),
    Service.school("upper_secondary_school", Words("Trường trung học phổ thông", "Upper secondary schools")),
    Service("hospital", Words("Bệnh viện", "Hospitals"), ("hospital",), supplied_by=("hospital",)),
    Service(
        "area_health",
        Words("Y tế cấp khu vực", "Area health"),
        ("area_health",),
        supplied_by=("hospital", "health_station"),
    ),
    Service(
        "play",
        Words("Sân chơi, sân luyện tập", "Play and training grounds"),
        ("playground", "training_ground"),
        supplied_by=("playground",),
    ),
    Service(
        "culture_and_sport",
        Words("Văn hóa, thể thao", "Culture and sport"),
        ("sports_ground", "stadium", "city_culture_sport_centre", "area_culture_sport"),
        supplied_by=("sports_centre", "culture_centre"),
    ),
    Service("commerce", Words("Chợ, thương mại", "Markets, commerce"), ("area_commerce",), supplied_by=("market",)),
    Service(
        "green",
        Words("Cây xanh công cộng", "Public green"),
        rules=("unit_green", "city_green"),
        supplied_by=("park",),
    ),
)
"""Groupings are ours where several norms are met by one kind of facility: their norms are added up."""


@dataclass(frozen=True, slots=True)
class LandNorm:
    """What an edition asks of a service in a case: m² a person, with the equation, the clauses, how sure it is."""

    m2_per_person: float
    arithmetic: tuple[tuple[str, float], ...]
    reference: str
    certainty: Certainty


def land_norm(service: Service, edition: Edition, case: Case) -> LandNorm | None:
    """Return what an edition asks; None where it says nothing of the service, as far as it is known.

    Raises
    ------
    NotApplicableError
        When it speaks of it, but not in such a case.
    MissingFactError
        When what it asks depends on something that is not known.
    """
    found = list(_norms(service, edition, case))
    if not found:
        return None
    return LandNorm(
        sum(value for _, value, _ in found),
        tuple((rule.title.vi, value) for rule, value, _ in found),
        "; ".join(dict.fromkeys(rule.reference for rule, *_ in found)),
        reduce(Certainty.__or__, (certainty for *_, certainty in found)),
    )


def _norms(service: Service, edition: Edition, case: Case) -> Iterator[tuple[Rule, float, Certainty]]:
    for name in service.rules:
        if name in edition.rules:
            norm = edition.rule(name).norm(case)
            yield norm.rule, norm.least, norm.certainty
    for code in service.codes:
        of_code = {**case, "facility": code}
        if _speaks(edition, _PER_PERSON, code):
            norm = edition.rule(_PER_PERSON).norm(of_code)
            yield norm.rule, norm.least, norm.certainty
        elif _speaks(edition, _PLACES, code) and _speaks(edition, _PER_PLACE, code):
            places, land = (edition.rule(name).norm(of_code) for name in (_PLACES, _PER_PLACE))
            yield places.rule, places.least * land.least / _THOUSAND, places.certainty | land.certainty


def _speaks(edition: Edition, rule: str, code: str) -> bool:
    if rule not in edition.rules:
        return False
    axis = next((axis for axis in edition.rule(rule).axes if axis.name == "facility"), None)
    return isinstance(axis, Codes) and axis.weights(code) is not None


def existing_area_factor(edition: Edition, service: Service) -> tuple[float, str | None]:
    """Return by what an existing area may multiply a norm, and the clause; 1 where the edition does not say it."""
    name = "existing_area_service_land_factor"
    if service.is_school or service.rules or name not in edition.rules:
        return 1.0, None
    try:
        norm = edition.rule(name).norm({"area": "existing"})
    except NotApplicableError:
        return 1.0, None
    return norm.least, norm.rule.reference
