"""What was decided of a proposal: objects against rules, one square for each verdict."""

from __future__ import annotations

from typing import Any  # what places an annotation is of several kinds

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from gis.charts.sheet import INK, SIGNS, SOFT, WIDTH_IN, Chart, beside, finished, sheet
from gis.findings import Finding, Outcome
from layers import LAYERS
from layers.model import Words

_TITLE = Words("Từng đối tượng trước từng quy định", "Each object against each rule")
_LOOKS = {
    Outcome.FAIL: ("#c22f2f", "✕"),
    Outcome.UNDECIDED: ("#e3b04b", "?"),
    Outcome.PASS: ("#5a9a68", "✓"),
    Outcome.NOT_APPLICABLE: ("#ece8df", ""),
}
_ROW_IN, _LEFT_IN, _RIGHT_IN = 0.4, 2.35, 1.75
_LEAST_HEAD_ROWS, _ROWS_PER_LETTER = 3.9, 0.142
_WORST = tuple(_LOOKS)
_LONGEST_RULE = 42


def verdicts(finding: Finding, *, title: Words = _TITLE) -> Chart:
    """Draw the verdicts of a finding; where what is asked under one title has several on an object, the worst.

    Rules that apply to no object are left out.
    """
    cells: dict[tuple[tuple[str, str], tuple[str, Words]], Outcome] = {}
    for each in finding.verdicts:
        place = (each.subject.layer, each.subject.label), (each.rule, each.title)
        cells[place] = min(cells.get(place, each.outcome), each.outcome, key=_WORST.index)
    applied = (each for each in finding.verdicts if each.outcome is not Outcome.NOT_APPLICABLE)
    rules = {(each.rule, each.title): each.title for each in applied}
    subjects = list(dict.fromkeys((each.subject.layer, each.subject.label) for each in finding.verdicts))
    is_alone = len({layer for layer, _ in subjects}) == 1
    longest = max((len(words.vi) for words in rules.values()), default=0)
    head = max(_LEAST_HEAD_ROWS, _ROWS_PER_LETTER * min(longest, _LONGEST_RULE))
    rows = len(subjects) + head
    with sheet(title, height_in=_ROW_IN * rows, left_in=_LEFT_IN, right_in=_RIGHT_IN) as axes:
        across = max(len(rules), (WIDTH_IN - _LEFT_IN - _RIGHT_IN) / _ROW_IN)
        axes.set_xlim(-0.5, across - 0.5)
        axes.set_ylim(-len(subjects) + 0.5, 0.5 + head)
        for column, words in enumerate(rules.values()):
            _rule(axes, column, words)
        for row, (layer, label) in enumerate(subjects):
            beside(axes, Words(label, label if is_alone else _layer(layer)), -row)
            for column, rule in enumerate(rules):
                _square(axes, column, -row, cells.get(((layer, label), rule), Outcome.NOT_APPLICABLE))
        _legend(axes)
    return finished(axes, title)


def _layer(name: str) -> str:
    """Return what the layer of an object is called, in both languages."""
    if name not in LAYERS:
        return name
    title = LAYERS[name].title
    return f"{title.vi} · {title.en}"


def _square(axes: Axes, column: float, row: float, outcome: Outcome) -> None:
    color, sign = _LOOKS[outcome]
    square = FancyBboxPatch(
        (column - 0.41, row - 0.41), 0.82, 0.82, boxstyle="round,pad=0,rounding_size=0.12", facecolor=color, linewidth=0
    )
    axes.add_patch(square)
    axes.text(column, row, sign, ha="center", va="center", color="white", size=10, weight="bold", family=SIGNS)


def _rule(axes: Axes, column: int, words: Words) -> None:
    text = words.vi if len(words.vi) <= _LONGEST_RULE else words.vi[: _LONGEST_RULE - 1] + "…"
    axes.text(column, 0.62, text, rotation=52, rotation_mode="anchor", ha="left", va="center", size=8.8, color=INK)


def _legend(axes: Axes) -> None:
    """Say in the corner above the names of the objects what the squares mean."""
    for number, outcome in enumerate(_LOOKS):
        color, _ = _LOOKS[outcome]
        height = 0.95 + 0.78 * (len(_LOOKS) - 1 - number)
        where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center"}
        axes.annotate("■", (0, height), (-150, 0), size=13, color=color, family=SIGNS, **where)
        said = f"{outcome.words.vi} · {outcome.words.en}"
        axes.annotate(said, (0, height), (-134, 0), size=8.4, color=SOFT, **where)
