"""Charts of frames and findings, in both languages and one quiet style, for notebooks and files."""

from __future__ import annotations

from importlib.util import find_spec

from gis.errors import QuyhoachError


class MatplotlibMissingError(QuyhoachError):
    """What charts are drawn with is not in this environment: it belongs to notebooks, not to the service."""

    def __init__(self) -> None:
        super().__init__(
            "Charts need matplotlib, which is not installed in this environment; `make notebooks` brings it."
        )


if find_spec("matplotlib") is None:
    raise MatplotlibMissingError

from gis.charts.bars import Bar, bars, kinds
from gis.charts.flows import flows
from gis.charts.pairs import figures, pairs
from gis.charts.parts import parts
from gis.charts.sheet import Chart
from gis.charts.spread import spread
from gis.charts.targets import targets
from gis.charts.verdicts import verdicts

__all__ = [
    "Bar",
    "Chart",
    "MatplotlibMissingError",
    "bars",
    "figures",
    "flows",
    "kinds",
    "pairs",
    "parts",
    "spread",
    "targets",
    "verdicts",
]
