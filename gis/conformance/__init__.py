"""A proposal held against a plan and the standards: one verdict for each object and rule, with its proof."""

from gis.conformance.checks import CHECKS
from gis.conformance.ground import Ground, Terms
from gis.conformance.holding import verdicts_on

__all__ = ["CHECKS", "Ground", "Terms", "verdicts_on"]
