"""What is said about single rows: refused with a reason, or stored with a remark."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt


class Reason(StrEnum):
    """Why a row is refused, or what was done to it."""

    NULL_GEOMETRY = "null_geometry"
    EMPTY_GEOMETRY = "empty_geometry"
    BROKEN_GEOMETRY = "broken_geometry"
    NOT_FINITE = "not_finite"
    WRONG_TYPE = "wrong_type"
    BEYOND_REPAIR = "beyond_repair"
    OUT_OF_CITY = "out_of_city"
    MISSING_REQUIRED = "missing_required"
    UNKNOWN_CODE = "unknown_code"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_YES_OR_NO = "not_yes_or_no"
    OUT_OF_BOUNDS = "out_of_bounds"
    BAD_TEXT = "bad_text"
    DUPLICATE = "duplicate"
    MISSING_KEY = "missing_key"
    AMBIGUOUS_KEY = "ambiguous_key"


@dataclass(slots=True)
class Refusals:
    """The rows of one batch that are refused, each with every reason found."""

    rows: int
    reasons: dict[int, list[tuple[Reason, str]]] = field(default_factory=dict[int, list[tuple[Reason, str]]])

    def add(self, row: int, reason: Reason, message: str) -> None:
        """Refuse a row of the batch, counted from 0."""
        self.reasons.setdefault(row, []).append((reason, message))

    def add_where(self, refused: npt.NDArray[np.bool_], reason: Reason, message: str) -> None:
        """Refuse every row at which the mask is set, for the same reason."""
        for row in np.flatnonzero(refused):
            self.add(int(row), reason, message)

    def kept(self) -> npt.NDArray[np.bool_]:
        """Return the mask of the rows that are not refused."""
        mask = np.ones(self.rows, dtype=np.bool_)
        mask[list(self.reasons)] = False
        return mask


@dataclass(frozen=True, slots=True)
class Repair:
    """A geometry that was made valid: what was wrong, how, and what it did to the area."""

    row_number: int
    fault: str
    method: str
    area_before_m2: float
    area_after_m2: float


_REPAIRS_DETAILED = 10_000


@dataclass(slots=True)
class Tally:
    """What was done to rows that are stored, counted by kind; the repairs in detail up to a limit."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    repaired: int = 0
    area_change_m2: float = 0.0
    repairs: list[Repair] = field(default_factory=list[Repair])

    def repair(self, repair: Repair) -> None:
        """Add one repaired geometry."""
        self.repaired += 1
        self.area_change_m2 += repair.area_after_m2 - repair.area_before_m2
        if len(self.repairs) < _REPAIRS_DETAILED:
            self.repairs.append(repair)

    def count(self, what: str, rows: int = 1) -> None:
        """Add rows to the count of one kind of change."""
        if rows:
            self.counts[what] = self.counts.get(what, 0) + rows
