"""A snapshot of the database: which transactions had ended when it was taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What PostgreSQL calls a snapshot, as `pg_current_snapshot()` writes it: `xmin:xmax:running,running`.

    References
    ----------
    PostgreSQL, functions and operators, "Transaction ID and Snapshot Information Functions".
    """

    first_running: int
    next: int
    running: frozenset[int]

    @classmethod
    def read(cls, text: str) -> Snapshot:
        """Read a snapshot as the database writes it."""
        first, following, running = text.split(":")
        return cls(int(first), int(following), frozenset(map(int, filter(None, running.split(",")))))

    def __str__(self) -> str:
        return f"{self.first_running}:{self.next}:{','.join(map(str, sorted(self.running)))}"

    def saw(self, transaction: int) -> bool:
        """Return whether a transaction had ended; what it had committed was then visible."""
        return transaction < self.first_running or (transaction < self.next and transaction not in self.running)
