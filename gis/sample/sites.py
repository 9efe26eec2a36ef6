"""What the streets leave of each face of the city: the land that is cut into lots."""

from __future__ import annotations

import numpy as np
import shapely

from gis.sample.arrays import GRID_M, Flags, Ints, Shape, Shapes
from gis.sample.arterials import CITY_MAIN, DISTRICT_MAIN, RAIL
from gis.sample.patterns import RAILWAY_LAND_M, RED_LINES_M, TOWN, Make
from gis.sample.skeleton import Skeleton
from gis.sample.terrain import Terrain

SETTLED = (*TOWN, Make.VILLAGE, Make.CEMETERY)
STEEP_M = 15.0
"""Height above which the land is forest, and only main streets run."""

_BANK_M, _TRACK_M = 1.6, 7.0
_CORNER_M = 4.0
_CRUMB_M2 = 60.0


def roads_of(bones: Skeleton, made: Ints, ground: Terrain) -> Flags:
    """Return which edges carry a road: not borders, not railways, not minor lines over steep and wild land."""
    either = np.where(bones.beside >= 0, made[bones.beside], int(Make.FOREST))
    wild = np.isin(either, (Make.FOREST, Make.BEACH, Make.WATER)).all(axis=1)
    levels = ground.at(shapely.get_coordinates(shapely.line_interpolate_point(bones.edges, 0.5, normalized=True)))
    return (bones.ranks < RAIL) & ~(wild & (bones.ranks > CITY_MAIN) & (levels > STEEP_M))


def sites_of(bones: Skeleton, road: Flags, settled: Flags) -> Shapes:
    """Return each face without the reserves of the streets and railways around it, its corners rounded.

    Parameters
    ----------
    road
        Edges that carry a road; along the others a strip is left free.
    settled
        Faces that are or will be built on; minor roads between others are tracks.
    """
    widths = np.zeros(16)
    widths[: len(RED_LINES_M)] = RED_LINES_M
    either = np.where(bones.beside >= 0, settled[bones.beside], False).any(axis=1)
    width = np.where((bones.ranks >= DISTRICT_MAIN) & ~either, _TRACK_M, widths[bones.ranks])
    width = np.where(road, width, np.where(bones.ranks == RAIL, RAILWAY_LAND_M, _BANK_M))
    reserves = shapely.buffer(bones.edges, width / 2, quad_segs=2)
    edge, side = np.nonzero(bones.beside >= 0)
    face = bones.beside[edge, side]
    order = np.argsort(face, kind="stable")
    bounded, starts = np.unique(face[order], return_index=True)
    sites = bones.faces.copy()
    for number, around in zip(bounded, np.split(edge[order], starts[1:]), strict=True):
        sites[number] = shapely.difference(bones.faces[number], shapely.union_all(reserves[around]))
    opened = shapely.buffer(shapely.buffer(sites[bounded], -_CORNER_M, join_style="mitre"), _CORNER_M, quad_segs=2)
    sites[bounded] = shapely.intersection(opened, sites[bounded])
    return np.array([_without_crumbs(site) for site in shapely.set_precision(sites, GRID_M)], dtype=object)


def _without_crumbs(site: Shape) -> Shape:
    if site.geom_type == "Polygon":
        return site
    parts = [part for part in shapely.get_parts(site) if part.geom_type == "Polygon" and part.area > _CRUMB_M2]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
