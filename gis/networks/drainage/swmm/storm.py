"""A storm in steps of five minutes, as a simulation is given it."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

from gis.networks.drainage.rain import Rain, RainError

STEP_MIN = 5
_MIN_OF_H = 60


def hyetograph(rain: Rain) -> list[float]:
    """Return how hard it rains in each step, in mm/h.

    A rain of one intensity falls as hard throughout. One of a formula falls in alternating blocks: in each span about
    its middle falls what the formula gives for that span, the hardest step in the middle.

    Raises
    ------
    RainError
        Where it is not said how long it rains, or how seldom such a rain comes.

    References
    ----------
    Chow, Maidment and Mays, Applied Hydrology, 1988, section 14.4.
    """
    lasts = rain.lasting_min
    number = ceil(lasts / STEP_MIN)
    if rain.is_constant:
        return [float(rain.intensity_mm_h(float(STEP_MIN), period_years=1.0))] * number
    if rain.period_years is None:
        raise RainError(str(rain), "does not say once in how many years it comes (P=…)")
    spans = [STEP_MIN * place for place in range(1, number + 1)]
    depths = [rain.intensity_mm_h(span, period_years=rain.period_years) * span / _MIN_OF_H for span in spans]
    blocks = [depths[0], *(after - before for before, after in pairwise(depths))]
    steps = [0.0] * number
    middle = (number - 1) // 2
    for place, block in enumerate(blocks):
        away = (place + 1) // 2
        steps[middle + (away if place % 2 else -away)] = block * _MIN_OF_H / STEP_MIN
    return steps
