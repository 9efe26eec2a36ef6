"""Charts of frames and findings, in both languages and one quiet style, for notebooks and files.

They need matplotlib, which comes with `make notebooks` and is not needed to serve a city.
"""

from __future__ import annotations

from gis.charts.bars import Bar, bars, kinds
from gis.charts.flows import flows
from gis.charts.hours import hours
from gis.charts.pairs import figures, pairs
from gis.charts.parts import parts
from gis.charts.sheet import Chart
from gis.charts.spread import spread
from gis.charts.targets import targets
from gis.charts.verdicts import verdicts

__all__ = [
    "Bar",
    "Chart",
    "bars",
    "figures",
    "flows",
    "hours",
    "kinds",
    "pairs",
    "parts",
    "spread",
    "targets",
    "verdicts",
]
