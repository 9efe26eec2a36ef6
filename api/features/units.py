"""Units of the columns in the Unified Code for Units of Measure, by which a machine knows them."""

from __future__ import annotations

UCUM = {
    "1": "1",
    "m": "m",
    "mm": "mm",
    "m²": "m2",
    "ha": "har",
    "m³/day": "m3/d",
    "m³/h": "m3/h",
    "m or m³/h": "{m_or_m3/h}",
    "s/m^(1/3)": "{s/m^(1/3)}",
    "km/h": "km/h",
    "min": "min",
    "year": "a",
    "years": "a",
    "people": "{people}",
    "places": "{places}",
    "spaces": "{spaces}",
    "storeys": "{storeys}",
    "lanes": "{lanes}",
}
"""What is counted, and what has no unit of its own there, stands in braces, which hold no blanks."""
