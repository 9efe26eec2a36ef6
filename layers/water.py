"""Water in and water out: the supply network, the drains, the waters, the floods."""

from __future__ import annotations

from layers.kernel import STAGE, STAGE_END
from layers.model import Geometry, Intake, Layer, LayerGroup, Paint
from layers.write import code_list, integer, number, text, words, year, yes_no

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

SEWER_SYSTEMS = code_list(
    "sewer_system",
    words("Hệ thống thoát nước", "Drainage system"),
    ("storm", "Nước mưa", "Storm water", "#3f9fb2"),
    ("sanitary", "Nước thải", "Wastewater", "#8f6f2f"),
    ("combined", "Chung", "Combined", "#6f7f5f"),
)

SEWER_SHAPES = code_list(
    "sewer_shape",
    words("Hình dạng tiết diện", "Shape of the section"),
    ("circular", "Tròn", "Circular"),
    ("box", "Hộp", "Box"),
    ("trapezoid", "Hình thang hở", "Open trapezoid"),
)

CHANNEL_TYPES = code_list(
    "channel_type",
    words("Loại kênh", "Channel type"),
    ("river", "Sông", "River", "#4f8fc2"),
    ("stream", "Suối, rạch", "Stream", "#6fa8d1"),
    ("canal", "Kênh", "Canal", "#3f7fb2"),
    ("ditch", "Mương", "Ditch", "#8fbcd9"),
)

WATER_BODY_TYPES = code_list(
    "water_body_type",
    words("Loại mặt nước", "Type of water body"),
    ("sea", "Biển", "Sea", "#a8cfe6"),
    ("river", "Sông", "River", "#9cc7e3"),
    ("lake", "Hồ, ao", "Lake or pond", "#8fbfe0"),
    ("reservoir", "Hồ chứa", "Reservoir", "#7fb2d9"),
    ("basin", "Hồ điều hòa", "Retention basin", "#9fd1d9"),
    ("wetland", "Đất ngập nước", "Wetland", "#a8d9c2"),
    ("aquaculture", "Mặt nước nuôi trồng", "Aquaculture pond", "#aadfe0"),
)

_NAME = text("name", words("Tên", "Name"), words("Tên gọi", "Name in use"))
_INVERTS = (
    number(
        "invert_start_m",
        words("Cao độ đáy đầu", "Invert at start"),
        words("Cao độ đáy tại điểm đầu, hệ Hòn Dấu", "Level of the bed at the first vertex, Hon Dau datum"),
        unit="m",
        minimum=-100,
        maximum=3000,
    ),
    number(
        "invert_end_m",
        words("Cao độ đáy cuối", "Invert at end"),
        words("Cao độ đáy tại điểm cuối, hệ Hòn Dấu", "Level of the bed at the last vertex, Hon Dau datum"),
        unit="m",
        minimum=-100,
        maximum=3000,
    ),
)
_ROUGHNESS_N = number(
    "roughness_n",
    words("Hệ số nhám Manning", "Manning roughness"),
    words("Hệ số n của Manning", "Coefficient n of Manning"),
    unit="s/m^(1/3)",
    maximum=1,
)
_START_NODE = text(
    "start_node", words("Nút đầu", "Start node"), words("Mã nút tại điểm đầu", "Code of the node at the first vertex")
)
_END_NODE = text(
    "end_node", words("Nút cuối", "End node"), words("Mã nút tại điểm cuối", "Code of the node at the last vertex")
)
_CODE = text(
    "code", words("Mã", "Code"), words("Mã trong hồ sơ vận hành", "Code in the operator's records"), required=True
)

PIPE = Layer(
    "pipe",
    words("Ống cấp nước", "Water pipe"),
    words("Đoạn ống giữa hai nút của mạng cấp nước", "Pipe between two nodes of the supply network"),
    Geometry.LINE,
    (
        _CODE,
        text(
            "pipe_role", words("Vai trò", "Role"), words("Vai trò trong mạng", "Role in the network"), codes=PIPE_ROLES
        ),
        _START_NODE,
        _END_NODE,
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
                "Chiều dài ghi trong hồ sơ; trống thì lấy theo hình học",
                "Length on record; where empty the drawn one counts",
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
    zooms=(12, 22),
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
        _CODE,
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
            words("Áp lực (m) hoặc lưu lượng (m³/h) đặt cho van", "Pressure (m) or flow (m³/h) the valve is set to"),
            unit="m or m³/h",
        ),
        yes_no("closed", words("Đóng", "Closed"), words("Van hoặc máy bơm đang đóng", "The valve or pump is shut")),
        yes_no("broken", words("Hỏng", "Broken"), words("Không thao tác được", "It cannot be operated")),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#2f7fc2", by="node_type", outline="#ffffff", radius_px=3.5, opacity=1.0, label="code"),
    key=("code",),
    zooms=(13, 22),
    intake=Intake(elevation=("elevation_m",)),
)

PLANT = Layer(
    "plant",
    words("Nhà máy, trạm", "Plant"),
    words("Nhà máy nước, trạm xử lý nước thải, trạm bơm", "Water works, wastewater plant, pumping station"),
    Geometry.POINT,
    (
        _NAME,
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

SEWER = Layer(
    "sewer",
    words("Cống thoát nước", "Sewer"),
    words("Đoạn cống, vẽ theo chiều nước chảy", "Sewer between two manholes, drawn downstream"),
    Geometry.LINE,
    (
        _CODE,
        text(
            "sewer_system",
            words("Hệ thống", "System"),
            words("Nước mưa, nước thải hoặc chung", "Storm, sanitary or combined"),
            codes=SEWER_SYSTEMS,
            required=True,
        ),
        _START_NODE,
        _END_NODE,
        text(
            "shape",
            words("Tiết diện", "Shape"),
            words("Hình dạng tiết diện", "Shape of the section"),
            codes=SEWER_SHAPES,
        ),
        number(
            "diameter_mm",
            words("Đường kính", "Diameter"),
            words("Đường kính cống tròn", "Diameter of a circular sewer"),
            unit="mm",
            maximum=10000,
        ),
        number("width_m", words("Bề rộng", "Width"), words("Bề rộng cống hộp", "Width of a box"), unit="m", maximum=50),
        number(
            "height_m",
            words("Chiều cao", "Height"),
            words("Chiều cao cống hộp", "Height of a box"),
            unit="m",
            maximum=50,
        ),
        *_INVERTS,
        _ROUGHNESS_N,
        text("material", words("Vật liệu", "Material"), words("Vật liệu cống", "Material of the sewer")),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#3f9fb2", by="sewer_system", width_px=1.5, opacity=0.95),
    key=("code",),
    zooms=(13, 22),
)

MANHOLE = Layer(
    "manhole",
    words("Giếng thăm", "Manhole"),
    words("Giếng thăm, giếng thu trên mạng thoát nước", "Manhole or inlet of the drainage network"),
    Geometry.POINT,
    (
        _CODE,
        text(
            "sewer_system",
            words("Hệ thống", "System"),
            words("Nước mưa, nước thải hoặc chung", "Storm, sanitary or combined"),
            codes=SEWER_SYSTEMS,
            required=True,
        ),
        number(
            "ground_level_m",
            words("Cao độ mặt đất", "Ground level"),
            words("Cao độ nắp giếng, hệ Hòn Dấu", "Level of the cover, Hon Dau datum"),
            unit="m",
            minimum=-100,
            maximum=3000,
        ),
        number(
            "invert_level_m",
            words("Cao độ đáy", "Invert level"),
            words("Cao độ đáy giếng, hệ Hòn Dấu", "Level of the floor, Hon Dau datum"),
            unit="m",
            minimum=-100,
            maximum=3000,
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#3f9fb2", by="sewer_system", outline="#ffffff", radius_px=2.5, opacity=1.0),
    key=("code",),
    zooms=(15, 22),
    intake=Intake(elevation=("ground_level_m",)),
)

OUTFALL = Layer(
    "outfall",
    words("Cửa xả", "Outfall"),
    words("Nơi nước chảy ra nguồn tiếp nhận", "Where water leaves the drains"),
    Geometry.POINT,
    (
        _CODE,
        text(
            "sewer_system",
            words("Hệ thống", "System"),
            words("Nước mưa, nước thải hoặc chung", "Storm, sanitary or combined"),
            codes=SEWER_SYSTEMS,
            required=True,
        ),
        number(
            "invert_level_m",
            words("Cao độ đáy", "Invert level"),
            words("Cao độ đáy cửa xả, hệ Hòn Dấu", "Level of the bed, Hon Dau datum"),
            unit="m",
            minimum=-100,
            maximum=3000,
        ),
        text(
            "receiving_water",
            words("Nguồn tiếp nhận", "Receiving water"),
            words("Tên sông, hồ hoặc biển tiếp nhận", "River, lake or sea that receives it"),
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#1f6f7f", by="sewer_system", outline="#ffffff", radius_px=5, opacity=1.0, label="code"),
    key=("code",),
    zooms=(12, 22),
    intake=Intake(elevation=("invert_level_m",)),
)

CHANNEL = Layer(
    "channel",
    words("Kênh, sông, suối", "Channel"),
    words("Tim dòng chảy hở, vẽ theo chiều nước chảy", "Centre line of open water, drawn downstream"),
    Geometry.LINE,
    (
        _NAME,
        text(
            "channel_type",
            words("Loại", "Type"),
            words("Loại dòng chảy", "Type of channel"),
            codes=CHANNEL_TYPES,
            required=True,
        ),
        number(
            "bed_width_m", words("Bề rộng đáy", "Bed width"), words("Bề rộng đáy kênh", "Width of the bed"), unit="m"
        ),
        number(
            "depth_m",
            words("Chiều sâu", "Depth"),
            words("Chiều sâu từ bờ đến đáy", "Depth from bank to bed"),
            unit="m",
            maximum=200,
        ),
        number(
            "side_slope",
            words("Mái dốc", "Side slope"),
            words("Ngang trên đứng của mái kênh", "Horizontal over vertical of the bank"),
            unit="1",
            maximum=20,
        ),
        *_INVERTS,
        _ROUGHNESS_N,
        STAGE,
        STAGE_END,
    ),
    Paint(color="#4f8fc2", by="channel_type", width_px=2, opacity=0.9, label="name"),
    zooms=(9, 22),
    intake=Intake(elevation=("invert_start_m", "invert_end_m")),
)

WATER_BODY = Layer(
    "water_body",
    words("Mặt nước", "Water body"),
    words("Biển, sông, hồ, ao", "Sea, river, lake or pond"),
    Geometry.POLYGON,
    (
        _NAME,
        text(
            "water_body_type",
            words("Loại", "Type"),
            words("Loại mặt nước", "Type of water body"),
            codes=WATER_BODY_TYPES,
            required=True,
        ),
        number(
            "normal_level_m",
            words("Mực nước thường", "Normal level"),
            words("Mực nước trung bình, hệ Hòn Dấu", "Mean water level, Hon Dau datum"),
            unit="m",
            minimum=-100,
            maximum=3000,
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#9cc7e3", by="water_body_type", opacity=0.9, label="name"),
    zooms=(5, 22),
)

CATCHMENT = Layer(
    "catchment",
    words("Lưu vực thoát nước", "Catchment"),
    words("Vùng có nước mưa chảy về một cửa", "Area whose rain runs to one place"),
    Geometry.POLYGON,
    (
        _CODE,
        text(
            "outlet",
            words("Cửa ra", "Outlet"),
            words("Mã giếng hoặc cửa xả nhận nước", "Code of the manhole or outfall that receives it"),
        ),
        number(
            "impervious_share",
            words("Tỷ lệ không thấm", "Impervious share"),
            words("Phần diện tích không thấm nước", "Share of the area that does not soak up rain"),
            unit="1",
            maximum=1,
        ),
        number(
            "curve_number",
            words("Số đường cong CN", "Curve number"),
            words("Số CN của phương pháp SCS", "CN of the SCS method"),
            unit="1",
            maximum=100,
        ),
        number(
            "slope_share",
            words("Độ dốc", "Slope"),
            words("Độ dốc trung bình (m/m)", "Mean slope (m/m)"),
            unit="1",
            maximum=10,
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#7fb2a3", outline="#3f7f6f", width_px=1, opacity=0.15, dashed=True, label="code"),
    key=("code",),
    zooms=(10, 22),
    intake=Intake(exclusive=("stage",)),
)

FLOOD_ZONE = Layer(
    "flood_zone",
    words("Vùng ngập", "Flood zone"),
    words("Vùng ngập với chu kỳ lặp lại cho trước", "Area flooded at a given return period"),
    Geometry.POLYGON,
    (
        integer(
            "return_period_years",
            words("Chu kỳ lặp lại", "Return period"),
            words("Số năm trung bình giữa hai trận", "Mean years between two such floods"),
            unit="years",
            minimum=1,
            maximum=100000,
            required=True,
        ),
        number(
            "min_depth_m",
            words("Độ sâu nhỏ nhất", "Least depth"),
            words("Cận dưới của cấp độ sâu", "Lower bound of the depth class"),
            unit="m",
        ),
        number(
            "max_depth_m",
            words("Độ sâu lớn nhất", "Greatest depth"),
            words("Cận trên của cấp độ sâu", "Upper bound of the depth class"),
            unit="m",
        ),
        number(
            "water_level_m",
            words("Mực nước lũ", "Flood level"),
            words("Mực nước, hệ Hòn Dấu", "Water level, Hon Dau datum"),
            unit="m",
            minimum=-100,
            maximum=3000,
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#2f6fb2", outline="#2f6fb2", width_px=0.8, opacity=0.35),
    zooms=(9, 22),
)

WATER = LayerGroup(
    "water",
    words("Nước", "Water"),
    (WATER_BODY, CATCHMENT, FLOOD_ZONE, CHANNEL, SEWER, PIPE, MANHOLE, OUTFALL, NODE, PLANT),
)
