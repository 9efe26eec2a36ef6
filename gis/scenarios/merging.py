"""Merge a scenario into what it was opened from: conflicts are named, nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from gis.lineage import held
from gis.scenarios.errors import BusyScenarioError, ChildrenError, Conflict, MergeConflictError
from gis.scenarios.layout import change_table, lay_out, stored_layer
from gis.scenarios.reach import sight
from gis.scenarios.register import WAIT_S, children, log_everything, scenario_named, wait_at_most
from gis.schema import stored_columns
from gis.statements import statements
from layers import LAYERS
from layers.model import Layer

_SQL = Path(__file__).with_suffix(".sql")


class Conflicts(StrEnum):
    """What becomes of a feature that was changed on both sides.

    Refused with the whole merge; taken as the scenario has it, its other state going to the history; or left as it is
    where it goes, the scenario keeping its change.
    """

    REFUSE = "refuse"
    TAKE = "take"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did in one layer: features added, changed, removed, and left in the scenario."""

    layer: str
    added: int
    changed: int
    removed: int
    left: int


def merge_scenario(
    connection: Connection[TupleRow], name: str, *, conflicts: Conflicts = Conflicts.REFUSE
) -> tuple[Merged, ...]:
    """Bring what a scenario changes to its parent, all of it or nothing, and say what was done.

    The scenario stays open, and shows the parent; its changes are kept among the superseded ones. A conflict is a
    feature that the parent changed, added or removed after the scenario had changed it.

    Raises
    ------
    ScenarioNameError, UnknownScenarioError
        When there is no such scenario.
    ChildrenError
        When others were opened from it; they are merged into it first.
    MergeConflictError
        When there are conflicts and they are to be refused.
    BusyScenarioError
        When others write the same layers for longer than is waited.
    """
    scenario_named(connection, name)
    try:
        with held(connection, name), connection.transaction():
            return _merge(connection, name, conflicts)
    except psycopg.errors.LockNotAvailable:
        raise BusyScenarioError(name, WAIT_S) from None


def _merge(connection: Connection[TupleRow], name: str, conflicts: Conflicts) -> tuple[Merged, ...]:
    wait_at_most(connection, WAIT_S)
    if others := children(connection, name):
        raise ChildrenError(name, others)
    connection.execute(statements(_SQL)["write_parent"].sql())
    seen = sight(connection, name)
    layers = [layer for layer in LAYERS.values() if name in seen.changing.get(layer.name, ())]
    merges = [_LayerMerge(connection, layer, _places(connection, layer, seen.line)) for layer in layers]
    for merge in merges:
        merge.lock()
    found = {merge.layer.name: merge.conflicts() for merge in merges}
    every = tuple(conflict for of_layer in found.values() for conflict in of_layer)
    if every and conflicts is Conflicts.REFUSE:
        raise MergeConflictError(name, every)
    left = {
        layer: [conflict.uid for conflict in of_layer] if conflicts is Conflicts.LEAVE else []
        for layer, of_layer in found.items()
    }
    done = tuple(merge.run(left[merge.layer.name]) for merge in merges)
    log_everything(connection, name)
    return tuple(merged for merged in done if any((merged.added, merged.changed, merged.removed, merged.left)))


def _places(connection: Connection[TupleRow], layer: Layer, line: Sequence[str]) -> dict[str, sql.Composable]:
    under = lay_out(connection, layer, line[:-1]) if len(line) > 1 else ()
    columns = [*(column.name for column in stored_columns(layer)), "geom"]
    comma = sql.SQL(", ")
    return {
        "change": change_table(layer, line[-1]),
        "parent": stored_layer(layer, under),
        "columns": comma.join(map(sql.Identifier, columns)),
        "changed": comma.join(sql.Identifier("change", column) for column in columns),
    }


@dataclass(frozen=True, slots=True)
class _LayerMerge:
    """The statements that merge one layer."""

    connection: Connection[TupleRow]
    layer: Layer
    places: dict[str, sql.Composable]

    def lock(self) -> None:
        """Keep others from writing either side until the transaction ends; they may read."""
        self.connection.execute(
            sql.SQL("LOCK TABLE {parent}, {change} IN SHARE ROW EXCLUSIVE MODE").format(**self.places)
        )

    def conflicts(self) -> list[Conflict]:
        """Return the features that were changed on both sides."""
        found = self.connection.execute(statements(_SQL)["conflicts"].sql(**self.places)).fetchall()
        return [Conflict(self.layer.name, uid, meanwhile) for uid, meanwhile in found]

    def run(self, left: Sequence[int]) -> Merged:
        """Write the parent and empty the table of changes, but for the features that are left."""
        counts = {
            name: self.connection.execute(statements(_SQL)[name].sql(**self.places), {"left": left}).rowcount
            for name in ("remove", "change", "add", "settle")
        }
        return Merged(self.layer.name, counts["add"], counts["change"], counts["remove"], len(left))
