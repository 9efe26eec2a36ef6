"""Water for zones that are built: drawn at the nodes nearest to their parcels, simulated with and without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any  # shapes out of arrays

import numpy as np

from gis.build_out.lots import Lots
from gis.build_out.zones import Built
from gis.conformance.norms import norm
from gis.db import City
from gis.findings import Feature, Heading, Outcome, Quantity, Subject, Table, Verdict
from gis.findings.figures import said
from gis.networks.graph import Numbers, Places
from gis.networks.supply.answer import Answer
from gis.networks.supply.drawing import with_demand
from gis.networks.supply.errors import NoSupplyError
from gis.networks.supply.loads import FAR_M, demand_nodes, nearest
from gis.networks.supply.model import Model, model
from gis.networks.supply.need import READING, Need, Norms, need
from gis.networks.supply.pressure import look_of, pressure_looks
from gis.networks.supply.simulation import simulate
from gis.networks.supply.telling import background, known
from gis.networks.supply.units import DAY_S
from gis.standards import Edition
from layers.model import Words

_HOURS = 24.0
_BEFORE, _AFTER = (0.1, 0.55), (0.55, 1.0)
_MOST_LOTS = 3_000
_NEAR = Words("Áp lực tại các nút cấp cho ô quy hoạch", "Pressure at the nodes that supply the zone")
_WHOLE = Words("Áp lực toàn mạng", "Pressure of the whole network")


@dataclass(frozen=True)
class _Served:
    """The parcels of the zones, the node that each is served by and how far away it is, what all nodes draw then."""

    lots: Lots
    node: Places
    away_m: Numbers
    more_m3_s: Numbers
    demand_m3_s: Numbers

    @classmethod
    def of(cls, found: Model, parcels: Lots, asked: Need) -> _Served:
        network = found.network
        candidates = demand_nodes(network)
        candidates = candidates[found.checked.supplied[candidates]]
        if not len(candidates):
            raise NoSupplyError
        node, away_m = nearest(network, candidates, parcels.points)
        more = np.zeros(len(network.nodes))
        np.add.at(more, node, parcels.share * asked.network_m3_day / DAY_S)
        return cls(parcels, node, away_m, more, network.nodes.demand_m3_s + more)


@dataclass(frozen=True)
class Supplied:
    """Zones built, the water they need, and the network simulated for a day before and after."""

    zones: Built
    asked: Need
    model: Model
    before: Answer
    after: Answer
    served: _Served

    @classmethod
    def of(
        cls, city: City, zones: Built, parcels: Lots, standard: Edition, *, network: str = "", crs: str = ""
    ) -> Supplied:
        """Simulate the network of the city, or of a file, without those who come and with them.

        Parameters
        ----------
        parcels : those of the zones, which share the water by their area.
        network, crs : an EPANET file (.inp), and its coordinate system; the layers of the city without one.

        Raises
        ------
        SupplyError, UnknownRuleError
            When the network cannot be simulated, or the edition does not say what water is needed.
        """
        asked = water_need(zones, standard)
        found = model(city, network=network, crs=crs)
        served = _Served.of(found, parcels, asked)
        low = norm(standard, "free_pressure", {})
        before, after = (
            Answer(each, simulate(each, hours=_HOURS, begin=begin, end=end), low, standard)
            for each, (begin, end) in ((found, _BEFORE), (with_demand(found, served.demand_m3_s), _AFTER))
        )
        return cls(zones, asked, found, before, after, served)

    @cached_property
    def _nodes(self) -> Places:
        return np.unique(self.served.node)

    def _least(self, answer: Answer) -> float | None:
        values = answer.judged.lowest_m[self._nodes]
        return float(values.min()) if len(values) and np.isfinite(values).all() else None

    @property
    def quantities(self) -> Iterator[Quantity]:
        """Water that is needed, and the lowest pressures before and after."""
        yield from need_quantities(self.asked)
        yield Quantity(
            "before_m",
            Words("Áp lực thấp nhất tại ô, trước", "Lowest pressure at the zone, before"),
            self._least(self.before),
            "m",
        )
        yield Quantity(
            "after_m",
            Words("Áp lực thấp nhất tại ô, sau", "Lowest pressure at the zone, after"),
            self._least(self.after),
            "m",
        )
        for name, title, answer in (
            ("network_before_m", Words("Thấp nhất toàn mạng, trước", "Lowest of the network, before"), self.before),
            ("network_after_m", Words("Thấp nhất toàn mạng, sau", "Lowest of the network, after"), self.after),
        ):
            values = answer.judged.lowest_m[answer.judged.known]
            yield Quantity(name, title, float(values.min()) if len(values) else None, "m")

    @property
    def notes(self) -> Iterator[Words]:
        """How the water was reckoned, and which parcels the network does not reach."""
        yield self.asked.arithmetic
        yield READING
        yield from (*self.model.notes, *self.model.day)
        far = int((self.served.away_m > FAR_M).sum())
        if far:
            yield Words(
                f"{far} thửa ở cách nút dùng nước gần nhất hơn {FAR_M:g} m: mạng chưa đến đó",
                f"{far:,} parcels lie more than {FAR_M:g} m from the nearest node: the network does not reach them",
            )

    @property
    def verdicts(self) -> Iterator[Verdict]:
        """Yield what is to be said of the nodes that supply the zones, then of the whole network."""
        low = self.after.norm
        of_all = next(iter(self.after.verdicts))
        least = self._least(self.after)
        below = low is not None and bool(np.isin(self._nodes, self.after.judged.below(low.least)).any())
        is_known = low is not None and least is not None and self.after.is_sound
        outcome = Outcome.FAIL if below else Outcome.PASS if is_known else Outcome.UNDECIDED
        yield replace(
            of_all,
            outcome=outcome,
            title=_NEAR,
            subject=Subject("zone", self.zones.code),
            found=least,
            arithmetic=said(
                "{need} m³/ngày thêm vào {nodes} nút: áp lực thấp nhất từ {before} m còn {after} m",
                "{need} m³/day more at {nodes} nodes: the lowest pressure goes from {before} m to {after} m",
                need=self.asked.network_m3_day,
                nodes=len(self._nodes),
                before="?" if (then := self._least(self.before)) is None else then,
                after="?" if least is None else least,
            ),
            conflict=self.zones.ground if below else None,
            inputs={
                "people": self.zones.people,
                "more_people": self.zones.more,
                "need_m3_day": self.asked.network_m3_day,
            },
        )
        yield replace(of_all, title=_WHOLE)

    @property
    def table(self) -> Table:
        """The nodes that supply the zones, by what they draw more."""
        served, network = self.served, self.before.network
        rows = tuple(
            (
                str(network.nodes.code[node]),
                int((served.node == node).sum()),
                float(served.away_m[served.node == node].max()),
                DAY_S * float(network.nodes.demand_m3_s[node]),
                DAY_S * float(served.more_m3_s[node]),
                known(self.before.judged.lowest_m[node]),
                known(self.after.judged.lowest_m[node]),
            )
            for node in self._nodes[np.argsort(-served.more_m3_s[self._nodes], kind="stable")]
        )
        headings = (
            Heading("node", Words("Nút", "Node")),
            Heading("parcels", Words("Số thửa", "Parcels")),
            Heading("farthest_m", Words("Thửa xa nhất", "Farthest parcel"), "m"),
            Heading("demand_m3_day", Words("Nhu cầu hiện có", "Demand there is"), "m³/day"),
            Heading("more_m3_day", Words("Thêm", "More"), "m³/day"),
            Heading("before_m", Words("Áp lực trước", "Pressure before"), "m"),
            Heading("after_m", Words("Áp lực sau", "Pressure after"), "m"),
        )
        return Table("nodes", Words("Các nút cấp nước cho ô", "Nodes that supply the zone"), headings, rows)

    def pipes(self) -> Iterator[Feature]:
        """Yield the pipes, as background."""
        network = self.before.network
        yield from background(network, range(len(network.links)))

    def parcels(self) -> Iterator[Feature]:
        """Yield the parcels of the zones, by the pressure at their node afterwards."""
        network, looks = self.before.network, pressure_looks(self.after.norm_m)
        for place in np.argsort(-self.served.lots.share, kind="stable")[:_MOST_LOTS].tolist():
            node, uid = int(self.served.node[place]), self.served.lots.uid[place]
            after = known(self.after.judged.lowest_m[node])
            values = {
                "node": str(network.nodes.code[node]),
                "before_m": known(self.before.judged.lowest_m[node]),
                "after_m": after,
                "more_m3_day": float(self.served.lots.share[place]) * self.asked.network_m3_day,
            }
            subject = Subject("parcel", self.served.lots.label[place], uid if uid >= 0 else None)
            shape: Any = self.served.lots.shapes[place]
            yield Feature(subject, shape, values, look_of(after, looks))


def water_need(zones: Built, standard: Edition) -> Need:
    """Return the water that those who come need, by the norm.

    Raises
    ------
    UnknownRuleError
        When the edition does not say it.
    """
    return need(Norms(standard), people=zones.more, industry_ha=zones.industry_ha)


def need_quantities(asked: Need) -> Iterator[Quantity]:
    """Yield the water that is needed in the network, and at its sources."""
    flows = Words("Nước cần thêm trong mạng", "More water in the network")
    drawn = Words("Nước cần thêm tại nguồn", "More water at the source")
    yield Quantity("need_m3_day", flows, asked.network_m3_day, "m³/day")
    yield Quantity("source_m3_day", drawn, asked.total_m3_day, "m³/day")
