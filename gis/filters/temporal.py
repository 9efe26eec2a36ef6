"""Conditions on days and intervals."""

from __future__ import annotations

from datetime import date, datetime, time

from psycopg import sql

from gis.filters.days import city_time
from gis.filters.errors import FilterTypeError, LiteralError
from gis.filters.parsing import Node
from gis.filters.scalar import Translator, term
from gis.filters.term import Scope, Sort, Term, common, written_time

_OPEN = ".."
_PAIR = 2
_FIRST, _LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 — by the clocks of the city
_Ends = tuple[Term | None, Term | None]
"""First and last instant; None where it is open."""
_OF_INSTANTS = ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects")
"""What is said of instants too; all else compares intervals."""
_FEATURE_ENDS = {
    "valid_from": (0, sql.SQL("coalesce(valid_from, '-infinity')")),
    "valid_to": (1, sql.SQL("coalesce(valid_to - 1, 'infinity')")),
}
"""When a feature holds: the place in its interval, and the day there.

An INTERVAL has both its ends, as ISO 8601 counts; `valid_to` is the first day after it. What is not known is open. So a
feature is in T_INTERSECTS with the days on which `datetime` finds it.
"""


def _related(scope: Scope, name: str, args: list[Node]) -> sql.Composable:
    if len(args) != _PAIR:
        raise FilterTypeError(f"{name.upper()} takes two instants or intervals, given {len(args)}")
    both = [_ends(scope, name, node) for node in args]
    known = [end for ends in both for end in ends if end is not None]
    sort = common(*known) if known else Sort.DATE
    (start, end), (other_start, other_end) = (
        (_place(scope, first, sort, "-infinity"), _place(scope, last, sort, "infinity")) for first, last in both
    )
    return _RELATIONS[name].format(start=start, end=end, other_start=other_start, other_end=other_end)


def _ends(scope: Scope, name: str, node: Node) -> _Ends:
    if isinstance(node, dict) and "interval" in node:
        ends = node["interval"]
        if len(ends) != _PAIR:
            raise LiteralError(f"an interval has two ends, given {len(ends)}")
        first, last = (_end(scope, name, end, place) for place, end in enumerate(ends))
        if _written(first) > _written(last, open_end=_LAST):
            raise LiteralError("an interval ends before it begins")
        return first, last
    instant = _end(scope, name, node)
    if instant is None:
        raise LiteralError("'..' is the open end of an INTERVAL")
    if name not in _OF_INSTANTS:
        others = ", ".join(each.upper() for each in _OF_INSTANTS)
        raise FilterTypeError(f"{name.upper()} takes intervals; a day or an instant goes with {others}")
    return instant, instant


def _end(scope: Scope, name: str, node: Node, place: int | None = None) -> Term | None:
    """Return an end, of an interval where it has a place there; None where it is open."""
    if node == _OPEN:
        return None
    if isinstance(node, str):
        written = written_time(node)
        if written is None:
            raise LiteralError(f"{node[:40]!r} is no day and no instant; a day is written 2030-12-31")
        return written
    found = term(scope, node)
    if isinstance(node, dict) and "property" in node:
        its_place, day = _FEATURE_ENDS.get(node["property"], (None, None))
        if day is not None and place == its_place:
            return Term(Sort.DATE, day)
    if not found.sort.temporal:
        raise FilterTypeError(f"{name.upper()} takes days, instants and intervals, given {found.sort}")
    return found


def _written(end: Term | None, *, open_end: datetime = _FIRST) -> datetime:
    """Return the instant of an end as written; where it is open, or a column, one that every interval can have."""
    value = end.value if end else None
    if isinstance(value, datetime):
        return city_time(value)
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
