"""What the plan says: the register of plans, zones, protected corridors, road reserves."""

from __future__ import annotations

from layers.kernel import PLAN_CODE, PLAN_HORIZON
from layers.land import LAND_USES
from layers.model import CodeList, Geometry, Intake, Layer, LayerGroup, Paint
from layers.write import code_list, day, integer, number, text, words

PLAN_USES = CodeList(
    "plan_use",
    words("Chức năng quy hoạch", "Planned use"),
    source="Circular 16/2025/TT-BXD, Appendix I item 4, layer names and AutoCAD colours (secondary)",
    file="plan_use.csv",
)

PLAN_SYSTEMS = code_list(
    "plan_system",
    words("Hệ thống quy hoạch", "Plan system"),
    ("construction", "Quy hoạch xây dựng, đô thị", "Construction and urban plan"),
    ("land_use", "Quy hoạch sử dụng đất", "Land-use plan"),
)

PLAN_LEVELS = code_list(
    "plan_level",
    words("Cấp đồ án", "Plan level"),
    ("general", "Quy hoạch chung", "General plan"),
    ("sub_area", "Quy hoạch phân khu", "Sub-area plan"),
    ("detailed", "Quy hoạch chi tiết", "Detailed plan"),
)

PLAN_STATUSES = code_list(
    "plan_status",
    words("Tình trạng pháp lý", "Legal status"),
    ("draft", "Dự thảo", "Draft", "#b0b0b0"),
    ("consultation", "Đang lấy ý kiến", "In consultation", "#e0b040"),
    ("approved", "Đã phê duyệt", "Approved", "#3f8f4f"),
    ("superseded", "Đã bị thay thế", "Superseded", "#8f5f5f"),
)

CORRIDOR_TYPES = code_list(
    "corridor_type",
    words("Loại hành lang", "Corridor type"),
    ("power_line", "Hành lang lưới điện", "Power line", "#c2362f"),
    ("railway", "Hành lang đường sắt", "Railway", "#5b4a3f"),
    ("river_bank", "Hành lang bờ sông", "River bank", "#2f7fb2"),
    ("coast", "Hành lang bờ biển", "Coast", "#2fa0b2"),
    ("water_intake", "Vùng bảo vệ điểm lấy nước", "Water intake", "#1f5fa8"),
    ("water_main", "Hành lang đường ống nước", "Water main", "#4f8fd9"),
    ("heritage", "Khu vực bảo vệ di tích", "Heritage site", "#8f5fa3"),
    ("airport", "Tĩnh không sân bay", "Airport obstacle surface", "#7a7a7a"),
    ("military", "Vùng bảo vệ quốc phòng", "Military protection", "#6f5f2f"),
    ("wastewater_plant", "Khoảng cách an toàn trạm xử lý nước thải", "Wastewater plant isolation", "#6f8f2f"),
    ("cemetery", "Khoảng cách an toàn nghĩa trang", "Cemetery isolation", "#5f5f5f"),
)

PLAN = Layer(
    "plan",
    words("Đồ án quy hoạch", "Plan"),
    words("Sổ đăng ký các đồ án và ranh giới lập quy hoạch", "Register of plans with the boundary of each"),
    Geometry.POLYGON,
    (
        text(
            "code",
            words("Mã quy hoạch", "Plan code"),
            words("Mã trong sổ đăng ký", "Code in the register"),
            required=True,
        ),
        text("name", words("Tên đồ án", "Name"), words("Tên đầy đủ của đồ án", "Full name of the plan"), required=True),
        text(
            "plan_system",
            words("Hệ thống quy hoạch", "Plan system"),
            words(
                "Hệ thống pháp luật của đồ án; không trộn mã giữa hai hệ thống", "Legal system; codes are never mixed"
            ),
            codes=PLAN_SYSTEMS,
            required=True,
        ),
        text(
            "plan_level",
            words("Cấp đồ án", "Level"),
            words("Chung, phân khu hoặc chi tiết", "General, sub-area or detailed"),
            codes=PLAN_LEVELS,
            required=True,
        ),
        integer(
            "scale_denominator",
            words("Mẫu số tỷ lệ", "Scale denominator"),
            words("Tỷ lệ bản vẽ 1/n; quyết định sai số của đường nét", "Drawing scale 1/n; sets the line tolerance"),
            unit="1",
            minimum=100,
            maximum=1_000_000,
        ),
        text(
            "decision_number",
            words("Số quyết định", "Decision number"),
            words("Quyết định phê duyệt", "Decision that approved it"),
        ),
        day(
            "decision_date",
            words("Ngày quyết định", "Decision date"),
            words("Ngày ký quyết định", "Day the decision was signed"),
        ),
        text("authority", words("Cơ quan phê duyệt", "Authority"), words("Cấp phê duyệt", "Who approved it")),
        text(
            "status",
            words("Tình trạng", "Status"),
            words("Tình trạng pháp lý", "Legal status"),
            codes=PLAN_STATUSES,
            required=True,
        ),
        text(
            "adjusts",
            words("Điều chỉnh đồ án", "Adjusts"),
            words("Mã đồ án mà đồ án này điều chỉnh", "Code of the plan this one adjusts"),
            refers="plan.code",
        ),
    ),
    Paint(color="#7a3f8f", outline="#7a3f8f", width_px=2, opacity=0.05, dashed=True, label="name"),
    key=("code",),
    zooms=(8, 22),
)

ZONE = Layer(
    "zone",
    words("Ô quy hoạch", "Zone"),
    words("Ô đất với chức năng và chỉ tiêu theo quy hoạch", "Area with the use and limits a plan gives it"),
    Geometry.POLYGON,
    (
        PLAN_CODE,
        PLAN_HORIZON,
        text(
            "code", words("Ký hiệu ô", "Zone code"), words("Ký hiệu ô trên bản vẽ", "Label of the zone on the drawing")
        ),
        text(
            "plan_use",
            words("Chức năng", "Planned use"),
            words("Chức năng sử dụng đất theo quy hoạch", "Use the plan gives it"),
            codes=PLAN_USES,
            required=True,
        ),
        text(
            "land_use_code",
            words("Loại đất tương ứng", "Matching land use"),
            words("Mã loại đất tương ứng, nếu đồ án nêu", "Land-use code, where the plan names one"),
            codes=LAND_USES,
        ),
        number(
            "max_built_share",
            words("Mật độ xây dựng tối đa", "Maximum built share"),
            words("Phần diện tích đất được xây dựng", "Share of the site that may be built over"),
            unit="1",
            maximum=1,
        ),
        number(
            "max_floor_area_ratio",
            words("Hệ số sử dụng đất tối đa", "Maximum floor area ratio"),
            words("Tổng diện tích sàn chia cho diện tích đất", "Floor area over site area"),
            unit="1",
            maximum=50,
        ),
        number(
            "max_height_m",
            words("Chiều cao tối đa", "Maximum height"),
            words("Chiều cao công trình tối đa", "Greatest building height"),
            unit="m",
            maximum=1000,
        ),
        integer(
            "min_storeys",
            words("Tầng cao tối thiểu", "Fewest storeys"),
            words("Số tầng tối thiểu", "Fewest storeys allowed"),
            unit="storeys",
            maximum=200,
        ),
        integer(
            "max_storeys",
            words("Tầng cao tối đa", "Most storeys"),
            words("Số tầng tối đa", "Most storeys allowed"),
            unit="storeys",
            maximum=200,
        ),
        number(
            "min_green_share",
            words("Tỷ lệ cây xanh tối thiểu", "Minimum green share"),
            words("Phần diện tích đất trồng cây xanh", "Share of the site that must be planted"),
            unit="1",
            maximum=1,
        ),
        number(
            "setback_m",
            words("Khoảng lùi", "Setback"),
            words("Khoảng cách từ chỉ giới đường đỏ đến công trình", "Distance from the red line to the building"),
            unit="m",
            maximum=500,
        ),
        integer(
            "population",
            words("Dân số quy hoạch", "Planned population"),
            words("Số người theo đồ án", "People the plan provides for"),
            unit="people",
        ),
    ),
    Paint(color="#d9d2c5", by="plan_use", outline="#5b5b5b", width_px=0.8, opacity=0.75, label="code"),
    key=("plan_code", "horizon", "code"),
    zooms=(8, 22),
    gathered_below=11,
    intake=Intake(exclusive=("plan_code", "horizon"), gapless=True),
)

CORRIDOR = Layer(
    "corridor",
    words("Hành lang bảo vệ", "Protected corridor"),
    words("Hành lang an toàn, vùng bảo vệ, khoảng cách ly", "Safety corridor, protection area, isolation distance"),
    Geometry.POLYGON,
    (
        text(
            "corridor_type",
            words("Loại hành lang", "Corridor type"),
            words("Đối tượng được bảo vệ", "What it protects"),
            codes=CORRIDOR_TYPES,
            required=True,
        ),
        text("name", words("Tên", "Name"), words("Tên hành lang", "Name of the corridor")),
        number(
            "width_m",
            words("Bề rộng", "Width"),
            words("Khoảng cách từ đối tượng đến mép hành lang", "Distance from the object to the corridor's edge"),
            unit="m",
        ),
        number(
            "max_height_m",
            words("Chiều cao tối đa", "Maximum height"),
            words("Chiều cao cho phép trong hành lang", "Height allowed within it"),
            unit="m",
        ),
        text("basis", words("Căn cứ", "Basis"), words("Điều khoản quy định", "Clause it rests on")),
        PLAN_HORIZON,
    ),
    Paint(color="#7a7a7a", by="corridor_type", outline="#7a2f2f", width_px=1, opacity=0.35, dashed=True),
    zooms=(10, 22),
)

ROAD_RESERVE = Layer(
    "road_reserve",
    words("Lộ giới", "Road reserve"),
    words("Đất dành cho đường trong chỉ giới đường đỏ", "Land kept for a road within its red lines"),
    Geometry.POLYGON,
    (
        PLAN_CODE,
        PLAN_HORIZON,
        text("name", words("Tên đường", "Street name"), words("Tên tuyến đường", "Name of the street")),
        number(
            "red_line_width_m",
            words("Bề rộng lộ giới", "Red-line width"),
            words("Khoảng cách giữa hai chỉ giới đường đỏ", "Distance between the red lines"),
            unit="m",
            maximum=300,
        ),
    ),
    Paint(color="#5b5b5b", outline="#b22222", width_px=1, opacity=0.3),
    zooms=(12, 22),
)

ZONING = LayerGroup("zoning", words("Quy hoạch", "Zoning"), (PLAN, ZONE, ROAD_RESERVE, CORRIDOR))
