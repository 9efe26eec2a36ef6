"""A filter in CQL2 -> a condition of the database over the columns that everyone may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from psycopg import sql

from gis.features.system import CRS84, System
from gis.filters.comparison import COMPARISONS
from gis.filters.condition import Binder, Condition
from gis.filters.errors import FilterError, FilterTypeError, UnknownOperatorError
from gis.filters.parsing import Language, Node, parsed
from gis.filters.place import Place
from gis.filters.scalar import term
from gis.filters.spatial import SPATIAL, related
from gis.filters.temporal import RELATIONS
from gis.filters.term import Scope, Sort
from layers.model import Column

_ARRAYS = ("a_containedBy", "a_contains", "a_equals", "a_overlaps")


class NoArraysError(FilterError):
    """An operator for arrays, which no layer has."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name.upper()} compares arrays, and no column holds one")


def condition(
    text: str, columns: Mapping[str, Column], *, language: Language = Language.TEXT, system: System = CRS84
) -> Condition:
    """Translate a filter.

    Parameters
    ----------
    columns : what a filter may name.
    system : coordinate system of the geometries it writes.

    Raises
    ------
    FilterError
        When it is not understood, too large, or compares what cannot be compared.
    """
    translation = _Translation(Scope(columns, Binder("filter")), Place(system))
    expression = translation.condition(parsed(text, language))
    return translation.scope.binder.condition(expression)


@dataclass(frozen=True, slots=True)
class _Translation:
    scope: Scope
    place: Place

    def condition(self, node: Node) -> sql.Composable:
        if not isinstance(node, dict) or "op" not in node:
            return self._plain(node)
        parts = cast("dict[str, Node]", node)
        name, args = str(parts["op"]), list(parts.get("args", []))
        if name in _JOINED:
            return self._joined(name, args)
        if name in SPATIAL:
            return related(self.scope, self.place, name, args)
        if name in _ARRAYS:
            raise NoArraysError(name)
        known = {**COMPARISONS, **RELATIONS}
        if name not in known:
            raise UnknownOperatorError(name, (*known, *SPATIAL, *_JOINED))
        return known[name](self.scope, name, args)

    def _joined(self, name: str, args: list[Node]) -> sql.Composable:
        parts = [self.condition(arg) for arg in args]
        if not parts or (name == "not" and len(parts) > 1):
            raise FilterTypeError(f"{name.upper()} takes {_JOINED[name]}, given {len(parts)}")
        if name == "not":
            return sql.SQL("(NOT ({}))").format(parts[0])
        between = sql.SQL(" AND " if name == "and" else " OR ")
        return sql.SQL("({})").format(between.join(sql.SQL("({})").format(part) for part in parts))

    def _plain(self, node: Node) -> sql.Composable:
        """Return what is true or false by itself: a value, or a column of yes and no."""
        found = term(self.scope, node)
        if found.sort is not Sort.BOOLEAN:
            raise FilterTypeError(f"a condition is expected, given {found.sort}")
        return self.scope.place(found, Sort.BOOLEAN)


_JOINED = {"and": "conditions", "or": "conditions", "not": "one condition"}
