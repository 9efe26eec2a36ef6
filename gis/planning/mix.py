"""How mixed the uses of land are."""

from __future__ import annotations

import math
from collections.abc import Iterable


def entropy(areas_m2: Iterable[float]) -> float | None:
    """Return the entropy of areas by use, 0 where there is one use alone, 1 where all have the same; None without any.

    `−Σ p ln p / ln k` over the k uses that there are, p the share of each.

    References
    ----------
    Cervero & Kockelman (1997), Travel demand and the 3Ds, Transportation Research D 2(3).
    """
    there = [area for area in areas_m2 if area > 0]
    if not there:
        return None
    if len(there) == 1:
        return 0.0
    total = sum(there)
    return -sum(area / total * math.log(area / total) for area in there) / math.log(len(there))
