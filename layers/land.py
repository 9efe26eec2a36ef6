"""Land as it is: parcels, present use, buildings, public facilities."""

from __future__ import annotations

from layers.kernel import STAGE, STAGE_END, WARD_CODE
from layers.model import CodeList, Geometry, Intake, Layer, LayerGroup, Paint
from layers.write import code_list, day, integer, number, text, words, year

LAND_USES = CodeList(
    "land_use",
    words("Loại đất", "Land-use code"),
    source="Labels of the Circular 27/2018/TT-BTNMT era and additions of 08/2024; colours from two public lists",
    file="land_use.csv",
)

BUILDING_USES = code_list(
    "building_use",
    words("Công năng công trình", "Building use"),
    ("house", "Nhà ở riêng lẻ", "Detached or row house", "#e8b48c"),
    ("apartment", "Chung cư", "Apartments", "#d98a5b"),
    ("mixed", "Hỗn hợp", "Mixed use", "#c9705e"),
    ("commercial", "Thương mại, dịch vụ", "Commerce and services", "#c2556b"),
    ("office", "Văn phòng, trụ sở", "Offices", "#9a6a8f"),
    ("hotel", "Khách sạn, lưu trú", "Hotel", "#b15f9e"),
    ("education", "Giáo dục", "Education", "#5f86c2"),
    ("health", "Y tế", "Health", "#c24e4e"),
    ("culture", "Văn hóa, thể thao", "Culture and sport", "#5aa38a"),
    ("religion", "Tôn giáo, tín ngưỡng", "Religion and worship", "#a08a5a"),
    ("industry", "Công nghiệp, kho", "Industry and storage", "#8a7fa3"),
    ("utility", "Hạ tầng kỹ thuật", "Utilities", "#7d8a8f"),
    ("other", "Khác", "Other", "#a9a39a"),
)

FACILITIES = code_list(
    "facility_type",
    words("Loại công trình công cộng", "Facility type"),
    ("kindergarten", "Trường mầm non", "Kindergarten", "#f2a33a"),
    ("primary_school", "Trường tiểu học", "Primary school", "#e07b39"),
    ("lower_secondary_school", "Trường trung học cơ sở", "Lower secondary school", "#c75b39"),
    ("upper_secondary_school", "Trường trung học phổ thông", "Upper secondary school", "#a3413a"),
    ("school", "Trường học (chưa rõ cấp)", "School (level unknown)", "#cf6a4a"),
    ("university", "Đại học, cao đẳng", "University or college", "#7a4fa3"),
    ("health_station", "Trạm y tế, phòng khám", "Health station or clinic", "#e05a6f"),
    ("hospital", "Bệnh viện", "Hospital", "#c22f4b"),
    ("park", "Công viên, vườn hoa", "Park or garden", "#4f9d4f"),
    ("playground", "Sân chơi, sân luyện tập", "Playground or training ground", "#7fb24f"),
    ("sports_centre", "Sân vận động, trung tâm thể thao", "Stadium or sports centre", "#2f8f7a"),
    ("culture_centre", "Nhà văn hóa, cung văn hóa", "Culture house", "#3a7fb2"),
    ("library", "Thư viện", "Library", "#3a64b2"),
    ("market", "Chợ", "Market", "#b28a2f"),
    ("fire_station", "Đội chữa cháy", "Fire station", "#d9302c"),
    ("police_station", "Công an", "Police station", "#4a5a7a"),
    ("government_office", "Trụ sở cơ quan", "Government office", "#5a6a8a"),
    ("post_office", "Bưu điện", "Post office", "#8a6f3a"),
    ("religious_place", "Cơ sở tôn giáo, tín ngưỡng", "Place of worship", "#8f7a4f"),
    ("fuel_station", "Trạm xăng dầu", "Fuel station", "#6f4f3a"),
    ("cemetery", "Nghĩa trang", "Cemetery", "#7f7f7f"),
    ("waste_site", "Trạm trung chuyển, bãi rác", "Waste transfer or disposal site", "#5f5f4f"),
)

_LAND_USE_CODE = text(
    "land_use_code",
    words("Loại đất", "Land use"),
    words("Mã loại đất hiện trạng", "Code of the present land use"),
    codes=LAND_USES,
)

PARCEL = Layer(
    "parcel",
    words("Thửa đất", "Parcel"),
    words(
        "Thửa đất địa chính; số tờ và số thửa không phải là khóa duy nhất",
        "Cadastral parcel; map sheet and parcel number are not a unique key",
    ),
    Geometry.POLYGON,
    (
        WARD_CODE,
        text(
            "map_sheet",
            words("Số tờ bản đồ", "Map sheet"),
            words("Số hiệu tờ bản đồ địa chính", "Number of the cadastral map sheet"),
        ),
        text(
            "parcel_number",
            words("Số thửa", "Parcel number"),
            words("Số thứ tự thửa trên tờ bản đồ", "Number of the parcel on its map sheet"),
        ),
        _LAND_USE_CODE,
        number(
            "area_legal_m2",
            words("Diện tích pháp lý", "Legal area"),
            words("Diện tích trên giấy chứng nhận; có thể khác diện tích đo", "Area on the certificate; may differ"),
            unit="m²",
        ),
        number(
            "frontage_m",
            words("Chiều rộng mặt tiền", "Frontage"),
            words("Chiều dài cạnh giáp đường", "Length of the side along the street"),
            unit="m",
        ),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#e8e0d4", by="land_use_code", outline="#8c8478", width_px=0.5, opacity=0.85),
    key=("ward_code", "map_sheet", "parcel_number"),
    zooms=(8, 22),
    gathered_below=14,
    intake=Intake(exclusive=("stage",)),
)

LAND_USE = Layer(
    "land_use",
    words("Hiện trạng sử dụng đất", "Present land use"),
    words("Khoanh đất theo mục đích đang sử dụng", "Area by the use it has today"),
    Geometry.POLYGON,
    (
        _LAND_USE_CODE,
        text("name", words("Tên", "Name"), words("Tên địa điểm, nếu có", "Name of the place, where it has one")),
        text(
            "original_class",
            words("Phân loại gốc", "Original class"),
            words("Giá trị nguyên gốc trong dữ liệu giao nộp", "Value as delivered, before it became a code"),
        ),
        year(
            "survey_year",
            words("Năm kiểm kê", "Survey year"),
            words("Năm mà hiện trạng được ghi nhận", "Year whose state was surveyed"),
        ),
        WARD_CODE,
    ),
    Paint(color="#e8e0d4", by="land_use_code", opacity=0.8),
    zooms=(6, 22),
    gathered_below=13,
    intake=Intake(exclusive=()),
)

BUILDING = Layer(
    "building",
    words("Công trình xây dựng", "Building"),
    words("Hình chiếu bằng của công trình", "Footprint of a building"),
    Geometry.POLYGON,
    (
        text(
            "building_use",
            words("Công năng", "Use"),
            words("Công năng chính", "Main use"),
            codes=BUILDING_USES,
        ),
        text("name", words("Tên", "Name"), words("Tên công trình, nếu có", "Name of the building, where it has one")),
        integer(
            "storeys",
            words("Số tầng", "Storeys"),
            words("Số tầng trên mặt đất", "Storeys above ground"),
            unit="storeys",
            maximum=200,
        ),
        number(
            "height_m",
            words("Chiều cao", "Height"),
            words("Chiều cao từ mặt đất đến điểm cao nhất", "Height from the ground to the highest point"),
            unit="m",
            maximum=1000,
        ),
        number(
            "floor_area_m2",
            words("Diện tích sàn", "Floor area"),
            words("Tổng diện tích sàn trên mặt đất", "Floor area of all storeys above ground"),
            unit="m²",
        ),
        year("year_built", words("Năm xây dựng", "Year built"), words("Năm hoàn thành", "Year of completion")),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#a9a39a", by="building_use", outline="#6b5f57", width_px=0.4, opacity=0.9),
    zooms=(14, 22),
)

FACILITY = Layer(
    "facility",
    words("Công trình công cộng", "Public facility"),
    words("Trường học, công viên, cơ sở y tế, chợ và dịch vụ khác", "School, park, clinic, market and other service"),
    Geometry.POINT,
    (
        text(
            "facility_type",
            words("Loại công trình", "Facility type"),
            words("Loại dịch vụ", "Kind of service"),
            codes=FACILITIES,
            required=True,
        ),
        text("name", words("Tên", "Name"), words("Tên công trình", "Name of the facility")),
        number(
            "land_area_m2",
            words("Diện tích đất", "Land area"),
            words("Diện tích khuôn viên", "Area of the site"),
            unit="m²",
        ),
        number(
            "floor_area_m2",
            words("Diện tích sàn", "Floor area"),
            words("Tổng diện tích sàn", "Floor area of all storeys"),
            unit="m²",
        ),
        number(
            "capacity",
            words("Quy mô", "Capacity"),
            words("Số chỗ học, giường bệnh hoặc chỗ ngồi", "Pupils, beds or seats it is made for"),
            unit="places",
        ),
        WARD_CODE,
        day("opened_on", words("Ngày mở cửa", "Opened on"), words("Ngày bắt đầu phục vụ", "First day of service")),
        STAGE,
        STAGE_END,
    ),
    Paint(color="#5a6a8a", by="facility_type", outline="#ffffff", radius_px=5, opacity=1.0, label="name"),
    zooms=(12, 22),
)

LAND = LayerGroup("land", words("Đất đai", "Land"), (LAND_USE, PARCEL, BUILDING, FACILITY))
