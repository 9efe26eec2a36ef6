"""What the questions of water supply say alike: faults, repairs, where things lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any  # figures and shapes out of arrays

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.findings import Feature, Heading, Look, Source, Subject, Table
from gis.networks.supply.faults import Fault
from gis.networks.supply.model import Model
from gis.networks.supply.network import LinkKind, Network
from layers.model import Words

_SHOWN = 12
_ERROR, _REMARK = Words("lỗi", "error"), Words("lưu ý", "remark")
PIPE = Look(Words("Ống cấp nước", "Water pipe"), "#7f9fb8")
FAULT = Look(Words("Ống ngoài mô hình", "Pipe left out of the model"), "#8f3fa3")


def fault_table(faults: Sequence[Fault]) -> Table:
    """Return what is wrong with a network: a row for each kind, with the first of the codes."""
    headings = (
        Heading("fault", Words("Vấn đề", "Fault")),
        Heading("grade", Words("Mức độ", "Grade")),
        Heading("number", Words("Số lượng", "Number")),
        Heading("codes", Words("Mã", "Codes")),
        Heading("consequence", Words("Cách xử lý", "What follows")),
    )
    rows = tuple(
        (
            each.kind.title,
            _ERROR if each.kind.is_error else _REMARK,
            len(each.codes) or 1,
            _listed(each.codes),
            each.kind.consequence,
        )
        for each in faults
    )
    return Table("faults", Words("Chất lượng dữ liệu mạng", "Faults of the network"), headings, rows)


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(codes[:_SHOWN]) + (" …" if len(codes) > _SHOWN else "")


def repair_table(model: Model) -> Table:
    """Return what was mended, since it was asked for."""
    headings = (
        Heading("pipe", Words("Ống thêm vào", "Pipe added")),
        Heading("start", Words("Từ nút", "From node")),
        Heading("end", Words("Đến nút", "To node")),
        Heading("apart_m", Words("Khoảng cách", "Distance"), "m"),
        Heading("diameter_mm", Words("Đường kính", "Diameter"), "mm"),
    )
    rows = tuple((each.code, each.start, each.end, each.apart_m, 1_000 * each.diameter_m) for each in model.repairs)
    return Table("repairs", Words("Đã nối theo yêu cầu", "Mended as it was asked for"), headings, rows)


def cut(title: Words, number: int, *, most: int) -> Words:
    """Return the title of a table that lists at most so many rows: it says how many are not listed."""
    left = number - most
    return title if left <= 0 else Words(f"{title.vi}; còn {left} dòng khác", f"{title.en}; {left:,} more not listed")


def known(value: Any) -> float | None:
    """Return a figure as a finding has it: None where it is not known."""
    return float(value) if np.isfinite(value) else None


def at_node(network: Network, node: int) -> BaseGeometry | None:
    """Return where a node stands; None where that is not known."""
    position = network.nodes.position[node]
    return shapely.Point(position) if np.isfinite(position).all() else None


def node_subject(network: Network, node: int) -> Subject:
    """Return a node as what something is about."""
    uid = int(network.nodes.uid[node])
    return Subject("node", str(network.nodes.code[node]), uid if uid >= 0 else None)


def pipe_subject(network: Network, link: int) -> Subject:
    """Return a link as what something is about: a pipe, or the node that a pump or a valve is in the layers."""
    uid = int(network.links.uid[link])
    layer = "pipe" if network.links.kind[link] == LinkKind.PIPE else "node"
    return Subject(layer, str(network.links.code[link]), uid if uid >= 0 else None)


def pipe_features(network: Network, links: Sequence[int], look: Look, *, most: int) -> list[Feature]:
    """Return pipes to be drawn, the longest first, as many as may be."""
    placed = [link for link in links if network.links.shape[link] is not None]
    in_order = sorted(placed, key=lambda link: -network.links.shape[link].length)[:most]
    return [Feature(pipe_subject(network, link), network.links.shape[link], {}, look) for link in in_order]


def background(network: Network, links: Sequence[int]) -> list[Feature]:
    """Return pipes that are drawn beneath what a question is about, as one feature; none where none has a place."""
    of_pipes = [link for link in links if network.links.kind[link] == LinkKind.PIPE]
    placed = [network.links.shape[link] for link in of_pipes if network.links.shape[link] is not None]
    if not placed:
        return []
    lines: Any = shapely.multilinestrings(shapely.get_parts(np.array(placed, dtype=object)))
    return [Feature(Subject("pipe", f"{len(placed)} × {PIPE.title.vi}"), lines, {}, PIPE)]


def network_source(model: Model) -> Source:
    """Return the network as a source: the layers, or the file."""
    if model.from_file:
        return Source(Words("Tệp EPANET", "EPANET file"), f"{model.inp.name} ({model.inp.digest})")
    return Source(Words("Lớp ống và nút cấp nước của thành phố", "The city's layers of pipes and nodes"), "pipe, node")


ENGINE = Source(
    Words("Bộ tính thủy lực EPANET 2.2 (qua wntr)", "Hydraulic engine EPANET 2.2 (through wntr)"), "U.S. EPA"
)


def whole(model: Model) -> Subject:
    """Return the whole network as what something is about."""
    return Subject("pipe", model.inp.name if model.from_file else "Mạng cấp nước")
