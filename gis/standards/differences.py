"""The rules of two editions side by side, and what each asks in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

from gis.standards.edition import Edition
from gis.standards.notation import Cells
from gis.standards.rule import Rule
from gis.wording import LANGUAGES, UNKNOWN, figure_in
from layers.model import Words

_NOT_HERE = Words("chưa rõ ở đây", "not known here")
_NONE = Words("không có", "none")
_MOST = 8
"""Values that are listed one by one; of more their number and their range are told."""
_BOUNDS = (("≥", "minimum"), ("≤", "maximum"), ("=", "value"))


@dataclass(frozen=True, slots=True)
class RulePair:
    """One rule as both editions have it; None where it is not known of one."""

    name: str
    title: Words
    unit: str
    is_percent: bool
    before: Rule | None
    after: Rule | None

    @property
    def is_changed(self) -> bool | None:
        """Whether they ask for something else; None where that is not known."""
        if self.before is None or self.after is None:
            return None
        return _asks(self.before) != _asks(self.after)


def rule_pairs(first: Edition, second: Edition) -> Iterator[RulePair]:
    """Yield the rules of both editions by name, in their order."""
    for name, rule in {**first.rules, **second.rules}.items():
        pair = (first.rules.get(name), second.rules.get(name))
        yield RulePair(name, rule.title, rule.unit, rule.is_percent, *pair)


def asked_in_words(rule: Rule | None) -> Words:
    """Return what a rule asks: its values, in the order of its axes, or how many there are and between which."""
    if rule is None:
        return _NOT_HERE
    bounds = [(sign, cells) for sign, name in _BOUNDS if (cells := getattr(rule, name)) is not None]
    if not bounds:
        return _NONE
    texts = ("; ".join(f"{sign} {_values(cells, rule, language)}" for sign, cells in bounds) for language in LANGUAGES)
    return Words(*texts)


def _asks(rule: Rule) -> tuple[object, ...]:
    return (rule.minimum, rule.maximum, rule.value, tuple(axis.name for axis in rule.axes))


def _values(cells: Cells, rule: Rule, language: str) -> str:
    known = sorted({cell for cell in cells if cell is not None and not isnan(cell)})
    if len(cells) <= _MOST or not known:
        return " · ".join(_value(cell, rule, language) for cell in cells)
    least, most = (_value(each, rule, language) for each in (known[0], known[-1]))
    number = figure_in(len(cells), language)
    return f"{least}–{most} ({number} giá trị)" if language == "vi" else f"{least}–{most} ({number} values)"


def _value(cell: float | None, rule: Rule, language: str) -> str:
    if cell is None:
        return "–"
    if isnan(cell):  # set, but not known
        return UNKNOWN.vi if language == "vi" else UNKNOWN.en
    return figure_in(cell, language, is_share=rule.is_percent).replace("\u00a0", " ")
