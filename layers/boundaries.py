"""Administrative units: the city, its districts, its wards and communes."""

from __future__ import annotations

from layers.model import Geometry, Intake, Layer, LayerGroup, Paint
from layers.write import code_list, integer, number, text, words, year

UNIT_TYPES = code_list(
    "ward_type",
    words("Loại đơn vị cấp xã", "Type of commune-level unit"),
    ("ward", "Phường", "Ward"),
    ("commune", "Xã", "Commune"),
    ("special_zone", "Đặc khu", "Special zone"),
)

_CODE = text(
    "code",
    words("Mã đơn vị", "Unit code"),
    words("Mã đơn vị hành chính của Nhà nước", "State code of the administrative unit"),
    required=True,
)
_NAME = text("name", words("Tên", "Name"), words("Tên tiếng Việt", "Name in Vietnamese"), required=True)
_NAME_EN = text("name_en", words("Tên tiếng Anh", "English name"), words("Tên không dấu", "Name without diacritics"))
_AREA = number(
    "area_legal_ha",
    words("Diện tích công bố", "Published area"),
    words("Diện tích theo văn bản; có thể khác diện tích đo", "Area as published; may differ from the measured one"),
    unit="ha",
)
_POPULATION = integer(
    "population",
    words("Dân số", "Population"),
    words("Số người thường trú và tạm trú của năm ghi kèm", "Permanent and temporary residents in the year beside it"),
    unit="people",
)
_POPULATION_YEAR = year(
    "population_year",
    words("Năm của dân số", "Year of the population"),
    words("Năm mà dân số được thống kê", "Year the population was counted for"),
)

CITY = Layer(
    "city",
    words("Thành phố", "City"),
    words("Ranh giới thành phố trực thuộc trung ương", "Boundary of the centrally-run city"),
    Geometry.POLYGON,
    (_CODE, _NAME, _NAME_EN, _AREA, _POPULATION, _POPULATION_YEAR),
    Paint(color="#3b3b58", outline="#3b3b58", width_px=2.5, opacity=0.0, label="name"),
    key=("code",),
    intake=Intake(within_city=False),
)

DISTRICT = Layer(
    "district",
    words("Quận, huyện", "District"),
    words("Quận, huyện trước ngày 1 tháng 7 năm 2025", "Urban or rural district before 1 July 2025"),
    Geometry.POLYGON,
    (_CODE, _NAME, _NAME_EN, _AREA, _POPULATION, _POPULATION_YEAR),
    Paint(color="#5f5f86", outline="#5f5f86", width_px=1.8, opacity=0.0, label="name"),
    key=("code",),
    zooms=(8, 14),
    intake=Intake(exclusive=(), gapless=True),
)

WARD = Layer(
    "ward",
    words("Phường, xã, đặc khu", "Ward, commune, special zone"),
    words("Đơn vị hành chính cấp xã", "Commune-level administrative unit"),
    Geometry.POLYGON,
    (
        _CODE,
        _NAME,
        _NAME_EN,
        text(
            "unit_type",
            words("Loại đơn vị", "Type of unit"),
            words("Phường, xã hoặc đặc khu", "Ward, commune or special zone"),
            codes=UNIT_TYPES,
        ),
        text(
            "district_code",
            words("Mã quận, huyện", "District code"),
            words("Quận, huyện cũ; trống sau ngày 1 tháng 7 năm 2025", "Former district; empty after 1 July 2025"),
            refers="district.code",
        ),
        _AREA,
        _POPULATION,
        _POPULATION_YEAR,
    ),
    Paint(color="#8a8aa8", outline="#8a8aa8", width_px=1.2, opacity=0.0, label="name"),
    key=("code",),
    zooms=(9, 22),
    intake=Intake(exclusive=(), gapless=True),
)

BOUNDARIES = LayerGroup("boundaries", words("Địa giới", "Boundaries"), (WARD, DISTRICT, CITY))
