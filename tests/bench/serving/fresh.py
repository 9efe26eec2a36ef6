"""After an edit: how soon the new tile is served, and whether any answer omits what was committed before it began."""

from __future__ import annotations

import math
import queue
import random
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPException

from tests.bench.figures import Figure, not_measured
from tests.bench.serving.asking import Client
from tests.bench.serving.events import Event, NoEventsError, events
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import ours
from tests.bench.serving.pawns import Editor, Pawn, editing
from tests.bench.serving.reader import Reader
from tests.bench.serving.servers import Server

ZOOM = 17
MOST_MS = 100
READERS = 4
_PAWNS = 16
_PATIENCE_S = 5
_PAUSE_S = 0.004
EDITS = "parcels marked, moved, moved back and deleted by plain SQL from outside, one transaction each; 2 workers"
AT_ONCE, BY_EVENT, STALE = (
    "after an edit: new tile served, asked for at once, p99",
    "after an edit: new tile served, asked for when /changes names it, p99",
    "after an edit: stale answers",
)


def fresh(ground: Ground) -> Iterator[Figure]:
    """Edit from outside while the service answers from what it keeps."""
    with ExitStack() as stack:
        editor = stack.enter_context(editing(ground.city_url, _PAWNS))
        server = stack.enter_context(ours(ground.city_url, ground.folder, workers=ground.workers))
        yield _at_once(ground, server, editor)
        yield _by_event(ground, server, editor)
        yield _stale(ground, server, editor)


def _at_once(ground: Ground, server: Server, editor: Editor) -> Figure:
    took_ms: list[float] = []
    wrong = 0
    with _readers(server, ground.workers * 2) as readers:
        for number in range(ground.scale.edits):
            pawn, reader = editor.pawns[number % len(editor.pawns)], readers[number % len(readers)]
            for each in readers:
                each.ask(pawn.tile(ZOOM), [pawn])
            editor.step(pawn)
            began = time.perf_counter()
            answer = reader.ask(pawn.tile(ZOOM), [pawn])
            took_ms.append((time.perf_counter() - began) * 1000)
            wrong += not answer.is_fresh
    return _p99(AT_ONCE, took_ms, wrong, "from the return of COMMIT to the whole answer with the edit in it")


def _by_event(ground: Ground, server: Server, editor: Editor) -> Figure:
    took_ms: list[float] = []
    heard_ms: list[float] = []
    wrong = 0
    try:
        with events(server, f"/changes?layers=parcel&z={ZOOM}") as heard, _readers(server, 1) as readers:
            for number in range(ground.scale.edits):
                pawn = editor.pawns[number % len(editor.pawns)]
                readers[0].ask(pawn.tile(ZOOM), [pawn])
                sent = time.perf_counter()
                editor.step(pawn)
                began = time.perf_counter()
                if not _named(heard, pawn, sent):
                    wrong += 1
                    continue
                heard_ms.append((time.perf_counter() - began) * 1000)
                answer = readers[0].ask(pawn.tile(ZOOM), [pawn])
                took_ms.append((time.perf_counter() - began) * 1000)
                wrong += not answer.is_fresh
    except (NoEventsError, OSError) as reason:
        return not_measured(BY_EVENT, "ms", str(reason), most=MOST_MS)
    heard_ms.sort()
    middle = f"{heard_ms[len(heard_ms) // 2]:.1f} ms" if heard_ms else "never"
    method = f"from the return of COMMIT through the event (median after {middle}) to the whole answer"
    return _p99(BY_EVENT, took_ms, wrong, method)


def _named(heard: queue.Queue[Event], pawn: Pawn, sent: float) -> bool:
    """Wait for an event that came after the edit was sent and names the tile of the pawn, or everything."""
    until = sent + _PATIENCE_S
    wanted = "/".join(map(str, pawn.tile(ZOOM)))
    while (left := until - time.perf_counter()) > 0:
        try:
            event = heard.get(timeout=left)
        except queue.Empty:
            return False
        if event.at >= sent and (event.tiles is None or wanted in event.tiles):
            return True
    return False


def _p99(name: str, took_ms: list[float], wrong: int, method: str) -> Figure:
    took_ms.sort()
    p99 = took_ms[int(len(took_ms) * 0.99)] if took_ms and not wrong else math.nan
    median = f"median {took_ms[len(took_ms) // 2]:.1f} ms, " if took_ms else ""
    note = f"{median}{len(took_ms)} edits, {wrong} without the edit in the first answer"
    return Figure(name, p99, "ms", most=MOST_MS, note=note, method=f"{EDITS}; {method}")


def _stale(ground: Ground, server: Server, editor: Editor) -> Figure:
    stop = threading.Event()
    before = editor.steps
    with _readers(server, READERS) as readers:
        threads = [
            threading.Thread(target=_read, args=(reader, editor.pawns, ground.scale.answers // READERS, stop))
            for reader in readers
        ]
        for thread in threads:
            thread.start()
        chance = random.Random(1)
        while any(thread.is_alive() for thread in threads):
            editor.step(chance.choice(editor.pawns))
            time.sleep(_PAUSE_S)
        stop.set()
        for thread in threads:
            thread.join()
    answers, stale, failed, after, kept = (
        sum(getattr(reader, name) for reader in readers) for name in ("answers", "stale", "failed", "after", "kept")
    )
    note = (
        f"{answers:,} answers to {READERS} readers during {editor.steps - before:,} edits, {after:,} of them the first "
        f"after an edit of that tile, {kept:,} by 304; {failed} errors"
    )
    method = (
        f"{EDITS}; each tile is decoded and must show, by uid and attribute, a state no older than the last commit "
        "that had returned before the request was sent, and none where the parcel no longer is"
    )
    return Figure(STALE, stale if answers and not failed else math.nan, "", most=0, note=note, method=method)


def _read(reader: Reader, pawns: Sequence[Pawn], count: int, stop: threading.Event) -> None:
    chance = random.Random(reader.number)
    for _ in range(count):
        if stop.is_set():
            return
        pawn = chance.choice(pawns)
        tile = pawn.tile(ZOOM, chance.choice((0, 0, 1)))
        try:
            reader.ask(tile, pawns)
        except (OSError, HTTPException):
            reader.failed += 1


@contextmanager
def _readers(server: Server, count: int) -> Generator[list[Reader]]:
    """Lend readers, each with a connection of its own, so that several workers are asked."""
    with ExitStack() as stack:
        yield [Reader(stack.enter_context(closing(Client(server))), server, number) for number in range(count)]
