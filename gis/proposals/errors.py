"""Refusals of proposals."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf

from gis.errors import QuyhoachError

_MOST_SHOWN = 10


class ProposalError(QuyhoachError):
    """A proposal that cannot be looked at as a whole."""


class WrongObjectsError(ProposalError):
    """Objects of a proposal that are not what they should be; none of it is looked at until they are."""

    def __init__(self, name: str, wrong: Sequence[str]) -> None:
        more = f" and {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
        super().__init__(f"{name}: {'; '.join(wrong[:_MOST_SHOWN])}{more}.")


class ElsewhereError(ProposalError):
    """A proposal that lies far from the city; it may be in another coordinate system than it says.

    Parameters
    ----------
    distance_m : how far it lies; infinite where its system has no meaning there.
    fitting : the systems in which it would lie in the city, or what else would put it there.
    remedy : what is done when it is in one of them.
    """

    def __init__(self, name: str, system: str, distance_m: float, *, fitting: Sequence[str], remedy: str) -> None:
        far = f"which puts it {distance_m / 1_000:,.0f} km from the city"
        away = "in which its numbers mean no place" if isinf(distance_m) else far
        hint = "None of the usual systems puts it in the city; is it a proposal for another one?"
        if fitting:
            hint = f"It would lie in the city {' or '.join(fitting)}: {remedy}."
        super().__init__(f"{name} is taken to be in {system}, {away}. {hint}")
