"""What is wrong, or worth a look, in a network of drains: told with the object and its place, never repaired."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from layers.model import Words


class Kind(StrEnum):
    """Kinds of faults."""

    SAME_CODE = "same_code"
    NO_NODE_NAMED = "no_node_named"
    NODE_MISSING = "node_missing"
    NODE_TWICE = "node_twice"
    OFF_NODE = "off_node"
    DRAWN_BACKWARDS = "drawn_backwards"
    OTHER_SYSTEM = "other_system"
    RING = "ring"
    LOOP = "loop"
    LEAVES_OUTFALL = "leaves_outfall"
    NO_OUTFALL = "no_outfall"
    NODE_ALONE = "node_alone"
    DIVIDES = "divides"
    SHAPE_UNKNOWN = "shape_unknown"
    SIZE_UNKNOWN = "size_unknown"
    SIZE_ZERO = "size_zero"
    ROUGHNESS_UNKNOWN = "roughness_unknown"
    INVERT_UNKNOWN = "invert_unknown"
    GROUND_UNKNOWN = "ground_unknown"
    ADVERSE_SLOPE = "adverse_slope"
    FLAT = "flat"
    INVERT_ABOVE_COVER = "invert_above_cover"
    CROWN_ABOVE_COVER = "crown_above_cover"
    BELOW_FLOOR = "below_floor"
    STEP_UP = "step_up"
    DROP = "drop"
    NARROWS = "narrows"
    OUTLET_UNNAMED = "outlet_unnamed"
    OUTLET_MISSING = "outlet_missing"
    OUTLET_OF_WASTEWATER = "outlet_of_wastewater"

    @property
    def words(self) -> Words:
        """What it is called."""
        return _WORDS[self]

    @property
    def is_remark(self) -> bool:
        """Whether it may well be so on the ground: nothing that is told after it rests on a guess."""
        return self in _REMARKS


_REMARKS = frozenset({Kind.DIVIDES, Kind.DROP, Kind.NARROWS, Kind.NODE_ALONE})
_WORDS = {
    Kind.SAME_CODE: Words("Hai nút cùng một mã", "Two nodes of one code"),
    Kind.NO_NODE_NAMED: Words("Đầu cống không ghi mã nút", "End of a sewer names no node"),
    Kind.NODE_MISSING: Words("Không có nút mang mã đã ghi", "The node that is named is not there"),
    Kind.NODE_TWICE: Words("Mã nút đã ghi có ở nhiều nút", "The code that is named has several nodes"),
    Kind.OFF_NODE: Words("Đầu cống vẽ cách xa nút", "End is drawn away from its node"),
    Kind.DRAWN_BACKWARDS: Words("Cống vẽ ngược với mã nút", "Drawn against the nodes it names"),
    Kind.OTHER_SYSTEM: Words("Cống nối vào nút của hệ thống khác", "Joins a node of another system"),
    Kind.RING: Words("Cống nối một nút với chính nó", "Leads from a node to itself"),
    Kind.LOOP: Words("Các cống chảy thành vòng kín", "Sewers lead round in a loop"),
    Kind.LEAVES_OUTFALL: Words("Cống bắt đầu từ cửa xả", "Sewer begins at an outfall"),
    Kind.NO_OUTFALL: Words("Phần mạng không có cửa xả", "Part of the network without an outfall"),
    Kind.NODE_ALONE: Words("Nút không có cống nào", "Node without a sewer"),
    Kind.DIVIDES: Words("Nhiều cống cùng ra khỏi một nút", "Several sewers leave one node"),
    Kind.SHAPE_UNKNOWN: Words("Chưa rõ hình dạng tiết diện", "Shape is not known"),
    Kind.SIZE_UNKNOWN: Words("Chưa rõ kích thước", "Size is not known"),
    Kind.SIZE_ZERO: Words("Kích thước bằng không", "Size is zero"),
    Kind.ROUGHNESS_UNKNOWN: Words("Chưa rõ hệ số nhám", "Roughness is not known"),
    Kind.INVERT_UNKNOWN: Words("Chưa rõ cao độ đáy", "Invert is not known"),
    Kind.GROUND_UNKNOWN: Words("Chưa rõ cao độ mặt đất", "Ground level is not known"),
    Kind.ADVERSE_SLOPE: Words("Dốc ngược", "Falls the wrong way"),
    Kind.FLAT: Words("Không có độ dốc", "Has no fall"),
    Kind.INVERT_ABOVE_COVER: Words("Đáy cống cao hơn mặt đất", "Invert above the ground"),
    Kind.CROWN_ABOVE_COVER: Words("Đỉnh cống nhô khỏi mặt đất", "Crown above the ground"),
    Kind.BELOW_FLOOR: Words("Đáy cống thấp hơn đáy giếng", "Invert below the floor of its manhole"),
    Kind.STEP_UP: Words("Cống ra cao hơn cống vào", "Sewer begins above the one that ends there"),
    Kind.DROP: Words("Giếng có bậc chênh", "Water drops in the manhole"),
    Kind.NARROWS: Words("Cống ra nhỏ hơn cống vào", "Sewer is narrower than the one above it"),
    Kind.OUTLET_UNNAMED: Words("Lưu vực không ghi cửa ra", "Catchment names no outlet"),
    Kind.OUTLET_MISSING: Words("Không có cửa ra của lưu vực", "The outlet of a catchment is not there"),
    Kind.OUTLET_OF_WASTEWATER: Words("Lưu vực chảy vào mạng nước thải", "Rain is led into sewers of wastewater"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: of which object, how much it is in m where it has a measure, what is there, and where."""

    kind: Kind
    layer: str
    uid: int
    label: str
    place: BaseGeometry
    measure_m: float | None = None
    detail: Words | None = None
