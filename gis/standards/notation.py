"""How a rule is written in a file of standards (see the head of `data/standards/qcvn-01-2021.toml`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from gis.certainty import Certainty
from gis.errors import nearest_of
from gis.standards.axes import Axis, Codes, Points, Steps
from gis.standards.rule import Cells, Rule
from gis.standards.terms import terms
from gis.written import Written

_NOTHING = "-"
_UNKNOWN = "?"
_PERCENT = "%"


def rule(said: Written, edition: str, certainty: Certainty) -> Rule:
    """Return a rule as it is written.

    Parameters
    ----------
    certainty : that of the edition.

    Raises
    ------
    WrittenError
        When it says too little, too much, or what cannot be.
    """
    said.check_names("clause", "title", "unit", "axes", "only", "minimum", "maximum", "value", "certainty", "note")
    axes = tuple(_axis(said, name) for name in _names(said, "axes"))
    unit = said.of(str, "unit")
    is_percent = unit == _PERCENT
    minimum, maximum, value = (_cells(said, key, axes, is_percent) for key in ("minimum", "maximum", "value"))
    if minimum is maximum is value is None:
        raise said.wrong("it says no minimum, maximum or value")
    for place, (least, most) in enumerate(zip(minimum or (), maximum or (), strict=False)):
        if least is not None and most is not None and least > most:
            raise said.wrong(f"the minimum {least:g} is above the maximum {most:g} in place {place + 1}")
    return Rule(
        edition=edition,
        name=said.place,
        clause=said.of(str, "clause"),
        title=said.words("title"),
        unit="1" if is_percent else unit,
        certainties=_certainties(said, axes[0].size if axes else 1, certainty),
        axes=axes,
        only={name: _only(said, name) for name in _names(said, "only")},
        minimum=minimum,
        maximum=maximum,
        value=value,
        is_percent=is_percent,
        note=said.maybe_words("note"),
    )


def _names(said: Written, key: str) -> list[str]:
    """Return the axes that `axes` or `only` speak of."""
    if key not in said:
        return []
    names = list(said.table(key).names)
    for name in names:
        if name not in terms():
            raise said.wrong(f"{key} names {name!r}, which terms.toml does not; {nearest_of(name, list(terms()))}")
    return names


def _axis(said: Written, name: str) -> Axis:
    written = said.table("axes")[name]
    if isinstance(written, list):
        groups = tuple((one,) if isinstance(one, str) else tuple(one) for one in written)
        _known_codes(said, name, [code for group in groups for code in group])
        return Codes(name, groups)
    axis = said.table("axes").table(name)
    axis.check_names("at", "above", "from")
    if terms()[name].codes:
        raise axis.wrong("it is an axis of codes, not of numbers")
    if "from" in axis:
        return _steps(axis, name)
    at = tuple(axis.number_of(one) for one in axis["at"])
    _check_order(axis, at)
    return Points(name, at, axis.maybe(bool, "above") or False)


def _steps(axis: Written, name: str) -> Steps:
    starts = [(str(one).removeprefix(">"), str(one).startswith(">")) for one in axis["from"]]
    numbers = tuple(axis.number_of(start) for start, _ in starts)
    _check_order(axis, numbers)
    if not numbers or numbers[0] != 0:
        raise axis.wrong("its steps leave a gap: the first begins at 0")
    opened = [number for number, (_, is_open) in zip(numbers, starts, strict=True) if is_open]
    return Steps(name, numbers, frozenset(opened))


def _only(said: Written, name: str) -> frozenset[str]:
    return frozenset(_known_codes(said, name, said.table("only").texts(name)))


def _known_codes(said: Written, name: str, codes: Sequence[str]) -> Sequence[str]:
    known = list(terms()[name].codes)
    for code in codes:
        if code not in known:
            raise said.wrong(f"{name} has no code {code!r}; {nearest_of(code, known) if known else 'it is a number'}")
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise said.wrong(f"{name} has {min(twice)!r} twice: two values would hold for it")
    return codes


def _check_order(axis: Written, numbers: tuple[float, ...]) -> None:
    if not numbers or any(former >= latter for former, latter in pairwise(numbers)):
        raise axis.wrong("its numbers rise from each to the next")


def _cells(said: Written, key: str, axes: tuple[Axis, ...], is_percent: bool) -> Cells | None:
    """Return the values of a table row after row, having seen that each axis has as many as it needs."""
    if key not in said:
        return None
    level = [said[key]]
    for axis in axes:
        for row in level:
            if not isinstance(row, list) or len(row) != axis.size:
                wrong = f"{key} needs {axis.size} values along {axis.name}, not {row!r}"
                raise said.wrong(wrong)
        level = [one for row in level for one in row]
    return tuple(_cell(said, one, is_percent) for one in level)


def _cell(said: Written, one: object, is_percent: bool) -> float | None:
    if one == _NOTHING:
        return None
    if one == _UNKNOWN:
        return math.nan
    number = said.number_of(one)
    if is_percent and number > 100:  # noqa: PLR2004 - what a hundred per cent are
        raise said.wrong(f"{one!r} is no value in its unit")
    return number / 100 if is_percent else number


def _certainties(said: Written, number: int, of_edition: Certainty) -> tuple[Certainty, ...]:
    if "certainty" not in said:
        return (of_edition,) * number
    given = [said.certainty_of(each) for each in said.texts("certainty")]
    if len(given) not in (1, number):
        raise said.wrong(f"certainty is one text, or {number} along the outermost axis")
    return tuple(given * number if len(given) == 1 else given)
