"""Where a delivery lies: its declared coordinate system, or a question; never an assumption."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely

from gis import crs as systems
from gis.crs import Coordinates, Transformation
from gis.intake.boundary import Boundary
from gis.intake.errors import NoSystemError, SwappedCoordinatesError
from gis.intake.source import GEOMETRY, Source

_SAMPLED = 2_000


@dataclass(frozen=True, slots=True)
class Placed:
    """The coordinate system a delivery is read in, and how it is brought to the stored one."""

    name: str
    transformation: Transformation
    note: str | None


def placed(source: Source, first: pa.RecordBatch, declared: str | None, boundary: Boundary) -> Placed:
    """Return how the positions of a delivery are read.

    Parameters
    ----------
    first
        The first rows, by which candidates are tried and swapped coordinates are found.
    declared
        What the command or the mapping says; it goes before what the file says.

    Raises
    ------
    NoSystemError
        When nothing declares the system; the candidates that fit are offered.
    SwappedCoordinatesError
        When the city is met only with the two numbers of each position exchanged.
    """
    positions = _sample(first)
    said = declared or source.crs
    if said is None:
        fitting = systems.candidates(positions, boundary.area)
        if not fitting and systems.candidates(positions[:, ::-1], boundary.area):
            raise SwappedCoordinatesError(source.path)
        raise NoSystemError(source.path, fitting)
    transformation = systems.transformation(said)
    if systems.are_swapped(positions, said, boundary.area):
        raise SwappedCoordinatesError(source.path)
    return Placed(_name(transformation), transformation, _contradiction(source, declared))


def _sample(first: pa.RecordBatch) -> Coordinates:
    wkb = first.column(GEOMETRY).to_numpy(zero_copy_only=False)[:_SAMPLED]
    positions = shapely.get_coordinates(shapely.from_wkb(wkb, on_invalid="ignore"))
    return positions[:: max(1, len(positions) // _SAMPLED)].astype(np.float64)


def _name(transformation: Transformation) -> str:
    code = transformation.source.to_epsg()
    return f"EPSG:{code}" if code else transformation.source.name


def _contradiction(source: Source, declared: str | None) -> str | None:
    if declared is None or source.crs is None:
        return None
    if systems.system(declared).equals(systems.CRS.from_user_input(source.crs), ignore_axis_order=True):
        return None
    return f"read as {declared}, although the file says {source.crs[:80]}"
