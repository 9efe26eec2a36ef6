"""The sheet a chart is drawn on: its letters, its quiet lines, its title in both languages."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Any  # matplotlib's settings are of many kinds, under names it lists as a type of its own

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gis.assets import PLEX_SANS, MissingAssetError, asset
from layers.model import Words

INK, SOFT, LINE, ACCENT, GREY = "#1d2a33", "#5f6b75", "#e2dccf", "#12495a", "#9aa3aa"
WIDTH_IN = 9.2
SIGNS = "DejaVu Sans"
"""The letters that have signs: matplotlib brings them."""
_DOTS_PER_IN = 180
_SHOWN_PER_IN = 100
_HEAD_IN = 0.78
_FOOT_IN = 0.12
_LONGEST_LABEL = 42


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, which a notebook shows and which can be written to a file."""

    figure: Figure
    title: Words

    def save(self, path: Path | str) -> Path:
        """Write it as PNG, SVG or PDF, by the ending of the path, and return the path."""
        with mpl.rc_context(_style()):
            self.figure.savefig(path, dpi=_DOTS_PER_IN)
        return Path(path)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return the picture with its size on the screen, finer than that: asked for by notebooks."""
        picture = io.BytesIO()
        with mpl.rc_context(_style()):
            self.figure.savefig(picture, format="png", dpi=_DOTS_PER_IN)
        width, height = (round(side * _SHOWN_PER_IN) for side in self.figure.get_size_inches())
        return picture.getvalue(), {"width": width, "height": height}


@contextmanager
def sheet(title: Words, *, height_in: float, left_in: float = 3.35, right_in: float = 1.0) -> Generator[Axes]:
    """Yield axes that have no frame, under a title, on a sheet of our width; what is drawn goes on `axes.figure`.

    Parameters
    ----------
    height_in, left_in, right_in : room for what is drawn, and beside it for labels, in inches.
    """
    height = height_in + _HEAD_IN + _FOOT_IN
    with mpl.rc_context(_style()):
        figure = Figure(figsize=(WIDTH_IN, height))
        place = (left_in / WIDTH_IN, _FOOT_IN / height, 1 - (left_in + right_in) / WIDTH_IN, height_in / height)
        axes = figure.add_axes(place)
        axes.set_axis_off()
        figure.text(0.012, 1 - 0.14 / height, title.vi, size=14.5, weight=_heavy(), color=INK, va="top")
        figure.text(0.012, 1 - 0.41 / height, title.en, size=10.5, color=SOFT, va="top")
        yield axes


def finished(axes: Axes, title: Words) -> Chart:
    """Return what was drawn on axes as a chart."""
    figure = axes.get_figure()
    assert isinstance(figure, Figure)  # noqa: S101 - `sheet` put them on one
    return Chart(figure, title)


def row_labels(axes: Axes, rows: list[Words]) -> None:
    """Write the names of rows left of the axes, the first on top; row number n lies at -n."""
    axes.set_ylim(-max(len(rows), 1) + 0.5, 0.5)
    for number, words in enumerate(rows):
        beside(axes, words, -number)


def beside(axes: Axes, words: Words, at: float) -> None:
    """Write words left of the axes at a height, English beneath in a softer voice."""
    where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "ha": "right"}
    if words.vi == words.en:
        axes.annotate(_short(words.vi), (0, at), (-9, 0), va="center", size=10, color=INK, **where)
        return
    axes.annotate(_short(words.vi), (0, at), (-9, 1.0), va="bottom", size=10, color=INK, **where)
    axes.annotate(_short(words.en), (0, at), (-9, -0.5), va="top", size=8.2, color=SOFT, **where)


def _short(text: str) -> str:
    return shorten(text, _LONGEST_LABEL, placeholder=" …")


def _style() -> Any:
    return {
        "font.family": _letters(),
        "font.size": 10,
        "text.color": INK,
        "svg.fonttype": "none",
        "axes.unicode_minus": True,
    }


def _heavy() -> str:
    """Return the weight of titles: the heaviest that our letters have."""
    return "semibold" if _letters() == ["IBM Plex Sans"] else "bold"


@cache
def _letters() -> list[str]:
    """Return the letters of our reports where they are there; those of matplotlib have all of Vietnamese, too."""
    try:
        for name in PLEX_SANS:
            font_manager.fontManager.addfont(str(asset(name)))
    except MissingAssetError:
        return ["DejaVu Sans"]
    return ["IBM Plex Sans"]
