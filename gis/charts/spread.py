"""How a measured value is spread: how many there are in each step of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gis.charts.sheet import ACCENT, INK, LINE, SOFT, Chart, finished, sheet
from gis.wording import figure_in, unit_in
from layers.model import Words

_HEIGHT_IN = 2.7
_ROOM_UNDER = 0.26
_MOST_STEPS = 60


def spread(title: Words, values: pd.Series[float], *, step: float, unit: str = "", color: str = ACCENT) -> Chart:
    """Draw how many values there are in each step, the number on top where it can be read.

    Parameters
    ----------
    values : the values; those that are not known are left out.
    step : width of a column, in the unit of the values; wider where there would be more than sixty.
    """
    known = values.dropna().astype(float).to_numpy()
    most = float(known.max()) if len(known) else step
    step = step * max(1, int(np.ceil(most / step / _MOST_STEPS)))
    edges = np.arange(0, most + step, step)
    counts, edges = np.histogram(known, bins=edges if len(edges) > 1 else np.array([0, step]))
    with sheet(title, height_in=_HEIGHT_IN, left_in=0.55, right_in=0.45) as axes:
        highest = max(int(counts.max()), 1)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(-_ROOM_UNDER * highest, 1.14 * highest)
        axes.bar(edges[:-1], counts, width=0.86 * step, align="edge", color=color, linewidth=0)
        axes.hlines(0, edges[0], edges[-1], color=LINE, linewidth=1)
        for edge, count in zip(edges[:-1], counts, strict=True):
            if count:
                said = figure_in(int(count), "vi")
                axes.text(
                    edge + 0.43 * step, count + 0.02 * highest, said, ha="center", va="bottom", size=7.6, color=INK
                )
        every = max(1, len(edges) // 12)
        for edge in edges[::every]:
            axes.text(edge, -0.05 * highest, figure_in(float(edge), "vi"), ha="center", va="top", size=9, color=SOFT)
        axes.text(edges[-1], -0.17 * highest, unit_in(unit, "vi"), ha="right", va="top", size=9, color=SOFT)
    return finished(axes, title)
