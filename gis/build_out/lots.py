"""The parcels of some ground: where what is built there draws its water and sends its children from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.db import City
from gis.networks.graph import Numbers
from gis.networks.supply.loads import spread
from gis.overlay import Shapes
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True)
class Lots:
    """Parcels of some ground: uid (-1 where it is no parcel), label, shape, an inner point, and their share of it."""

    uid: tuple[int, ...]
    label: tuple[str, ...]
    shapes: Shapes
    points: Numbers
    share: Numbers


def lots(city: City, ground: BaseGeometry) -> Lots:
    """Return the parcels of some ground as the city is seen; squares of it where it has none."""
    bound = {"place": shapely.to_wkb(ground)}
    listed = city.connection.execute(statements(_SQL)["parcels"].sql(), bound, binary=True).fetchall()
    if listed:
        shapes = np.array([shapely.from_wkb(row[4]) for row in listed], dtype=object)
        labels = tuple(f"{sheet or '–'}/{number or '–'}" for _, sheet, number, _, _ in listed)
        areas = np.array([row[3] for row in listed], dtype=np.float64)
        points = shapely.get_coordinates(shapely.point_on_surface(shapes))
        return Lots(tuple(row[0] for row in listed), labels, shapes, points, areas / areas.sum())
    points, shares = spread(np.array([ground], dtype=object), np.ones(1))
    shapes = np.asarray(shapely.points(points), dtype=object)
    return Lots((-1,) * len(points), tuple(f"#{place + 1}" for place in range(len(points))), shapes, points, shares)
