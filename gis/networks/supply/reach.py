"""What water reaches: from where, through what is open, the way it may pass."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from gis.networks.graph import Marks, Places
from gis.networks.supply.network import LinkKind, Network


def reached(network: Network, sources: Marks, *, passable: Marks) -> Marks:
    """Return which nodes water reaches.

    Check valves, pumps and valves that hold a pressure let it pass from their start to their end alone.

    Parameters
    ----------
    sources : nodes from which it comes.
    passable : links that are open.
    """
    number = len(network.nodes)
    links = network.links
    forward = np.flatnonzero(passable & (links.start >= 0) & (links.end >= 0))
    backward = forward[~links.one_way[forward]]
    begins = np.flatnonzero(sources)
    tails = np.concatenate([links.start[forward], links.end[backward], np.full(len(begins), number)])
    heads = np.concatenate([links.end[forward], links.start[backward], begins])
    arcs = coo_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=(number + 1, number + 1)).tocsr()
    found = np.zeros(number + 1, dtype=np.bool_)
    found[breadth_first_order(arcs, number, directed=True, return_predecessors=False)] = True
    return found[:number]


def parts(network: Network, *, joined: Marks) -> Places:
    """Return for each node the number of the part of the network it hangs together with, whichever way water passes.

    Parameters
    ----------
    joined : links that count.
    """
    number = len(network.nodes)
    chosen = np.flatnonzero(joined & (network.links.start >= 0) & (network.links.end >= 0))
    ones = np.ones(len(chosen), dtype=np.int8)
    ends = (network.links.start[chosen], network.links.end[chosen])
    return connected_components(coo_array((ones, ends), shape=(number, number)), directed=False)[1].astype(np.int64)


def passable_now(network: Network) -> Marks:
    """Return which links water may pass, as they stand: those that are shut only where nothing opens them.

    A shut valve stands at the link it parts from its node, and shuts it.
    """
    open_ = ~network.links.closed | network.links.steered
    shut = network.valves.link[network.valves.closed]
    open_[shut] = False
    return open_


def is_pipe(network: Network) -> Marks:
    """Return which links are pipes."""
    return network.links.kind == LinkKind.PIPE
