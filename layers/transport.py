"""How one moves: roads, railways, stops, routes, parking."""

from __future__ import annotations

from layers.kernel import STAGE, STAGE_END
from layers.model import Geometry, Layer, LayerGroup, Paint
from layers.write import code_list, integer, number, text, words, yes_no

ROAD_CLASSES = code_list(
    "road_class",
    words("Cấp đường", "Road class"),
    ("expressway", "Đường cao tốc đô thị", "Urban expressway", "#c0392b"),
    ("main_arterial", "Đường trục chính đô thị", "Main arterial", "#d3542e"),
    ("city_main", "Đường chính đô thị", "City main street", "#e07b39"),
    ("inter_district", "Đường liên khu vực", "Inter-district street", "#e8a04a"),
    ("district_main", "Đường chính khu vực", "District main street", "#edc062"),
    ("district", "Đường khu vực", "District street", "#c9b48a"),
    ("sub_district", "Đường phân khu vực", "Sub-district street", "#a8a196"),
    ("housing_group", "Đường nhóm nhà ở, vào nhà", "Housing-group street", "#b9b4ac"),
    ("service", "Đường nội bộ", "Service road", "#c8c4bd"),
    ("track", "Đường đất, đường mòn", "Track", "#a98f6a"),
    ("cycle", "Đường xe đạp", "Cycle path", "#4f9d7a"),
    ("foot", "Đường đi bộ", "Footpath", "#8f7fb2"),
)
"""Classes of QCVN 01:2021/BXD, table 2.17, and below them what a street map needs."""

ONEWAYS = code_list(
    "oneway",
    words("Chiều lưu thông", "Direction of travel"),
    ("both", "Hai chiều", "Both ways"),
    ("forward", "Một chiều, theo chiều vẽ", "One way, as drawn"),
    ("backward", "Một chiều, ngược chiều vẽ", "One way, against the drawing"),
)

RAIL_TYPES = code_list(
    "rail_type",
    words("Loại đường sắt", "Railway type"),
    ("national", "Đường sắt quốc gia", "National railway", "#3f3f3f"),
    ("metro", "Đường sắt đô thị", "Metro", "#7a3f8f"),
    ("light_rail", "Đường sắt nhẹ", "Light rail", "#4f6fb2"),
    ("tram", "Xe điện mặt đất", "Tram", "#4f8fb2"),
    ("siding", "Đường nhánh, đường ga", "Siding or yard", "#8a8a8a"),
)

TRANSIT_MODES = code_list(
    "transit_mode",
    words("Phương thức", "Mode"),
    ("bus", "Xe buýt", "Bus", "#2f7fb2"),
    ("brt", "Xe buýt nhanh", "Bus rapid transit", "#c2556b"),
    ("rail", "Đường sắt", "Rail", "#3f3f3f"),
    ("metro", "Đường sắt đô thị", "Metro", "#7a3f8f"),
    ("ferry", "Phà, buýt sông", "Ferry", "#2fa0b2"),
)

_NAME = text("name", words("Tên", "Name"), words("Tên gọi", "Name in use"))
_BRIDGE = yes_no(
    "bridge",
    words("Cầu", "Bridge"),
    words("Đoạn đi trên cầu; không nối với đường bên dưới", "Runs on a bridge; not joined to what lies below"),
)
_TUNNEL = yes_no("tunnel", words("Hầm", "Tunnel"), words("Đoạn đi trong hầm", "Runs in a tunnel"))
_LEVEL = integer(
    "level",
    words("Tầng giao thông", "Level"),
    words("Thứ tự trên dưới tại chỗ giao cắt; mặt đất là 0", "Order above or below at a crossing; the ground is 0"),
    minimum=-10,
    maximum=10,
)

ROAD = Layer(
    "road",
    words("Đường bộ", "Road"),
    words(
        "Tim đường; hai đường chỉ nối nhau khi có chung đỉnh",
        "Centre line; two roads are joined only where they share a vertex",
    ),
    Geometry.LINE,
    (
        _NAME,
        text(
            "road_class",
            words("Cấp đường", "Class"),
            words("Cấp theo chức năng", "Class by function"),
            codes=ROAD_CLASSES,
            required=True,
        ),
        text(
            "oneway",
            words("Chiều lưu thông", "Direction"),
            words("Chiều xe được đi", "Ways a vehicle may go"),
            codes=ONEWAYS,
        ),
        integer(
            "lanes",
            words("Số làn xe", "Lanes"),
            words("Tổng số làn cả hai chiều", "Lanes of both directions"),
            unit="lanes",
            maximum=30,
        ),
        number(
            "carriageway_width_m",
            words("Bề rộng lòng đường", "Carriageway width"),
            words("Bề rộng phần xe chạy", "Width of the carriageway"),
            unit="m",
            maximum=200,
        ),
        number(
            "red_line_width_m",
            words("Bề rộng lộ giới", "Red-line width"),
            words("Khoảng cách giữa hai chỉ giới đường đỏ", "Distance between the red lines"),
            unit="m",
            maximum=300,
        ),
        number(
            "max_speed_kmh",
            words("Tốc độ tối đa", "Speed limit"),
            words("Tốc độ cho phép", "Speed allowed"),
            unit="km/h",
            maximum=200,
        ),
        text("surface", words("Mặt đường", "Surface"), words("Vật liệu mặt đường", "Material of the surface")),
        yes_no(
            "walkable", words("Đi bộ được", "Walkable"), words("Người đi bộ được phép đi", "Pedestrians may use it")
        ),
        _BRIDGE,
        _TUNNEL,
        _LEVEL,
        text(
            "original_class",
            words("Phân loại gốc", "Original class"),
            words("Giá trị nguyên gốc trong dữ liệu giao nộp", "Value as delivered"),
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#a8a196", by="road_class", width_px=1.6, opacity=1.0, label="name"),
    zooms=(8, 22),
    first_zooms=(
        ("inter_district", 10),
        ("district_main", 11),
        ("district", 11),
        ("sub_district", 13),
        ("housing_group", 14),
        ("service", 14),
        ("track", 13),
        ("cycle", 13),
        ("foot", 14),
    ),
)

RAIL = Layer(
    "rail",
    words("Đường sắt", "Railway"),
    words("Tim đường sắt", "Centre line of a track"),
    Geometry.LINE,
    (
        _NAME,
        text(
            "rail_type",
            words("Loại", "Type"),
            words("Loại đường sắt", "Type of railway"),
            codes=RAIL_TYPES,
            required=True,
        ),
        integer(
            "gauge_mm",
            words("Khổ đường", "Gauge"),
            words("Khoảng cách hai ray", "Distance between the rails"),
            unit="mm",
            maximum=3000,
        ),
        integer("tracks", words("Số đường ray", "Tracks"), words("Số đường song song", "Parallel tracks"), maximum=50),
        _BRIDGE,
        _TUNNEL,
        _LEVEL,
        STAGE,
        STAGE_END,
    ),
    Paint(color="#3f3f3f", by="rail_type", width_px=1.8, opacity=1.0, dashed=True),
    zooms=(8, 22),
)

TRANSIT_ROUTE = Layer(
    "transit_route",
    words("Tuyến vận tải công cộng", "Transit route"),
    words("Lộ trình của một tuyến", "Path of one route"),
    Geometry.LINE,
    (
        text(
            "number",
            words("Số hiệu tuyến", "Route number"),
            words("Số hiệu ghi trên xe", "Number shown on the vehicle"),
        ),
        _NAME,
        text(
            "transit_mode",
            words("Phương thức", "Mode"),
            words("Phương thức vận tải", "Mode of transport"),
            codes=TRANSIT_MODES,
            required=True,
        ),
        number(
            "headway_min",
            words("Giãn cách chuyến", "Headway"),
            words("Thời gian giữa hai chuyến giờ cao điểm", "Time between two services at the peak"),
            unit="min",
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#2f7fb2", by="transit_mode", width_px=2.2, opacity=0.8, label="number"),
    zooms=(10, 22),
)

TRANSIT_STOP = Layer(
    "transit_stop",
    words("Điểm dừng, nhà ga", "Transit stop"),
    words("Nơi hành khách lên xuống", "Where passengers board and leave"),
    Geometry.POINT,
    (
        text("code", words("Mã điểm dừng", "Stop code"), words("Mã của đơn vị vận hành", "Code given by the operator")),
        _NAME,
        text(
            "transit_mode",
            words("Phương thức", "Mode"),
            words("Phương thức vận tải", "Mode of transport"),
            codes=TRANSIT_MODES,
            required=True,
        ),
        yes_no("shelter", words("Nhà chờ", "Shelter"), words("Có mái che", "Has a roof")),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#2f7fb2", by="transit_mode", outline="#ffffff", radius_px=4, opacity=1.0, label="name"),
    zooms=(13, 22),
)

PARKING = Layer(
    "parking",
    words("Bãi đỗ xe", "Parking"),
    words("Bãi hoặc nhà để xe công cộng", "Public car park or garage"),
    Geometry.POINT,
    (
        _NAME,
        integer(
            "car_spaces", words("Số chỗ ô tô", "Car spaces"), words("Số chỗ đỗ ô tô", "Spaces for cars"), unit="spaces"
        ),
        integer(
            "levels",
            words("Số tầng", "Levels"),
            words("Số tầng đỗ xe", "Levels of parking"),
            unit="storeys",
            maximum=50,
        ),
        number(
            "land_area_m2",
            words("Diện tích đất", "Land area"),
            words("Diện tích khuôn viên", "Area of the site"),
            unit="m²",
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#4a5a7a", outline="#ffffff", radius_px=4, opacity=1.0, label="name"),
    zooms=(13, 22),
)

TRANSPORT = LayerGroup(
    "transport", words("Giao thông", "Transport"), (ROAD, RAIL, TRANSIT_ROUTE, PARKING, TRANSIT_STOP)
)
