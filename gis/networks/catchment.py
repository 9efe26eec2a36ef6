"""Supply and demand that reach each other: floating catchments in two steps.

What a supplier has is shared among all who reach it; what a place gets is the sum over the suppliers it reaches (Luo
and Wang 2003). Weights that fall with the cost make nearer ones count more (Luo and Qi 2009).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gis.networks.graph import Numbers

Weigh = Callable[[Numbers], Numbers]
"""What a cost counts, 0-1; infinite costs count nothing."""


@dataclass(frozen=True, slots=True)
class Catchment:
    """What each place gets for each of its people, and what each supplier has for each who reaches it.

    A supplier whom nobody reaches has no share: NaN.
    """

    access: Numbers
    shares: Numbers


def within(most: float) -> Weigh:
    """Count fully what costs at most so much, and nothing beyond."""
    return lambda costs: (costs <= most).astype(np.float64)


def in_steps(bounds: Sequence[float], weights: Sequence[float]) -> Weigh:
    """Count in steps: up to each bound its weight, nothing beyond the last.

    Parameters
    ----------
    bounds : costs, rising; `weights` as many, falling.
    """
    steps, known = np.asarray(bounds, dtype=np.float64), np.asarray([*weights, 0.0])

    def weigh(costs: Numbers) -> Numbers:
        return known[np.searchsorted(steps, costs, side="left")]

    return weigh


def two_step(demand: Numbers, supply: Numbers, costs: Numbers, weigh: Weigh) -> Catchment:
    """Return the access of places to suppliers.

    Parameters
    ----------
    demand : people at each place.
    supply : what each supplier has, such as beds or m².
    costs : from each place to each supplier, (places, suppliers); infinite where there is no way.

    Returns
    -------
    Catchment
        The sum of people times access is the supply of those suppliers whom anybody reaches.
    """
    return two_step_in_parts(demand, supply, lambda: iter([costs]), weigh)


def two_step_in_parts(
    demand: Numbers, supply: Numbers, costs: Callable[[], Iterator[Numbers]], weigh: Weigh
) -> Catchment:
    """Return what `two_step` does of costs that are too many to be held at once.

    Parameters
    ----------
    costs : yields the costs to some suppliers after others, (places, some), in the order of the supply; asked twice.
    """
    asked = np.concatenate([weigh(some).T @ demand for some in costs()] or [np.empty(0)])
    shares = np.divide(supply, asked, out=np.full(len(supply), np.nan), where=asked > 0)
    access, begin = np.zeros(len(demand)), 0
    for some in costs():
        end = begin + some.shape[1]
        access += weigh(some) @ np.nan_to_num(shares[begin:end])
        begin = end
    return Catchment(access, shares)
