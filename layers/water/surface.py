"""Open water, where rain runs, and what floods."""

from __future__ import annotations

from layers.kernel import STAGE, STAGE_END
from layers.model import Geometry, Intake, Layer, Paint
from layers.water.columns import CODE, INVERTS, NAME, ROUGHNESS_N
from layers.write import code_list, integer, number, text, words

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
    ("unspecified", "Mặt nước chưa rõ loại", "Water of unknown kind", "#a4cbe2"),
)

CHANNEL = Layer(
    "channel",
    words("Kênh, sông, suối", "Channel"),
    words("Tim dòng chảy hở, vẽ theo chiều nước chảy", "Centre line of open water, drawn downstream"),
    Geometry.LINE,
    (
        NAME,
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
        *INVERTS,
        ROUGHNESS_N,
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
        NAME,
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
        CODE,
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
