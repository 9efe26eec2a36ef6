"""Sewers and channels held against the rain they have to carry, each with its proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gis.certainty import Certainty
from gis.findings import Outcome, Subject, Verdict
from gis.findings.figures import said
from gis.networks.drainage.capacity import Capacity, Method
from gis.networks.drainage.channel_loads import ChannelLoad
from gis.networks.drainage.channels import Channels
from gis.networks.drainage.network import Network
from gis.networks.drainage.periods import RULE, Periods
from gis.networks.drainage.rain import Rain
from layers.model import Words

_M2_OF_HA, _HA_OF_KM2 = 10_000, 100
_TITLE = Words("Khả năng thoát nước mưa", "Carries the rain")
WORST_FIRST = (Outcome.FAIL, Outcome.UNDECIDED, Outcome.PASS)
_ALL_CARRY = Words("mọi đoạn cống dẫn đến cửa xả tải được mưa", "all sewers that lead to it carry the rain")
_NOTHING_ASKED = Words("—", "—")
_FALLS = {
    "rational": (
        "Σ(C·A) = {load} ha, tc = {time} phút, i = {rain} mm/h: Q = 0,278·i·Σ(C·A) = {flow} m³/s",
        "Σ(C·A) = {load} ha, tc = {time} min, i = {rain} mm/h: Q = 0.278·i·Σ(C·A) = {flow} m³/s",
    ),
    "scs": (
        "P = {rain} mm trong {lasts} phút, Σ(A·h) = {load} ha·mm, tc = {time} phút: "
        "Q = 0,208·Σ(A·h)/(D/2 + 0,6·tc) = {flow} m³/s",
        "P = {rain} mm in {lasts} min, Σ(A·h) = {load} ha·mm, tc = {time} min: "
        "Q = 0.208·Σ(A·h)/(D/2 + 0.6·tc) = {flow} m³/s",
    ),
}
_CARRIES = (
    "cống đầy theo Manning (n = {n}, I = {slope} ‰): {full} m³/s ở {speed} m/s",
    "full by Manning (n = {n}, I = {slope} ‰): {full} m³/s at {speed} m/s",
)


@dataclass(frozen=True)
class Judge:
    """Holds sewers and channels against a rain, by a method and the periods of an edition."""

    network: Network
    found: Capacity
    periods: Periods
    rain: Rain | None
    method: Method
    edition: str
    certainty: Certainty

    def sewer(self, sewer: int) -> Verdict:
        """Return the verdict on a sewer."""
        found, sewers = self.found, self.network.sewers
        years = _known(found.years[sewer])
        norm = self.periods.norms.get(found.kind[sewer] or "")
        full = _known(found.full_m3_s[sewer])
        outcome = found.outcome[sewer]
        return Verdict(
            outcome,
            RULE,
            self._reference(found.kind[sewer]),
            _TITLE,
            Subject("sewer", sewers.label(sewer), int(sewers.uid[sewer])),
            _asked(years, full),
            self._flow(sewer),
            "m³/s",
            None if norm is None else norm.certainty | self.certainty,
            self._arithmetic(sewer),
            found.reason[sewer],
            self._inputs(sewer),
            None,
            sewers.lines[sewer] if outcome is Outcome.FAIL else None,
        )

    def outfall(self, outfall: int, sewers: Sequence[int]) -> Verdict:
        """Return one verdict on all sewers that lead to an outfall (-1: to none); it stands as the worst of them."""
        found, nodes, named = self.found, self.network.nodes, self.network.sewers
        by_outcome = {each: [sewer for sewer in sewers if found.outcome[sewer] is each] for each in WORST_FIRST}
        outcome = next(each for each in WORST_FIRST if by_outcome[each])
        worst = by_outcome[outcome][0]
        label = nodes.label(outfall) if outfall >= 0 else "—"
        known = [norm.certainty | self.certainty for norm in self.periods.norms.values()]
        return Verdict(
            outcome,
            RULE,
            self._reference(None),
            _TITLE,
            Subject("outfall", label, int(nodes.uid[outfall]) if outfall >= 0 else None),
            _ALL_CARRY,
            said(
                "{fail} không đạt, {undecided} chưa đủ căn cứ, {fit} đạt",
                "{fail} fail, {undecided} cannot be decided, {fit} pass",
                fail=len(by_outcome[Outcome.FAIL]),
                undecided=len(by_outcome[Outcome.UNDECIDED]),
                fit=len(by_outcome[Outcome.PASS]),
            ),
            "1",
            known[0] if known else None,
            _first(named.label(worst), self._arithmetic(worst)),
            found.reason[worst],
            {"sewers": float(len(sewers)), "worst": named.label(worst), **self._inputs(worst)},
        )

    def channel(self, load: ChannelLoad, channels: Channels) -> Verdict:
        """Return the verdict on a channel."""
        norm = self.periods.norms.get("channel")
        label, uid = channels.label(load.channel), int(channels.uid[load.channel])
        return Verdict(
            load.outcome,
            RULE,
            self._reference("channel"),
            _TITLE,
            Subject("channel", label, uid),
            _asked(self.periods.years("channel"), load.full_m3_s),
            load.flow_least,
            "m³/s",
            None if norm is None else norm.certainty | self.certainty,
            None,
            load.reason,
            {
                "outfalls": float(load.outfalls),
                "area_ha": load.area_m2 / _M2_OF_HA,
                "full_m3_s": load.full_m3_s,
                "flow_m3_s": load.flow_least,
            },
            None,
            channels.lines[load.channel] if load.outcome is Outcome.FAIL else None,
        )

    def _reference(self, kind: str | None) -> str:
        norms = self.periods.norms
        chosen = norms.get(kind or "") or next(iter(norms.values()), None)
        return chosen.rule.reference if chosen else self.edition

    def _flow(self, sewer: int) -> float | Words | None:
        """Return what comes; where that lies between two bounds, both."""
        low, high = _known(self.found.flow_least[sewer]), _known(self.found.flow_most[sewer])
        if self.rain is None or low is None:
            return None
        if high is None:
            return said("từ {low} m³/s", "{low} m³/s or more", low=low)
        return high if _same(low, high) else said("{low}–{high} m³/s", low=low, high=high)

    def _arithmetic(self, sewer: int) -> Words | None:
        found, conduits = self.found, self.network.sewers.conduits
        flow, load = _known(found.flow_most[sewer]), _known(found.load_most[sewer])
        if self.rain is None or flow is None or load is None or not np.isfinite(found.full_m3_s[sewer]):
            return None
        years, time = float(found.years[sewer]), float(found.time_min[sewer])
        vi, en = _FALLS[self.method]
        is_rational = self.method == "rational"
        falls = self.rain.intensity_mm_h(time, period_years=years) if is_rational else self._depth_mm(years)
        return said(
            f"{vi}; {_CARRIES[0]}",
            f"{en}; {_CARRIES[1]}",
            load=load * _HA_OF_KM2,
            time=time,
            rain=float(falls),
            lasts=self.rain.duration_min or 0.0,
            flow=flow,
            n=float(conduits.roughness_n[sewer]),
            slope=1_000 * float(conduits.slope[sewer]),
            full=float(found.full_m3_s[sewer]),
            speed=float(found.full_m_s[sewer]),
        )

    def _depth_mm(self, years: float) -> float:
        return 0.0 if self.rain is None else self.rain.depth_mm(period_years=years)

    def _inputs(self, sewer: int) -> Mapping[str, float | str | None]:
        found, sewers = self.found, self.network.sewers
        nodes = self.network.nodes
        above, below = (float(each[sewer]) for each in sewers.inverts_m)
        return {
            "start_node": nodes.label(int(sewers.start[sewer])) if sewers.start[sewer] >= 0 else None,
            "end_node": nodes.label(int(sewers.end[sewer])) if sewers.end[sewer] >= 0 else None,
            "invert_start_m": _known(above),
            "invert_end_m": _known(below),
            "length_m": float(sewers.length_m[sewer]),
            "area_ha": _scaled(found.area_m2[sewer], 1 / _M2_OF_HA),
            "concentration_min": _known(found.time_min[sewer]),
            "flow_least_m3_s": _known(found.flow_least[sewer]),
            "flow_most_m3_s": _known(found.flow_most[sewer]),
            "full_m3_s": _known(found.full_m3_s[sewer]),
            "held_mm_h": _known(found.held_mm_h[sewer]),
        }


def _first(label: str, arithmetic: Words | None) -> Words | None:
    if arithmetic is None:
        return None
    return Words(f"Cống {label}: {arithmetic.vi}", f"Sewer {label}: {arithmetic.en}")


def _asked(years: float | None, full_m3_s: float | None) -> Words:
    if years is None:
        return _NOTHING_ASKED
    seldom = said("mưa {years} năm một lần", "rain of T = {years} yr", years=years)
    if full_m3_s is None:
        return seldom
    return said(f"≤ {{full}} m³/s, {seldom.vi}", f"≤ {{full}} m³/s, {seldom.en}", full=full_m3_s)


def _known(value: float | np.floating) -> float | None:
    return float(value) if np.isfinite(value) else None


def _scaled(value: float | np.floating, factor: float) -> float | None:
    known = _known(value)
    return None if known is None else known * factor


def _same(low: float, high: float) -> bool:
    return abs(high - low) <= 1e-9 * max(abs(high), 1.0)
