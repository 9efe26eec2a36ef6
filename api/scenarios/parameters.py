"""The parameters of what is done with scenarios, as the definition describes them."""

from __future__ import annotations

from api.ogc.parameter import Parameter
from gis.features import CRS84, SYSTEMS
from gis.intake import Mode
from layers.model import Horizon, Words

_NAME: dict[str, object] = {"type": "string", "maxLength": 40}


def of_scenarios() -> dict[str, Parameter]:
    """Return each parameter by the name operations use."""
    return {**_of_sights(), **_of_what_is_sent()}


def _of_sights() -> dict[str, Parameter]:
    return {
        "scenarioName": Parameter("scenarioName", "path", Words("Tên kịch bản", "Name of the scenario"), {**_NAME}),
        "horizon_map": Parameter(
            "horizon",
            "query",
            Words(
                "Mốc thời gian mà trang bản đồ hiện trước; chỉ ở trang đó",
                "Horizon the map page begins with; there alone",
            ),
            {"type": "string", "enum": list(Horizon), "default": Horizon.EXISTING.value},
        ),
        "scenario_map": Parameter(
            "scenario",
            "query",
            Words("Kịch bản mà trang bản đồ hiện; chỉ ở trang đó", "Scenario that the map page shows; there alone"),
            {**_NAME},
        ),
        "against_scenario": Parameter(
            "against",
            "query",
            Words(
                "So với kịch bản này thay vì nơi kịch bản được mở từ đó; `baseline` là dữ liệu gốc",
                "The scenario to hold it against instead of what it was opened from; `baseline` is the city itself",
            ),
            {**_NAME},
        ),
    }


def _of_what_is_sent() -> dict[str, Parameter]:
    return {
        "Content-Crs": Parameter(
            "Content-Crs",
            "header",
            Words("Hệ tọa độ của đối tượng được gửi", "Coordinate system of the features that are sent"),
            {
                "type": "string",
                "enum": [f"<{system.uri}>" for system in SYSTEMS],
                "default": f"<{CRS84.uri}>",
            },
        ),
        "mode": Parameter(
            "mode",
            "query",
            Words(
                "Thêm mọi dòng; tìm đối tượng theo uid hoặc khóa của lớp; hoặc thay cả lớp, và chỉ lưu những gì khác",
                "Append every row; find features by uid or by the key of the layer; or replace the layer, storing what "
                "differs",
            ),
            {"type": "string", "enum": list(Mode), "default": Mode.APPEND.value},
        ),
        "key": Parameter(
            "key",
            "query",
            Words(
                "Cột uid của tệp là số hiệu của đối tượng ở đây; tệp xuất từ hệ thống này thì không cần nói",
                "The column uid of the file is the number of a feature here; a file that was exported here need not "
                "say so",
            ),
            {"type": "string", "enum": ["uid"]},
        ),
        "crs_file": Parameter(
            "crs",
            "query",
            Words("Hệ tọa độ của tệp, nếu tệp không nêu", "Coordinate system of the file, where it names none"),
            {"type": "string", "pattern": "^EPSG:[0-9]{4,6}$"},
            "EPSG:5899",
        ),
        "source-layer": Parameter(
            "source-layer",
            "query",
            Words("Lớp nào của một tệp có nhiều lớp", "Which layer of a file that holds several"),
            {"type": "string", "maxLength": 200},
        ),
        "dry-run": Parameter(
            "dry-run",
            "query",
            Words("Kiểm tra mọi dòng và không lưu gì", "Check every row and store none"),
            {"type": "boolean", "default": False},
        ),
    }
