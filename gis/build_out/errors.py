"""What cannot be said of zones that are built, each in a sentence of its own."""

from __future__ import annotations

from collections.abc import Sequence

from gis.errors import QuyhoachError
from gis.planning.plans import RegisteredPlan
from gis.schema import BASELINE

HIGHEST_RATIO = 30.0
"""Nothing is built more densely."""
_MOST_SHOWN = 12


class BuildOutError(QuyhoachError):
    """Zones of which it cannot be said what they ask when they are built."""


class UnknownZoneError(BuildOutError):
    """There is no zone of a code in a plan."""

    def __init__(self, code: str, plan: RegisteredPlan, year: str, known: Sequence[str]) -> None:
        some = ", ".join(known[:_MOST_SHOWN]) + (" …" if len(known) > _MOST_SHOWN else "")
        super().__init__(f"The plan {plan.code} has no zone {code[:60]!r} in {year}; it has {some or 'none'}.")


class NoZoneError(BuildOutError):
    """No zone is named, and none follows from the scenario."""

    def __init__(self, scenario: str, plan: RegisteredPlan) -> None:
        why = (
            f"the scenario {scenario} has no zone of {plan.code} with a floor area ratio that the city does not have"
            if scenario != BASELINE
            else "the zones that a scenario changes are built where it is asked in one (scenario=NAME)"
        )
        super().__init__(f"No zone is named: give zone=CODE, several with commas; {why}.")


class RatioError(BuildOutError):
    """A floor area ratio that nothing is built to."""

    def __init__(self, given: float) -> None:
        super().__init__(f"floor_area_ratio is {given:g}; it is above 0 and at most {HIGHEST_RATIO:g}.")


class UnknownRatioError(BuildOutError):
    """A zone of which neither the plan nor who asks says how densely it is built."""

    def __init__(self, zone: str) -> None:
        super().__init__(f"The plan names no floor area ratio for zone {zone}; give floor_area_ratio.")


class UnknownPeopleError(BuildOutError):
    """A zone of which it cannot be said how many people it would have."""

    def __init__(self, zone: str, use: str) -> None:
        super().__init__(
            f"How many people zone {zone} ({use}) would have is not known: it names no population with its floor area "
            "ratio, and the size of dwellings counts for housing alone. Give dwelling_m2 and household for a zone of "
            "housing, or load the population the plan provides for."
        )
