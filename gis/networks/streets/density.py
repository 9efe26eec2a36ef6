"""How dense streets are on urban construction land, held against table 2.17 of QCVN 01."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gis.findings import Outcome, Subject, Verdict
from gis.findings.figures import said
from gis.indicators.measured import CITY, Measured
from gis.networks.streets.provision import StreetSums, density_km_km2, road_class_title
from gis.planning.judging import Check, Found, Judge
from gis.standards import Edition
from layers.model import Words

_RULE = "road_density"
_M_OF_KM, _M2_OF_KM2 = 1_000, 1e6
NO_LAND = Words("Không rõ diện tích đất xây dựng đô thị", "The urban construction land is not known")
_ABOVE = Words(
    "Dày hơn khoảng của bảng; quy chuẩn không nói như vậy là không đạt",
    "Denser than the range of the table; the standard does not say that this is too much",
)


@dataclass(frozen=True)
class Density:
    """The streets of the city and of its wards on their urban construction land, and an edition that asks for them."""

    edition: Edition
    land_of: Measured
    sums: StreetSums

    def land_m2(self, ward: str = CITY) -> float | None:
        """Return the urban construction land of the city, or of a ward."""
        return self.land_of.amount("construction_m2", ward)

    def verdict(self, level: str, ward: str, subject: Subject) -> Verdict:
        """Hold the density down to a class of streets against the edition; above its range nothing is decided."""
        check = Check(_RULE, to_level(Words("Mật độ đường đến cấp", "Density of streets down to"), level))
        found = self.found(self.sums.down_to(level, ward).length_m, ward, NO_LAND)
        verdict = Judge(self.edition, check, subject).by_standard(_RULE, {"road_level": level}, found)
        above = verdict.outcome is Outcome.FAIL and (found.value or 0.0) >= self._least(level)
        return replace(verdict, outcome=Outcome.UNDECIDED, reason=_ABOVE) if above else verdict

    def _least(self, level: str) -> float:
        return self.edition.rule(_RULE).norm({"road_level": level}).least

    def found(self, length_m: float | None, ward: str, missing: Words) -> Found:
        """Return the density of a length of streets in a ward, with its arithmetic.

        Parameters
        ----------
        missing : why the length is not known, where it is not.
        """
        land_m2 = self.land_m2(ward)
        inputs = {"length_m": length_m, "construction_m2": land_m2}
        if length_m is None or not land_m2:
            return Found(None, "km/km²", missing=missing if length_m is None else NO_LAND, inputs=inputs)
        density = density_km_km2(length_m, land_m2)
        arithmetic = said(
            "{length} km / {land} km² = {density} km/km²",
            length=length_m / _M_OF_KM,
            land=land_m2 / _M2_OF_KM2,
            density=density,
        )
        return Found(density, "km/km²", arithmetic, inputs=inputs)


def to_level(said_of: Words, level: str) -> Words:
    """Return what is said of streets down to a class."""
    title = road_class_title(level)
    return Words(f"{said_of.vi} {title.vi.lower()}", f"{said_of.en} {title.en.lower()}")
