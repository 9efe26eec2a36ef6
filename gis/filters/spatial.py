"""Conditions on where features lie. The geometry of a filter is brought to that of the features, not the other way."""

from __future__ import annotations

from typing import cast

import shapely
from psycopg import sql

from gis.features.system import STORED
from gis.filters.errors import FilterTypeError
from gis.filters.literal import geometry
from gis.filters.parsing import Node
from gis.filters.place import Place
from gis.filters.scalar import term
from gis.filters.term import Scope, Sort

_PAIR = 2
_COLLECTION = shapely.GeometryType.GEOMETRYCOLLECTION
_FEATURE = sql.SQL("geom")


def related(scope: Scope, place: Place, name: str, args: list[Node]) -> sql.Composable:
    """Return the condition of an S_… operator.

    Raises
    ------
    FilterError
        When one side is no geometry.
    """
    if len(args) != _PAIR:
        raise FilterTypeError(f"{name.upper()} takes two geometries, given {len(args)}")
    left, right = (_side(scope, place, node) for node in args)
    if left is None and right is None:
        return SPATIAL[name].format(_FEATURE, _FEATURE)
    if left is not None and right is not None:
        return SPATIAL[name].format(_bound(scope, left, place.srid), _bound(scope, right, place.srid))
    drawn = cast("shapely.Geometry", right if left is None else left)
    feature, other = _brought(scope, place, drawn)
    sides = (feature, other) if left is None else (other, feature)
    condition = SPATIAL[name].format(*sides)
    if place.is_known(drawn):
        return condition
    return (_APART if name == "s_disjoint" else _NEAR).format(condition=condition, near=_searched(scope, place, drawn))


def _side(scope: Scope, place: Place, node: Node) -> shapely.Geometry | None:
    """Return a geometry as written; None for that of the features."""
    if isinstance(node, dict) and ("bbox" in node or "type" in node):
        return _dissolved(geometry(node, place))
    found = term(scope, node)
    if found.sort is not Sort.GEOMETRY:
        raise FilterTypeError(f"a geometry is held against another, given {found.sort}")
    return None


def _dissolved(drawn: shapely.Geometry) -> shapely.Geometry:
    """Return a collection as the ground it covers: relations have no meaning where its parts overlap."""
    return shapely.union_all(shapely.get_parts(drawn)) if shapely.get_type_id(drawn) == _COLLECTION else drawn


def _brought(scope: Scope, place: Place, drawn: shapely.Geometry) -> tuple[sql.Composable, sql.Composable]:
    """Return features and a geometry in one system: the stored one, or where it has no meaning that of the geometry."""
    if place.srid == STORED.srid:
        return _FEATURE, _bound(scope, drawn, place.srid)
    if place.is_known(drawn):
        bound = _bound(scope, place.bent(drawn), place.srid)
        return _FEATURE, sql.SQL("ST_Transform({}, {})").format(bound, sql.Literal(STORED.srid))
    moved = sql.SQL("ST_Transform(geom, {})").format(sql.Literal(place.srid))
    return moved, _bound(scope, drawn, place.srid)


def _bound(scope: Scope, drawn: shapely.Geometry, srid: int) -> sql.Composable:
    place = scope.binder.bind(shapely.to_wkb(drawn), "wkb")
    return sql.SQL("ST_GeomFromWKB({}, {})").format(place, sql.Literal(srid))


def _searched(scope: Scope, place: Place, drawn: shapely.Geometry) -> sql.Composable:
    sides = sql.SQL(", ").join(scope.binder.bind(side, "number") for side in place.around(drawn))
    return sql.SQL("city.searched(ST_MakeEnvelope({}, 3857))").format(sides)


_NEAR = sql.SQL("(geom && {near} AND {condition})")
_APART = sql.SQL("(NOT geom && {near} OR {condition})")

SPATIAL = {
    "s_intersects": sql.SQL("ST_Intersects({}, {})"),
    "s_disjoint": sql.SQL("NOT ST_Intersects({}, {})"),
    "s_equals": sql.SQL("ST_Equals({}, {})"),
    "s_touches": sql.SQL("ST_Touches({}, {})"),
    "s_within": sql.SQL("ST_Within({}, {})"),
    "s_contains": sql.SQL("ST_Contains({}, {})"),
    "s_crosses": sql.SQL("ST_Crosses({}, {})"),
    "s_overlaps": sql.SQL("ST_Overlaps({}, {})"),
}
