"""Scenarios as tiles see them: which layers each changes and where, kept until the log names it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from gis.changes.ledger import Ledger
from gis.changes.watch import Watch, WatchLostError
from gis.lineage import held
from gis.scenarios.reach import changed_place, sight
from gis.schema import BASELINE
from gis.tiles.tile import Overlaid, Tile, View
from layers import LAYERS
from layers.model import Horizon

_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class _Known:
    view: View
    ledger: Ledger
    mark: int


class Sights:
    """Say which tile of a scenario is drawn from what, and which is the baseline's.

    Parameters
    ----------
    pool : connections in autocommit.
    """

    def __init__(self, pool: ConnectionPool[Connection[TupleRow]], watch: Watch) -> None:
        self._pool = pool
        self._watch = watch
        self._known: dict[tuple[str, Horizon], _Known] = {}

    async def seen(self, tile: Tile, scenario: str, former: str = BASELINE) -> Tile:
        """Return a tile of the baseline as a scenario shows it; a difference between horizons as one of scenarios too.

        Parameters
        ----------
        former : the scenario of the former view, where the tile shows a difference.

        Raises
        ------
        ScenarioNameError, UnknownScenarioError
            When there is no such scenario.
        """
        view = await self._view(scenario, tile.view.horizon)
        return tile.seen_in(view, await self._view(former, tile.former.horizon) if tile.former is not None else None)

    async def _view(self, scenario: str, horizon: Horizon) -> View:
        if scenario == BASELINE:
            return View(horizon)
        try:
            await self._watch.current()
        except WatchLostError:
            return await asyncio.to_thread(self._read, scenario, horizon)
        ledger, mark = self._watch.ledger, self._watch.ledger.mark
        known = self._known.get((scenario, horizon))
        if known is not None and known.ledger is ledger and self._holds(known):
            view = known.view
        else:
            view = await asyncio.to_thread(self._read, scenario, horizon)
        self._known.pop((scenario, horizon), None)
        self._known[scenario, horizon] = _Known(view, ledger, mark)
        if len(self._known) > _MOST_KEPT:
            del self._known[next(iter(self._known))]
        return view

    def _holds(self, known: _Known) -> bool:
        """Return whether the log has named none of the scenarios that make a view since it was read.

        The baseline's own changes count too: a feature that moves there takes the place of its change along.
        """
        since = known.ledger.since(known.mark)
        names = {*known.view.line}
        return since is not None and not any(
            change.scenario in names or change.layer in known.view.layers for change in since
        )

    def _read(self, scenario: str, horizon: Horizon) -> View:
        with self._pool.connection() as connection, held(connection, scenario):
            seen = sight(connection, scenario, horizon=horizon)
            over = tuple(
                Overlaid(name, names, changed_place(connection, LAYERS[name], seen))
                for name, names in sorted(seen.changing.items())
            )
        return View(horizon, seen.line, over)
