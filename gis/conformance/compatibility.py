"""Which use fits into which zone of a plan (see `data/conventions/use-compatibility.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from gis.certainty import Certainty
from gis.errors import nearest_of
from gis.written import Written, written
from layers.land import BUILDING_USES
from layers.model import DATA, Words
from layers.zoning import PLAN_USES

_FILE = DATA / "conventions" / "use-compatibility.toml"


class Fit(StrEnum):
    """Whether a use fits."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Compatibility:
    """The convention: for each use, of buildings and of lots, the planned uses in which it fits."""

    title: Words
    certainty: Certainty
    fits: Mapping[tuple[str, str], Mapping[str, Fit]]

    def knows(self, kind: str, use: str) -> bool:
        """Return whether the convention speaks of a use at all."""
        return (kind, use) in self.fits or (kind == "lot" and use in PLAN_USES.values)

    def fit(self, kind: str, use: str, planned: str) -> Fit:
        """Return whether a use of a building, or of a lot, fits into a planned use."""
        if kind == "lot" and use == planned:
            return Fit.ALLOWED
        return self.fits.get((kind, use), {}).get(planned, Fit.NOT)


@cache
def compatibility(path: Path = _FILE) -> Compatibility:
    """Return the convention; WrittenError where the file names uses that there are not."""
    file = written(path)
    file.check_names("convention", "building", "lot")
    said = file.table("convention")
    said.check_names("title", "certainty")
    fits = {
        (kind, use.place.rpartition(".")[2]): _fits(use)
        for kind, known in (("building", BUILDING_USES.values), ("lot", PLAN_USES.values))
        for use in _uses(file.table(kind), known)
    }
    return Compatibility(said.words("title"), said.certainty(), fits)


def _uses(said: Written, known: tuple[str, ...]) -> list[Written]:
    for name in said.names:
        if name not in known:
            raise said.wrong(f"it names the use {name!r}; {nearest_of(name, known)}")
    return list(said.tables())


def _fits(said: Written) -> Mapping[str, Fit]:
    said.check_names(Fit.ALLOWED.value, Fit.CONDITIONAL.value)
    found: dict[str, Fit] = {}
    for fit in (Fit.ALLOWED, Fit.CONDITIONAL):
        for planned in said.texts(fit.value) if fit.value in said else ():
            if planned not in PLAN_USES.values:
                raise said.wrong(f"it names the planned use {planned!r}; {nearest_of(planned, PLAN_USES.values)}")
            if planned in found:
                raise said.wrong(f"it names the planned use {planned!r} twice")
            found[planned] = fit
    return found
