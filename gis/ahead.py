"""An iterator that runs ahead in a thread of its own, so that reading, checking and writing overlap."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar, cast

T = TypeVar("T")

_PATIENCE_S = 0.1


def ahead(items: Iterator[T], *, most: int = 2) -> Generator[T]:
    """Yield the items of an iterator that runs in a thread of its own, at most so many items ahead.

    An error of the iterator is raised here; closing the generator stops the thread.
    """
    runner = _Runner(items, most)
    runner.start()
    try:
        yield from runner.received()
    finally:
        runner.stop()


class _Ended(Exception):
    """The iterator has no more items."""


class _Runner(Generic[T]):
    def __init__(self, items: Iterator[T], most: int) -> None:
        self._items = items
        self._waiting: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(most)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def received(self) -> Iterator[T]:
        while True:
            item, ending = self._waiting.get()
            if isinstance(ending, _Ended):
                return
            if ending is not None:
                raise ending
            yield cast("T", item)

    def _run(self) -> None:
        try:
            for item in self._items:
                if not self._offer(item, None):
                    return
            self._offer(None, _Ended())
        except BaseException as error:  # noqa: BLE001 - whatever ended the iterator is raised again by `received`
            self._offer(None, error)

    def _offer(self, item: T | None, ending: BaseException | None) -> bool:
        """Hand over an item; say whether anybody still takes it."""
        while not self._stopped.is_set():
            try:
                self._waiting.put((item, ending), timeout=_PATIENCE_S)
            except queue.Full:
                continue
            return True
        return False
