"""The indicators: their names are those of the targets in `data/plans/`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gis.wording import NUMBER, SHARE
from layers.model import Words


class Direction(StrEnum):
    """Which way a value should go."""

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: `numerator` over `denominator`, both names of what is measured (see `gis.indicators.measured`).

    `factor` brings them to the unit; `source` is where its definition stands, if not in the plan. One without a
    numerator cannot be measured from layers. A share (0-1) has SHARE for its unit, a ratio none.
    """

    name: str
    title: Words
    unit: str
    direction: Direction
    numerator: str | None
    denominator: str | None
    factor: float = 1.0
    source: str | None = None


def _per_person(name: str, title: Words, numerator: str, direction: Direction = Direction.HIGHER) -> Indicator:
    return Indicator(name, title, "m²/person", direction, numerator, "people")


_SDG = "UN-Habitat, metadata of SDG indicator "

CATALOGUE = (
    Indicator("population", Words("Dân số", "Population"), "people", Direction.BAND, "people", None),
    Indicator(
        "urban_construction_land",
        Words("Đất xây dựng đô thị", "Urban construction land"),
        "ha",
        Direction.BAND,
        "construction_m2",
        None,
        factor=1e-4,
    ),
    _per_person(
        "civil_land_per_person", Words("Đất dân dụng bình quân", "Civil land per person"), "civil_m2", Direction.BAND
    ),
    _per_person(
        "residential_unit_land_per_person",
        Words("Đất ở bình quân", "Residential land per person"),
        "housing_m2",
        Direction.BAND,
    ),
    _per_person(
        "upper_secondary_land_per_person",
        Words("Đất trường THPT bình quân", "Upper-secondary land per person"),
        "upper_secondary_m2",
    ),
    _per_person("city_green_per_person", Words("Cây xanh công cộng bình quân", "Public green per person"), "green_m2"),
    _per_person("urban_green_per_person", Words("Cây xanh đô thị bình quân", "Urban green per person"), "green_m2"),
    _per_person("health_land_per_person", Words("Đất y tế bình quân", "Health land per person"), "health_m2"),
    _per_person("sport_land_per_person", Words("Đất thể thao bình quân", "Sport land per person"), "sport_m2"),
    _per_person(
        "housing_floor_per_person",
        Words("Diện tích sàn nhà ở bình quân", "Housing floor per person"),
        "housing_floor_m2",
    ),
    Indicator(
        "transport_land_share",
        Words("Tỷ lệ đất giao thông", "Share of transport land"),
        SHARE.en,
        Direction.HIGHER,
        "transport_m2",
        "construction_m2",
    ),
    Indicator(
        "public_transport_share",
        Words("Tỷ lệ vận tải hành khách công cộng", "Share of public transport in trips"),
        SHARE.en,
        Direction.HIGHER,
        None,
        None,
    ),
    Indicator(
        "domestic_water", Words("Cấp nước sinh hoạt", "Domestic water"), "l/person/day", Direction.HIGHER, None, None
    ),
    Indicator(
        "sdg_11_2_1",
        Words(
            "SDG 11.2.1: tỷ lệ người trong 500 m đến điểm dừng (đường thẳng)",
            "SDG 11.2.1: people within 500 m of a stop, straight line",
        ),
        SHARE.en,
        Direction.HIGHER,
        "people_near_stops",
        "people_placed",
        source=f"{_SDG}11.2.1",
    ),
    Indicator(
        "sdg_11_3_1",
        Words("SDG 11.3.1: tăng đất xây dựng trên tăng dân số", "SDG 11.3.1: land consumption over population growth"),
        NUMBER,
        Direction.LOWER,
        "land_consumption_rate",
        "population_growth_rate",
        source=f"{_SDG}11.3.1",
    ),
    Indicator(
        "sdg_11_7_1",
        Words("SDG 11.7.1: tỷ lệ không gian mở công cộng", "SDG 11.7.1: share of open space for public use"),
        SHARE.en,
        Direction.HIGHER,
        "open_space_m2",
        "construction_m2",
        source=f"{_SDG}11.7.1",
    ),
)
"""In the order in which they are listed."""
