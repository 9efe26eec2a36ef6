"""What somebody means: a pipe by its code, its uid or a position; valves by codes, or by where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely

from gis import crs as systems
from gis.networks.graph import Places
from gis.networks.supply.errors import NoSuchElementError, SupplyError
from gis.networks.supply.network import NOWHERE, LinkKind, Network, Valves, texts

_NEAR_M = 50.0
"""How far from a pipe a position may lie that means it."""
_DEGREES = 180.0


class NoPipeThereError(SupplyError):
    """A position with no pipe near it."""

    def __init__(self, given: str) -> None:
        super().__init__(f"No pipe lies within {_NEAR_M:g} m of {given[:60]!r} (longitude,latitude).")


class ValvePlaceError(SupplyError):
    """A valve whose place is not said as a node and a pipe that meets it."""

    def __init__(self, given: str, why: str) -> None:
        super().__init__(f"The valve {given[:60]!r} {why}; write NODE:PIPE, several with commas.")


def pipe_meant(network: Network, given: str) -> int:
    """Return the link that is meant.

    Parameters
    ----------
    given : its code, its uid in the layer, or a position near it as `longitude,latitude`.

    Raises
    ------
    NoSuchElementError, NoPipeThereError
        When there is none.
    """
    said = given.strip()
    if said in network.link_places:
        return network.link_places[said]
    position = _position(said)
    if position is not None:
        return _nearest(network, position, said)
    if said.isascii() and said.isdigit():
        found = np.flatnonzero(network.links.uid == int(said)) if len(said) < 19 else np.empty(0)  # noqa: PLR2004
        if len(found):
            return int(found[0])
    raise NoSuchElementError("pipe", said, network.link_places)


def _position(said: str) -> tuple[float, float] | None:
    parts = said.split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= _DEGREES and abs(lat) <= _DEGREES / 2 else None


def _nearest(network: Network, lonlat: tuple[float, float], said: str) -> int:
    east, north = systems.transformation(systems.LONLAT_SRID).stored_lists([lonlat[0]], [lonlat[1]])
    placed = np.flatnonzero([shape is not None for shape in network.links.shape])
    if len(placed) and np.isfinite([east[0], north[0]]).all():
        away_m = shapely.distance(network.links.shape[placed], shapely.Point(east[0], north[0]))
        if away_m.min() <= _NEAR_M:
            return int(placed[away_m.argmin()])
    raise NoPipeThereError(said)


def valves_meant(network: Network, given: str) -> Places:
    """Return the valves (places) of some codes, which are listed with commas.

    Raises
    ------
    NoSuchElementError
        When there is none of a code.
    """
    codes = [each.strip() for each in given.split(",") if each.strip()]
    found: list[int] = []
    for code in codes:
        mine = np.flatnonzero(network.valves.code == code)
        if not len(mine):
            raise NoSuchElementError("valve", code, map(str, network.valves.code))
        found.extend(mine.tolist())
    return np.array(found, dtype=np.int64)


def with_valves(network: Network, given: str) -> Network:
    """Return a network with the valves it has, those that govern its flow, and those that are said.

    Parameters
    ----------
    given : valves as `NODE:PIPE`, several with commas: each stands on that pipe at that node.

    Raises
    ------
    ValvePlaceError
        When there is no such node or pipe, or they do not meet.
    """
    links = network.links
    entries = list(_governing(network))
    for each in filter(None, map(str.strip, given.split(","))):
        node_code, _, pipe_code = each.rpartition(":")
        node, link = network.node_places.get(node_code), network.link_places.get(pipe_code)
        if node is None or link is None:
            raise ValvePlaceError(each, f"stands at no {'node' if node is None else 'pipe'} of this network")
        if node not in (links.start[link], links.end[link]):
            raise ValvePlaceError(each, "stands at a pipe that does not meet the node")
        entries.append((each, node, link))
    if not entries:
        return network
    old, number = network.valves, len(entries)
    works, shut = np.ones(number, dtype=np.bool_), np.zeros(number, dtype=np.bool_)
    valves = Valves(
        np.concatenate([old.code, texts([code for code, _, _ in entries])]),
        np.concatenate([old.node, [node for _, node, _ in entries]]).astype(np.int64),
        np.concatenate([old.link, [link for _, _, link in entries]]).astype(np.int64),
        np.concatenate([old.operable, works]),
        np.concatenate([old.closed, shut]),
        np.concatenate([old.uid, np.full(number, NOWHERE)]).astype(np.int64),
    )
    return replace(network, valves=valves)


def _governing(network: Network) -> Iterator[tuple[str, int, int]]:
    """Yield the valves that are links, where they are not among the valves yet: they can be shut, too."""
    known = set(network.valves.link.tolist())
    for link in np.flatnonzero(network.links.kind > LinkKind.PUMP).tolist():
        if link not in known and network.links.start[link] >= 0:
            yield str(network.links.code[link]), int(network.links.start[link]), link
