"""How wide house lots are along the street, and how long rows of houses grow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from gis.conformance.ground import Ground
from gis.conformance.judging import Check, Found, Judge
from gis.conformance.streets import street
from gis.findings import Subject, Verdict
from gis.findings.figures import said
from gis.proposals import Proposed
from layers.model import Words

_FRONTAGE = Check("frontage", Words("Mặt tiền lô đất nhà ở", "Frontage of a house lot"))
_ROW = Check("row_length", Words("Chiều dài dãy nhà", "Length of a row of houses"))
_DWELLING_LAND = ("ODT", "ONT")
_JOINED_M = 0.05


def verdicts(ground: Ground) -> Iterator[Verdict]:
    """Yield for each house lot whether it is wide enough, for each row of houses whether it is too long."""
    for lot in ground.lots:
        if lot.subject.layer == "parcel" and (lot.values["land_use_code"] in _DWELLING_LAND or lot.uses == ("house",)):
            reserve = street(ground, lot.geometry)
            width = None if reserve is None else reserve.values["red_line_width_m"]
            case = {} if width is None else {"road_width_m": width}
            found = Found(lot.values["frontage_m"], "m", conflict=lot.geometry)
            yield Judge.on(ground, _FRONTAGE, lot.subject).by_standard("house_frontage", case, found)
    for row in _rows(ground):
        yield _row(ground, row)


def _rows(ground: Ground) -> Iterator[list[Proposed]]:
    """Yield the houses that are joined to each other, more than one."""
    houses = [each for each in ground.proposal.of("building") if each.values["building_use"] == "house"]
    shapes = np.array([each.geometry for each in houses], dtype=object)
    tree = shapely.STRtree(shapes)
    left = set(range(len(houses)))
    while left:
        row, reached = {min(left)}, [min(left)]
        while reached:
            joined = tree.query(shapes[reached.pop()], predicate="dwithin", distance=_JOINED_M).tolist()
            fresh = set(joined) - row
            row |= fresh
            reached += fresh
        left -= row
        if len(row) > 1:
            yield [houses[number] for number in sorted(row)]


def _row(ground: Ground, row: list[Proposed]) -> Verdict:
    together = shapely.union_all(np.array([each.geometry for each in row], dtype=object))
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(together))[:3]
    length_m = float(np.max(np.hypot(*np.diff(corners, axis=0).T)))
    arithmetic = said("{count} nhà, dài {length} m", "{count} houses, {length} m long", count=len(row), length=length_m)
    subject = Subject("building", f"{row[0].label} … {row[-1].label}")
    found = Found(length_m, "m", arithmetic, conflict=together)
    return Judge.on(ground, _ROW, subject).by_standard("house_row_length", {}, found)
