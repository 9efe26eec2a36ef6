"""Intake: a delivery is read, renamed, repaired, checked and stored; what is refused is kept with its reason."""

from gis.intake.loading import Manner, load
from gis.intake.mapping import Mapping
from gis.intake.report import Report
from gis.intake.storing import Mode

__all__ = ["Manner", "Mapping", "Mode", "Report", "load"]
