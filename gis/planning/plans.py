"""The plan of the register that a question is answered by."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from gis.db import City
from gis.errors import QuyhoachError
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
_TOLERANCE_SHARE_OF_SCALE_M = 0.0005
"""Half a millimetre on paper: about 5 m on the ground at 1:10,000."""


class PlanError(QuyhoachError):
    """No plan, or several, where one is needed."""


@dataclass(frozen=True, slots=True)
class RegisteredPlan:
    """A plan as the register has it."""

    code: str
    name: str
    level: str
    system: str
    status: str
    scale_denominator: int | None
    decision_number: str | None
    decision_date: dt.date | None

    @property
    def reference(self) -> str:
        """What it is cited by: its decision, or its code where that is not known."""
        return self.decision_number or self.code

    @property
    def tolerance_m(self) -> float | None:
        """How far a line may lie off on the ground; None where the scale is not known."""
        return None if self.scale_denominator is None else self.scale_denominator * _TOLERANCE_SHARE_OF_SCALE_M


def plan_in_force(city: City, code: str = "") -> RegisteredPlan:
    """Return a plan by its code; without one, the approved general construction plan.

    Raises
    ------
    PlanError
        When there is none, or when there are several and none was named.
    """
    plans = _register(city)
    if code:
        for plan in plans:
            if plan.code == code:
                return plan
        raise PlanError(f"There is no plan {code[:60]!r} in the register; {_listed(plans)}.")
    general = [
        plan for plan in plans if (plan.level, plan.system, plan.status) == ("general", "construction", "approved")
    ]
    if len(general) != 1:
        number = "no" if not general else f"{len(general)}"
        raise PlanError(f"The register has {number} approved general plans, so name one: {_listed(plans)}.")
    return general[0]


def plan_if_any(city: City, code: str = "") -> RegisteredPlan | None:
    """Return what `plan_in_force` does; None where none was named and the register is empty.

    Raises
    ------
    PlanError
        When there is no plan of that code, or there are several and none was named.
    """
    return plan_in_force(city, code) if code or _register(city) else None


def approved_plans(city: City, *, on: dt.date) -> tuple[RegisteredPlan, ...]:
    """Return the approved plans whose decision was signed by a day, or is not dated, the latest first."""
    return tuple(
        plan
        for plan in _register(city)
        if plan.status == "approved" and (plan.decision_date is None or plan.decision_date <= on)
    )


def _register(city: City) -> list[RegisteredPlan]:
    return [RegisteredPlan(*row) for row in city.connection.execute(statements(_SQL)["register"].sql()).fetchall()]


def _listed(plans: list[RegisteredPlan]) -> str:
    return f"it has {', '.join(plan.code for plan in plans)}" if plans else "it is empty"
