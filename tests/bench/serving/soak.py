"""Many viewers panning and zooming while an editor saves every second."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path

from gis.overviews.drawn import is_gathered
from layers import LAYERS
from tests.bench.figures import Figure
from tests.bench.serving.asking import Client
from tests.bench.serving.features import values_of
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import ours
from tests.bench.serving.pawns import COLUMN, Editor, Pawn, editing
from tests.bench.serving.servers import Server
from tests.bench.serving.walk import Tile

MOST_P99_MS = 250
METHOD = (
    "each viewer has a connection and a cache, sees 4 by 3 tiles, pans by a tile or zooms every 0.3-1 s between z10 "
    "and z17, and asks for the tiles that come into view; an editor marks, moves, deletes a parcel each second; "
    "tiles of single parcels in which an edited parcel stands are kept and decoded afterwards; 2 workers; all begin at "
    "once with nothing cached and look for as long again before the p99 is taken, which is told for that time too"
)
_ZOOMS = range(10, 18)
_ACROSS, _DOWN = 4, 3
_PAUSES_S = (0.3, 1.0)
_PAWNS = 12
_GOOD = (HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class Sight:
    """A tile as a viewer saw it: for each pawn near, the last committed and the last begun step."""

    tile: Tile
    file: Path | None
    bounds: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Viewer:
    """Someone who looks at the map."""

    number: int
    server: Server
    pawns: Sequence[Pawn]
    folder: Path
    took_ms: list[float] = field(default_factory=list)
    at_first_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)
    _kept: dict[Tile, tuple[str, Path | None]] = field(default_factory=dict)

    def look(self, settled: float, until: float) -> None:
        """Pan and zoom until a moment of `time.monotonic`; what was asked before another is told apart."""
        chance = random.Random(self.number)
        at, view = chance.choice(self.pawns).tile(15), frozenset[Tile]()
        with closing(Client(self.server, timeout_s=20)) as client:
            while time.monotonic() < until:
                seen = _view(at)
                took_ms = self.took_ms if time.monotonic() > settled else self.at_first_ms
                for tile in sorted(seen - view):
                    self._ask(client, tile, took_ms)
                view, at = seen, self._on(chance, at)
                time.sleep(chance.uniform(*_PAUSES_S))

    def _on(self, chance: random.Random, at: Tile) -> Tile:
        way = chance.random()
        if way < 0.1:  # back to where something happens
            return chance.choice(self.pawns).tile(chance.choice((14, 15, 16, 17)))
        if way < 0.25 and at.z + 1 in _ZOOMS:
            return Tile(at.z + 1, at.x * 2 + chance.randint(0, 1), at.y * 2 + chance.randint(0, 1))
        if way < 0.4 and at.z - 1 in _ZOOMS:
            return Tile(at.z - 1, at.x // 2, at.y // 2)
        return Tile(at.z, at.x + chance.choice((-1, 0, 1)), at.y + chance.choice((-1, 0, 1)))

    def _ask(self, client: Client, tile: Tile, took_ms: list[float]) -> None:
        near = [p for p in self.pawns if tile in (p.tile(tile.z), p.tile(tile.z, 1))] if _is_checked(tile) else []
        since = [pawn.committed for pawn in near]
        known = self._kept.get(tile)
        headers = {"Accept-Encoding": "identity" if near else "gzip"}
        if known:
            headers["If-None-Match"] = known[0]
        began = time.perf_counter()
        try:
            answer = client.ask(self.server.path(tile), headers)
        except (OSError, HTTPException) as reason:
            self.errors.append(f"{tile}: {type(reason).__name__}")
            return
        took_ms.append((time.perf_counter() - began) * 1000)
        bounds = tuple(zip(since, (pawn.begun for pawn in near), strict=True))
        if answer.status not in _GOOD:
            self.errors.append(f"{tile}: {answer.status}")
            return
        file = known[1] if known and answer.status == HTTPStatus.NOT_MODIFIED else self._stored(answer.body, bool(near))
        if answer.status == HTTPStatus.OK and "etag" in answer.headers:
            self._kept[tile] = (answer.headers["etag"], file)
        if near and "quyhoach-omitted" not in answer.headers:
            self.sights.append(Sight(tile, file, bounds))

    def _stored(self, body: bytes, is_near: bool) -> Path | None:
        """Keep a body for the check afterwards, so that decoding does not disturb the measurement."""
        if not is_near or not body:
            return None
        path = self.folder / f"seen-{self.number}-{len(self.sights)}.mvt"
        path.write_bytes(body)
        return path

    def stale(self) -> list[str]:
        """Name the tiles seen that omit what was committed before they were asked for, with what they show."""
        return [said for sight in self.sights if (said := self._omission(sight))]

    def _omission(self, sight: Sight) -> str:
        shown = values_of(sight.file.read_bytes(), COLUMN) if sight.file else {}
        tile = sight.tile
        near = (pawn for pawn in self.pawns if tile in (pawn.tile(tile.z), pawn.tile(tile.z, 1)))
        for pawn, (since, until) in zip(near, sight.bounds, strict=True):
            if not pawn.is_shown(tile, shown, since=since, until=until):
                seen = shown.get(pawn.uid, "nothing")
                return f"{tile.z}/{tile.x}/{tile.y} of {len(shown)} shows {seen} at step {since}-{until}"
        return ""


def soak(ground: Ground) -> Iterator[Figure]:
    """Look from many places for a while, and edit."""
    scale = ground.scale
    folder = ground.folder / "seen"
    folder.mkdir(exist_ok=True)
    with (
        editing(ground.city_url, _PAWNS) as editor,
        ours(ground.city_url, ground.folder, workers=ground.workers) as server,
    ):
        settled = time.monotonic() + scale.soak_s
        until = settled + scale.soak_s
        viewers = [Viewer(number, server, editor.pawns, folder) for number in range(scale.viewers)]
        threads = [threading.Thread(target=viewer.look, args=(settled, until)) for viewer in viewers]
        for thread in threads:
            thread.start()
        saved = _edit(editor, until)
        for thread in threads:
            thread.join()
    yield from _figures(scale.soak_s, viewers, saved)


def _figures(seconds: int, viewers: Sequence[Viewer], saved: int) -> Iterator[Figure]:
    took_ms = sorted(took for viewer in viewers for took in viewer.took_ms)
    at_first_ms = sorted(took for viewer in viewers for took in viewer.at_first_ms)
    errors = [error for viewer in viewers for error in viewer.errors]
    sights = sum(len(viewer.sights) for viewer in viewers)
    name = f"{len(viewers)} viewers for {seconds} s, an edit each second"
    asked = len(took_ms) + len(at_first_ms)
    note = f"{asked:,} tiles in {2 * seconds} s, {saved} edits; {'; '.join(errors[:3])}"
    yield Figure(f"{name}: errors", len(errors), "", most=0, note=note, method=METHOD)
    stale = [said for viewer in viewers for said in viewer.stale()]
    note = f"{sights:,} tiles with an edited parcel checked; {'; '.join(stale[:4])}"
    yield Figure(f"{name}: stale tiles", len(stale) if sights else math.nan, "", most=0, note=note)
    note = (
        f"median {_quantile(took_ms, 0.5):.1f} ms; from an empty cache, the {seconds} s before: p99 "
        f"{_quantile(at_first_ms, 0.99):,.0f} ms, median {_quantile(at_first_ms, 0.5):.1f} ms; as seen by "
        f"{len(viewers)} threads of one client on the same cores"
    )
    yield Figure(f"{name}: p99 of a tile", _quantile(took_ms, 0.99), "ms", most=MOST_P99_MS, note=note)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[int(len(ordered) * share)] if ordered else math.nan


def _edit(editor: Editor, until: float) -> int:
    before = editor.steps
    while time.monotonic() < until:
        editor.step(editor.pawns[editor.steps % len(editor.pawns)])
        time.sleep(1)
    return editor.steps - before


def _view(at: Tile) -> frozenset[Tile]:
    """Return the tiles in view around one."""
    return frozenset(Tile(at.z, at.x + east, at.y + south) for east in range(_ACROSS) for south in range(_DOWN))


def _is_checked(tile: Tile) -> bool:
    """Return whether parcels are drawn one by one there; in an overview no parcel can be told from another."""
    return not is_gathered(LAYERS["parcel"], tile.z)
