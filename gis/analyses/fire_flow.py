"""Whether hydrants stand near enough to each other, and what pressure is left when one is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import shapely

from gis.answering import FILE, positive
from gis.days import day
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Subject, Table, Verdict
from gis.findings.figures import said
from gis.findings.sources import standard_source
from gis.networks.supply.fire import available_m3_s
from gis.networks.supply.hydrants import Hydrants
from gis.networks.supply.model import model
from gis.networks.supply.pressure import IMPOSSIBLE, look_of, pressure_looks
from gis.networks.supply.simulation import simulate
from gis.networks.supply.telling import (
    ENGINE,
    at_node,
    background,
    fault_table,
    known,
    network_source,
    node_subject,
    pipe_features,
    whole,
)
from gis.standards import Norm, in_force
from gis.standards import edition as edition_named
from layers.model import Words

_TITLE = Words("Nước chữa cháy", "Water for fire fighting")
_MOST_ROWS, _MOST_PIPES = 60, 2_000
_LITRES = 1_000.0
_FAR = Look(Words("Ống xa trụ cứu hỏa hơn quy chuẩn", "Main farther from hydrants than the norm"), "#c22f2f")
_HYDRANT = Look(Words("Trụ cứu hỏa", "Hydrant"), "#e0572f")
_NO_HYDRANTS = Words("Mạng không có trụ cứu hỏa nào được ghi nhận", "No hydrant is recorded in this network")
_NO_FLOW = Words(
    "Ấn bản này không nêu lưu lượng chữa cháy: cho biết flow_l_s", "This edition names no fire flow: say it as flow_l_s"
)
_NO_NORM = Words("Ấn bản này chưa có giá trị", "This edition does not say it here")
_UNKNOWN = Words("Có trụ chưa rõ áp lực", "The pressure at some hydrants is not known")


def fire_flow(
    city: City,
    *,
    network: Annotated[str, FILE] = "",
    crs: str = "",
    flow_l_s: float | None = None,
    edition: str = "",
) -> Finding:
    """Hold the spacing of hydrants along the mains against the norm, and the pressure left when one is opened.

    Along a main the distance between hydrants is twice the way from its farthest point to the nearest of them. The
    pressure is that at one hydrant after the other when so much is drawn there besides all other demand, at the moment
    at which the simulation begins. How much that is, the standard on planning does not say: without it the pressure
    left is unknown. In an EPANET file, which knows no hydrants, every junction with demand is tried instead.

    Parameters
    ----------
    network : an EPANET file (.inp), its path or its text; the layers of the city where it is empty.
    crs : coordinate system of the file, such as EPSG:5899; what the file names where none is given.
    flow_l_s : what is drawn at a hydrant, in l/s; not known where none is given.
    edition : the edition of QCVN 01, such as `01:2021`; the one in force today where none is given.

    Returns
    -------
    Finding
        Tables `spacing` (pipes, m), `hydrants` (m, l/s), `faults`; features for hydrants and for mains too far away.

    Raises
    ------
    SupplyError
        When there is no network, no source, no engine, or the network cannot be simulated.
    UnknownEditionError
        When there is no such edition.
    """
    standard = edition_named(edition) if edition else in_force(on=day(""))
    asked = model(city, network=network, crs=crs)
    found = _Found(
        asked, simulate(asked, hours=0.0, end=0.2), (positive("flow_l_s", flow_l_s) or 0.0) / _LITRES, standard
    )
    return Finding(
        question="fire_flow",
        title=_TITLE,
        arguments={"network": asked.argument, "crs": crs, "flow_l_s": flow_l_s, "edition": standard.number},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=tuple(found.quantities),
        tables=(found.spacing_table, found.hydrant_table, fault_table(asked.checked.faults)),
        verdicts=tuple(found.verdicts),
        features=tuple(found.features()),
        notes=tuple(found.notes),
        sources=(standard_source(standard), network_source(asked), ENGINE),
    )


@dataclass(frozen=True)
class _Found(Hydrants):
    """The hydrants, as a finding says them."""

    @property
    def quantities(self) -> Iterator[Quantity]:
        links = self.network.links
        yield Quantity("hydrants", Words("Trụ cứu hỏa", "Hydrants"), len(self.hydrants), "hydrants")
        mains_km = float(np.nansum(links.length_m[self.mains_])) / 1_000
        yield Quantity("mains_km", Words("Ống đủ đường kính", "Mains wide enough"), mains_km, "km")
        knows = self.norm("hydrant_spacing") is not None and len(self.hydrants) > 0
        far_km = float(np.nansum(links.length_m[self.far])) / 1_000 if knows else None
        yield Quantity("far_km", Words("Ống xa trụ hơn quy chuẩn", "Mains too far from hydrants"), far_km, "km")
        known_ = self.tried.residual_m[np.isfinite(self.tried.residual_m)]
        least = float(known_.min()) if len(known_) else None
        yield Quantity("least_m", Words("Áp lực còn lại thấp nhất", "Lowest pressure left"), least, "m")
        low = self.norm("free_pressure")
        tried = len(known_) + int(self.tried.impossible.sum())
        below = len(self.below(low)) if low is not None and tried else None
        yield Quantity(
            "below", Words("Số trụ dưới chuẩn khi chữa cháy", "Hydrants below the norm in a fire"), below, "hydrants"
        )

    @property
    def notes(self) -> Iterator[Words]:
        yield from (*self.asked.notes, *self.asked.day)
        if not len(self.hydrants):
            yield _NO_HYDRANTS
        tried = int(np.isfinite(self.tried.tried_m).sum())
        if self.flow_m3_s and tried < len(self.tried.hydrants):
            number = len(self.tried.hydrants)
            yield Words(
                f"Đã thử {tried} trụ có áp lực thấp nhất trong {number} trụ",
                f"The {tried:,} hydrants of lowest pressure were tried, of {number:,}",
            )

    @property
    def verdicts(self) -> Iterator[Verdict]:
        subject = whole(self.asked)
        spacing, low = self.norm("hydrant_spacing"), self.norm("free_pressure")
        lines = [shape for shape in self.network.links.shape[self.far] if shape is not None]
        farthest = known(float(np.nanmax(self.spacing_m))) if np.isfinite(self.spacing_m).any() else None
        outcome = Outcome.FAIL if len(self.far) else Outcome.PASS
        if spacing is None or not len(self.hydrants):
            outcome = Outcome.UNDECIDED
        yield Verdict(
            outcome,
            "hydrant_spacing",
            self.standard.code if spacing is None else spacing.rule.reference,
            Words("Khoảng cách trụ cứu hỏa", "Spacing of hydrants") if spacing is None else spacing.rule.title,
            subject,
            Words("—", "—") if spacing is None else said("≤ {most} m", most=spacing.most),
            farthest if len(self.hydrants) else None,
            "m",
            None if spacing is None else spacing.certainty,
            reason=_NO_NORM if spacing is None else None if len(self.hydrants) else _NO_HYDRANTS,
            inputs={"pipes_too_far": float(len(self.far)), "hydrants": float(len(self.hydrants))},
            conflict=shapely.union_all(np.array(lines, dtype=object)) if lines else None,
        )
        yield self._left(subject, low)

    def _left(self, subject: Subject, low: Norm | None) -> Verdict:
        values = self.tried.residual_m[np.isfinite(self.tried.residual_m)]
        below = self.below(low)
        fails = len(below) > 0
        every = len(values) == len(self.tried.hydrants) and len(values) > 0
        outcome = Outcome.FAIL if fails else Outcome.PASS if every and low is not None else Outcome.UNDECIDED
        why = _NO_NORM if low is None else _NO_FLOW if not self.flow_m3_s else _UNKNOWN
        points = [point for node in below if (point := at_node(self.network, int(node))) is not None]
        return Verdict(
            outcome,
            "fire_pressure",
            self.standard.code if low is None else low.rule.reference,
            Words("Áp lực tự do khi có cháy", "Free pressure in a fire"),
            subject,
            Words("—", "—") if low is None else said("≥ {least} m", least=low.least),
            float(values.min()) if len(values) else None,
            "m",
            None if low is None else low.certainty,
            reason=why if outcome is Outcome.UNDECIDED else None,
            inputs={"flow_l_s": self.flow_m3_s * _LITRES or None, "hydrants_below": float(len(below))},
            conflict=shapely.union_all(np.array(points, dtype=object)) if points else None,
        )

    @property
    def spacing_table(self) -> Table:
        links = self.network.links
        order = self.far[np.argsort(-self.spacing_m[self.far], kind="stable")][:_MOST_ROWS]
        rows = tuple(
            (str(links.code[link]), known(links.length_m[link]), known(self.spacing_m[link])) for link in order
        )
        headings = (
            Heading("pipe", Words("Ống", "Pipe")),
            Heading("length_m", Words("Chiều dài", "Length"), "m"),
            Heading("spacing_m", Words("Khoảng cách trụ dọc ống", "Distance between hydrants"), "m"),
        )
        return Table("spacing", _FAR.title, headings, rows)

    @property
    def hydrant_table(self) -> Table:
        low = self.norm("free_pressure")
        order = np.argsort(np.nan_to_num(self.tried.tried_m, nan=np.inf), kind="stable")[:_MOST_ROWS]
        rows = tuple(
            (
                str(self.network.nodes.code[self.tried.hydrants[place]]),
                known(self.tried.static_m[place]),
                known(self.tried.residual_m[place]),
                self._available(int(place), low),
            )
            for place in order
        )
        headings = (
            Heading("node", Words("Nút", "Node")),
            Heading("static_m", Words("Áp lực khi chưa cháy", "Pressure without fire"), "m"),
            Heading("residual_m", Words("Áp lực còn lại", "Pressure left"), "m"),
            Heading("available_l_s", Words("Lưu lượng còn đủ áp lực", "Flow that leaves the norm"), "l/s"),
        )
        return Table("hydrants", Words("Các trụ có áp lực thấp nhất", "Hydrants of lowest pressure"), headings, rows)

    def _available(self, place: int, low: Norm | None) -> float | None:
        left = known(self.tried.tried_m[place])
        if low is None or left is None:
            return None
        static_m = float(self.tried.static_m[place])
        found = available_m3_s(self.flow_m3_s, static_m=static_m, residual_m=left, least_m=low.least)
        return None if found is None else found * _LITRES

    def features(self) -> Iterator[Feature]:
        network = self.network
        rest = np.setdiff1d(np.arange(len(network.links)), self.far)
        yield from background(network, rest.tolist())
        yield from pipe_features(network, self.far.tolist(), _FAR, most=_MOST_PIPES)
        low = self.norm("free_pressure")
        looks = pressure_looks(None if low is None else low.least)
        tried = self.tried
        for node, static_m, left_m, dry in zip(
            tried.hydrants, tried.static_m, tried.residual_m, tried.impossible, strict=True
        ):
            if (point := at_node(network, int(node))) is not None:
                values = {"static_m": known(static_m), "residual_m": known(left_m)}
                look = look_of(known(left_m), looks) if self.flow_m3_s else _HYDRANT
                look = IMPOSSIBLE if dry else look
                yield Feature(node_subject(network, int(node)), point, values, look)
