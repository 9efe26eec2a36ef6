"""A verdict with its proof: what was held against which rule, what was asked, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from gis.certainty import Certainty
from layers.model import Words


class Outcome(StrEnum):
    """How something stands to a rule; that it cannot be decided is never a pass."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    UNDECIDED = "cannot_be_decided"

    @property
    def words(self) -> Words:
        """The same in both languages."""
        return _WORDS[self]


_WORDS = {
    Outcome.PASS: Words("Đạt", "Pass"),
    Outcome.FAIL: Words("Không đạt", "Fail"),
    Outcome.NOT_APPLICABLE: Words("Không áp dụng", "Not applicable"),
    Outcome.UNDECIDED: Words("Chưa đủ căn cứ", "Cannot be decided"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a verdict is about: a feature of a layer, by its uid where it has one, and by what people call it."""

    layer: str
    label: str
    uid: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One subject held against one rule.

    `asked` and `found` are in `unit`; a share is 0-1 (`is_share`), and asked in per cent. `arithmetic` shows how one
    came from the `inputs`. `reason` says why a rule does not apply or cannot be decided. `tolerance_m` is how far a
    line of the plan may lie off on the ground; `conflict`, in EPSG:5899, where the rule is broken.
    """

    outcome: Outcome
    rule: str
    reference: str
    title: Words
    subject: Subject
    asked: Words
    found: float | Words | None
    unit: str
    certainty: Certainty | None
    arithmetic: Words | None = None
    reason: Words | None = None
    inputs: Mapping[str, float | str | None] = field(default_factory=dict)
    tolerance_m: float | None = None
    conflict: BaseGeometry | None = None
    is_share: bool = False
