"""The binary results of EPANET, in our units: one row for each time, one column for each node or link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any  # arrays over bytes

import numpy as np
import numpy.typing as npt

from gis.networks.graph import Marks, Numbers, Places
from gis.networks.supply.errors import EngineError
from gis.networks.supply.network import Texts
from gis.networks.supply.units import Units, units

_PROLOG = 15
_NODES, _TANKS, _LINKS, _PUMPS, _FLOW, _BEGIN, _STEP, _DURATION = 2, 3, 4, 5, 9, 12, 13, 14
_TITLES_BYTES = 3 * 80 + 2 * 260 + 2 * 32
_ID_BYTES = 32
_EPILOG_BYTES = 28
_OF_NODE, _OF_LINK = 4, 8
_FLOWS = ("CFS", "GPM", "MGD", "IMGD", "AFD", "LPS", "LPM", "MLD", "CMH", "CMD", "CMS")
_LAST_CLOSED = 2
"""Codes of the state of a link up to which it is closed."""


@dataclass(frozen=True)
class Output:
    """What the engine found; `nodes` and `links` are the names that columns stand for.

    Parameters
    ----------
    time_s : times, from the beginning.
    demand_m3_s : what nodes take; of reservoirs and tanks what flows into them.
    head_m, flow_m3_s, velocity_m_s : of nodes, of links from their start to their end, and without direction.
    open : whether water may pass a link.
    """

    nodes: Texts
    links: Texts
    time_s: Numbers
    demand_m3_s: Numbers
    head_m: Numbers
    flow_m3_s: Numbers
    velocity_m_s: Numbers
    open: Marks


def output(data: bytes) -> Output:
    """Return the results; those of times that were not solved any more are not there."""
    prolog = np.frombuffer(data, np.int32, _PROLOG)
    nodes, tanks, links, pumps = (int(prolog[place]) for place in (_NODES, _TANKS, _LINKS, _PUMPS))
    at = 4 * _PROLOG + _TITLES_BYTES
    names = _names(data, at, nodes), _names(data, at + _ID_BYTES * nodes, links)
    at += _ID_BYTES * (nodes + links) + 4 * (3 * links + 2 * tanks + nodes + 2 * links) + 28 * pumps + 4
    width = _OF_NODE * nodes + _OF_LINK * links
    periods = max(0, (len(data) - _EPILOG_BYTES - at) // (4 * width)) if width else 0
    if not periods:
        raise EngineError(110, "it found no heads at all")
    table = np.frombuffer(data, np.float32, periods * width, at).reshape(periods, width).astype(np.float64)
    measured = units(_FLOWS[int(prolog[_FLOW])])
    time_s = float(prolog[_BEGIN]) + float(prolog[_STEP]) * np.arange(periods)
    return _split(table, names, np.minimum(time_s, max(float(prolog[_DURATION]), 0.0)), measured)


def _split(table: Numbers, names: tuple[Texts, Texts], time_s: Numbers, measured: Units) -> Output:
    nodes, links = len(names[0]), len(names[1])
    of_links = table[:, _OF_NODE * nodes :]

    def node(place: int) -> Numbers:
        return table[:, place * nodes : (place + 1) * nodes]

    def link(place: int) -> Numbers:
        return of_links[:, place * links : (place + 1) * links]

    return Output(
        *names,
        time_s,
        measured.flow_m3_s * node(0),
        measured.length_m * node(1),
        measured.flow_m3_s * link(0),
        measured.length_m * link(1),
        link(4) > _LAST_CLOSED,
    )


def _names(data: bytes, at: int, number: int) -> Texts:
    read: Any = np.frombuffer(data, f"S{_ID_BYTES}", number, at)
    return np.array([*(name.decode("utf-8", "replace") for name in read.tolist()), None], dtype=object)[:-1]


def aligned(found: Texts, wanted: Texts) -> Places:
    """Return for each wanted name its place among those found; -1 where it is not there."""
    places = {name: place for place, name in enumerate(found)}
    return np.array([places.get(str(name), -1) for name in wanted], dtype=np.int64)


def laid_out(values: npt.NDArray[Any], places: Places) -> Numbers:
    """Return columns in the order of places; NaN where there is none."""
    found = np.full((len(values), len(places)), np.nan)
    known = places >= 0
    found[:, known] = values[:, places[known]]
    return found
