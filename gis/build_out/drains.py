"""Drains for zones that are built: more roofs and streets, more run-off, and whether the sewers below carry it.

Ground is paved by its use: before as it stands, afterwards as the plan has it; elsewhere it is as the city is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.build_out.chapter import Chapter, unanswered
from gis.build_out.zones import Built, planned_horizon
from gis.db import City, seen_at, sight_kept
from gis.findings import Feature, Heading, Look, Outcome, Quantity, Subject, Table
from gis.findings.figures import said
from gis.findings.table import Cell
from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.ground import Runoff, runoff
from gis.networks.drainage.held import Drains, Held, Terms
from gis.networks.drainage.inlets import Inlets
from gis.networks.drainage.periods import RULE
from gis.networks.graph import Marks, Numbers, Places
from layers.model import Horizon, Words

_TITLE = Words("Khả năng thoát nước mưa", "Carries the rain")
_MOST_JUDGED, _MOST_LISTED = 12, 20
_NO_AREA_M2 = 1e-9
_ALL = 0.999
_NO_CATCHMENT = Words(
    "Không có lưu vực nào của cống phủ ô này: không rõ nước mưa chảy đi đâu",
    "No catchment of the drains covers the ground: it is not known where its rain goes",
)
_PARTLY = Words(
    "Một phần của ô không nằm trong lưu vực nào của cống: nước mưa từ đó không được tính",
    "Some of the ground lies in no catchment of the drains: the rain that falls there is not counted",
)
_LOOKS = {
    Outcome.PASS: Look(Words("Cống phía dưới tải được", "Sewer below carries the rain"), "#2f7f4f"),
    Outcome.FAIL: Look(Words("Cống phía dưới không tải được", "Sewer below does not carry the rain"), "#b3201f"),
    Outcome.UNDECIDED: Look(Words("Cống phía dưới, chưa đủ căn cứ", "Sewer below, cannot be decided"), "#9a9a9a"),
}


@dataclass(frozen=True)
class _Paved:
    """What is paved of each inlet before and afterwards; which inlets lie on the ground of zones, on how much of it."""

    before: Runoff
    after: Runoff
    mine: Marks
    drained_m2: float


@dataclass(frozen=True)
class _Found:
    """The drains held against the rain before and afterwards."""

    zones: Built
    drains: Drains
    mine: Marks
    before: Held
    after: Held

    @cached_property
    def _nodes(self) -> Places:
        """The nodes that the water of the zones passes."""
        heads, order = self.drains.parts.leaving
        end = self.drains.network.sewers.end
        reached = set(self.drains.caught.inlets.node[self.mine].tolist())
        waiting = list(reached)
        while waiting:
            node = waiting.pop()
            new = set(end[order[heads[node] : heads[node + 1]]].tolist()) - reached
            reached |= new
            waiting += new
        return np.array(sorted(reached), dtype=np.int64)

    @cached_property
    def sewers(self) -> list[int]:
        """The sewers that carry the water of the zones, what fails first."""
        return self.after.ranked(np.isin(self.drains.network.sewers.start, self._nodes))

    @property
    def chapter(self) -> Chapter:
        """What is to be said of them."""
        receiving, _ = self.drains.channels.receiving(self.drains.network.nodes)
        channels = [each for each in self.after.loads if each.channel in set(receiving[self._nodes].tolist())]
        rain = self.after.terms.rain
        return Chapter(
            tables=(self._table,),
            verdicts=self.after.verdicts_on(self.sewers, channels, _MOST_JUDGED),
            features=tuple(self._features()),
            notes=() if rain is None else (rain.words(),),
            sources=(conventions().source,),
        )

    @property
    def _table(self) -> Table:
        headings = (
            Heading("code", Words("Cống", "Sewer")),
            Heading("full_m3_s", Words("Khả năng tải", "What it carries"), "m³/s"),
            Heading("before_m3_s", Words("Lưu lượng đến, trước", "What comes, before"), "m³/s"),
            Heading("after_m3_s", Words("Lưu lượng đến, sau", "What comes, after"), "m³/s"),
            Heading("outcome_before", Words("Kết luận, trước", "Outcome, before")),
            Heading("outcome", Words("Kết luận, sau", "Outcome, after")),
        )
        rows = tuple(map(self._row, self.sewers[:_MOST_LISTED]))
        number = len(self.sewers)
        cut = "" if len(rows) == number else f" ({len(rows)}/{number})"
        title = Words(f"Cống nhận nước mưa của ô{cut}", f"Sewers that carry the rain of the zone{cut}")
        return Table("sewers", title, headings, rows)

    def _row(self, sewer: int) -> tuple[Cell, ...]:
        before, after = self.before.found, self.after.found
        figures = (after.full_m3_s[sewer], before.flow_most[sewer], after.flow_most[sewer])
        return (
            self.drains.network.sewers.label(sewer),
            *(float(each) if np.isfinite(each) else None for each in figures),
            before.outcome[sewer].words,
            after.outcome[sewer].words,
        )

    def _features(self) -> Iterator[Feature]:
        sewers = self.drains.network.sewers
        for sewer in reversed(self.sewers):
            subject = Subject("sewer", sewers.label(sewer), int(sewers.uid[sewer]))
            yield Feature(subject, sewers.lines[sewer], {}, _LOOKS.get(self.after.found.outcome[sewer]))


def drain_chapter(city: City, zones: Built, terms: Terms) -> Chapter:
    """Hold the sewers below zones against the rain, as the city is seen, before they are built and afterwards.

    Parameters
    ----------
    terms : the rain, and the plan whose zones say how the ground is used.
    """
    whole = _coefficients(city, _alone(zones.ground), terms)
    drains = Drains.read(city)
    paved = _paved(city, drains.caught.inlets, zones.ground, terms)
    if paved.mine.any():
        held = (Held.of(drains, terms, each) for each in (paved.before, paved.after))
        chapter = _Found(zones, drains, paved.mine, *held).chapter
    else:
        chapter = unanswered(RULE, _TITLE, zones.code, reference=terms.standard.code, reason=_NO_CATCHMENT)
    share = min(1.0, paved.drained_m2 / zones.ground.area)
    drained = Quantity("drained_share", Words("Đất của ô nằm trong lưu vực cống", "Ground in a catchment"), share, "1")
    lost = () if share > _ALL or not paved.mine.any() else (_PARTLY,)
    return replace(chapter, quantities=(*whole, drained), notes=(*chapter.notes, *lost))


def _alone(ground: BaseGeometry) -> Inlets:
    """Return ground as an inlet of its own."""
    nowhere, unknown = np.zeros(1, dtype=np.int64), np.full(1, np.nan)
    shape = np.array([ground, None], dtype=object)[:1]
    return Inlets(nowhere, nowhere, shape, unknown, unknown, unknown, unknown, ("",))


def _coefficients(city: City, ground: Inlets, terms: Terms) -> tuple[Quantity, ...]:
    """Return what of the rain runs off the ground, before and afterwards; least and most where that is not known."""
    before, after = _both(city, ground, terms)
    return tuple(
        Quantity(
            name, title, most, "1", note=None if least == most else said("từ {least}", "from {least}", least=least)
        )
        for name, title, (least, most) in (
            (
                "runoff_before",
                Words("Hệ số dòng chảy, hiện trạng", "Run-off coefficient as it stands"),
                _shares(before),
            ),
            (
                "runoff_after",
                Words("Hệ số dòng chảy, khi xây xong", "Run-off coefficient when it is built"),
                _shares(after),
            ),
        )
    )


def _shares(ground: Runoff) -> tuple[float, float]:
    least, most = ground.coefficients
    return float(least[0]), float(most[0])


def _both(city: City, inlets: Inlets, terms: Terms) -> tuple[Runoff, Runoff]:
    """Return what is paved as the ground is used today, and as the plan uses it."""
    with sight_kept(city):
        today = seen_at(city.connection, Horizon.EXISTING, city.scenario)
        before = runoff(today, inlets, terms.plan, reading=terms.ground)
        planned = seen_at(city.connection, planned_horizon(city), city.scenario)
        return before, runoff(planned, inlets, terms.plan, reading=terms.ground)


def _paved(city: City, inlets: Inlets, ground: BaseGeometry, terms: Terms) -> _Paved:
    """Return what is paved of each inlet: on the ground before and afterwards, elsewhere as the city is seen."""
    shapely.prepare(ground)
    near = np.flatnonzero(shapely.intersects(ground, inlets.shape))
    shared = shapely.intersection(inlets.shape[near], ground)
    mine = np.zeros(len(inlets), dtype=np.bool_)
    mine[near] = shapely.area(shared) > 0
    inside, rest = inlets.shape.copy(), inlets.shape.copy()
    inside[near], rest[near] = shared, shapely.difference(inlets.shape[near], ground)
    elsewhere = runoff(city, replace(inlets, shape=rest), terms.plan, reading=terms.ground)
    share = np.zeros(len(inlets))
    share[mine] = shapely.area(inside[mine]) / np.maximum(inlets.area_m2[mine], _NO_AREA_M2)
    before, after = _both(city, replace(inlets, shape=inside).some(mine), terms)
    drained_m2 = float(shapely.area(shapely.union_all(shared)))
    return _Paved(_mixed(elsewhere, before, share, mine), _mixed(elsewhere, after, share, mine), mine, drained_m2)


def _mixed(elsewhere: Runoff, inside: Runoff, share: Numbers, mine: Marks) -> Runoff:
    """Return both by their share of each inlet."""

    def of(outer: Numbers, inner: Numbers) -> Numbers:
        mixed = outer.copy()
        mixed[mine] = share[mine] * inner + (1 - share[mine]) * outer[mine]
        return mixed

    return replace(
        elsewhere,
        paved_least=of(elsewhere.paved_least, inside.paved_least),
        paved_most=of(elsewhere.paved_most, inside.paved_most),
        curve_least=of(elsewhere.curve_least, inside.curve_least),
        curve_most=of(elsewhere.curve_most, inside.curve_most),
    )
