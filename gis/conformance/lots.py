"""The lots of a proposal: those it proposes, and the parcels on which its buildings stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # an attribute is of the kind its column declares

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.findings import Subject
from gis.planning import parcels
from gis.planning.surroundings import Lying
from gis.proposals import Proposal, Proposed

_MOSTLY = 0.5


@dataclass(frozen=True)
class Lot:
    """A piece of land that is built on as one, with the buildings proposed on it.

    `values` are its limits where it is a proposed lot (columns of `zone`), and what its parcel says where it is one.
    """

    subject: Subject
    geometry: BaseGeometry
    values: Mapping[str, Any]
    buildings: tuple[Proposed, ...]

    @property
    def area_m2(self) -> float:
        """Its area."""
        return float(self.geometry.area)

    @property
    def built_m2(self) -> float | None:
        """The ground under its buildings; None where none are proposed."""
        if not self.buildings:
            return None
        roofs = shapely.union_all(np.array([each.geometry for each in self.buildings], dtype=object))
        return float(shapely.intersection(roofs, self.geometry).area)

    @property
    def floors_m2(self) -> float | None:
        """The floor area of its buildings; None where there are none, or one does not say it."""
        floors = [floor_area_m2(each) for each in self.buildings]
        known = [each for each in floors if each is not None]
        return sum(known) if floors and len(known) == len(floors) else None

    @property
    def height_m(self) -> float | None:
        """The height of its highest building, or the height it allows; None where that is not said."""
        if not self.buildings:
            return self.values.get("max_height_m")
        heights = [each.values["height_m"] for each in self.buildings]
        return None if any(each is None for each in heights) else max(heights)

    @property
    def uses(self) -> tuple[str, ...]:
        """The uses of its buildings."""
        return tuple(
            sorted({str(each.values["building_use"]) for each in self.buildings if each.values["building_use"]})
        )


def floor_area_m2(building: Proposed) -> float | None:
    """Return the floor area of a building; where it does not say it, its ground times its storeys."""
    said = building.values["floor_area_m2"]
    if said is not None:
        return float(said)
    storeys = building.values["storeys"]
    return None if storeys is None else float(building.geometry.area * storeys)


def lots(proposal: Proposal, parcels_about: Callable[[BaseGeometry], Sequence[Lying]]) -> tuple[Lot, ...]:
    """Return the lots of a proposal, the proposed ones first; a building is of the smallest that holds most of it."""
    proposed = [*proposal.of("zone"), *proposal.of("parcel")]
    tree = shapely.STRtree(np.array([each.geometry for each in proposed], dtype=object))
    on: dict[int, list[Proposed]] = {}
    standing: dict[int | None, tuple[Lying, list[Proposed]]] = {}
    for building in proposal.of("building"):
        near = tree.query(building.geometry, predicate="intersects").tolist()
        held = [n for n in near if _holds(proposed[n].geometry, building)]
        if held:
            on.setdefault(min(held, key=lambda n: proposed[n].geometry.area), []).append(building)
            continue
        holding = [each for each in parcels_about(building.geometry) if _holds(each.geometry, building)]
        if holding:
            parcel = min(holding, key=lambda each: each.geometry.area)
            standing.setdefault(parcel.uid, (parcel, []))[1].append(building)
    return (
        *(Lot(each.subject, each.geometry, each.values, tuple(on.get(n, ()))) for n, each in enumerate(proposed)),
        *(
            Lot(parcel.subject(parcels.label(parcel)), parcel.geometry, parcel.values, tuple(buildings))
            for parcel, buildings in standing.values()
        ),
    )


def _holds(lot: BaseGeometry, building: Proposed) -> bool:
    return lot.intersection(building.geometry).area >= _MOSTLY * building.geometry.area
