"""What the figures of the service are measured on."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from gis.settings import REPOSITORY
from tests.bench.database import bring_in_step, copied, lay_grid, load_sample, scratch

DATABASE = "QUYHOACH_BENCH_DATABASE_URL"
"""Names a filled database that is copied, never changed; without it a sample city is made."""
LARGE_DATABASE = "QUYHOACH_BENCH_LARGE_DATABASE_URL"
"""Names a database of some millions of parcels, likewise; without it a sample city is made."""
PEERS = "QUYHOACH_BENCH_PEERS"
"""Names the directory of the peers' virtual environments; `.local/peers` without it."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is asked.

    Parameters
    ----------
    parcels, large_parcels : size of the sample cities; no large one where 0.
    rounds : how often each comparison is repeated, both sides in turn.
    most_tiles : distinct tiles of a zoom, at most.
    warm_s, soak_s : seconds for which warm tiles are asked, and viewers look.
    edits : edits after which the new tile is waited for.
    answers : answers that are held against what was committed.
    depth : how many features into the layer the deep page begins.
    viewers : who look at once.
    """

    parcels: int = 360_000
    large_parcels: int = 3_000_000
    rounds: int = 5
    most_tiles: int = 20_000
    warm_s: int = 8
    soak_s: int = 60
    edits: int = 250
    answers: int = 10_000
    depth: int = 290_000
    viewers: int = 64

    def small(self) -> Scale:
        """Return a scale at which all is tried quickly and nothing is measured."""
        return replace(
            self,
            rounds=1,
            most_tiles=60,
            warm_s=2,
            soak_s=min(self.soak_s, 8),
            edits=20,
            answers=300,
            depth=min(self.depth, 10_000),
            viewers=8,
        )


class Ground:
    """The databases, programs and numbers that all figures of one run share; databases are made when first asked for.

    Parameters
    ----------
    server_url : server on which databases may be made.
    stack : ends what was begun here.
    folder : for what a figure writes.
    workers : processes that answer, ours and theirs alike.
    connections : requests under way at once where cold tiles are asked.
    """

    grid_apart_m = 100.0
    edges = 0

    def __init__(
        self, server_url: str, stack: ExitStack, folder: Path, scale: Scale, *, workers: int = 2, connections: int = 8
    ) -> None:
        self._server_url = server_url
        self._stack = stack
        self.folder = folder
        self.scale = scale
        self.workers = workers
        self.connections = connections

    @property
    def peers(self) -> Path:
        """Where the peers' programs are, or are put."""
        return Path(os.environ.get(PEERS) or REPOSITORY / ".local" / "peers")

    @cached_property
    def city_url(self) -> str:
        """A filled database of this run's own, with its overviews in step."""
        return self._filled("serving", os.environ.get(DATABASE), self.scale.parcels)

    @cached_property
    def large_url(self) -> str | None:
        """A database of some millions of parcels, if there shall be one."""
        given = os.environ.get(LARGE_DATABASE)
        return self._filled("large", given, self.scale.large_parcels) if given or self.scale.large_parcels else None

    @cached_property
    def grid_url(self) -> str:
        """A database with a grid of streets and nothing else."""
        url = self._stack.enter_context(scratch(self._server_url, "grid"))
        self.edges = lay_grid(url, self.grid_side, self.grid_apart_m)
        return url

    @property
    def grid_side(self) -> int:
        """Junctions on a side of the grid: 354, which 249,924 pieces of street join."""
        return 354 if self.scale.rounds > 1 else 60

    def _filled(self, name: str, given: str | None, parcels: int) -> str:
        if given:
            url = self._stack.enter_context(copied(given, name, given))
        else:
            url = self._stack.enter_context(scratch(self._server_url, name))
            load_sample(url, parcels)
        bring_in_step(url)
        return url
