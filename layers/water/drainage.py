"""Water out: sewers, manholes, outfalls."""

from __future__ import annotations

from layers.kernel import STAGE, STAGE_END
from layers.model import Geometry, Intake, Layer, Paint
from layers.water.columns import CODE, END_NODE, INVERTS, ROUGHNESS_N, START_NODE
from layers.write import code_list, number, text, words

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

SEWER = Layer(
    "sewer",
    words("Cống thoát nước", "Sewer"),
    words("Đoạn cống, vẽ theo chiều nước chảy", "Sewer between two manholes, drawn downstream"),
    Geometry.LINE,
    (
        CODE,
        text(
            "sewer_system",
            words("Hệ thống", "System"),
            words("Nước mưa, nước thải hoặc chung", "Storm, sanitary or combined"),
            codes=SEWER_SYSTEMS,
            required=True,
        ),
        START_NODE,
        END_NODE,
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
        *INVERTS,
        ROUGHNESS_N,
        text("material", words("Vật liệu", "Material"), words("Vật liệu cống", "Material of the sewer")),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#3f9fb2", by="sewer_system", width_px=1.5, opacity=0.95),
    key=("code",),
    zooms=(14, 22),
)

MANHOLE = Layer(
    "manhole",
    words("Giếng thăm", "Manhole"),
    words("Giếng thăm, giếng thu trên mạng thoát nước", "Manhole or inlet of the drainage network"),
    Geometry.POINT,
    (
        CODE,
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
        CODE,
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
