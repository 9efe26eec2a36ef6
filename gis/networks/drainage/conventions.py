"""What is taken where neither layers nor rulebook say it (see `data/conventions/drainage.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.certainty import Certainty
from gis.findings import Source
from gis.written import Written, written
from layers.land import LAND_USES
from layers.model import DATA, Words
from layers.zoning import PLAN_USES

_FILE = DATA / "conventions" / "drainage.toml"
_USES = {"land_use": frozenset(LAND_USES.values), "plan_use": frozenset(PLAN_USES.values)}
_MOST_CURVE_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Ground:
    """Paved or open ground: what runs off of it, how rough it is, and what stays in its hollows."""

    coefficient: float
    curve_number: float
    roughness_n: float
    hollows_mm: float


@dataclass(frozen=True, slots=True)
class Conventions:
    """The convention; `paved_share` is by layer of uses, `land_use` or `plan_use`, and code.

    `flood_ground` says by code how ground has to stand to a flood: `civil`, `industrial`, or `none`.
    """

    title: Words
    certainty: Certainty
    paved: Ground
    open: Ground
    least_time_min: float
    slope_share: float
    main_from_mm: float
    paved_share: Mapping[str, Mapping[str, float]]
    flood_ground: Mapping[str, str]

    @property
    def source(self) -> Source:
        """The convention as a source of a finding."""
        return Source(self.title, _FILE.name, self.certainty)


@cache
def conventions(path: Path = _FILE) -> Conventions:
    """Return the convention; WrittenError where the file names uses that there are not, or shares that cannot be."""
    file = written(path)
    file.check_names("convention", "ground", "inlet", "sewer", "paved_share", "flood_ground")
    said, ground, shares = file.table("convention"), file.table("ground"), file.table("paved_share")
    said.check_names("title", "certainty")
    ground.check_names("paved", "open")
    shares.check_names(*_USES)
    inlet, sewer = file.table("inlet"), file.table("sewer")
    inlet.check_names("least_time_min", "slope_share")
    sewer.check_names("main_from_mm")
    return Conventions(
        said.words("title"),
        said.certainty(),
        _ground(ground.table("paved")),
        _ground(ground.table("open")),
        inlet.number("least_time_min"),
        _share(inlet, "slope_share"),
        sewer.number("main_from_mm"),
        {layer: _shares(shares.table(layer), codes) for layer, codes in _USES.items()},
        _flood_ground(file.table("flood_ground")),
    )


def _ground(said: Written) -> Ground:
    said.check_names("coefficient", "curve_number", "roughness_n", "hollows_mm")
    number = said.number("curve_number")
    if not 0 < number <= _MOST_CURVE_NUMBER:
        raise said.wrong(f"curve_number is {number:g}; it is above 0 and at most {_MOST_CURVE_NUMBER}")
    return Ground(_share(said, "coefficient"), number, said.number("roughness_n"), said.number("hollows_mm"))


def _shares(said: Written, codes: frozenset[str]) -> Mapping[str, float]:
    said.check_names(*sorted(codes))
    return {name: _share(said, name) for name in said.names}


def _share(said: Written, name: str) -> float:
    share = said.number(name)
    if share > 1:
        raise said.wrong(f"{name} is {share:g}; it is a share, 0-1")
    return share


def _flood_ground(said: Written) -> Mapping[str, str]:
    said.check_names("civil", "industrial", "none")
    found: dict[str, str] = {}
    for kind in said.names:
        for code in said.texts(kind):
            if code not in _USES["land_use"] | _USES["plan_use"]:
                raise said.wrong(f"{kind} names {code}, which is no use")
            if code in found:
                raise said.wrong(f"{code} stands under {found[code]} and under {kind}")
            found[code] = kind
    return found
