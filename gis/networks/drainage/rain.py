"""The rain that drains are designed for: how hard it falls, by how long it lasts and how seldom it comes.

`q = A (1 + C lg P) / (t + b)^n` is the formula of TCVN 7957, in litres a second and hectare, P in years and t in
minutes. Its constants are those of a place; none are kept here, who asks gives them. Who knows them not gives how hard
it rains; then how seldom it does is the word of who asks.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from math import isfinite, log10
from typing import Any  # JSON is untyped until it is checked here

from gis.errors import QuyhoachError
from gis.findings.figures import said
from layers.model import Words

_MM_H_OF_L_S_HA = 0.36
_MIN_OF_H = 60
_PAIR = re.compile(r"\s*[,;]?\s*([A-Za-z]+)\s*=\s*([^\s,;=]+)")
_PLAIN = re.compile(r"\s*([0-9.]+)\s*(?:mm\s*/\s*h)?\s*$", re.IGNORECASE)
_CONSTANTS = ("A", "C", "b", "n")
_FORMS = "`A=… C=… b=… n=…` of TCVN 7957 (l/s/ha, minutes), or `i=…` in mm/h; with `t=…` minutes of rain"


class RainError(QuyhoachError):
    """A rain that cannot be read, or that cannot fall."""

    def __init__(self, given: str, wrong: str) -> None:
        super().__init__(f"The rain {given[:80]!r} {wrong}; give {_FORMS}.")


@dataclass(frozen=True, slots=True)
class Rain:
    """A design rain: the constants of the formula, or one intensity whatever lasts how long.

    `duration_min` is how long it rains, where that was said; `period_years` how seldom, for a storm that is simulated.
    """

    constants: tuple[float, float, float, float] | None
    constant_mm_h: float | None
    duration_min: float | None = None
    period_years: float | None = None

    @property
    def is_constant(self) -> bool:
        """Whether it falls as hard however long it lasts."""
        return self.constants is None

    def intensity_mm_h(self, duration_min: Any, *, period_years: float) -> Any:
        """Return how hard a rain falls that lasts so long and comes once in so many years; arrays give arrays."""
        if self.constants is None:
            return duration_min * 0.0 + (self.constant_mm_h or 0.0)
        a, c, b, n = self.constants
        seldom = 1 + c * log10(period_years)
        if seldom <= 0:
            raise RainError(str(self), f"has no intensity once in {period_years:g} years (1 + C lg P = {seldom:g})")
        return _MM_H_OF_L_S_HA * a * seldom / (duration_min + b) ** n

    def depth_mm(self, *, period_years: float) -> float:
        """Return what falls while it rains; RainError where it was not said how long."""
        lasts = self.lasting_min
        return float(self.intensity_mm_h(lasts, period_years=period_years)) * lasts / _MIN_OF_H

    @property
    def lasting_min(self) -> float:
        """How long it rains; RainError where that was not said."""
        if self.duration_min is None:
            raise RainError(str(self), "does not say how long it lasts")
        return self.duration_min

    def words(self) -> Words:
        """Return it in both languages, with where it comes from."""
        if self.constants is None:
            return said(
                "Mưa {i} mm/h do người hỏi đưa ra; chu kỳ lặp là theo người hỏi",
                "Rain of {i} mm/h given by who asks; how seldom it comes is their word",
                i=self.constant_mm_h or 0.0,
            )
        a, c, b, n = self.constants
        return said(
            "q = {a} (1 + {c} lg P) / (t + {b})^{n} l/s/ha (TCVN 7957), hằng số do người hỏi đưa ra",
            "q = {a} (1 + {c} lg P) / (t + {b})^{n} l/s/ha (TCVN 7957), constants given by who asks",
            a=a,
            c=c,
            b=b,
            n=n,
        )

    def __str__(self) -> str:
        named = {"i": self.constant_mm_h, "t": self.duration_min, "P": self.period_years}
        pairs = list(zip(_CONSTANTS, self.constants, strict=True)) if self.constants else []
        pairs += [(name, value) for name, value in named.items() if value is not None]
        return " ".join(f"{name}={value:g}" for name, value in pairs)


def rain(given: str) -> Rain | None:
    """Read a design rain; None where none is given.

    Parameters
    ----------
    given : `A=… C=… b=… n=…`, or `i=…` (mm/h), also as JSON; with `t=…` (min) and `P=…` (years) where they are known.

    Raises
    ------
    RainError
        When it cannot be read, says both or neither, or holds what cannot be.
    """
    if not given.strip():
        return None
    known = _pairs(given)
    constants = [known.pop(name) for name in _CONSTANTS if name in known]
    intensity, lasts, seldom = (known.pop(name, None) for name in ("i", "t", "P"))
    if known:
        raise RainError(given, f"says {next(iter(known))}, which is not known")
    if len(constants) not in (0, len(_CONSTANTS)) or bool(constants) == (intensity is not None):
        raise RainError(given, "says neither the four constants alone nor an intensity alone")
    if not constants:
        return Rain(None, intensity, lasts, seldom)
    a, c, b, n = constants
    return Rain((a, c, b, n), None, lasts, seldom)


def _pairs(given: str) -> dict[str, float]:
    plain = _PLAIN.match(given)
    if plain:
        return {"i": _number(given, "i", plain[1])}
    if given.strip().startswith("{"):
        return {str(name): _number(given, str(name), value) for name, value in _json(given).items()}
    pairs = _PAIR.findall(given)
    if not pairs or _PAIR.sub("", given).strip():
        raise RainError(given, "cannot be read")
    return {name: _number(given, name, value) for name, value in pairs}


def _json(given: str) -> dict[Any, Any]:
    try:
        read: Any = json.loads(given)
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise RainError(given, "cannot be read") from wrong
    if not isinstance(read, dict):
        raise RainError(given, "cannot be read")
    return read


def _number(given: str, name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise RainError(given, f"says {name} = {value!r}, which is no number") from None
    least = 0.0 if name in ("C", "b") else 1e-9
    if isinstance(value, bool) or not isfinite(number) or number < least:
        raise RainError(given, f"says {name} = {value}, which cannot be")
    return number
