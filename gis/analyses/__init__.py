"""The questions a city can be asked: one module for each, with one plain function of the same name."""

from __future__ import annotations

QUESTIONS = (
    "parcel_extract",
    "plan_conformance",
    "land_balance",
    "land_use_change",
    "indicators",
    "service_provision",
    "service_access",
    "exposure",
    "drainage_faults",
    "drainage_trace",
    "drainage_capacity",
    "storm_drainage",
    "flood_freeboard",
    "elevation_exposure",
    "water_pressure",
    "water_main_break",
    "supply_criticality",
    "fire_flow",
    "zone_water_supply",
    "buildable_capacity",
    "largest_floor_area",
    "edition_difference",
    "scenario_difference",
    "route",
    "service_area",
    "travel_matrix",
    "parcel_access",
    "service_catchment",
    "street_network",
    "street_structure",
    "street_closure",
    "travel_change",
)
"""Names of the questions, in the order in which they are listed."""
