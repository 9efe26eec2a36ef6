"""Whether the water supply holds when a zone is built to a floor area ratio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any  # shapes out of arrays

import numpy as np

from gis.answering import FILE, positive
from gis.conformance.norms import norm
from gis.days import day
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Subject, Table, Verdict
from gis.findings.figures import said
from gis.findings.sources import plan_source, standard_source
from gis.networks.graph import Numbers, Places
from gis.networks.supply.answer import Answer
from gis.networks.supply.built import Built, Lots, built, lots
from gis.networks.supply.drawing import with_demand
from gis.networks.supply.loads import FAR_M, demand_nodes, nearest
from gis.networks.supply.model import Model, model
from gis.networks.supply.need import READING, Need, Norms, need
from gis.networks.supply.pressure import look_of, pressure_looks
from gis.networks.supply.simulation import simulate
from gis.networks.supply.telling import ENGINE, background, fault_table, known, network_source
from gis.networks.supply.units import DAY_S
from gis.planning.plans import plan_in_force
from gis.standards import edition as edition_named
from gis.standards import in_force
from layers.model import Words

_TITLE = Words("Cấp nước khi xây dựng một ô quy hoạch", "Water supply of a zone that is built out")
_HOURS = 24.0
_MOST_LOTS = 3_000
_GROUND = Look(Words("Ô quy hoạch được xét", "The zone asked about"), "#1a1a1a", is_outline=True)
_NEAR = Words("Áp lực tại các nút cấp cho ô quy hoạch", "Pressure at the nodes that supply the zone")
_WHOLE = Words("Áp lực toàn mạng", "Pressure of the whole network")


def zone_water_supply(
    city: City,
    *,
    zone: str,
    floor_area_ratio: float,
    dwelling_m2: float | None = None,
    household: float | None = None,
    network: Annotated[str, FILE] = "",
    crs: str = "",
    plan: str = "",
    edition: str = "",
) -> Finding:
    """Build zones of the plan to a floor area ratio: how many people, how much water a day, what pressure is left.

    Those who come beside the people of today need water by the norm. It is drawn at the nodes nearest to the parcels of
    the zone, by their area, and the network is simulated for a day before and after. The water recorded at the nodes is
    taken for that of today's people, at every horizon.

    Parameters
    ----------
    zone : codes of zones of the plan, with commas.
    floor_area_ratio : floor area over ground, to which they are built.
    dwelling_m2 : floor area for each dwelling in zones for housing, in m², circulation included; not known without.
    household : people for each dwelling; not known where none is given.
    network : an EPANET file (.inp), its path or its text; the layers of the city where it is empty.
    crs : coordinate system of the file, such as EPSG:5899; what the file names where none is given.
    plan : code of the plan; the approved general plan where none is given.
    edition : the edition of QCVN 01, such as `01:2021`; the one in force today where none is given.

    Returns
    -------
    Finding
        Tables `need` (m³/day by step), `nodes` (m before and after), `faults`; a feature for each parcel by the
        pressure at its node afterwards.

    Raises
    ------
    SupplyError
        When there is no such zone, its people cannot be told, or the network cannot be simulated.
    PlanError, UnknownEditionError, UnknownRuleError, NotPositiveError
        When there is no such plan or edition, it does not say what water is needed, or a size is none.
    """
    standard = edition_named(edition) if edition else in_force(on=day(""))
    of_plan = plan_in_force(city, plan)
    dwelling = (positive("dwelling_m2", dwelling_m2), positive("household", household))
    zones = built(city, codes=zone, plan=of_plan, floor_area_ratio=floor_area_ratio, dwelling=dwelling)
    asked = need(Norms(standard), people=zones.more, industry_ha=zones.industry_ha)
    before = model(city, network=network, crs=crs)
    served = _Served.of(before, lots(city, zones.ground), asked)
    low = norm(standard, "free_pressure", {})
    answers = tuple(
        Answer(each, simulate(each, hours=_HOURS, begin=begin, end=begin + 0.45), low, standard)
        for each, begin in ((before, 0.1), (with_demand(before, served.demand_m3_s), 0.55))
    )
    found = _Found(zones, asked, served, answers[0], answers[1])
    arguments = {"zone": zone, "floor_area_ratio": floor_area_ratio, "dwelling_m2": dwelling_m2, "household": household}
    named = {"network": before.argument, "crs": crs, "plan": of_plan.code, "edition": standard.number}
    return Finding(
        question="zone_water_supply",
        title=_TITLE,
        arguments={**arguments, **named},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(found.quantities),
        tables=(asked.table, found.table, fault_table(before.checked.faults)),
        verdicts=tuple(found.verdicts),
        features=tuple(found.features()),
        notes=tuple(found.notes),
        sources=(plan_source(of_plan), standard_source(standard), network_source(before), ENGINE),
    )


@dataclass(frozen=True)
class _Served:
    """The parcels of the zone, the node that each is served by and how far away it is, the demand of all nodes then."""

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
        node, away_m = nearest(network, candidates, parcels.points)
        more = np.zeros(len(network.nodes))
        np.add.at(more, node, parcels.share * asked.network_m3_day / DAY_S)
        return cls(parcels, node, away_m, more, network.nodes.demand_m3_s + more)


@dataclass(frozen=True)
class _Found:
    """The zone built out, and the network simulated before and after."""

    zones: Built
    asked: Need
    served: _Served
    before: Answer
    after: Answer

    @cached_property
    def _nodes(self) -> Places:
        return np.unique(self.served.node)

    def _least(self, answer: Answer) -> float | None:
        values = answer.judged.lowest_m[self._nodes]
        return float(values.min()) if len(values) and np.isfinite(values).all() else None

    @property
    def quantities(self) -> Iterator[Quantity]:
        zones = self.zones
        yield Quantity("ground_ha", Words("Diện tích ô", "Ground"), zones.ground.area / 10_000, "ha")
        yield Quantity("floor_m2", Words("Diện tích sàn", "Floor area"), zones.floor_m2, "m²")
        yield Quantity("people", Words("Số người khi xây xong", "People when it is built"), zones.people, "people")
        yield Quantity("today", Words("Số người đang ở đó", "People who live there today"), zones.today, "people")
        yield Quantity("more", Words("Số người tăng thêm", "People who come"), zones.more, "people")
        yield Quantity(
            "need_m3_day",
            Words("Nước cần thêm trong mạng", "More water in the network"),
            self.asked.network_m3_day,
            "m³/day",
        )
        yield Quantity(
            "source_m3_day",
            Words("Nước cần thêm tại nguồn", "More water at the source"),
            self.asked.total_m3_day,
            "m³/day",
        )
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
        yield from self.zones.counted
        yield self.asked.arithmetic
        yield READING
        yield from (*self.before.model.notes, *self.before.model.day)
        if self.zones.today is None:
            yield Words(
                "Chưa rõ số người đang ở trong ô: toàn bộ số người được tính là tăng thêm",
                "How many people live in the zone today is not known: all of them are taken to come",
            )
        far = int((self.served.away_m > FAR_M).sum())
        if far:
            yield Words(
                f"{far} thửa ở cách nút dùng nước gần nhất hơn {FAR_M:g} m: mạng chưa đến đó",
                f"{far:,} parcels lie more than {FAR_M:g} m from the nearest node: the network does not reach them",
            )

    @property
    def verdicts(self) -> Iterator[Verdict]:
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

    def features(self) -> Iterator[Feature]:
        network = self.before.network
        yield from background(network, range(len(network.links)))
        yield Feature(Subject("zone", self.zones.code), self.zones.ground, {}, _GROUND)
        looks = pressure_looks(self.after.norm_m)
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
