"""The fixed words of a report, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from gis.wording import words_in
from layers.model import Words

LABELS: Mapping[str, Words] = {
    "report": Words("Báo cáo quy hoạch", "Planning report"),
    "asked": Words("Nội dung được hỏi", "What was asked"),
    "asked_of_rule": Words("Yêu cầu", "Required"),
    "certainty": Words("Độ tin cậy", "Certainty"),
    "command": Words("Lệnh lặp lại", "Command that repeats it"),
    "contents_cut": Words("đã rút gọn", "shortened"),
    "figures": Words("Số liệu chính", "Key figures"),
    "found": Words("Kết quả", "Found"),
    "hash": Words("Mã kiểm chứng", "Hash"),
    "horizon": Words("Mốc thời gian", "Horizon"),
    "in_detail": Words("Từng kết luận", "Verdict by verdict"),
    "inputs": Words("Đầu vào", "Inputs"),
    "item": Words("Mục", "Item"),
    "layer": Words("Lớp dữ liệu", "Layer"),
    "map": Words("Bản đồ", "Map"),
    "no_rows": Words("Không có.", "None."),
    "no_value": Words("– : không áp dụng", "– : does not apply"),
    "not_a_pass": Words(
        "“Chưa đủ căn cứ” không có nghĩa là đạt: còn thiếu dữ liệu hoặc quy định để kết luận.",
        "“Cannot be decided” is not a pass: data, or the rule itself, are missing.",
    ),
    "note": Words("Ghi chú", "Note"),
    "notes": Words("Ghi chú", "Notes"),
    "outcome": Words("Kết luận", "Outcome"),
    "page": Words("Trang", "Page"),
    "per": Words("trên", "per"),
    "question": Words("Câu hỏi", "Question"),
    "reason": Words("Lý do", "Reason"),
    "reference": Words("Căn cứ", "Reference"),
    "repeat": Words("Lặp lại báo cáo này", "Repeat this report"),
    "repeat_why": Words(
        "Cùng dữ liệu và cùng câu hỏi cho cùng mã kiểm chứng.",
        "The same city and the same question have the same hash.",
    ),
    "rule": Words("Quy định", "Rule"),
    "arithmetic": Words("Cách tính", "Arithmetic"),
    "scale": Words("Tỷ lệ", "Scale"),
    "scenario": Words("Kịch bản", "Scenario"),
    "source": Words("Nguồn", "Source"),
    "sources": Words("Nguồn", "Sources"),
    "subject": Words("Đối tượng", "Subject"),
    "summary": Words("Tóm tắt", "Summary"),
    "tolerance": Words("Dung sai đường nét", "Line tolerance"),
    "unit": Words("Đơn vị", "Unit"),
    "value": Words("Giá trị", "Value"),
    "verdicts": Words("Kết luận theo quy định", "Verdicts"),
    "fails": Words("Chỗ không đạt", "Where it fails"),
    "place_asked": Words("Phạm vi được hỏi", "The place asked about"),
    "water": Words("Mặt nước", "Water"),
    "wards": Words("Ranh giới phường, xã", "Ward boundary"),
    "roads": Words("Đường", "Road"),
    "parcels": Words("Ranh giới thửa đất", "Parcel boundary"),
    "omitted": Words("đối tượng nhỏ nhất không được vẽ", "smallest features are not drawn"),
    "north": Words("B", "N"),
    "given_geojson": Words("GeoJSON được gửi kèm câu hỏi", "GeoJSON that came with the question"),
    "drawn_area": Words("Khu vực được vẽ", "The area drawn"),
    "baseline": Words("Không có kịch bản", "None: the baseline"),
}

ARGUMENTS: Mapping[str, Words] = {
    "area": Words("Loại khu vực", "Kind of area"),
    "day": Words("Ngày áp dụng", "Day"),
    "earlier": Words("Mốc trước", "Earlier"),
    "edition": Words("Phiên bản quy chuẩn", "Edition"),
    "later": Words("Mốc sau", "Later"),
    "on": Words("Ngày áp dụng", "Day"),
    "parcel": Words("Thửa đất", "Parcel"),
    "plan": Words("Đồ án quy hoạch", "Plan"),
    "present": Words("Hiện trạng lấy từ", "Present use from"),
    "proposal": Words("Phương án", "Proposal"),
    "standard": Words("Quy chuẩn", "Standard"),
    "use": Words("Chức năng", "Use"),
    "within": Words("Phạm vi", "Place"),
    "ward": Words("Phường, xã", "Ward"),
    "urban_class": Words("Loại đô thị", "Class of the city"),
    "site": Words("Khu đất", "Site"),
    "storey_height_m": Words("Chiều cao tầng (m)", "Height of a storey (m)"),
    "dwelling_m2": Words("Sàn một căn hộ (m²)", "Floor of a dwelling (m²)"),
    "household": Words("Số người một căn hộ", "People in a dwelling"),
    "facility": Words("Công trình", "Facility"),
    "before": Words("Ấn bản trước", "Edition before"),
    "after": Words("Ấn bản sau", "Edition after"),
    "targets": Words("Mục tiêu theo", "Targets of"),
    "network": Words("Mạng cấp nước", "Network"),
    "crs": Words("Hệ tọa độ của tệp", "Coordinate system of the file"),
    "hours": Words("Số giờ mô phỏng", "Hours simulated"),
    "demand": Words("Nhu cầu dùng nước", "Demand"),
    "method": Words("Cách tính", "Method"),
    "repair_m": Words("Nối các đầu hở trong (m)", "Mended within (m)"),
    "pipe": Words("Ống vỡ", "Broken pipe"),
    "broken": Words("Van hỏng", "Valves that do not work"),
    "closed": Words("Van đóng thêm", "Valves shut besides"),
    "valves": Words("Van bổ sung", "Further valves"),
    "flow_l_s": Words("Lưu lượng chữa cháy (l/s)", "Fire flow (l/s)"),
    "zone": Words("Ô quy hoạch", "Zone"),
    "floor_area_ratio": Words("Hệ số sử dụng đất", "Floor area ratio"),
    "present_year": Words("Năm hiện trạng", "Year of today's layers"),
}
"""Titles of arguments that several questions take; others are shown by their name."""


def labels(language: str) -> dict[str, str]:
    """Return the fixed words in a language."""
    return {name: words_in(words, language) for name, words in LABELS.items()}
