"""Which public services a quarter is to have: so many people, so many schools, markets, clinics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gis.sample.arrays import Floats, Ints
from gis.sample.frame import Frame
from gis.sample.patterns import LIVED_IN, PATTERNS, Make
from gis.sample.quarters import Quarters

_ROOM_FOR_ALL, _ROOM_FOR_SOME = 45, 5
"""Lots of a quarter in which any service finds one, and of a quarter of its own kind."""


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of public service: one for so many people, on so much land; what stands there; places per 1 000 people."""

    facility_type: str
    title: str
    people: float
    site_m2: float
    land_use: str
    building_use: str | None
    storeys: int
    places: float
    home: Make | None = None


SERVICES: tuple[Service, ...] = (
    Service("kindergarten", "Trường mầm non", 4_200, 1_900, "DGD", "education", 2, 50),
    Service("primary_school", "Trường tiểu học", 8_000, 3_900, "DGD", "education", 3, 65),
    Service("lower_secondary_school", "Trường THCS", 10_500, 4_000, "DGD", "education", 4, 55),
    Service("upper_secondary_school", "Trường THPT", 21_000, 5_200, "DGD", "education", 4, 40),
    Service("school", "Trường phổ thông nhiều cấp", 60_000, 3_000, "DGD", "education", 3, 20),
    Service("university", "Trường đại học", 70_000, 9_500, "DGD", "education", 6, 30, Make.CAMPUS),
    Service("health_station", "Trạm y tế", 8_500, 550, "DYT", "health", 2, 1),
    Service("hospital", "Bệnh viện", 60_000, 9_500, "DYT", "health", 7, 4, Make.CAMPUS),
    Service("park", "Công viên", 6_500, 3_600, "DKV", None, 0, 0),
    Service("playground", "Sân chơi", 5_200, 900, "DKV", None, 0, 0),
    Service("sports_centre", "Trung tâm thể thao", 35_000, 9_000, "DTT", "culture", 2, 8, Make.CAMPUS),
    Service("culture_centre", "Nhà văn hóa", 14_000, 1_300, "DVH", "culture", 2, 8),
    Service("library", "Thư viện", 80_000, 900, "DVH", "culture", 3, 2),
    Service("market", "Chợ", 11_000, 2_100, "DCH", "commercial", 1, 0),
    Service("fire_station", "Đội chữa cháy", 40_000, 1_500, "CAN", "office", 2, 0),
    Service("police_station", "Công an", 15_000, 520, "CAN", "office", 3, 0),
    Service("government_office", "Ủy ban nhân dân", 12_000, 1_200, "TSC", "office", 4, 0),
    Service("post_office", "Bưu điện", 18_000, 260, "DBV", "office", 2, 0),
    Service("religious_place", "Chùa, đình, nhà thờ", 6_500, 850, "TON", "religion", 1, 0),
    Service("fuel_station", "Trạm xăng dầu", 15_000, 800, "TMD", "commercial", 1, 0),
    Service("cemetery", "Nghĩa trang", 150_000, 6_000, "NTD", None, 0, 0, Make.CEMETERY),
    Service("waste_site", "Trạm trung chuyển rác", 70_000, 4_000, "DRA", "utility", 1, 0, Make.INDUSTRY),
)


def services(home: Quarters, people: Floats) -> list[list[int]]:
    """Return for each quarter the numbers of the services it has today: at least one of each kind in the city.

    The quarters are taken in the order they were built; a service stands where the people counted so far call for it.
    """
    wanted: list[list[int]] = [[] for _ in home.made]
    order = np.argsort(home.share, kind="stable")
    lots = home.area_ha * np.array([PATTERNS[Make(kind)].per_ha if Make(kind) in PATTERNS else 0 for kind in home.made])
    roomy = np.isin(home.made, LIVED_IN) & (lots > _ROOM_FOR_ALL)
    for number, service in enumerate(SERVICES):
        own = np.where(home.made == (-1 if service.home is None else service.home), lots, 0.0)
        weight = own if own.max() > _ROOM_FOR_SOME else np.where(roomy, people, 0.0)
        for quarter in _places(weight, order, max(1, round(float(people.sum()) / service.people))):
            wanted[quarter].append(number)
    return wanted


def _places(weight: Floats, order: Ints, count: int) -> list[int]:
    run = np.cumsum(weight[order])
    steps = (np.arange(count) + 0.5) / count * run[-1]
    return order[np.searchsorted(run, steps).clip(0, len(order) - 1)].tolist()


def planned_services(frame: Frame, quarter: int) -> list[int]:
    """Return the services of a quarter yet to be built: a kindergarten, and in turn school, park, clinic or market."""
    return [0, (1, 8, 6, 13)[int(frame.rng(41, quarter).integers(4))]]
