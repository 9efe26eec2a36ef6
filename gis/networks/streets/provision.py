"""How much street there is of each class, against urban construction land: what table 2.17 of QCVN 01 speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis.db import City
from gis.indicators.measured import CITY
from gis.statements import statements
from layers.model import Words
from layers.transport import ROAD_CLASSES

LEVELS = (
    "expressway",
    "main_arterial",
    "city_main",
    "inter_district",
    "district_main",
    "district",
    "sub_district",
)
"""The classes of streets that the standard counts, the highest first."""
_SQL = Path(__file__).with_suffix(".sql")
_M2_OF_KM2 = 1e6
_M_OF_KM = 1_000


@dataclass(frozen=True, slots=True)
class ClassSum:
    """Streets of one class: length in m, land between their red lines in m², length of those of no known width."""

    length_m: float = 0.0
    land_m2: float = 0.0
    unknown_m: float = 0.0

    def __add__(self, other: ClassSum) -> ClassSum:
        """Return both together."""
        return ClassSum(self.length_m + other.length_m, self.land_m2 + other.land_m2, self.unknown_m + other.unknown_m)


@dataclass(frozen=True, slots=True)
class StreetSums:
    """Streets by class, of the city (its code is empty) and of each ward."""

    of: Mapping[tuple[str, str], ClassSum]

    @classmethod
    def read(cls, city: City) -> StreetSums:
        """Add them up; a street counts in each ward with the length it has there."""
        found: dict[tuple[str, str], ClassSum] = {}
        for ward, road_class, *sums in city.connection.execute(statements(_SQL)["sums"].sql()).fetchall():
            found[ward or CITY, road_class] = ClassSum(*map(float, sums))
        return cls(found)

    def down_to(self, level: str, ward: str = CITY) -> ClassSum:
        """Return the streets of a class and of all above it."""
        classes = LEVELS[: LEVELS.index(level) + 1]
        return sum((self.of.get((ward, each), ClassSum()) for each in classes), ClassSum())

    def classes(self, ward: str = CITY) -> Sequence[tuple[str, ClassSum]]:
        """Return every class that there is, in the order of the code list."""
        return [(code, self.of[ward, code]) for code in ROAD_CLASSES.values if (ward, code) in self.of]


def density_km_km2(length_m: float, land_m2: float) -> float:
    """Return the length of streets for each area, in km/km²."""
    return length_m / _M_OF_KM / (land_m2 / _M2_OF_KM2)


def even_spacing_m(density: float | None) -> float | None:
    """Return how far apart streets are that run both ways in an even grid of a density in km/km²: 2/density."""
    return 2 * _M_OF_KM / density if density else None


def road_class_title(code: str) -> Words:
    """Return what a class of streets is called."""
    named = ROAD_CLASSES.named(code)
    return named.title if named else Words(code, code)
