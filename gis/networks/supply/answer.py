"""The pressures of a simulated network in the figures, tables, verdicts and features of a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely

from gis.findings import Feature, Outcome, Quantity, Subject, Verdict
from gis.findings.figures import said
from gis.networks.supply.measures import modified_resilience, todini_index
from gis.networks.supply.model import Model
from gis.networks.supply.network import Network
from gis.networks.supply.pressure import (
    IMPOSSIBLE,
    Balance,
    Judged,
    balance,
    fastest_m_s,
    judged,
    look_of,
    pressure_looks,
)
from gis.networks.supply.simulation import Simulation
from gis.networks.supply.telling import at_node, background, known, node_subject, whole
from gis.networks.supply.units import DAY_S
from gis.standards import Edition, Norm
from layers.model import Words

_MOST_DRAWN_NODES = 4_000
_MOST_JUDGED = 50
_TITLE = Words("Áp lực tự do", "Free pressure")
_NO_NORM = Words("Ấn bản này chưa có giá trị áp lực tự do", "This edition does not say the free pressure here")
_PART_UNKNOWN = Words("Có nút dùng nước chưa rõ áp lực", "The pressure at some nodes with demand is not known")


@dataclass(frozen=True)
class Answer:
    """A simulation, and the free pressure it is held against; None where that is not known."""

    model: Model
    found: Simulation
    norm: Norm | None
    edition: Edition

    @property
    def network(self) -> Network:
        """The network that was simulated."""
        return self.found.network

    @property
    def norm_m(self) -> float | None:
        """The pressure that is asked, in m."""
        return None if self.norm is None else self.norm.least

    @cached_property
    def judged(self) -> Judged:
        """The pressures over the time simulated."""
        return judged(self.found)

    @property
    def quantities(self) -> Iterator[Quantity]:
        """The key figures."""
        network, low = self.network, self.judged
        demand = network.nodes.demand_m3_s
        total = float(demand[low.drawing].sum())
        values = low.lowest_m[low.known]
        mean = (
            float((low.mean_m[low.known] * demand[low.known]).sum() / demand[low.known].sum()) if len(values) else None
        )
        yield Quantity("demand_nodes", Words("Nút dùng nước", "Nodes with demand"), len(low.drawing), "nodes")
        yield Quantity("demand_m3_day", Words("Nhu cầu", "Demand"), DAY_S * total, "m³/day")
        least = float(values.min()) if len(values) else None
        yield Quantity("lowest_m", Words("Áp lực thấp nhất", "Lowest pressure"), least, "m")
        yield Quantity("mean_m", Words("Áp lực trung bình theo nhu cầu", "Mean pressure, by demand"), mean, "m")
        unknown = len(low.drawing) - len(low.known)
        yield Quantity(
            "unknown_nodes",
            Words("Nút dùng nước chưa rõ áp lực", "Nodes with demand, pressure unknown"),
            unknown,
            "nodes",
        )
        if self.norm_m is not None and total:
            below = float(demand[low.below(self.norm_m)].sum()) / total
            yield Quantity(
                "below_share", Words("Nhu cầu có lúc dưới chuẩn", "Demand below the norm at a time"), below, "1"
            )
        fastest = fastest_m_s(self.found)
        most = float(np.nanmax(fastest)) if np.isfinite(fastest).any() else None
        yield Quantity("fastest_m_s", Words("Vận tốc lớn nhất", "Highest velocity"), most, "m/s")
        yield from self._balance()
        yield from self._resilience()

    def _balance(self) -> Iterator[Quantity]:
        volumes = self._volumes
        if self.found.time_s[-1] > 0:
            yield Quantity("given_m3", Words("Nguồn cấp vào mạng", "Given by reservoirs"), volumes.given_m3, "m³")
            yield Quantity("drawn_m3", Words("Đã dùng", "Drawn"), volumes.drawn_m3, "m³")
            yield Quantity("stored_m3", Words("Tích vào bể, đài", "Stored in tanks"), volumes.levels_m3, "m³")
            yield Quantity(
                "storage_apart_share",
                Words("Lệch giữa dòng vào bể và mực nước bể", "Flows into tanks against their levels"),
                volumes.storage_apart_share,
                "1",
            )
        yield Quantity(
            "balance_apart_share",
            Words("Lệch lớn nhất giữa cấp và dùng", "Balance of flows, at worst apart"),
            volumes.apart_share,
            "1",
        )

    def _resilience(self) -> Iterator[Quantity]:
        if self.norm_m is None:
            return
        at = Words(f"ở áp lực {self.norm_m:g} m", f"at a pressure of {self.norm_m:g} m")
        for name, title, values in (
            ("todini_index", Words("Chỉ số Todini, thấp nhất", "Todini index, lowest"), todini_index),
            ("resilience", Words("Chỉ số dự phòng, thấp nhất", "Modified resilience, lowest"), modified_resilience),
        ):
            of_times = values(self.found, wanted_m=self.norm_m)
            least = known(float(np.nanmin(of_times))) if np.isfinite(of_times).any() else None
            yield Quantity(name, title, least, "1", note=at)

    @property
    def verdicts(self) -> Iterator[Verdict]:
        """Yield what is to be said of the whole network, then of the nodes that fall below the norm."""
        low = self.judged
        below = low.below(self.norm_m) if self.norm_m is not None else low.drawing[:0]
        every = len(low.known) == len(low.drawing) > 0 and self.is_sound
        outcome = Outcome.FAIL if len(below) else Outcome.PASS if every and self.norm else Outcome.UNDECIDED
        least = float(low.lowest_m[low.known].min()) if len(low.known) else None
        reason = self._reason if outcome is Outcome.UNDECIDED else None
        of_all = self._verdict(outcome, whole(self.model), least, reason)
        positions = self.network.nodes.position[below]
        placed = positions[np.isfinite(positions).all(axis=1)]
        yield replace(
            of_all,
            inputs={"nodes": float(len(low.drawing)), "below": float(len(below)), "known": float(len(low.known))},
            conflict=shapely.MultiPoint(placed) if len(placed) else None,
        )
        for node in below[:_MOST_JUDGED]:
            one = self._verdict(Outcome.FAIL, node_subject(self.network, int(node)), known(low.lowest_m[node]), None)
            if low.impossible[node]:
                yield replace(one, reason=_BELOW_ZERO)
                continue
            level, head = (
                self.network.nodes.elevation_m[node],
                low.lowest_m[node] + self.network.nodes.elevation_m[node],
            )
            yield replace(
                one,
                arithmetic=said(
                    "cột nước {head} m − cao độ {level} m = {found} m, lúc {hour} h",
                    "head {head} m − elevation {level} m = {found} m, at hour {hour}",
                    head=float(head),
                    level=float(level),
                    found=float(low.lowest_m[node]),
                    hour=float(low.lowest_at_h[node]),
                ),
                inputs={"elevation_m": float(level), "hour": float(low.lowest_at_h[node])},
            )

    @property
    def _reason(self) -> Words:
        """Why it cannot be decided."""
        if self.norm is None:
            return _NO_NORM
        if not len(self.judged.drawing):
            return _NO_DEMAND
        if self.found.unsolved.any():
            return _UNSOLVED
        return _PART_UNKNOWN if self._adds_up else _APART

    @property
    def is_sound(self) -> bool:
        """Whether the model found a balance at all times, and its flows add up."""
        return self._adds_up and not self.found.unsolved.any()

    @cached_property
    def _volumes(self) -> Balance:
        return balance(self.found)

    @property
    def _adds_up(self) -> bool:
        return self._volumes.apart_share <= _MOST_APART

    def _verdict(self, outcome: Outcome, subject: Subject, found: float | None, reason: Words | None) -> Verdict:
        norm = self.norm
        return Verdict(
            outcome,
            "free_pressure",
            self.edition.code if norm is None else norm.rule.reference,
            _TITLE if norm is None else norm.rule.title,
            subject,
            Words("—", "—") if norm is None else said("≥ {least} m", least=norm.least),
            found,
            "m",
            None if norm is None else norm.certainty,
            reason=reason,
        )

    def features(self) -> Iterator[Feature]:
        """Yield the pipes, then the nodes with a demand by class of pressure, the lowest first."""
        network, low = self.network, self.judged
        yield from background(network, range(len(network.links)))
        looks = pressure_looks(self.norm_m)
        in_order = low.drawing[np.argsort(low.lowest_m[low.drawing], kind="stable")]
        for node in in_order[:_MOST_DRAWN_NODES]:
            point = at_node(network, int(node))
            if point is not None:
                lowest = known(low.lowest_m[node])
                values = {
                    "lowest_m": lowest,
                    "lowest_at_h": known(low.lowest_at_h[node]),
                    "mean_m": known(low.mean_m[node]),
                    "demand_m3_day": DAY_S * float(network.nodes.demand_m3_s[node]),
                }
                look = IMPOSSIBLE if low.impossible[node] else look_of(lowest, looks)
                yield Feature(node_subject(network, int(node)), point, values, look)

    @property
    def notes(self) -> Iterator[Words]:
        """What is to be known of tables and map."""
        number = len(self.judged.drawing)
        if number > _MOST_DRAWN_NODES:
            yield Words(
                f"Bản đồ vẽ {_MOST_DRAWN_NODES} nút có áp lực thấp nhất trong {number} nút dùng nước",
                f"The map shows the {_MOST_DRAWN_NODES:,} nodes of lowest pressure, of {number:,} with a demand",
            )
        if self.found.warnings:
            said_ = ", ".join(f"{code} ({at / 3_600:g} h)" for code, at in sorted(self.found.warnings.items()))
            yield Words(
                f"Cảnh báo của EPANET (mã, lần đầu): {said_}", f"Warnings of EPANET (code, first time): {said_}"
            )
        if self.found.cut_off.any():
            yield _CUT_OFF
        if self.found.unsolved.any():
            hours = ", ".join(f"{hour:g}" for hour in self.found.hours[self.found.unsolved][:12])
            yield Words(f"{_UNSOLVED.vi}: giờ {hours}", f"{_UNSOLVED.en}: hours {hours}")
        lowest = self.judged.lowest_m[self.judged.known]
        if self.judged.impossible[self.judged.drawing].any() or (len(lowest) and lowest.min() < 0):
            yield _BELOW_ZERO
        if not self._adds_up:
            yield _APART


_MOST_APART = 0.01
_APART = Words(
    "Lưu lượng không cân bằng: kết quả không đáng tin", "Flows do not add up: the result is not to be trusted"
)
_NO_DEMAND = Words("Mạng không có nút dùng nước nào", "The network has no node with a demand")
_UNSOLVED = Words("Có lúc mô hình không tìm được cân bằng", "At times the model found no balance")
_BELOW_ZERO = Words(
    "Áp lực âm có nghĩa là không thể lấy đủ nước ở đó; hãy tính với method=pressure_driven",
    "A pressure below zero means that so much water cannot be drawn there; ask with method=pressure_driven",
)
_CUT_OFF = Words(
    "Có lúc van đóng cắt một số nút khỏi mọi nguồn: áp lực ở đó chưa rõ, và áp lực nơi khác vào lúc đó có thể "
    "khác thực tế",
    "At times shut links part some nodes from every source: their pressure is unknown, and that of others "
    "may differ then from what is said",
)
