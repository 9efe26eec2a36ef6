"""Terms that are one value each: properties, literals, arithmetic, text without case or accents."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import cast

from psycopg import sql

from gis.filters.days import read_day, read_instant
from gis.filters.errors import FilterTypeError, LiteralError, UnknownOperatorError
from gis.filters.folding import without_accents, without_case
from gis.filters.parsing import Node
from gis.filters.term import Scope, Sort, Term

_PAIR = 2


def term(scope: Scope, node: Node) -> Term:
    """Return a node as a term.

    Raises
    ------
    FilterError
        When it is a condition, a list, or something that is not understood.
    """
    if isinstance(node, dict):
        parts = cast("dict[str, Node]", node)
        if "property" in parts:
            return scope.property(str(parts["property"]))
        if "op" in parts:
            return _calculated(scope, str(parts["op"]), list(parts.get("args", [])))
        return _dated(parts)
    return _written(node)


def _written(value: Node) -> Term:
    if isinstance(value, bool):
        return Term(Sort.BOOLEAN, value=value)
    if isinstance(value, (int, float)):
        if not math.isfinite(value):
            raise LiteralError("a number is larger than can be held")
        return Term(Sort.NUMBER, value=float(value))
    if isinstance(value, str):
        if "\0" in value:
            raise LiteralError("a text holds the character 0")
        return Term(Sort.TEXT, value=value)
    if value is None:
        raise FilterTypeError("nothing is compared with NULL; what is not known is found with IS NULL")
    raise FilterTypeError("a list stands where one value is expected")


def _dated(parts: Mapping[str, Node]) -> Term:
    if "date" in parts:
        day = read_day(str(parts["date"]))
        if day is None:
            raise LiteralError(f"{str(parts['date'])[:40]!r} is no day; it is written DATE('2030-12-31')")
        return Term(Sort.DATE, value=day)
    if "timestamp" in parts:
        instant = read_instant(str(parts["timestamp"]))
        if instant is None:
            raise LiteralError(
                f"{str(parts['timestamp'])[:40]!r} is no instant; it is written TIMESTAMP('2030-12-31T23:00:00Z')"
            )
        return Term(Sort.TIMESTAMP, value=instant)
    if "interval" in parts:
        raise FilterTypeError("an interval stands where one value is expected; it goes with T_DURING and its kind")
    raise FilterTypeError("a geometry stands where one value is expected; it goes with S_INTERSECTS and its kind")


def _calculated(scope: Scope, name: str, args: list[Node]) -> Term:
    if name in _FOLDED:
        return _folded(scope, name, args)
    if name in _ARITHMETIC:
        return _number(scope, name, args)
    if name in _CONDITIONS:
        raise FilterTypeError(f"the condition {name} stands where a value is expected")
    raise UnknownOperatorError(name, (*_ARITHMETIC, *_FOLDED))


def _number(scope: Scope, name: str, args: list[Node]) -> Term:
    terms = [term(scope, arg) for arg in args]
    if len(terms) != _PAIR:
        raise FilterTypeError(f"{name} takes two numbers, given {len(terms)}")
    for each in terms:
        if not each.sort.numeric:
            raise FilterTypeError(f"{name} takes numbers, given {each.sort}")
    left, right = (
        sql.SQL("({})::double precision").format(scope.place(each, Sort.NUMBER if each.sql is None else each.sort))
        for each in terms
    )
    return Term(Sort.NUMBER, _ARITHMETIC[name].format(left=left, right=right))


def _folded(scope: Scope, name: str, args: list[Node]) -> Term:
    if len(args) != 1:
        raise FilterTypeError(f"{name} takes one text, given {len(args)}")
    inner = term(scope, args[0])
    if inner.sort is not Sort.TEXT:
        raise FilterTypeError(f"{name} takes a text, given {inner.sort}")
    place = scope.place(inner, Sort.TEXT)
    if name == "accenti":
        return Term(Sort.TEXT, without_accents(place))
    return Term(Sort.TEXT, without_case(place, inner.value if isinstance(inner.value, str) else None))


# What is divided by zero is not known, like all that is calculated from what is not known.
_ARITHMETIC = {
    "+": sql.SQL("({left} + {right})"),
    "-": sql.SQL("({left} - {right})"),
    "*": sql.SQL("({left} * {right})"),
    "/": sql.SQL("({left} / nullif({right}, 0))"),
    "div": sql.SQL("trunc({left} / nullif({right}, 0))"),
    "%": sql.SQL("mod({left}::numeric, nullif({right}, 0)::numeric)::double precision"),
    "^": sql.SQL("power({left}, {right})"),
}
_FOLDED = ("casei", "accenti")
_CONDITIONS = ("and", "or", "not", "=", "<>", "<", ">", "<=", ">=", "between", "in", "like", "isNull")

Translator = Callable[[Scope, str, list[Node]], sql.Composable]
"""What makes a condition of an operator and its arguments."""
