"""One figure of a finding."""

from __future__ import annotations

from dataclasses import dataclass

from gis.certainty import Certainty
from layers.model import Words


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit; None is "unknown", never zero.

    `per` says what it is divided by, where it is a figure for each person or hectare; `source` where it comes from,
    where it was not measured from the layers of the city.
    """

    name: str
    title: Words
    value: float | None
    unit: str
    per: Words | None = None
    source: str | None = None
    certainty: Certainty | None = None
    note: Words | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is a share (0-1), which people read in per cent."""
        return self.unit == "1" and self.name.endswith("share")
