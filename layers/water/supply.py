"""Water in: pipes, nodes, plants."""

from __future__ import annotations

from layers.kernel import STAGE, STAGE_END
from layers.model import Geometry, Intake, Layer, Paint
from layers.water.columns import CODE, END_NODE, NAME, START_NODE
from layers.write import code_list, number, text, words, year, yes_no

PIPE_ROLES = code_list(
    "pipe_role",
    words("Vai trò đường ống", "Role of the pipe"),
    ("raw", "Nước thô", "Raw water", "#6f8f5f"),
    ("transmission", "Truyền tải", "Transmission main", "#1f4f8f"),
    ("distribution", "Phân phối", "Distribution main", "#2f7fc2"),
    ("service", "Dịch vụ", "Service pipe", "#6fb2e0"),
)

NODE_TYPES = code_list(
    "node_type",
    words("Loại nút", "Node type"),
    ("junction", "Nút tiêu thụ", "Junction", "#2f7fc2"),
    ("tank", "Đài, bể nước", "Tank", "#1f4f8f"),
    ("reservoir", "Nguồn cấp", "Reservoir", "#123a6b"),
    ("pump", "Máy bơm", "Pump", "#8f3fa3"),
    ("valve", "Van", "Valve", "#c2362f"),
    ("hydrant", "Trụ cứu hỏa", "Hydrant", "#e0572f"),
)

VALVE_TYPES = code_list(
    "valve_type",
    words("Loại van", "Valve type"),
    ("gate", "Van chặn", "Gate (isolation) valve"),
    ("check", "Van một chiều", "Check valve"),
    ("pressure_reducing", "Van giảm áp", "Pressure-reducing valve"),
    ("pressure_sustaining", "Van duy trì áp", "Pressure-sustaining valve"),
    ("flow_control", "Van điều lưu", "Flow-control valve"),
    ("throttle", "Van tiết lưu", "Throttle valve"),
)

PLANT_TYPES = code_list(
    "plant_type",
    words("Loại nhà máy, trạm", "Plant type"),
    ("water_treatment", "Nhà máy nước", "Water treatment plant", "#1f5fa8"),
    ("wastewater_treatment", "Trạm xử lý nước thải", "Wastewater treatment plant", "#6f8f2f"),
    ("pumping_station", "Trạm bơm", "Pumping station", "#8f3fa3"),
)

PIPE = Layer(
    "pipe",
    words("Ống cấp nước", "Water pipe"),
    words("Đoạn ống giữa hai nút của mạng cấp nước", "Pipe between two nodes of the supply network"),
    Geometry.LINE,
    (
        CODE,
        text(
            "pipe_role", words("Vai trò", "Role"), words("Vai trò trong mạng", "Role in the network"), codes=PIPE_ROLES
        ),
        START_NODE,
        END_NODE,
        number(
            "diameter_mm",
            words("Đường kính trong", "Inner diameter"),
            words("Đường kính trong của ống", "Inner diameter of the pipe"),
            unit="mm",
            maximum=5000,
        ),
        text("material", words("Vật liệu", "Material"), words("Vật liệu ống", "Material of the pipe")),
        number(
            "roughness_hw",
            words("Hệ số Hazen–Williams", "Hazen–Williams coefficient"),
            words("Hệ số C của Hazen–Williams", "Coefficient C of Hazen–Williams"),
            unit="1",
            maximum=200,
        ),
        number(
            "length_m",
            words("Chiều dài thủy lực", "Hydraulic length"),
            words(
                "Chiều dài ghi trong hồ sơ; trống thì lấy theo hình học; 0 cạnh bơm, van: không phải ống, chỉ cho biết "
                "bơm, van nối với nút nào",
                "Length on record; where empty the drawn one counts; 0 beside a pump or valve: no pipe, it says which "
                "node that is joined to",
            ),
            unit="m",
        ),
        yes_no("closed", words("Đóng", "Closed"), words("Đoạn ống đang bị khóa", "The pipe is shut")),
        year(
            "year_laid", words("Năm lắp đặt", "Year laid"), words("Năm đưa vào vận hành", "Year it came into service")
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#2f7fc2", by="pipe_role", width_px=1.6, opacity=0.95),
    key=("code",),
    zooms=(13, 22),
)

NODE = Layer(
    "node",
    words("Nút cấp nước", "Water node"),
    words(
        "Nút tiêu thụ, đài, nguồn, máy bơm, van hoặc trụ cứu hỏa",
        "Junction, tank, reservoir, pump, valve or hydrant",
    ),
    Geometry.POINT,
    (
        CODE,
        text(
            "node_type",
            words("Loại nút", "Type"),
            words("Loại thiết bị tại nút", "What stands at the node"),
            codes=NODE_TYPES,
            required=True,
        ),
        number(
            "elevation_m",
            words("Cao độ", "Elevation"),
            words(
                "Cao độ mặt đất hoặc đáy bể, hệ Hòn Dấu", "Level of the ground or of the tank's floor, Hon Dau datum"
            ),
            unit="m",
            minimum=-100,
            maximum=3000,
        ),
        number(
            "demand_m3_day",
            words("Nhu cầu dùng nước", "Demand"),
            words("Nhu cầu trung bình ngày tại nút", "Mean daily demand at the node"),
            unit="m³/day",
        ),
        number(
            "head_m",
            words("Cột nước", "Head"),
            words("Cao độ mực nước của nguồn", "Water level of a reservoir"),
            unit="m",
            minimum=-100,
            maximum=3000,
        ),
        number(
            "tank_diameter_m",
            words("Đường kính bể", "Tank diameter"),
            words("Đường kính của đài hoặc bể tròn", "Diameter of a round tank"),
            unit="m",
        ),
        number(
            "tank_min_level_m",
            words("Mực nước thấp nhất", "Lowest tank level"),
            words("Mực nước thấp nhất trên đáy bể", "Lowest level above the tank's floor"),
            unit="m",
        ),
        number(
            "tank_initial_level_m",
            words("Mực nước ban đầu", "Initial tank level"),
            words("Mực nước lúc bắt đầu mô phỏng", "Level when a simulation begins"),
            unit="m",
        ),
        number(
            "tank_max_level_m",
            words("Mực nước cao nhất", "Highest tank level"),
            words("Mực nước cao nhất trên đáy bể", "Highest level above the tank's floor"),
            unit="m",
        ),
        number(
            "pump_flow_m3_h",
            words("Lưu lượng bơm", "Pump flow"),
            words("Lưu lượng thiết kế của máy bơm", "Design flow of a pump"),
            unit="m³/h",
        ),
        number(
            "pump_head_m",
            words("Cột áp bơm", "Pump head"),
            words("Cột áp thiết kế của máy bơm", "Design head of a pump"),
            unit="m",
        ),
        text(
            "valve_type",
            words("Loại van", "Valve type"),
            words("Cách làm việc của van", "How the valve works"),
            codes=VALVE_TYPES,
        ),
        number(
            "valve_setting",
            words("Giá trị đặt", "Valve setting"),
            words(
                "Áp lực (m) hoặc lưu lượng (m³/h) đặt cho van; van tiết lưu: hệ số tổn thất",
                "Pressure (m) or flow (m³/h) the valve is set to; of a throttle valve its loss coefficient",
            ),
            unit="m or m³/h",
        ),
        yes_no("closed", words("Đóng", "Closed"), words("Van hoặc máy bơm đang đóng", "The valve or pump is shut")),
        yes_no("broken", words("Hỏng", "Broken"), words("Không thao tác được", "It cannot be operated")),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#2f7fc2", by="node_type", outline="#ffffff", radius_px=3.5, opacity=1.0, label="code"),
    key=("code",),
    zooms=(14, 22),
    intake=Intake(elevation=("elevation_m",)),
)

PLANT = Layer(
    "plant",
    words("Nhà máy, trạm", "Plant"),
    words("Nhà máy nước, trạm xử lý nước thải, trạm bơm", "Water works, wastewater plant, pumping station"),
    Geometry.POINT,
    (
        NAME,
        text(
            "plant_type",
            words("Loại", "Type"),
            words("Loại nhà máy hoặc trạm", "Type of plant"),
            codes=PLANT_TYPES,
            required=True,
        ),
        number(
            "capacity_m3_day",
            words("Công suất", "Capacity"),
            words("Công suất thiết kế", "Design capacity"),
            unit="m³/day",
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
    Paint(color="#1f5fa8", by="plant_type", outline="#ffffff", radius_px=6, opacity=1.0, label="name"),
    zooms=(10, 22),
)
