"""The town's streets, railway, transit, water supply and drains (see `gis.sample.town`)."""

from __future__ import annotations

from itertools import pairwise

from gis.sample.squares import Rows, line, point, tile

_NOW = {"stage": "existing"}
_GROUND_M = 3.0


def network_features() -> dict[str, Rows]:
    """Return the features of transport, water supply and drains, by layer."""
    return {"road": _roads(), **_transport(), **_supply(), **_drains()}


def _roads() -> Rows:
    rows: Rows = []
    minor: dict[str, object] = {
        "road_class": "sub_district",
        "lanes": 2,
        "carriageway_width_m": 7.5,
        "red_line_width_m": 13.5,
    }
    major: dict[str, object] = {
        "road_class": "inter_district",
        "lanes": 4,
        "carriageway_width_m": 15.0,
        "red_line_width_m": 27.0,
    }
    common = {"oneway": "both", "max_speed_kmh": 40.0, "surface": "asphalt", "walkable": True, "tunnel": False, **_NOW}

    def add(name: str, *places: tuple[float, float], kind: dict[str, object] = minor, **more: object) -> None:
        ground = {"bridge": False, "level": 0}
        rows.append({"geometry": line(*places), "name": name, **common, **kind, **ground, **more})

    for name, north in (("Phố Nam", 0.0), ("Phố Bắc", 200.0)):
        for west, east in pairwise((0, 100, 200, 300, 350, 400, 450, 500)):
            add(name, (west, north), (east, north))
    for west, east in pairwise((0, 100, 200, 300, 400, 450)):
        add("Phố Giữa", (west, 100), (east, 100), kind=major)
    add("Cầu Giữa", (450, 100), (500, 100), kind=major, bridge=True, level=1)
    for number, east in enumerate((0, 100, 200, 300, 400)):
        way = "forward" if east == 200 else "both"
        for south, north in ((0, 100), (100, 200)):
            add(f"Phố Số {number + 1}", (east, south), (east, north), oneway=way)
    for south, north in ((0, 100), (100, 200)):
        add("Đường Ven Sông", (450, south), (450, north), stage="2030")
    add("Đường Trên Cao", (350, 0), (350, 200), kind=major, bridge=True, level=1, stage="2045", walkable=False)
    return rows


def _transport() -> dict[str, Rows]:
    stops = [(0.0, "Bến Tây"), (200.0, "Bến Giữa"), (400.0, "Bến Đông")]
    return {
        "rail": [
            {
                "geometry": line((0, 190), (500, 190)),
                "name": "Đường sắt mẫu",
                "rail_type": "national",
                "gauge_mm": 1000,
                "tracks": 1,
                "bridge": False,
                "tunnel": False,
                "level": 0,
                **_NOW,
            }
        ],
        "transit_route": [
            {
                "geometry": line(*((east, 100) for east in (0, 100, 200, 300, 400, 450, 500))),
                "number": "01",
                "name": "Tuyến 01",
                "transit_mode": "bus",
                "headway_min": 10.0,
                **_NOW,
            }
        ],
        "transit_stop": [
            {"geometry": point(east, 100), "code": f"B{number + 1}", "name": name, "transit_mode": "bus",
             "shelter": number == 1, **_NOW}
            for number, (east, name) in enumerate(stops)
        ],
        "parking": [
            {"geometry": point(150, 190), "name": "Bãi đỗ xe chợ", "car_spaces": 40, "levels": 1,
             "land_area_m2": 1_000.0, **_NOW}
        ],
    }  # fmt: skip


_NODES: dict[str, tuple[str, float, float, float | None]] = {
    "R1": ("reservoir", 0, 0, None),
    "PU1": ("pump", 0, 50, None),
    "J1": ("junction", 0, 100, 0.0),
    "J2": ("junction", 100, 100, 100.0),
    "H1": ("hydrant", 150, 100, None),
    "J3": ("junction", 200, 100, 100.0),
    "J4": ("junction", 200, 200, 50.0),
    "J5": ("junction", 100, 200, 50.0),
    "V1": ("valve", 250, 100, None),
    "J6": ("junction", 300, 100, 100.0),
    "T1": ("tank", 300, 200, None),
}
_PIPES = (
    ("R1", "PU1"), ("PU1", "J1"), ("J1", "J2"), ("J2", "H1"), ("H1", "J3"), ("J3", "J4"), ("J4", "J5"), ("J5", "J2"),
    ("J3", "V1"), ("V1", "J6"), ("J6", "T1"),
)  # fmt: skip
_EQUIPMENT: dict[str, dict[str, object]] = {
    "R1": {"head_m": 5.0},
    "PU1": {"pump_flow_m3_h": 36.0, "pump_head_m": 30.0, "closed": False, "broken": False},
    "V1": {"valve_type": "gate", "closed": False, "broken": False},
    "T1": {
        "elevation_m": 30.0,
        "tank_diameter_m": 10.0,
        "tank_min_level_m": 0.5,
        "tank_initial_level_m": 3.0,
        "tank_max_level_m": 5.0,
    },
}


def _supply() -> dict[str, Rows]:
    nodes: Rows = []
    for code, (kind, east, north, demand) in _NODES.items():
        values = {"code": code, "node_type": kind, "elevation_m": _GROUND_M, "demand_m3_day": demand}
        nodes.append({"geometry": point(east, north), **values, **_EQUIPMENT.get(code, {}), **_NOW})
    pipe = {"pipe_role": "distribution", "diameter_mm": 200.0, "material": "HDPE", "roughness_hw": 130.0}
    pipes: Rows = []
    for number, (start, end) in enumerate(_PIPES):
        shape = line(_NODES[start][1:3], _NODES[end][1:3])
        names = {"code": f"P{number + 1}", "start_node": start, "end_node": end, "length_m": shape.length}
        pipes.append({"geometry": shape, **names, **pipe, "closed": False, "year_laid": 2010, **_NOW})
    plants = [
        ("Nhà máy nước mẫu", "water_treatment", 0, 0, 600.0),
        ("Trạm xử lý mẫu", "wastewater_treatment", 300, 0, 400.0),
    ]
    return {
        "node": nodes,
        "pipe": pipes,
        "plant": [
            {"geometry": point(east, north), "name": name, "plant_type": kind, "capacity_m3_day": capacity,
             "land_area_m2": 1_000.0, **_NOW}
            for name, kind, east, north, capacity in plants
        ],
    }  # fmt: skip


def _drains() -> dict[str, Rows]:
    storm = [("M1", 200.0, 100.0, 1.5), ("M2", 300.0, 100.0, 1.3), ("M3", 400.0, 100.0, 1.1), ("O1", 450.0, 100.0, 1.0)]
    sanitary = [("S1", 100.0, 0.0, 1.5), ("S2", 200.0, 0.0, 1.2), ("O2", 300.0, 0.0, 0.9)]
    sewers: Rows = []
    manholes: Rows = []
    outfalls: Rows = []
    for system, chain, size, water in (
        ("storm", storm, 600.0, "Sông"),
        ("sanitary", sanitary, 300.0, "Trạm xử lý mẫu"),
    ):
        section = {"sewer_system": system, "shape": "circular", "diameter_mm": size, "roughness_n": 0.013, **_NOW}
        for upper, lower in pairwise(chain):
            ends = {"start_node": upper[0], "end_node": lower[0], "invert_start_m": upper[3], "invert_end_m": lower[3]}
            code = {"code": f"{upper[0]}-{lower[0]}", "material": "concrete"}
            sewers.append({"geometry": line(upper[1:3], lower[1:3]), **code, **ends, **section})
        for code, east, north, bed in chain[:-1]:
            levels = {"ground_level_m": _GROUND_M, "invert_level_m": bed}
            manholes.append({"geometry": point(east, north), "code": code, "sewer_system": system, **levels, **_NOW})
        code, east, north, bed = chain[-1]
        last = {"code": code, "sewer_system": system, "invert_level_m": bed, "receiving_water": water}
        outfalls.append({"geometry": point(east, north), **last, **_NOW})
    return {"sewer": sewers, "manhole": manholes, "outfall": outfalls, "catchment": _catchments()}


def _catchments() -> Rows:
    rain = {"impervious_share": 0.5, "curve_number": 80.0, "slope_share": 0.002, **_NOW}
    return [
        {"geometry": tile(0, 100, 450, 200), "code": "C1", "outlet": "M1", **rain},
        {"geometry": tile(0, 0, 450, 100), "code": "C2", "outlet": "M2", **rain},
    ]
