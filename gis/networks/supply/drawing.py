"""Another demand at nodes: the file is changed so that its patterns and categories stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gis.networks.graph import Numbers
from gis.networks.supply.demands import usual_factor
from gis.networks.supply.inp import Tokens
from gis.networks.supply.model import Model
from gis.networks.supply.writing import figure

_DEMAND = 2


def with_demand(model: Model, demand_m3_s: Numbers) -> Model:
    """Return a model whose nodes have another mean demand.

    What a node had grows or shrinks in all its categories alike; a node that had none draws by the usual pattern.

    Parameters
    ----------
    demand_m3_s : of each node; nodes that are no junctions have none.
    """
    nodes = model.network.nodes
    changed = np.flatnonzero(~np.isclose(nodes.demand_m3_s, demand_m3_s, rtol=1e-12, atol=1e-15))
    if not len(changed):
        return model
    factor = usual_factor(model.inp)
    ratios: dict[str, float] = {}
    bases: dict[str, float] = {}
    for place in changed:
        name, before = str(model.node_ids[place]), float(nodes.demand_m3_s[place])
        if before:
            ratios[name] = float(demand_m3_s[place]) / before
        else:
            bases[name] = float(demand_m3_s[place]) / factor

    def own(tokens: Tokens, line: str) -> str:
        name = tokens[0]
        if name in bases:
            return " ".join([name, tokens[1] if len(tokens) > 1 else "0", figure(bases[name])])
        if name in ratios and len(tokens) > _DEMAND:
            scaled = figure(float(tokens[_DEMAND]) * ratios[name])
            return " ".join([*tokens[:_DEMAND], scaled, *tokens[_DEMAND + 1 :]])
        return line

    def listed(tokens: Tokens, line: str) -> str | None:
        if tokens[0] in bases:
            return None
        if tokens[0] in ratios and len(tokens) > 1:
            return " ".join([tokens[0], figure(float(tokens[1]) * ratios[tokens[0]]), *tokens[2:]])
        return line

    inp = model.inp.changed("JUNCTIONS", own).changed("DEMANDS", listed)
    checked = replace(model.checked, network=model.network.drawing(demand_m3_s))
    return replace(model, inp=inp, checked=checked)
