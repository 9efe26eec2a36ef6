"""Scenarios: what if. A scenario stores what it changes, and shows it laid over the baseline or another scenario."""

from __future__ import annotations

from gis.scenarios.edits import add, change, remove, restore
from gis.scenarios.register import Scenario, drop_scenario, open_scenario, scenarios

__all__ = ["Scenario", "add", "change", "drop_scenario", "open_scenario", "remove", "restore", "scenarios"]
