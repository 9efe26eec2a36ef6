"""How seldom a sewer may overflow: the return period that the standard asks for, by what kind of sewer it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.records import Texts
from gis.networks.graph import Numbers
from gis.standards import Edition, MissingFactError, Norm, NotApplicableError, UnknownRuleError
from layers.model import Words

RULE = "sewer_return_period"
KINDS = ("channel", "main", "branch")
_MM_OF_M = 1_000


@dataclass(frozen=True)
class Periods:
    """What an edition asks of channels, main sewers and branches in a city of a class; nothing where it is not known.

    `missing` says why.
    """

    norms: Mapping[str, Norm]
    missing: Words | None

    @classmethod
    def of(cls, standard: Edition, urban_class: str) -> Periods:
        """Return what an edition asks."""
        try:
            rule = standard.rule(RULE)
            norms = {kind: rule.norm({"sewer": kind, "urban_class": urban_class}) for kind in KINDS}
        except (UnknownRuleError, NotApplicableError, MissingFactError) as unknown:
            return cls({}, Words(f"Chưa biết chu kỳ tràn cống theo {standard.code}", str(unknown)))
        return cls(norms, None)

    def years(self, kind: str | None) -> float | None:
        """Return the period of a kind of sewer; None where it is not known."""
        norm = self.norms.get(kind or "")
        return None if norm is None else norm.least


def kinds_of(size_m: Numbers) -> Texts:
    """Return whether sewers are main sewers or branches, by their size; None where that is not known."""
    is_main = size_m * _MM_OF_M >= conventions().main_from_mm
    kinds = np.where(is_main, "main", "branch").astype(object)
    kinds[~np.isfinite(size_m)] = None
    return kinds
