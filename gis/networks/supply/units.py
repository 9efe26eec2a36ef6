"""The units of an EPANET file, and what they are in metres and cubic metres a second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FOOT_M = 0.3048
_INCH_M = 0.0254
_MM_M = 0.001
_PSI_OF_FOOT = 0.4333
"""As EPANET has it."""
_KPA_OF_PSI = 6.895
_GALLON_M3 = 0.003785411784
_DAY_S = 86_400.0
DAY_S = _DAY_S

_FLOWS_M3_S: Mapping[str, float] = {
    "CFS": FOOT_M**3,
    "GPM": _GALLON_M3 / 60,
    "MGD": 1e6 * _GALLON_M3 / _DAY_S,
    "IMGD": 4_546.09 / _DAY_S,
    "AFD": 43_560 * FOOT_M**3 / _DAY_S,
    "LPS": 0.001,
    "LPM": 0.001 / 60,
    "MLD": 1_000 / _DAY_S,
    "CMH": 1 / 3_600,
    "CMD": 1 / _DAY_S,
    "CMS": 1.0,
}
_AMERICAN = ("CFS", "GPM", "MGD", "IMGD", "AFD")
FLOW_UNITS = tuple(_FLOWS_M3_S)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a file by the one its flows are in; each figure says how much of ours one of the file's is.

    Parameters
    ----------
    flow : as EPANET calls it: GPM, LPS, CMH …
    flow_m3_s, length_m, diameter_m : of lengths and levels alike; of diameters.
    pressure_m : of the settings of valves, as metres of water.
    """

    flow: str
    flow_m3_s: float
    length_m: float
    diameter_m: float
    pressure_m: float


def units(flow: str = "GPM", pressure: str = "") -> Units:
    """Return the units of a file.

    Parameters
    ----------
    flow : unit of its flows, gallons a minute where it says none, as EPANET takes it.
    pressure : PSI, KPA or METERS; where it says none, psi with American units and metres with others.
    """
    named = flow.upper()
    american = named in _AMERICAN
    pressures = {"PSI": FOOT_M / _PSI_OF_FOOT, "KPA": FOOT_M / _PSI_OF_FOOT / _KPA_OF_PSI}
    given = pressure.upper() if pressure else ("PSI" if american else "METERS")
    # EPANET measures psi with American units and metres or kPa with the others, whatever a file asks for.
    if not american and given == "PSI":
        given = "METERS"
    return Units(
        named,
        _FLOWS_M3_S[named],
        FOOT_M if american else 1.0,
        _INCH_M if american else _MM_M,
        pressures.get(given, 1.0),
    )


METRIC = units("LPS")
"""The units of the files we write: litres a second, metres, millimetres."""
