"""Holding a proposal against everything: the ground is read, and every check is asked."""

from __future__ import annotations

from gis.conformance.checks import CHECKS
from gis.conformance.ground import Ground, Terms
from gis.db import City, seen_at
from gis.findings import Verdict
from gis.proposals import Proposal
from gis.schema import BASELINE


def verdicts_on(seen: City, proposed: Proposal, terms: Terms) -> tuple[Verdict, ...]:
    """Return the verdicts of every check on every object of a proposal.

    The plan is read without what the proposal itself changes of it, what stands without what it removes. The city is
    left as it was seen last while reading.

    Parameters
    ----------
    seen : the city at the horizon of the plan, in the scenario that is asked about.
    """
    of_plan = BASELINE if proposed.scenario == seen.scenario else seen.scenario
    standing = seen.scenario if proposed.scenario is None else proposed.scenario
    ground = Ground.read(
        lambda: seen_at(seen.connection, terms.horizon, of_plan),
        lambda: seen_at(seen.connection, terms.horizon, standing),
        proposed,
        terms,
    )
    return tuple(verdict for check in CHECKS for verdict in check(ground))
