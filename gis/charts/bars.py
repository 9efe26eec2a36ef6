"""How much there is of each kind: one bar for each code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas
import pandas as pd

from gis.charts.sheet import ACCENT, GREY, INK, Chart, finished, row_labels, sheet
from gis.wording import figure_in, unit_in
from layers import LAYERS
from layers.model import CodeList, Geometry, Words

_ROW_IN = 0.43
_MEASURES = {Geometry.POLYGON: ("ha", 10_000.0), Geometry.LINE: ("km", 1_000.0), Geometry.POINT: ("", 1.0)}
_OTHERS = Words("Các loại khác", "Other kinds")
_NO_CODE = Words("Chưa rõ", "Not known")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, how much, its colour."""

    title: Words
    value: float
    color: str = GREY


def bars(title: Words, told: Sequence[Bar] | pd.Series[float], *, unit: str = "", color: str = ACCENT) -> Chart:
    """Draw bars in the order given, each with its figure.

    Parameters
    ----------
    told : the bars; or a series, whose index says what each is.
    unit : unit of the figures.
    color : colour of the bars of a series.
    """
    rows = _of_series(told, color) if isinstance(told, pd.Series) else list(told)
    with sheet(title, height_in=_ROW_IN * len(rows)) as axes:
        row_labels(axes, [row.title for row in rows])
        axes.set_xlim(0, max((row.value for row in rows), default=1) or 1)
        for number, row in enumerate(rows):
            axes.barh(-number, row.value, height=0.56, color=row.color, edgecolor=INK, linewidth=0.35, clip_on=False)
            said = figure_in(round(row.value, 1), "vi") + (f" {unit_in(unit, 'vi')}" if unit else "")
            axes.annotate(said, (row.value, -number), (6, 0), textcoords="offset points", va="center", size=9.5)
    return finished(axes, title)


def _of_series(told: pd.Series[float], color: str) -> list[Bar]:
    return [Bar(Words(str(name), str(name)), float(value), color) for name, value in told.items()]


def kinds(frame: geopandas.GeoDataFrame, column: str | None = None, *, most: int = 12) -> Chart:
    """Draw how much of a layer there is of each code: hectares of areas, kilometres of lines, numbers of points.

    Parameters
    ----------
    frame : features of a layer, as `City.frame` returns them.
    column : the column of the codes; the one the layer is painted by where none is given.
    most : bars; what is left is drawn as one.
    """
    layer = LAYERS[frame.attrs["layer"]]
    by = column or layer.paint.by or ""
    codes = layer.column(by).codes
    unit, per = _MEASURES[layer.geometry]
    amounts = _measured(frame, layer.geometry) / per
    sums = amounts.groupby(frame[by].fillna("")).sum()
    rows = sorted((_bar(codes, str(code), float(amount)) for code, amount in sums.items()), key=lambda row: -row.value)
    if len(rows) > most:
        rows = [*rows[: most - 1], Bar(_OTHERS, sum(row.value for row in rows[most - 1 :]))]
    what = layer.column(by).title
    said = f" ({unit})" if unit else ""
    title = Words(f"{layer.title.vi} theo {_lowered(what.vi)}{said}", f"{layer.title.en} by {_lowered(what.en)}{said}")
    return bars(title, rows)


def _measured(frame: geopandas.GeoDataFrame, geometry: Geometry) -> pd.Series[float]:
    if geometry is Geometry.POINT:
        return pd.Series(1.0, index=frame.index)
    return frame.area if geometry is Geometry.POLYGON else frame.length


def _bar(codes: CodeList | None, code: str, amount: float) -> Bar:
    found = codes.named(code) if codes else None
    if found is None:
        return Bar(Words(code, code) if code else _NO_CODE, amount)
    return Bar(found.title, amount, found.color or GREY)


def _lowered(text: str) -> str:
    return text[0].lower() + text[1:]
