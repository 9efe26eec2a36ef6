"""Conditions on values: equal, between, among, alike, unknown."""

from __future__ import annotations

import re

from psycopg import sql

from gis.filters.errors import FilterBoundError, FilterTypeError
from gis.filters.parsing import Node
from gis.filters.scalar import Translator, term
from gis.filters.term import Scope, Sort, Term, common, whole, written_time

MOST_LISTED = 1_000
"""Most values of one IN."""
_DANGLING = re.compile(r"(?:^|[^\\])(?:\\\\)*\\$")


def _compared(scope: Scope, name: str, args: list[Node]) -> sql.Composable:
    left, right = _dated(_terms(scope, name, args, 2))
    sort = _comparable(left, right)
    return _COMPARED[name].format(_place(scope, left, sort), _place(scope, right, sort))


def _between(scope: Scope, name: str, args: list[Node]) -> sql.Composable:
    terms = _dated(_terms(scope, name, args, 3))
    sort = _comparable(*terms)
    if sort is Sort.BOOLEAN:
        raise FilterTypeError("nothing lies between true and false")
    return sql.SQL("{} BETWEEN {} AND {}").format(*(_place(scope, each, sort) for each in terms))


def _listed(scope: Scope, name: str, args: list[Node]) -> sql.Composable:
    if len(args) != 2 or not isinstance(args[1], list):  # noqa: PLR2004 — a value and a list
        raise FilterTypeError(f"{name.upper()} takes a value and a list of values")
    if len(args[1]) > MOST_LISTED:
        raise FilterBoundError("values in a list", len(args[1]), MOST_LISTED)
    sought, *listed = _dated([term(scope, node) for node in (args[0], *args[1])])
    if not listed:
        return sql.SQL("FALSE")
    sort = _comparable(sought, *listed)
    places = sql.SQL(", ").join(_place(scope, each, sort) for each in listed)
    return sql.SQL("{} IN ({})").format(_place(scope, sought, sort), places)


def _alike(scope: Scope, name: str, args: list[Node]) -> sql.Composable:
    terms = _terms(scope, name, args, 2)
    for each in terms:
        if each.sort is not Sort.TEXT:
            raise FilterTypeError(f"LIKE takes a text and a pattern, given {each.sort}")
    if _DANGLING.search(_pattern(args[1])):
        raise FilterTypeError("a pattern ends with a backslash, which says that the letter after it is meant as such")
    return sql.SQL("{} LIKE {}").format(*(scope.place(each, Sort.TEXT) for each in terms))


def _pattern(node: Node) -> str:
    """Return the pattern as written, inside CASEI and ACCENTI."""
    while isinstance(node, dict) and node.get("op") in ("casei", "accenti"):
        node = node["args"][0]
    if not isinstance(node, str):
        raise FilterTypeError("the pattern of LIKE is a text as written")
    return node


def _unknown(scope: Scope, name: str, args: list[Node]) -> sql.Composable:
    (each,) = _terms(scope, name, args, 1)
    return sql.SQL("{} IS NULL").format(scope.place(each, each.sort))


def _terms(scope: Scope, name: str, args: list[Node], wanted: int) -> list[Term]:
    if len(args) != wanted:
        raise FilterTypeError(f"{name} takes {wanted} values, given {len(args)}")
    return [term(scope, node) for node in args]


def _dated(terms: list[Term]) -> list[Term]:
    """Return terms where a text as written, beside a day or an instant, is one too: the lists of IN are often so."""
    if not any(each.sort.temporal for each in terms):
        return terms
    return [written_time(each.value) or each if isinstance(each.value, str) else each for each in terms]


def _comparable(*terms: Term) -> Sort:
    sort = common(*terms)
    if sort is Sort.GEOMETRY:
        raise FilterTypeError("a geometry is held against another with S_INTERSECTS and its kind")
    return sort


def _place(scope: Scope, each: Term, sort: Sort) -> sql.Composable:
    return scope.place(whole(each) if sort is Sort.INTEGER else each, sort)


_COMPARED = {name: sql.SQL("{} " + name + " {}") for name in ("=", "<>", "<", ">", "<=", ">=")}

COMPARISONS: dict[str, Translator] = {
    **dict.fromkeys(_COMPARED, _compared),
    "between": _between,
    "in": _listed,
    "like": _alike,
    "isNull": _unknown,
}
