"""Where the water at each node comes from: followed from the sources along the flows."""

from __future__ import annotations

from typing import Any  # scipy's solvers have no types

import numpy as np
from scipy.sparse import coo_array, identity
from scipy.sparse.linalg import splu

from gis.networks.graph import Numbers, Places
from gis.networks.supply.network import Network

_NONE_M3_S = 1e-9
"""Flows below it carry nothing."""
_LOST, _MOST_OF_IT = 1e-9, 0.5


def mixed(network: Network, flow_m3_s: Numbers, sources: Places) -> Numbers:
    """Return the share (0-1) of the water at each node that comes from each source, (nodes, sources).

    Water mixes fully at nodes. A source gives its own water alone. Where no water passes, the shares are NaN.

    Parameters
    ----------
    flow_m3_s : flow in each link, from its start to its end; NaN where it is not known.
    sources : places of nodes.
    """
    links, number = network.links, len(network.nodes)
    flow = np.where(np.isfinite(flow_m3_s), flow_m3_s, 0.0)
    carries = np.flatnonzero((np.abs(flow) > _NONE_M3_S) & (links.start >= 0) & (links.end >= 0))
    forward = flow[carries] > 0
    tail = np.where(forward, links.start[carries], links.end[carries])
    head = np.where(forward, links.end[carries], links.start[carries])
    amount = np.abs(flow[carries])
    is_source = np.zeros(number, dtype=np.bool_)
    is_source[sources] = True
    coming = np.bincount(head, amount, number)
    kept = ~is_source[head]
    share = amount[kept] / coming[head[kept]]
    given = coo_array((share, (head[kept], tail[kept])), shape=(number, number))
    # A whit of loss keeps water that goes round in circles, in the last digits of the engine, from being endless.
    solver: Any = splu(((1 + _LOST) * identity(number) - given).tocsc())
    own = np.zeros((number, len(sources)))
    own[sources, np.arange(len(sources))] = 1.0
    found = np.clip(solver.solve(own), 0.0, 1.0)
    found[((coming <= 0) & ~is_source) | (found.sum(axis=1) < _MOST_OF_IT)] = np.nan
    return found
