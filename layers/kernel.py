"""Columns that many layers share, and those that every stored feature carries."""

from __future__ import annotations

from layers.model import Column, Horizon
from layers.write import code_list, day, integer, text, words

HORIZONS = code_list(
    "horizon",
    words("Mốc thời gian", "Horizon"),
    (Horizon.EXISTING, "Hiện trạng", "Existing", "#4d4d4d"),
    (Horizon.H2030, "Đến năm 2030", "To 2030", "#d9822b"),
    (Horizon.H2045, "Đến năm 2045", "To 2045", "#a3328f"),
)

PLAN_HORIZONS = code_list(
    "plan_horizon",
    words("Mốc quy hoạch", "Plan horizon"),
    (Horizon.H2030, "Đến năm 2030", "To 2030", "#d9822b"),
    (Horizon.H2045, "Đến năm 2045", "To 2045", "#a3328f"),
)

STAGE = text(
    "stage",
    words("Giai đoạn", "Stage"),
    words(
        "Mốc đầu tiên mà đối tượng có mặt ngoài thực địa hoặc theo quy hoạch",
        "First horizon at which the object stands, in the field or by plan",
    ),
    codes=HORIZONS,
    required=True,
)

STAGE_END = text(
    "stage_end",
    words("Giai đoạn kết thúc", "Stage of removal"),
    words(
        "Mốc đầu tiên mà đối tượng không còn nữa; để trống nếu được giữ lại",
        "First horizon at which the object is gone; empty where it stays",
    ),
    codes=PLAN_HORIZONS,
)

PLAN_HORIZON = text(
    "horizon",
    words("Mốc quy hoạch", "Plan horizon"),
    words("Mốc mà quy định này áp dụng", "Horizon for which this provision holds"),
    codes=PLAN_HORIZONS,
    required=True,
)

WARD_CODE = text(
    "ward_code",
    words("Mã phường, xã", "Ward code"),
    words("Mã đơn vị hành chính cấp xã chứa đối tượng", "Code of the commune-level unit the object lies in"),
    refers="ward.code",
)

PLAN_CODE = text(
    "plan_code",
    words("Mã quy hoạch", "Plan code"),
    words("Mã của đồ án quy hoạch trong sổ đăng ký", "Code of the plan in the register of plans"),
    refers="plan.code",
    required=True,
)

QUALITIES = code_list(
    "quality",
    words("Chất lượng vị trí", "Positional quality"),
    ("surveyed", "Đo đạc thực địa", "Surveyed in the field"),
    ("digitised", "Số hóa từ bản đồ", "Digitised from a map"),
    ("crowd", "Cộng đồng đóng góp", "Contributed by volunteers"),
    ("derived", "Suy ra từ dữ liệu khác", "Derived from other data"),
    ("generated", "Dữ liệu mẫu do máy tạo", "Generated sample"),
)

SAMPLE = "sample"
"""The source of what was generated."""

KERNEL: tuple[Column, ...] = (
    text(
        "source",
        words("Nguồn", "Source"),
        words("Nơi cung cấp dữ liệu; `sample` là dữ liệu mẫu do máy tạo", "Who delivered it; `sample` is generated"),
        required=True,
    ),
    text(
        "source_document",
        words("Văn bản nguồn", "Source document"),
        words("Quyết định, bản vẽ hoặc giấy phép dữ liệu", "Decision, drawing, or data licence it rests on"),
    ),
    day(
        "source_date",
        words("Ngày của nguồn", "Date of the source"),
        words("Ngày mà nguồn mô tả hiện trạng", "Day whose state the source describes"),
    ),
    text(
        "quality",
        words("Chất lượng vị trí", "Positional quality"),
        words("Cách thu nhận hình học", "How the geometry was obtained"),
        codes=QUALITIES,
    ),
    day(
        "valid_from",
        words("Hiệu lực từ ngày", "Valid from"),
        words("Ngày đầu tiên có hiệu lực ngoài đời hoặc theo quy hoạch", "First day it holds in the world or the plan"),
    ),
    day(
        "valid_to",
        words("Hết hiệu lực ngày", "Valid to"),
        words(
            "Ngày đầu tiên không còn hiệu lực; để trống nếu còn", "First day it no longer holds; empty while it does"
        ),
    ),
    integer(
        "delivery",
        words("Lần giao nộp", "Delivery"),
        words("Số thứ tự lần nạp trong sổ đăng ký", "Number of the load in the register of deliveries"),
    ),
)
"""Columns of every stored feature, after the declared ones.

Beside them a table has `uid` (the unique name of a feature, city-wide), `recorded_at` (when the database
learned it), `geom` (EPSG:5899, measured) and `web_geom` (EPSG:3857, for tiles).
"""
