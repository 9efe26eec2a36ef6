"""Where people live, set onto the streets they walk along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gis.answering import part
from gis.db import City
from gis.findings.figures import said
from gis.networks.placing import Placed
from gis.overlay import Shapes
from gis.planning.people import people
from gis.planning.places import EVERYWHERE, Place
from gis.planning.plans import RegisteredPlan
from gis.planning.wards import Ward, wards
from layers.model import Words

_CELL_M = 100.0
_M2_OF_HA = 10_000.0
_NO_AREA_M2 = 1e-9


@dataclass(frozen=True, slots=True)
class Living:
    """Where people live: set onto the streets, how many, and the ward of each (its place; -1 without one).

    `unknown_ha` is the land on which people live of whom it is not known how many: they are not among them.
    """

    places: Placed
    people: npt.NDArray[np.float64]
    ward: npt.NDArray[np.int64]
    wards: tuple[Ward, ...]
    unknown_ha: float

    @classmethod
    def read(
        cls,
        city: City,
        plan: RegisteredPlan | None,
        placed: Callable[[Shapes], Placed],
        *,
        where: Place = EVERYWHERE,
    ) -> Living:
        """Read them; an area larger than a square of the grid becomes the squares it is cut into.

        Parameters
        ----------
        placed : how positions are set onto the streets.
        where : only areas whose box meets that of this place.
        """
        positions: list[Shapes] = [np.empty(0, dtype=object)]
        numbers: list[npt.NDArray[np.float64]] = [np.empty(0)]
        unknown_m2 = 0.0
        with part(0.0, 0.8):
            for batch in people(city, plan).batches(where):
                known = np.isfinite(batch.people)
                unknown_m2 += float(shapely.area(batch.areas[~known]).sum())
                for areas, counted in _small(batch.areas[known], batch.people[known]):
                    positions.append(np.asarray(shapely.point_on_surface(areas)))
                    numbers.append(counted)
        position, number = np.concatenate(positions), np.concatenate(numbers)
        with part(0.8, 1.0):
            found = wards(city, plan)
        ward = np.full(len(position), -1, dtype=np.int64)
        if found and len(position):
            tree = shapely.STRtree(np.array([each.geometry for each in found], dtype=object))
            place, inside = tree.query(position, predicate="intersects")
            ward[place[::-1]] = inside[::-1]
        return cls(placed(position), number, ward, found, unknown_m2 / _M2_OF_HA)

    @property
    def total(self) -> float:
        """All of them."""
        return float(self.people.sum())

    @property
    def notes(self) -> tuple[Words, ...]:
        """Whom it leaves out; nothing where it is known of all land how many people live there."""
        if not self.unknown_ha:
            return ()
        return (
            said(
                "Chưa rõ số người trên {ha} ha đất ở: họ không được tính",
                "How many people live on {ha} ha of dwelling land is not known: they are not counted",
                ha=self.unknown_ha,
            ),
        )


def _small(areas: Shapes, counted: npt.NDArray[np.float64]) -> Iterator[tuple[Shapes, npt.NDArray[np.float64]]]:
    """Yield areas as they are where they are small, and cut into squares where they are not."""
    is_large = shapely.area(areas) > _CELL_M**2
    yield areas[~is_large], counted[~is_large]
    for area, number in zip(areas[is_large], counted[is_large].tolist(), strict=True):
        west, south, east, north = shapely.bounds(area)
        easts, norths = np.arange(west, east, _CELL_M), np.arange(south, north, _CELL_M)
        grid = np.stack(np.meshgrid(easts, norths), axis=-1).reshape(-1, 2)
        (lefts, lows), (rights, highs) = grid.T, (grid + _CELL_M).T
        squares = shapely.intersection(shapely.box(lefts, lows, rights, highs), area)
        pieces_m2 = shapely.area(squares)
        kept = pieces_m2 > 0
        yield squares[kept], number * pieces_m2[kept] / max(float(pieces_m2.sum()), _NO_AREA_M2)
