"""Two futures, or two years, side by side: a figure of each kind before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any  # what places an annotation is of several kinds

from matplotlib.axes import Axes

from gis.charts.sheet import ACCENT, GREY, INK, LINE, SIGNS, SOFT, Chart, finished, row_labels, sheet
from gis.findings import Finding
from gis.wording import figure_in, number_in, unit_in
from layers.model import Words

Figures = Mapping[Words, float]
_ROW_IN = 0.46
_FIRST, _SECOND = "#b9ae96", ACCENT
_LEGEND_ROWS = 0.8
_PER_CENT = 100


def figures(finding: Finding, table: str, column: str, *, by: str = "title") -> Figures:
    """Return a column of a table of a finding by what its rows are called; unknown values and sums are left out."""
    found = finding.table_named(table)
    rows = zip(found.column(by), found.column(column), strict=True)
    listed = list(rows)[: len(found.rows) - found.sums]
    return {name: float(value) for name, value in listed if isinstance(name, Words) and isinstance(value, (int, float))}


def pairs(
    title: Words,
    first: Figures,
    second: Figures,
    *,
    names: tuple[Words, Words],
    unit: str = "",
    mark: float | None = None,
    mark_title: Words | None = None,
) -> Chart:
    """Draw each kind as two points, joined, with the difference at the end of its row.

    Parameters
    ----------
    names : what the two are called.
    unit : unit of the figures; `share` for shares (0-1), which are written as per cent.
    mark : a figure to be held against, as a line; `mark_title` says what it is.
    """
    titles = list(dict.fromkeys((*first, *second)))
    with sheet(title, height_in=_ROW_IN * (len(titles) + _LEGEND_ROWS), right_in=1.55) as axes:
        row_labels(axes, titles)
        axes.set_ylim(-len(titles) + 0.5, 0.5 + _LEGEND_ROWS)
        most = max((*first.values(), *second.values(), mark or 0, 1e-9))
        axes.set_xlim(-0.02 * most, 1.04 * most)
        if mark is not None:
            axes.axvline(mark, color=GREY, linewidth=1, linestyle=(0, (3, 2)))
            if mark_title is not None:
                said = f"{mark_title.vi} · {mark_title.en}"
                axes.annotate(said, (mark, 0.5), (4, 0), textcoords="offset points", size=8.2, color=SOFT, va="bottom")
        for number, kind in enumerate(titles):
            one, other = first.get(kind, 0.0), second.get(kind, 0.0)
            axes.hlines(-number, 0, most, color=LINE, linewidth=0.7, zorder=0)
            axes.hlines(-number, min(one, other), max(one, other), color=SOFT, linewidth=1.6, zorder=1)
            axes.plot(one, -number, "o", color=_FIRST, markersize=9, markeredgecolor=INK, markeredgewidth=0.6)
            axes.plot(other, -number, "o", color=_SECOND, markersize=9, markeredgecolor=INK, markeredgewidth=0.6)
            said, is_same = _change(one, other, unit)
            axes.annotate(
                said,
                (1, -number),
                (10, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                size=9.5,
                color=SOFT if is_same else INK,
            )
        _legend(axes, names)
    return finished(axes, title)


def _change(one: float, other: float, unit: str) -> tuple[str, bool]:
    """Return the second figure with its difference from the first, and whether there is none worth writing."""
    per, decimals = (_PER_CENT, 0) if unit == "share" else (1, 1)
    said = number_in(per * other, "vi", decimals=0) + " %" if unit == "share" else _measure(other, unit)
    moved = per * (other - one)
    if abs(moved) < 0.5 * 10**-decimals:
        return f"{said}  (=)", True
    written = number_in(abs(moved), "vi", decimals=decimals).removesuffix(",0")
    return f"{said}  ({'+' if moved > 0 else '−'}{written})", False


def _measure(number: float, unit: str) -> str:
    return f"{figure_in(round(number, 1), 'vi')} {unit_in(unit, 'vi')}".strip()


def _legend(axes: Axes, names: tuple[Words, Words]) -> None:
    at = 0.0
    where: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "center"}
    for color, words in zip((_FIRST, _SECOND), names, strict=True):
        said = f"{words.vi} · {words.en}"
        axes.annotate("●", (0, 1), (at, -6), color=color, size=12, family=SIGNS, **where)
        axes.annotate(said, (0, 1), (at + 13, -7), size=9, color=SOFT, **where)
        at += 30 + 5.0 * len(said)
