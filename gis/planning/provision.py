"""The land that public services have in a ward, held against what an edition of the standards asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gis.certainty import Certainty
from gis.db import City
from gis.findings import NOT_APPLICABLE, Outcome, Subject, Verdict
from gis.findings.figures import said
from gis.planning.services import LandNorm, Service, existing_area_factor, land_norm
from gis.planning.wards import Ward
from gis.standards import Edition, MissingFactError, NotApplicableError
from gis.statements import statements
from gis.wording import UNKNOWN
from layers.model import Words

_SQL = Path(__file__).with_suffix(".sql")
UNKNOWN_LEVEL = "school"
"""The type of schools whose level is not known."""
_NO_PEOPLE = Words("Chưa rõ dân số", "The number of people is not known")
_NO_NORM = Words("Chưa có giá trị trong ấn bản này", "This edition does not say it here")
_NOT_HERE = Words("Quy chuẩn không quy định cho khu vực này", "The standard sets nothing for such an area")
_NO_AREA = Words("Có công trình chưa rõ diện tích hoặc cấp học", "Area or level of some facilities is not known")


@dataclass(frozen=True, slots=True)
class Supplied:
    """What facilities of one type in one ward have: their land as far as it is known, None where it is of none.

    `without_area` are those whose land is not known.
    """

    facilities: int
    land_m2: float | None
    without_area: int


Supply = Mapping[tuple[str, str], Supplied]


def supply(city: City) -> Supply:
    """Return what facilities have, by ward and type; where they stand decides the ward."""
    listed = city.connection.execute(statements(_SQL)["supply"].sql()).fetchall()
    return {(ward, kind): Supplied(number, land_m2, without) for ward, kind, number, land_m2, without in listed}


@dataclass(frozen=True, slots=True)
class LandAsked:
    """What an edition asks of areas of a kind, in a city of a class."""

    edition: Edition
    area: str
    urban_class: str

    def knows(self, service: Service) -> bool:
        """Return whether the edition says anything of a service here."""
        try:
            return self.norm(service, is_rural=False) is not None
        except NotApplicableError:
            return True

    def norm(self, service: Service, *, is_rural: bool) -> LandNorm | None:
        """Return what it asks of a service."""
        case = {
            "urban_class": self.urban_class,
            "setting": "rural" if is_rural else "urban",
            "area": self.area,
        }
        norm = land_norm(service, self.edition, case)
        if norm is None or self.area != "existing":
            return norm
        factor, clause = existing_area_factor(self.edition, service)
        if clause is None:
            return norm
        return replace(norm, m2_per_person=factor * norm.m2_per_person, reference=f"{norm.reference}; {clause}")


def verdict(asked: LandAsked, ward: Ward, service: Service, supplied: Supply) -> Verdict:
    """Return whether a ward has the land a service needs."""
    mine = [supplied[ward.code, kind] for kind in service.supplied_by if (ward.code, kind) in supplied]
    known_m2 = sum(each.land_m2 or 0.0 for each in mine)
    without = sum(each.without_area for each in mine)
    if service.is_school and (ward.code, UNKNOWN_LEVEL) in supplied:
        without += supplied[ward.code, UNKNOWN_LEVEL].facilities
    have_m2 = known_m2 if known_m2 or not without else None
    found = _open(asked.edition, ward, service, have_m2)
    inputs: dict[str, float | str | None] = {
        "facilities": float(sum(each.facilities for each in mine)),
        "people": ward.people,
        "have_m2": have_m2,
        "without_area": float(without),
    }
    try:
        norm = asked.norm(service, is_rural=ward.is_rural)
    except NotApplicableError:
        return replace(found, outcome=Outcome.NOT_APPLICABLE, asked=NOT_APPLICABLE, reason=_NOT_HERE, inputs=inputs)
    except MissingFactError:
        norm = None
    if norm is None or ward.people is None:
        return replace(found, reason=_NO_NORM if norm is None else _NO_PEOPLE, inputs=inputs)
    need_m2 = ward.people * norm.m2_per_person
    enough = known_m2 >= need_m2
    outcome = Outcome.PASS if enough else Outcome.UNDECIDED if without else Outcome.FAIL
    return replace(
        found,
        outcome=outcome,
        reference=norm.reference,
        asked=said("≥ {need} m²", need=need_m2),
        certainty=norm.certainty | Certainty.REGISTERED,
        arithmetic=_arithmetic(ward.people, norm.m2_per_person, need_m2, have_m2, is_least=without > 0),
        reason=_NO_AREA if outcome is Outcome.UNDECIDED else None,
        inputs={**inputs, "norm_m2": norm.m2_per_person, "need_m2": need_m2},
    )


def _arithmetic(people: float, norm_m2: float, need_m2: float, have_m2: float | None, *, is_least: bool) -> Words:
    need = said(
        "{people} người × {norm} m²/người = {need} m²",
        "{people} people × {norm} m²/person = {need} m²",
        people=people,
        norm=norm_m2,
        need=need_m2,
    )
    if have_m2 is None:
        have = Words("hiện có: chưa rõ", "what there is is not known")
    elif is_least:
        have = said("có ít nhất {have} m²", "there are {have} m² at least", have=have_m2)
    else:
        have = said("có {have} m²", "there are {have} m²", have=have_m2)
    return Words(f"{need.vi}; {have.vi}", f"{need.en}; {have.en}")


def _open(edition: Edition, ward: Ward, service: Service, have_m2: float | None) -> Verdict:
    return Verdict(
        outcome=Outcome.UNDECIDED,
        rule=f"service_land.{service.name}",
        reference=edition.code,
        title=service.title,
        subject=Subject("ward", f"{ward.name} ({ward.code})"),
        asked=UNKNOWN,
        found=have_m2,
        unit="m²",
        certainty=None,
    )
