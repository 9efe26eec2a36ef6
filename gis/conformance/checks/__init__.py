"""The rules a proposal is held against, a module for each subject of planning."""

from gis.conformance.checks import (
    compatible,
    frontage,
    green,
    height,
    intensity,
    isolation,
    kept,
    overlap,
    setback,
    spacing,
)

CHECKS = tuple(
    each.verdicts
    for each in (overlap, compatible, intensity, height, green, setback, spacing, frontage, kept, isolation)
)
"""Each yields the verdicts of its rules on all objects of a proposal."""

__all__ = ["CHECKS"]
