"""What becomes of the land: from each use to each, as bands whose width is the area."""

from __future__ import annotations

from textwrap import shorten
from typing import Any  # what places an annotation is of several kinds

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from gis.charts.sheet import GREY, INK, SOFT, Chart, finished, sheet
from gis.findings import Finding
from gis.wording import figure_in
from layers.land import LAND_USES
from layers.model import Words
from layers.zoning import PLAN_USES

_TITLE = Words("Đất hôm nay sẽ thành gì (ha)", "What becomes of today's land (ha)")
_OTHERS = Words("Loại khác", "Other")
_HEIGHT_IN = 6.6
_GAP = 0.012
_LEAST_ROOM = 0.056
"""What a use takes at least on its side, as a share of all land, so that labels do not run into one another."""
_NODE = 0.03
_LEAST_SHARE = 0.01
_LONGEST = 40

Flow = tuple[Words, Words, float]


def flows(finding: Finding, *, title: Words = _TITLE) -> Chart:
    """Draw the finding of `land_use_change`: uses before on the left, uses after on the right.

    What is less than a hundredth of all land on its side is drawn together.
    """
    table = finding.table_named("land_use_change")
    named = zip(*(table.column(name) for name in ("earlier_title", "later_title", "area_ha")), strict=True)
    told = [(one, other, float(ha)) for one, other, ha in named if isinstance(one, Words) and isinstance(other, Words)]
    total = sum(ha for *_, ha in told)
    told = _gathered(_gathered(told, 0, total), 1, total)
    with sheet(title, height_in=_HEIGHT_IN, left_in=2.9, right_in=2.9) as axes:
        axes.set_xlim(0, 1)
        lowest = _draw(axes, told, total)
        axes.set_ylim(lowest, 0)
    return finished(axes, title)


def _gathered(told: list[Flow], side: int, total: float) -> list[Flow]:
    sums = _sums(told, side)
    small = {words for words, ha in sums.items() if ha < _LEAST_SHARE * total}
    found: dict[tuple[Words, Words], float] = {}
    for one, other, ha in told:
        ends = (_OTHERS if side == 0 and one in small else one, _OTHERS if side == 1 and other in small else other)
        found[ends] = found.get(ends, 0.0) + ha
    return [(one, other, ha) for (one, other), ha in found.items()]


def _sums(told: list[Flow], side: int) -> dict[Words, float]:
    sums: dict[Words, float] = {}
    for one, other, ha in told:
        words = other if side else one
        sums[words] = sums.get(words, 0.0) + ha
    return dict(sorted(sums.items(), key=lambda pair: (pair[0] not in _COLORS, pair[0] == _OTHERS, -pair[1])))


def _draw(axes: Axes, told: list[Flow], total: float) -> float:
    """Draw both sides and what is between them; return how far down that goes."""
    tops = [_stacked(axes, _sums(told, side), side, total) for side in (0, 1)]
    left, right = (list(side) for side in tops)
    for one, other, ha in sorted(told, key=lambda flow: (left.index(flow[0]), right.index(flow[1]))):
        width = ha / total
        _band(axes, tops[0][one], tops[1][other], width, _COLORS.get(one, GREY))
        tops[0][one] += width
        tops[1][other] += width
    return max(_depth(_sums(told, side), total) for side in (0, 1))


def _depth(sums: dict[Words, float], total: float) -> float:
    return sum(max(ha / total, _LEAST_ROOM) + _GAP for ha in sums.values())


def _stacked(axes: Axes, sums: dict[Words, float], side: int, total: float) -> dict[Words, float]:
    """Draw the uses of a side one under the other; return where each begins."""
    tops: dict[Words, float] = {}
    at = 0.0
    for words, ha in sums.items():
        height = ha / total
        room = max(height, _LEAST_ROOM)
        tops[words] = at + (room - height) / 2
        block = Rectangle((side * (1 - _NODE), tops[words]), _NODE, height, color=_COLORS.get(words, GREY), linewidth=0)
        axes.add_patch(block)
        _label(axes, words, ha, side, at + room / 2)
        at += room + _GAP
    return tops


def _label(axes: Axes, words: Words, ha: float, side: int, at: float) -> None:
    said = f"{shorten(words.vi, _LONGEST, placeholder=' …')}  "
    beside: dict[str, Any] = {"textcoords": "offset points", "va": "center", "ha": "left" if side else "right"}
    figure = figure_in(round(ha), "vi")
    text = f"{figure}   {said.strip()}" if side else f"{said}{figure}"
    axes.annotate(text, (side, at), (8 if side else -8, 3.6), size=9.2, color=INK, **beside)
    english = shorten(words.en, _LONGEST, placeholder=" …")
    axes.annotate(english, (side, at), (8 if side else -8, -6.2), size=7.6, color=SOFT, **beside)


def _band(axes: Axes, top: float, other_top: float, width: float, color: str) -> None:
    west, east, half = _NODE, 1 - _NODE, 0.5
    edge = [
        *((west, top), (half, top), (half, other_top), (east, other_top)),
        *((east, other_top + width), (half, other_top + width), (half, top + width), (west, top + width)),
        (west, top),
    ]
    curve = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3, Outline.CLOSEPOLY]
    axes.add_patch(PathPatch(Outline(edge, curve), facecolor=color, alpha=0.42, linewidth=0))


_COLORS = {each.title: each.color or GREY for codes in (PLAN_USES, LAND_USES) for each in codes.codes}
