"""How something goes through the hours: one line for each column of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any  # what places an annotation is of several kinds

import numpy as np
from matplotlib.axes import Axes

from gis.charts.sheet import ACCENT, GREY, INK, LINE, SOFT, Chart, finished, sheet
from gis.findings import Finding
from gis.findings.table import Heading
from gis.wording import figure_in, unit_in
from layers.model import Words

_HEIGHT_IN = 3.0
_COLORS = (ACCENT, "#c98a4b", "#6fb06f", "#8f3fa3")
_ROOM_OVER, _ROOM_UNDER = 0.12, 0.14
_MOST_TICKS = 12
_STEPS = 4


def hours(
    finding: Finding,
    columns: Sequence[str] = ("lowest_m", "mean_m"),
    *,
    title: Words | None = None,
    mark: float | None = None,
    table: str = "series",
) -> Chart:
    """Draw columns of a finding hour by hour, such as the pressures or the flows of `water_pressure`.

    Values that are not known leave a gap.

    Parameters
    ----------
    columns : columns of one unit.
    title : title of the chart; that of the finding where none is given.
    mark : a figure to be held against, as a line.
    table : the table, whose first column says the hour.
    """
    found = finding.table_named(table)
    times = np.array(found.column(found.headings[0].name), dtype=np.float64)
    heads = {heading.name: heading for heading in found.headings}
    values = {name: np.array([np.nan if v is None else v for v in found.column(name)], float) for name in columns}
    said = title or finding.title
    with sheet(said, height_in=_HEIGHT_IN, left_in=0.75, right_in=2.4) as axes:
        every = np.concatenate([*values.values(), [0.0 if mark is None else mark, 0.0]])
        low, high = float(np.nanmin(every)), max(float(np.nanmax(every)), float(np.nanmin(every)) + 1e-9)
        span = high - low
        axes.set_ylim(low - _ROOM_UNDER * span, high + _ROOM_OVER * span)
        axes.set_xlim(float(times[0]), max(float(times[-1]), float(times[0]) + 1e-9))
        _ground(axes, times, low, high, unit_in(heads[columns[0]].unit, "vi"))
        if mark is not None:
            axes.axhline(mark, color=GREY, linewidth=1, linestyle=(0, (3, 2)))
        _lines(axes, times, values, heads)
    return finished(axes, said)


def _ground(axes: Axes, times: np.ndarray, low: float, high: float, unit: str) -> None:
    """Draw quiet lines at round heights with their figures, and the hours beneath."""
    step = _round_step((high - low) / _STEPS)
    for height in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step:
        axes.axhline(height, color=LINE, linewidth=0.8, zorder=0)
        text = figure_in(float(height), "vi")
        axes.annotate(
            text, (0, height), (-6, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="right", va="center", size=9, color=SOFT,
        )  # fmt: skip
    for hour in times[:: max(1, -(-len(times) // _MOST_TICKS))]:
        axes.annotate(
            f"{hour:g}", (hour, 0), (0, 2), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="center", va="bottom", size=9, color=SOFT,
        )  # fmt: skip
    at: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points", "va": "bottom"}
    axes.annotate("h", (1, 0), (12, 2), size=9, color=SOFT, **at)
    axes.text(0.0, 1.0, unit, transform=axes.transAxes, ha="right", va="top", size=9, color=SOFT)


def _round_step(wanted: float) -> float:
    """Return the least of 1, 2, 5, 10 … that is not below a width."""
    power = 10.0 ** np.floor(np.log10(max(wanted, 1e-9)))
    return float(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= wanted * (1 - 1e-9)))


def _lines(axes: Axes, times: np.ndarray, values: dict[str, np.ndarray], heads: dict[str, Heading]) -> None:
    """Draw each column, and its name at the end of its line; names that would meet are moved apart."""
    ends = sorted(
        ((float(of[np.isfinite(of)][-1]) if np.isfinite(of).any() else 0.0), name) for name, of in values.items()
    )
    bottom, top = axes.get_ylim()
    least, at = 0.13 * (top - bottom), -np.inf
    for (end, name), color in zip(ends, _COLORS, strict=False):
        of = values[name]
        axes.step(times, of, where="post", color=color, linewidth=2.0, clip_on=False)
        at = max(end, at + least)
        title = heads[name].title
        where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
        axes.annotate(title.vi, (1, at), (10, 1), va="bottom", size=9.5, color=INK, **where)
        axes.annotate(title.en, (1, at), (10, -1), va="top", size=8.2, color=color, **where)
