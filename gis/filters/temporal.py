"""Conditions on days and intervals."""

from __future__ import annotations

from datetime import date, datetime, time

from psycopg import sql

from gis.filters.days import read_day, read_instant
from gis.filters.errors import FilterTypeError, LiteralError
from gis.filters.parsing import Node
from gis.filters.scalar import Translator, term
from gis.filters.term import Scope, Sort, Term, common

_OPEN = ".."
_PAIR = 2
_FIRST, _LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 — UTC, written without it
_Ends = tuple[Term | None, Term | None]
"""First and last instant; None where it is open."""


def _related(scope: Scope, name: str, args: list[Node]) -> sql.Composable:
    if len(args) != _PAIR:
        raise FilterTypeError(f"{name.upper()} takes two instants or intervals, given {len(args)}")
    both = [_ends(scope, name, node) for node in args]
    sort = common(*(end for ends in both for end in ends if end is not None), Term(Sort.DATE, value=date.min))
    (start, end), (other_start, other_end) = (
        (_place(scope, first, sort, "-infinity"), _place(scope, last, sort, "infinity")) for first, last in both
    )
    return _RELATIONS[name].format(start=start, end=end, other_start=other_start, other_end=other_end)


def _ends(scope: Scope, name: str, node: Node) -> _Ends:
    if isinstance(node, dict) and "interval" in node:
        ends = node["interval"]
        if len(ends) != _PAIR:
            raise LiteralError(f"an interval has two ends, given {len(ends)}")
        first, last = (_end(scope, name, end) for end in ends)
        if _written(first) > _written(last, open_end=_LAST):
            raise LiteralError("an interval ends before it begins")
        return first, last
    instant = _end(scope, name, node)
    if instant is None:
        raise LiteralError("'..' is the open end of an INTERVAL")
    return instant, instant


def _end(scope: Scope, name: str, node: Node) -> Term | None:
    if node == _OPEN:
        return None
    if isinstance(node, str):
        day, instant = read_day(node), read_instant(node)
        if day is None and instant is None:
            raise LiteralError(f"{node[:40]!r} is no day and no instant; a day is written 2030-12-31")
        return Term(Sort.TIMESTAMP, value=instant) if day is None else Term(Sort.DATE, value=day)
    found = term(scope, node)
    if not found.sort.temporal:
        raise FilterTypeError(f"{name.upper()} takes days, instants and intervals, given {found.sort}")
    return found


def _written(end: Term | None, *, open_end: datetime = _FIRST) -> datetime:
    """Return the instant of an end as written; where it is open, or a column, one that every interval can have."""
    value = end.value if end else None
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time.min) if isinstance(value, date) else open_end


def _place(scope: Scope, end: Term | None, sort: Sort, unbounded: str) -> sql.Composable:
    return scope.binder.bind(unbounded, sort.value) if end is None else scope.place(end, sort)


_RELATIONS = {
    "t_after": sql.SQL("{start} > {other_end}"),
    "t_before": sql.SQL("{end} < {other_start}"),
    "t_disjoint": sql.SQL("({end} < {other_start} OR {start} > {other_end})"),
    "t_intersects": sql.SQL("({start} <= {other_end} AND {end} >= {other_start})"),
    "t_equals": sql.SQL("({start} = {other_start} AND {end} = {other_end})"),
    "t_contains": sql.SQL("({start} < {other_start} AND {end} > {other_end})"),
    "t_during": sql.SQL("({start} > {other_start} AND {end} < {other_end})"),
    "t_finishedBy": sql.SQL("({start} < {other_start} AND {end} = {other_end})"),
    "t_finishes": sql.SQL("({start} > {other_start} AND {end} = {other_end})"),
    "t_meets": sql.SQL("{end} = {other_start}"),
    "t_metBy": sql.SQL("{start} = {other_end}"),
    "t_overlappedBy": sql.SQL("({start} > {other_start} AND {start} < {other_end} AND {end} > {other_end})"),
    "t_overlaps": sql.SQL("({start} < {other_start} AND {end} > {other_start} AND {end} < {other_end})"),
    "t_startedBy": sql.SQL("({start} = {other_start} AND {end} > {other_end})"),
    "t_starts": sql.SQL("({start} = {other_start} AND {end} < {other_end})"),
}

RELATIONS: dict[str, Translator] = dict.fromkeys(_RELATIONS, _related)
