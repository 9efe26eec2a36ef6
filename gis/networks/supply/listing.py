"""Tables of a simulated network: by class, by node, by source, hour by hour."""

from __future__ import annotations

import numpy as np

from gis.findings import Heading, Table
from gis.networks.graph import Numbers
from gis.networks.supply.answer import Answer
from gis.networks.supply.mixing import mixed
from gis.networks.supply.network import LinkKind, NodeKind
from gis.networks.supply.pressure import IMPOSSIBLE, fastest_m_s, look_of, pressure_looks, sources
from gis.networks.supply.telling import cut, known
from gis.networks.supply.units import DAY_S
from layers.model import Words

MOST_NODES, MOST_TIMES = 60, 400
_VELOCITIES = (0.1, 0.3, 0.6, 1.0, 1.5, 2.5, float("inf"))
"""Upper ends of the classes of velocity, in m/s: a convention."""
_KM = 1_000.0
_HOUR_S = 3_600.0


def tables(answer: Answer) -> tuple[Table, ...]:
    """Return the tables of an answer."""
    return (_classes(answer), _sources(answer), _series(answer), _velocities(answer), _nodes(answer))


def _classes(answer: Answer) -> Table:
    low, demand = answer.judged, answer.network.nodes.demand_m3_s
    looks = pressure_looks(answer.norm_m)
    titles = [
        (IMPOSSIBLE if low.impossible[node] else look_of(known(low.lowest_m[node]), looks)).title
        for node in low.drawing
    ]
    total = float(demand[low.drawing].sum())
    rows = []
    for title in dict.fromkeys([IMPOSSIBLE.title, *(look.title for _, look in looks), *titles]):
        mine = low.drawing[[each == title for each in titles]]
        if len(mine):
            share = float(demand[mine].sum()) / total
            rows.append((title, len(mine), DAY_S * float(demand[mine].sum()), share))
    headings = (
        Heading("pressure", Words("Áp lực thấp nhất", "Lowest pressure")),
        Heading("nodes", Words("Số nút", "Nodes")),
        Heading("demand_m3_day", Words("Nhu cầu", "Demand"), "m³/day"),
        Heading("demand_share", Words("Tỷ lệ nhu cầu", "Share of demand"), "1"),
    )
    return Table(
        "pressure", Words("Áp lực tại các nút dùng nước", "Pressure where water is drawn"), headings, tuple(rows)
    )


def _nodes(answer: Answer) -> Table:
    low, nodes = answer.judged, answer.network.nodes
    in_order = low.drawing[np.argsort(low.lowest_m[low.drawing], kind="stable")][:MOST_NODES]
    fed = _fed_by(answer)
    rows = tuple(
        (
            str(nodes.code[node]),
            known(nodes.elevation_m[node]),
            DAY_S * float(nodes.demand_m3_s[node]),
            known(low.lowest_m[node]),
            known(low.lowest_at_h[node]),
            known(low.mean_m[node]),
            fed[int(node)],
        )
        for node in in_order
    )
    title = cut(Words("Các nút có áp lực thấp nhất", "Nodes of lowest pressure"), len(low.drawing), most=MOST_NODES)
    headings = (
        Heading("node", Words("Nút", "Node")),
        Heading.of("node", "elevation_m"),
        Heading("demand_m3_day", Words("Nhu cầu", "Demand"), "m³/day"),
        Heading("lowest_m", Words("Áp lực thấp nhất", "Lowest pressure"), "m"),
        Heading("lowest_at_h", Words("Vào giờ", "At hour"), "h"),
        Heading("mean_m", Words("Trung bình", "Mean"), "m"),
        Heading("fed_by", Words("Nguồn chính", "Main source")),
    )
    return Table("nodes", title, headings, rows)


def _fed_by(answer: Answer) -> list[str | None]:
    """Return for each node the source most of its water comes from when the simulation begins."""
    found = answer.found
    shares = mixed(answer.network, found.flow_m3_s[0], np.array(found.watched, dtype=np.int64))
    codes = [str(answer.network.nodes.code[node]) for node in found.watched]
    none = ~np.asarray(np.isfinite(shares).any(axis=1))
    best = np.nan_to_num(shares).argmax(axis=1) if shares.shape[1] else np.zeros(len(shares), dtype=np.int64)
    return [None if none[node] else codes[best[node]] for node in range(len(shares))]


def _velocities(answer: Answer) -> Table:
    links = answer.network.links
    is_pipe = links.kind == LinkKind.PIPE
    fastest = fastest_m_s(answer.found)
    rows: list[tuple[Words, int, float]] = []
    least = 0.0
    for most in _VELOCITIES:
        mine = is_pipe & (fastest >= least) & (fastest < most)
        said = f"{least:g}–{most:g} m/s" if np.isfinite(most) else f"≥ {least:g} m/s"
        if mine.any():
            rows.append((Words(said, said), int(mine.sum()), float(np.nansum(links.length_m[mine])) / _KM))
        least = most
    unknown = is_pipe & ~np.isfinite(fastest)
    if unknown.any():
        rows.append((Words("Chưa rõ", "Unknown"), int(unknown.sum()), float(np.nansum(links.length_m[unknown])) / _KM))
    headings = (
        Heading("velocity", Words("Vận tốc lớn nhất", "Highest velocity")),
        Heading("pipes", Words("Số ống", "Pipes")),
        Heading("length_km", Words("Chiều dài", "Length"), "km"),
    )
    return Table("velocity", Words("Vận tốc trong ống", "Velocities in pipes"), headings, tuple(rows))


def _sources(answer: Answer) -> Table:
    nodes, kinds = answer.network.nodes, {NodeKind.TANK: _TANK, NodeKind.RESERVOIR: _RESERVOIR}
    hours = float(answer.found.hours[-1])
    rows = tuple(
        (
            str(nodes.code[each.node]),
            kinds[NodeKind(int(nodes.kind[each.node]))],
            each.volume_m3 if hours else None,
            DAY_S * -float(answer.found.demand_m3_s[0, each.node]),
            each.begin_m3,
            each.end_m3 if hours else None,
        )
        for each in sources(answer.found)
    )
    headings = (
        Heading("source", Words("Nguồn", "Source")),
        Heading("kind", Words("Loại", "Kind")),
        Heading("given_m3", Words("Cấp trong thời gian mô phỏng", "Given over the time"), "m³"),
        Heading("begin_m3_day", Words("Cấp lúc đầu", "Giving at the beginning"), "m³/day"),
        Heading("volume_begin_m3", Words("Dung tích nước lúc đầu", "Held at the beginning"), "m³"),
        Heading("volume_end_m3", Words("Dung tích nước lúc cuối", "Held at the end"), "m³"),
    )
    return Table("sources", Words("Nguồn cấp và bể chứa", "Sources and tanks"), headings, rows)


_TANK, _RESERVOIR = Words("Đài, bể nước", "Tank"), Words("Nguồn cấp", "Reservoir")


def _series(answer: Answer) -> Table:
    found, low = answer.found, answer.judged
    kinds = answer.network.nodes.kind
    demand = np.nan_to_num(found.demand_m3_s)
    pressure = found.pressure_m[:, low.drawing]
    every = max(1, -(-len(found.time_s) // MOST_TIMES))
    rows = tuple(
        (
            float(found.hours[time]),
            *(_HOUR_S * float(demand[time, kinds == kind].sum()) * sign for kind, sign in _FLOWS),
            *_of_pressures(pressure[time]),
            None if answer.norm_m is None else int(np.nansum(pressure[time] < answer.norm_m)),
        )
        for time in range(0, len(found.time_s), every)
    )
    part = f", 1/{every}" if every > 1 else ""
    headings = (
        Heading("hour", Words("Giờ", "Hour"), "h"),
        Heading("given_m3_h", Words("Nguồn cấp", "Given by reservoirs"), "m³/h"),
        Heading("drawn_m3_h", Words("Dùng", "Drawn"), "m³/h"),
        Heading("stored_m3_h", Words("Vào bể, đài", "Into tanks"), "m³/h"),
        Heading("lowest_m", Words("Áp lực thấp nhất", "Lowest pressure"), "m"),
        Heading("mean_m", Words("Áp lực trung bình", "Mean pressure"), "m"),
        Heading("below", Words("Số nút dưới chuẩn", "Nodes below the norm")),
    )
    return Table("series", Words(f"Theo giờ{part}", f"Hour by hour{part}"), headings, rows)


_FLOWS = ((NodeKind.RESERVOIR, -1.0), (NodeKind.JUNCTION, 1.0), (NodeKind.TANK, 1.0))


def _of_pressures(pressure: Numbers) -> tuple[float | None, float | None]:
    values = pressure[np.isfinite(pressure)]
    return (float(values.min()), float(values.mean())) if len(values) else (None, None)
