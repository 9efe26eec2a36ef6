"""Refusals of proposals."""

from __future__ import annotations

from collections.abc import Sequence

from gis.errors import QuyhoachError

_MOST_SHOWN = 10


class ProposalError(QuyhoachError):
    """A proposal that cannot be looked at as a whole."""


class WrongObjectsError(ProposalError):
    """Objects of a proposal that are not what they should be; none of it is looked at until they are."""

    def __init__(self, name: str, wrong: Sequence[str]) -> None:
        more = f" and {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
        super().__init__(f"{name}: {'; '.join(wrong[:_MOST_SHOWN])}{more}.")
