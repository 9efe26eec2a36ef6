"""What an export says of itself: what was written, and what did not fit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Loss:
    """Values of one column a format could not hold as they are: why, in how many rows, the first of them by uid."""

    column: str
    reason: str
    rows: int
    uids: tuple[int, ...]

    def __str__(self) -> str:
        named = ", ".join(map(str, self.uids))
        more = ", …" if self.rows > len(self.uids) else ""
        return f"{self.column}: {self.reason} in {self.rows} rows (uid {named}{more})"


@dataclass(frozen=True, slots=True)
class Report:
    """One finished export.

    `renamed` pairs the name of a column with the one it has in the file. `losses` are values that were cut or left out.
    `limits` is what the format cannot hold of any layer.
    """

    layer: str
    horizon: str
    path: Path
    format: str
    srid: int
    rows: int
    size_bytes: int
    seconds: float
    renamed: tuple[tuple[str, str], ...]
    losses: tuple[Loss, ...]
    limits: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain values."""
        return {**asdict(self), "path": str(self.path), "renamed": dict(self.renamed)}
