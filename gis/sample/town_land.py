"""The town's boundaries, parcels, uses, buildings, facilities and surface water (see `gis.sample.town`)."""

from __future__ import annotations

import datetime

from gis.sample.squares import Rows, line, point, rectangle, tile

_YEAR = {"population_year": 2024}
_NOW = {"stage": "existing"}


def land_features() -> dict[str, Rows]:
    """Return the features of the land layers and the surface waters, by layer."""
    return {
        **_boundaries(),
        "parcel": _parcels(),
        "land_use": _land_use(),
        "building": _buildings(),
        "facility": _facilities(),
        **_waters(),
    }


def _boundaries() -> dict[str, Rows]:
    whole = {"geometry": tile(0, 0, 500, 200), "area_legal_ha": 10.0, "population": 1000, **_YEAR}
    west = {"geometry": tile(0, 0, 200, 200), "area_legal_ha": 4.0, "population": 400}
    east = {"geometry": tile(200, 0, 500, 200), "area_legal_ha": 6.0, "population": 600}
    ward = {"unit_type": "ward", "district_code": "Q1", **_YEAR}
    return {
        "city": [{"code": "TOWN", "name": "Thị trấn mẫu", "name_en": "Sample town", **whole}],
        "district": [{"code": "Q1", "name": "Quận Một", "name_en": "District One", **whole}],
        "ward": [
            {"code": "WEST", "name": "Phường Tây", "name_en": "West ward", **west, **ward},
            {"code": "EAST", "name": "Phường Đông", "name_en": "East ward", **east, **ward},
        ],
    }


def _parcels() -> Rows:
    rows: Rows = []

    def add(
        ward: str, sheet: int, number: int, use: str, box: tuple[float, float, float, float], **more: object
    ) -> None:
        area = (box[2] - box[0]) * (box[3] - box[1])
        front = {"frontage_m": box[2] - box[0], "area_legal_m2": area, "land_use_code": use}
        names = {"ward_code": ward, "map_sheet": str(sheet), "parcel_number": str(number)}
        rows.append({"geometry": tile(*box), **names, **front, **_NOW, **more})

    for number in range(10):
        add("WEST", 1, number + 1, "ODT", (10 * number, 0, 10 * number + 10, 100))
    for number, (east, north) in zip((11, 12, 13, 13), ((100, 0), (150, 0), (100, 50), (150, 50)), strict=True):
        add("WEST", 1, number, "ODT", (east, north, east + 50, north + 50))
    add("WEST", 1, 20, "DKV", (0, 100, 100, 200))
    add("WEST", 1, 21, "DGD", (100, 100, 150, 200))
    add("WEST", 1, 22, "DCH", (150, 100, 200, 200))
    add("EAST", 2, 1, "SKC", (200, 0, 300, 100))
    add("EAST", 2, 2, "LUC", (300, 0, 350, 100))
    add("EAST", 2, 3, "LUC", (350, 0, 400, 100))
    add("EAST", 2, 4, "LUC", (400, 0, 450, 100), stage_end="2030")
    add("EAST", 2, 5, "ODT", (400, 0, 450, 50), stage="2030")
    add("EAST", 2, 6, "ODT", (400, 50, 450, 100), stage="2030")
    add("EAST", 2, 7, "TMD", (200, 100, 250, 200))
    add("EAST", 2, 8, "TMD", (250, 100, 300, 200))
    add("EAST", 2, 9, "ODT", (300, 100, 400, 200))
    add("EAST", 2, 10, "DKV", (400, 100, 450, 200))
    return rows


def _land_use() -> Rows:
    uses = [
        ("ODT", "WEST", (0, 0, 200, 100)),
        ("DKV", "WEST", (0, 100, 100, 200)),
        ("DGD", "WEST", (100, 100, 150, 200)),
        ("DCH", "WEST", (150, 100, 200, 200)),
        ("SKC", "EAST", (200, 0, 300, 100)),
        ("LUC", "EAST", (300, 0, 450, 100)),
        ("TMD", "EAST", (200, 100, 300, 200)),
        ("ODT", "EAST", (300, 100, 400, 200)),
        ("DKV", "EAST", (400, 100, 450, 200)),
        ("SON", "EAST", (450, 0, 500, 200)),
    ]
    return [
        {"geometry": tile(*box), "land_use_code": code, "ward_code": ward, "survey_year": 2024}
        for code, ward, box in uses
    ]


def _buildings() -> Rows:
    rows: Rows = []

    def add(use: str, box: tuple[float, float, float, float], storeys: int, height: float) -> None:
        floors = (box[2] - box[0]) * (box[3] - box[1]) * storeys
        sizes = {"storeys": storeys, "height_m": height, "floor_area_m2": floors, "year_built": 2000}
        rows.append({"geometry": rectangle(*box), "building_use": use, **sizes, **_NOW})

    for number in range(10):
        add("house", (10 * number, 50, 10 * number + 10, 100), 2, 8)
    for east, north in ((100, 0), (150, 0), (100, 50), (150, 50)):
        add("house", (east + 15, north + 12, east + 35, north + 37), 4, 15)
    add("education", (110, 120, 140, 170), 3, 12)
    add("commercial", (155, 120, 195, 170), 1, 6)
    add("industry", (225, 0, 275, 100), 1, 9)
    add("office", (210, 120, 230, 170), 5, 20)
    add("commercial", (260, 120, 280, 170), 5, 20)
    add("apartment", (330, 120, 370, 170), 10, 40)
    return rows


def _facilities() -> Rows:
    places = [
        ("park", "Công viên", "WEST", 50, 150, 10_000, 0, None),
        ("primary_school", "Trường tiểu học", "WEST", 125, 150, 5_000, 4_500, 300),
        ("market", "Chợ", "WEST", 175, 150, 5_000, 2_000, None),
        ("health_station", "Trạm y tế", "EAST", 225, 150, 500, 300, 10),
        ("fire_station", "Đội chữa cháy", "EAST", 275, 150, 1_000, 500, None),
        ("kindergarten", "Trường mầm non", "EAST", 350, 150, 1_200, 900, 100),
    ]
    return [
        {
            "geometry": point(east, north),
            "facility_type": kind,
            "name": f"{name} mẫu",
            "ward_code": ward,
            "land_area_m2": land,
            "floor_area_m2": floor,
            "capacity": places_,
            "opened_on": datetime.date(2010, 9, 5),
            **_NOW,
        }
        for kind, name, ward, east, north, land, floor, places_ in places
    ]


def _waters() -> dict[str, Rows]:
    bed = {"bed_width_m": 40.0, "depth_m": 3.0, "side_slope": 2.0, "roughness_n": 0.03}
    levels = {"invert_start_m": -1.0, "invert_end_m": -1.2}
    return {
        "water_body": [
            {
                "geometry": rectangle(450, 0, 500, 200),
                "name": "Sông",
                "water_body_type": "river",
                "normal_level_m": 0.5,
                **_NOW,
            }
        ],
        "channel": [
            {"geometry": line((475, 0), (475, 200)), "name": "Sông", "channel_type": "river", **bed, **levels, **_NOW}
        ],
        "flood_zone": [
            {"geometry": rectangle(*box), "return_period_years": years, "min_depth_m": low, "max_depth_m": high,
             "water_level_m": level, **_NOW}
            for years, box, low, high, level in (
                (10, (425, 0, 450, 200), 0.0, 0.5, 3.4),
                (100, (400, 0, 425, 200), 0.0, 0.5, 3.9),
                (100, (425, 0, 450, 200), 0.5, 1.0, 3.9),
            )
        ],
    }  # fmt: skip
