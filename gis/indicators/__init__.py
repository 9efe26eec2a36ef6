"""Indicators of a city: what is divided by what, and how a value stands to a target."""

from gis.indicators.catalogue import CATALOGUE, Direction, Indicator
from gis.indicators.measured import Measured, measured
from gis.indicators.standing import Standing, standing

__all__ = ["CATALOGUE", "Direction", "Indicator", "Measured", "Standing", "measured", "standing"]
