"""How near a city is to the targets of its plan: today, in 2030 and in 2045."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from gis.charts.sheet import ACCENT, GREY, INK, LINE, SIGNS, SOFT, Chart, finished, row_labels, sheet
from gis.findings import NOT_APPLICABLE, Finding
from gis.findings.table import Cell
from gis.wording import SHARE, figure_in
from layers.model import Words

_TITLE = Words("Đã đạt bao nhiêu so với mục tiêu", "How much of the target is reached")
_ROW_IN = 0.5
_LEGEND_ROWS = 0.8
_COLORS = ("#ddd5c3", "#c98a4b", ACCENT)
_FURTHEST = 2.0
_FROM_TEN = 10
_OF_THE_WHOLE = ("people", "ha", "người")
"""Units of totals, which say nothing of a part of the city that is no whole one."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One indicator at its horizons: value and least target of each; `said` is the target in words."""

    unit: Words
    said: str
    values: dict[Words, tuple[float, float]]


def targets(finding: Finding, *, title: Words = _TITLE, totals: bool = False) -> Chart:
    """Draw the finding of `indicators`: each value over its target, which is 100 %; of a range, its lower end.

    What has no value or no target is left out. Beyond twice the target a point stands at the edge.

    Parameters
    ----------
    totals : whether people and hectares of the whole city are drawn, too.
    """
    rows = _rows(finding, totals=totals)
    horizons = list(dict.fromkeys(horizon for row in rows.values() for horizon in row.values))
    with sheet(title, height_in=_ROW_IN * (len(rows) + _LEGEND_ROWS), right_in=2.3) as axes:
        row_labels(axes, list(rows))
        axes.set_ylim(-max(len(rows), 1) + 0.5, 0.5 + _LEGEND_ROWS)
        axes.set_xlim(-0.02, _FURTHEST + 0.04)
        axes.axvline(
            1, ymax=1 - _LEGEND_ROWS / (len(rows) + _LEGEND_ROWS), color=GREY, linewidth=1, linestyle=(0, (3, 2))
        )
        axes.annotate(
            "100 %", (1, 0.5), (0, -1), textcoords="offset points", ha="center", va="bottom", size=8.2, color=SOFT
        )
        for number, row in enumerate(rows.values()):
            axes.hlines(-number, 0, _FURTHEST, color=LINE, linewidth=0.7, zorder=0)
            for horizon, (value, target) in row.values.items():
                _point(axes, min(value / target, _FURTHEST), -number, _COLORS[horizons.index(horizon)])
            _say(axes, row, -number)
        _legend(axes, horizons)
    return finished(axes, title)


def _rows(finding: Finding, *, totals: bool) -> dict[Words, _Row]:
    table = finding.table_named("indicators")
    rows: dict[Words, _Row] = {}
    for name, horizon, value, unit, target in zip(
        *(table.column(each) for each in ("indicator", "horizon", "value", "unit", "target")), strict=True
    ):
        least = _least(target)
        if not (isinstance(name, Words) and isinstance(horizon, Words) and isinstance(unit, Words)) or not least:
            continue
        if isinstance(value, float) and (totals or unit.en not in _OF_THE_WHOLE):
            row = rows.setdefault(name, _Row(unit, _written(target, unit), {}))
            row.values.setdefault(horizon, (value, least))
    return rows


def _least(target: Cell) -> float | None:
    if isinstance(target, Words):
        return float(target.en.partition("–")[0])
    return None if target is None else float(target)


def _written(target: Cell, unit: Words) -> str:
    return target.vi if isinstance(target, Words) else _figure(_least(target) or 0.0, unit)


def _figure(value: float, unit: Words) -> str:
    is_share = unit == SHARE
    decimals = 3 if is_share else 1 if value >= _FROM_TEN else 2
    return figure_in(round(value, decimals), "vi", is_share=is_share)


def _point(axes: Axes, at: float, height: float, color: str) -> None:
    axes.plot(at, height, "o", color=color, markersize=9.5, markeredgecolor=INK, markeredgewidth=0.6, clip_on=False)


def _say(axes: Axes, row: _Row, height: float) -> None:
    values = " → ".join(_figure(value, row.unit) for value, _ in row.values.values())
    unit = "" if row.unit in (SHARE, NOT_APPLICABLE) else f" {row.unit.vi}"
    axes.annotate(
        values, (1, height), (12, 1), xycoords=("axes fraction", "data"), textcoords="offset points", size=9.5
    )
    axes.annotate(
        f"mục tiêu {row.said}{unit}",
        *((1, height), (12, -1)),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="top",
        size=8.2,
        color=SOFT,
    )


def _legend(axes: Axes, horizons: list[Words]) -> None:
    at = 0.0
    for color, words in zip(_COLORS, horizons, strict=False):
        said = f"{words.vi} · {words.en}"
        axes.annotate(
            "●", (0, 1), (at, -6), "axes fraction", "offset points", va="center", size=12, color=color, family=SIGNS
        )
        axes.annotate(said, (0, 1), (at + 13, -7), "axes fraction", "offset points", va="center", size=9, color=SOFT)
        at += 28 + 4.7 * len(said)
