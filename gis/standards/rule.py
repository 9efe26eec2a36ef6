"""One rule of a standard: what it asks, in which unit, and of what that depends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from math import isfinite, isnan, prod

from gis.certainty import Certainty
from gis.errors import QuyhoachError, nearest_of
from gis.standards.axes import Axis, Codes, Weights
from gis.standards.terms import terms
from layers.model import Words

Fact = str | float
"""A code, or a number in the unit of its axis."""
Case = Mapping[str, Fact]
"""What is known of a case, by the name of the axis."""
Cells = tuple[float | None, ...]
"""The values of a table, row after row; None where the standard sets nothing, NaN where what it sets is not known."""


class MissingFactError(QuyhoachError):
    """What a rule asks cannot be said, since something it depends on is not known."""

    def __init__(self, rule: Rule, missing: str) -> None:
        super().__init__(f"{rule.reference} ({rule.title.en}) depends on {missing}, which is not known.")
        self.rule, self.missing = rule, missing


class UnknownValueError(MissingFactError):
    """A value that the standard sets, but that is not known here."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule, "a value that it sets")


class NotApplicableError(QuyhoachError):
    """A rule that does not speak of a case."""

    def __init__(self, rule: Rule, why: str) -> None:
        super().__init__(f"{rule.reference} ({rule.title.en}) does not apply: {why}.")
        self.rule = rule


class WrongFactError(QuyhoachError):
    """Something a rule depends on that is of the wrong kind, or a code that does not exist."""

    def __init__(self, axis: str, given: object, right: str) -> None:
        super().__init__(f"{axis} is {given!r}; {right}.")


@dataclass(frozen=True, slots=True)
class Norm:
    """What a rule asks in one case, in the unit of the rule; a share is 0-1.

    `minimum` and `maximum` bound a value; `value` is given as such. `case` holds the facts it rests on.
    """

    rule: Rule
    minimum: float | None
    maximum: float | None
    value: float | None
    certainty: Certainty
    case: Case

    @property
    def least(self) -> float:
        """The minimum, of a rule that has one."""
        if self.minimum is None:
            raise NotApplicableError(self.rule, "it sets no minimum here")
        return self.minimum

    @property
    def most(self) -> float:
        """The maximum, of a rule that has one."""
        if self.maximum is None:
            raise NotApplicableError(self.rule, "it sets no maximum here")
        return self.maximum


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an edition of a standard.

    `axes` say what its values depend on, outermost first; `only` to which cases alone it applies. `certainties` are
    those of the values of the outermost axis. Values are in `unit`; where the standard writes per cent (`is_percent`)
    they are shares, 0-1, and the unit is "1".
    """

    edition: str
    name: str
    clause: str
    title: Words
    unit: str
    certainties: tuple[Certainty, ...]
    axes: tuple[Axis, ...] = ()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    minimum: Cells | None = None
    maximum: Cells | None = None
    value: Cells | None = None
    is_percent: bool = False
    note: Words | None = None

    @property
    def reference(self) -> str:
        """Edition and clause, as they are cited."""
        return f"{self.edition}, {self.clause}"

    def norm(self, case: Case | None = None, /, **facts: Fact) -> Norm:
        """Return what the rule asks in a case; facts it does not depend on are passed over.

        Parameters
        ----------
        case, facts : codes, and numbers in the units of `terms`, by the name of the axis.

        Raises
        ------
        NotApplicableError
            When the rule, or the standard in this place of a table, sets nothing for such a case.
        MissingFactError
            When something it depends on is not known; what is known may already exclude the case.
        UnknownValueError
            When the value itself is not known here.
        WrongFactError
            When a number is given for a code or the other way round, or a code that does not exist.
        """
        known = {**(case or {}), **facts}
        for name, allowed in self.only.items():
            if name in known and known[name] not in allowed:
                raise NotApplicableError(self, f"{name} is {known[name]}")
        for name in (*self.only, *(axis.name for axis in self.axes)):
            if name not in known:
                raise MissingFactError(self, name)
        places = [self._weights(axis, known[axis.name]) for axis in self.axes]
        cells = [(self._cell(corner), prod(weight for _, weight in corner)) for corner in product(*places)]
        outermost = [place for place, _ in places[0]] if places else [0]
        norm = Norm(
            rule=self,
            minimum=_weighed(self.minimum, cells),
            maximum=_weighed(self.maximum, cells),
            value=_weighed(self.value, cells),
            certainty=reduce(Certainty.__or__, (self.certainties[place] for place in outermost)),
            case={name: known[name] for name in (*(axis.name for axis in self.axes), *self.only)},
        )
        values = (norm.minimum, norm.maximum, norm.value)
        if any(value is not None and isnan(value) for value in values):
            raise UnknownValueError(self)
        if all(value is None for value in values):
            raise NotApplicableError(self, "it sets nothing there")
        return norm

    def _weights(self, axis: Axis, given: Fact) -> Weights:
        if isinstance(axis, Codes):
            codes = list(terms()[axis.name].codes)
            if not isinstance(given, str) or given not in codes:
                raise WrongFactError(axis.name, given, nearest_of(str(given), codes))
            weights = axis.weights(given)
        else:
            if isinstance(given, str) or not isfinite(given):
                raise WrongFactError(axis.name, given, "it is a number")
            weights = axis.weights(given)
        if weights is None:
            raise NotApplicableError(self, f"{axis.name} is {given}")
        return weights

    def _cell(self, corner: Weights) -> int:
        cell = 0
        for axis, (place, _) in zip(self.axes, corner, strict=True):
            cell = cell * axis.size + place
        return cell


def _weighed(table: Cells | None, cells: list[tuple[int, float]]) -> float | None:
    """Return the weighed mean of cells; None where the table, or one of them that counts, says nothing."""
    if table is None:
        return None
    total = 0.0
    for cell, weight in cells:
        number = table[cell]
        if number is None:
            return None
        total += weight * number
    return total
