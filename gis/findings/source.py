"""Where something in a finding comes from."""

from __future__ import annotations

from dataclasses import dataclass

from gis.certainty import Certainty
from layers.model import Words


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument, a plan, a layer or a paper, with the place to look it up and how sure it is."""

    title: Words
    reference: str
    certainty: Certainty | None = None
    note: Words | None = None
