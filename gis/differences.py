"""What differs between two sights of the city: two scenarios, two horizons, or both; a relation to be asked.

A feature is the same where its uid is. It is `added` where only the latter sight shows it, `removed` where only the
former does, and `changed` where an attribute or the geometry differs; it is shown as the latter has it, or as it was
before it was removed. A plan of a horizon has features of its own, so that between two horizons each zone of the one is
removed and each of the other added.
"""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from gis.scenarios.layout import change_table
from gis.scenarios.reach import Sight
from gis.schema import seen_columns, stands_at, stored_columns
from gis.statements import statements
from layers.model import Layer

CHANGE = "change"
"""The column that says how a feature differs."""
CHANGES = ("added", "changed", "removed")
"""What it says."""
_SQL = Path(__file__).with_suffix(".sql")
_EVERYWHERE = sql.SQL("TRUE")


def difference(layer: Layer, former: Sight, latter: Sight, *, where: sql.Composable = _EVERYWHERE) -> sql.Composed:
    """Return a query for the features of a layer that differ: its columns, then `change`.

    To be placed in parentheses as a relation. A box on `geom` outside of it reaches the spatial indexes. Between two
    scenarios at one horizon only features that one of them changes are looked at; between two horizons of one scenario
    nothing is looked up, because a feature is then shown as it is or not at all.

    Parameters
    ----------
    where
        A condition on the columns of a feature, `layer.` before their names, where only some are of interest.
    """
    shown = sql.SQL(", ").join(sql.Identifier("layer", name) for name in seen_columns(layer))
    if _stored_in(layer, former) == _stored_in(layer, latter) and former.horizon and latter.horizon:
        return statements(_SQL)["horizons"].sql(
            former=former.table(layer),
            latter=latter.table(layer),
            shown=shown,
            then=stands_at(layer, former.horizon),
            now=stands_at(layer, latter.horizon),
            wanted=where,
        )
    compared = [*(column.name for column in stored_columns(layer)), "geom"]
    comma = sql.SQL(", ")
    return statements(_SQL)["difference"].sql(
        former=former.table(layer),
        latter=latter.table(layer),
        shown=shown,
        compared=comma.join(sql.Identifier("layer", name) for name in compared),
        former_compared=comma.join(sql.Identifier("former", name) for name in compared),
        opposite=comma.join(sql.Identifier("other", name) for name in compared),
        candidate=_candidates(layer, former, latter),
        wanted=where,
    )


def is_empty(layer: Layer, former: Sight, latter: Sight) -> bool:
    """Return whether a layer cannot differ, because both sights read it in the same place."""
    return former.table(layer) == latter.table(layer)


def _stored_in(layer: Layer, sight: Sight) -> sql.Identifier:
    return sight.at(None).table(layer)


def _candidates(layer: Layer, former: Sight, latter: Sight) -> sql.Composable:
    """Return the condition that a feature is one of those that may differ."""
    if former.horizon != latter.horizon and (layer.staged or layer.planned):
        return _EVERYWHERE
    over, others = (sight.changing.get(layer.name, ()) for sight in (former, latter))
    # What both have below them shows the same in both.
    apart = sorted(set(over) ^ set(others))
    if not apart:
        return sql.SQL("FALSE")
    changes = (sql.SQL("SELECT uid FROM {}").format(change_table(layer, name)) for name in apart)
    return sql.SQL("layer.uid IN ({})").format(sql.SQL(" UNION ").join(changes))
