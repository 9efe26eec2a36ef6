"""The kinds of faults that a network may have, and what becomes of what has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layers.model import Words


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault: what it is called, and what becomes of what has it; an error leaves things out of the model."""

    name: str
    title: Words
    consequence: Words
    is_error: bool = True


_LEFT_OUT = Words("không đưa vào mô hình", "left out of the model")
_UNKNOWN = Words("áp lực chưa rõ", "its pressure is unknown")
_NOTHING = Words("mô hình giữ nguyên số liệu", "the model keeps the figure")
_OPEN = Words("coi như mở hoàn toàn", "taken as fully open")
_NO_SOURCE = Words("không được coi là nguồn", "not taken for a source")

KINDS: Mapping[str, FaultKind] = {
    each.name: each
    for each in (
        FaultKind(
            "missing_node", Words("Ống có đầu không thuộc nút nào", "Pipe that names no node that is there"), _LEFT_OUT
        ),
        FaultKind(
            "loop", Words("Ống bắt đầu và kết thúc ở cùng một nút", "Pipe that begins and ends at one node"), _LEFT_OUT
        ),
        FaultKind("zero_length", Words("Ống có chiều dài 0 hoặc chưa rõ", "Pipe without length"), _LEFT_OUT),
        FaultKind("zero_diameter", Words("Ống có đường kính 0 hoặc chưa rõ", "Pipe without diameter"), _LEFT_OUT),
        FaultKind("no_roughness", Words("Ống chưa rõ độ nhám", "Pipe without roughness"), _LEFT_OUT),
        FaultKind("pump_without_curve", Words("Máy bơm không có đặc tuyến", "Pump without a curve"), _LEFT_OUT),
        FaultKind(
            "stray_equipment",
            Words(
                "Bơm, van không đứng giữa một ống đến và một ống đi",
                "Pump or valve that does not stand between a pipe that ends there and one that starts there",
            ),
            _LEFT_OUT,
        ),
        FaultKind(
            "valve_without_setting",
            Words("Van điều khiển không có giá trị đặt", "Valve without a setting"),
            _OPEN,
            is_error=False,
        ),
        FaultKind(
            "valve_of_many_pipes",
            Words("Van chặn có hơn hai ống", "Isolation valve at which more than two pipes meet"),
            Words("coi như đứng ở mọi ống trừ ống đầu", "taken to stand at all of them but the first"),
            is_error=False,
        ),
        FaultKind(
            "source_without_head",
            Words(
                "Nguồn không có cột nước, bể không có mực nước hoặc đường kính",
                "Reservoir without head, or tank without levels or diameter",
            ),
            _NO_SOURCE,
        ),
        FaultKind("no_source", Words("Mạng không có nguồn", "Network without a source"), _UNKNOWN),
        FaultKind("unconnected", Words("Nút không nối với ống nào", "Node without a pipe"), _UNKNOWN),
        FaultKind(
            "disconnected",
            Words("Nút thuộc phần mạng không nối với nguồn", "Node in a part that hangs together with no source"),
            _UNKNOWN,
        ),
        FaultKind(
            "shut",
            Words(
                "Nút bị van đóng hoặc van một chiều ngăn khỏi mọi nguồn",
                "Node that a shut or one-way valve parts from every source",
            ),
            _UNKNOWN,
            is_error=False,
        ),
        FaultKind(
            "unknown_elevation", Words("Nút chưa rõ cao độ", "Node of unknown elevation"), _UNKNOWN, is_error=False
        ),
        FaultKind("negative_elevation", Words("Nút có cao độ âm", "Node below sea level"), _NOTHING, is_error=False),
        FaultKind(
            "elevation_in_feet",
            Words(
                "Cao độ gấp hoặc bằng 1/3,28 lần các nút kề: có thể lẫn feet và mét",
                "Elevation 3.28 times, or 1/3.28 of, that of its neighbours: feet and metres may be mixed",
            ),
            _NOTHING,
            is_error=False,
        ),
        FaultKind(
            "length_in_feet",
            Words(
                "Chiều dài gấp hoặc bằng 1/3,28 lần chiều dài vẽ: có thể lẫn feet và mét",
                "Length 3.28 times, or 1/3.28 of, the one drawn: feet and metres may be mixed",
            ),
            _NOTHING,
            is_error=False,
        ),
        FaultKind(
            "twin_code",
            Words("Mã trùng", "Code that several have"),
            Words("các đối tượng sau được thêm số", "the later ones are numbered"),
            is_error=False,
        ),
        FaultKind(
            "end_apart",
            Words("Đầu ống cách xa nút của nó", "End of a pipe that lies away from its node"),
            _NOTHING,
            is_error=False,
        ),
    )
}
"""The kinds, in the order in which they are told."""
