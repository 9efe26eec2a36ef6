"""An iterator that runs ahead in a thread of its own, so that reading, checking and writing overlap."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T], *, most: int = 2, weight: Callable[[T], int] | None = None) -> Generator[T]:
    """Yield the items of an iterator that runs in a thread of its own.

    An error of the iterator is raised here; closing the generator stops the thread.

    Parameters
    ----------
    most
        How far it runs ahead, in items or in what `weight` makes of them; one item is always taken.
    weight
        What an item counts, for example its bytes; 1 by default.
    """
    runner = _Runner(items, most, weight or _one)
    runner.start()
    try:
        yield from runner.received()
    finally:
        runner.stop()


def _one(_item: object) -> int:
    return 1


class _Runner(Generic[T]):
    def __init__(self, items: Iterator[T], most: int, weight: Callable[[T], int]) -> None:
        self._items, self._most, self._weight = items, most, weight
        self._waiting: deque[T] = deque()
        self._held = 0
        self._stopped = self._ended = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def received(self) -> Iterator[T]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting:
                    if self._error is not None:
                        raise self._error
                    return
                item = self._waiting.popleft()
                self._held -= self._weight(item)
                self._changed.notify_all()
            yield item

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._items:
                if not self._offer(item):
                    break
        except BaseException as raised:  # noqa: BLE001 - whatever ended the iterator is raised again by `received`
            error = raised
        with self._changed:
            self._error, self._ended = error, True
            self._changed.notify_all()

    def _offer(self, item: T) -> bool:
        """Hand over an item as soon as there is room; say whether anybody still takes it."""
        weight = self._weight(item)
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self._waiting or self._held + weight <= self._most)
            if self._stopped:
                return False
            self._waiting.append(item)
            self._held += weight
            self._changed.notify_all()
            return True
