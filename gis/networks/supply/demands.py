"""What a file says that is drawn at its junctions: base demands, patterns, multipliers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gis.networks.supply.inp import Inp, Row, number

_PATTERN_PLACE = 3
_DEFAULT_PATTERN = "1"


def patterns(inp: Inp) -> Mapping[str, list[float]]:
    """Return the factors of each pattern, step by step."""
    found: dict[str, list[float]] = {}
    for row in inp.rows("PATTERNS"):
        factors = [number(inp, row, place, "factor") for place in range(1, len(row.tokens))]
        found.setdefault(row.tokens[0], []).extend(factors)
    return found


def mean_demands(inp: Inp) -> Mapping[str, float]:
    """Return the mean demand of each junction that has a base demand, in m³/s, patterns and multipliers counted.

    Rows of DEMANDS replace that of JUNCTIONS, and add up among themselves.
    """
    means = {name: float(np.mean(factors)) for name, factors in patterns(inp).items() if factors}
    usual = means.get((inp.option("PATTERN") or (_DEFAULT_PATTERN,))[0], 1.0)
    factor = inp.units.flow_m3_s * _multiplier(inp)
    own: dict[str, float] = {}
    for row in inp.rows("JUNCTIONS"):
        own[row.tokens[0]] = number(inp, row, 2, "demand", default=0.0) * _mean(row, means, usual)
    replaced: dict[str, float] = {}
    for row in inp.rows("DEMANDS"):
        if row.tokens[0].upper() != "MULTIPLY":
            drawn = number(inp, row, 1, "demand") * _mean(row, means, usual, place=_PATTERN_PLACE - 1)
            replaced[row.tokens[0]] = replaced.get(row.tokens[0], 0.0) + drawn
    return {code: factor * drawn for code, drawn in {**own, **replaced}.items()}


def usual_factor(inp: Inp) -> float:
    """Return the mean demand, in m³/s, of a junction whose base demand is 1 and that names no pattern."""
    means = {name: float(np.mean(factors)) for name, factors in patterns(inp).items() if factors}
    usual = means.get((inp.option("PATTERN") or (_DEFAULT_PATTERN,))[0], 1.0)
    return inp.units.flow_m3_s * _multiplier(inp) * (usual or 1.0)


def _mean(row: Row, means: Mapping[str, float], usual: float, *, place: int = _PATTERN_PLACE) -> float:
    """Return the mean of the pattern that a row names; the usual one where it names none."""
    named = row.tokens[place] if place < len(row.tokens) else "*"
    return usual if named == "*" else means.get(named, 1.0)


def _multiplier(inp: Inp) -> float:
    for row in inp.rows("DEMANDS"):
        if row.tokens[0].upper() == "MULTIPLY":
            return number(inp, row, 1, "multiplier")
    given = inp.option("DEMAND", "MULTIPLIER")
    return float(given[0]) if given else 1.0
