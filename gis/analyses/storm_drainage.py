"""A storm simulated in the drains: where water comes out, what flows at the most, which sewers run full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np

from gis.answering import FILE
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Quantity, Source, Table
from gis.findings.figures import said
from gis.findings.sources import plan_source
from gis.findings.table import Cell
from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.ground import Reading
from gis.networks.drainage.rain import Rain, RainError
from gis.networks.drainage.rain import rain as rain_given
from gis.networks.drainage.swmm.balances import balance_verdicts
from gis.networks.drainage.swmm.built import built
from gis.networks.drainage.swmm.drawn import Drawn
from gis.networks.drainage.swmm.engine import simulate
from gis.networks.drainage.swmm.inp import model as model_given
from gis.networks.drainage.swmm.results import LinkResult, NodeKind, NodeResult, Results
from gis.networks.drainage.swmm.writing import Written
from gis.planning.places import place
from gis.planning.plans import RegisteredPlan, plan_if_any
from layers.model import Words

_TITLE = Words("Mô phỏng thoát nước mưa", "A storm in the drains")
_MOST_LISTED = 1_000
_M2_OF_HA = 10_000
_NOTHING_M3 = 0.01
_FLOODED = (
    (10.0, Look(Words("Nước tràn dưới 10 m³", "Less than 10 m³ come out"), "#e8c26f")),
    (100.0, Look(Words("Nước tràn 10–100 m³", "10 to 100 m³ come out"), "#e0803a")),
    (np.inf, Look(Words("Nước tràn trên 100 m³", "More than 100 m³ come out"), "#b3201f")),
)
_LINKS = (
    (0.0, Look(Words("Cống không đầy", "Sewer does not run full"), "#3f8f6f")),
    (0.25, Look(Words("Cống đầy đến 15 phút", "Full up to 15 minutes"), "#8fa3c2")),
    (np.inf, Look(Words("Cống đầy trên 15 phút", "Full more than 15 minutes"), "#3f4f8f")),
)
_ENGINE = Source(Words("Chương trình SWMM 5.2 của EPA", "EPA SWMM 5.2, engine"), "swmm-toolkit; EPA/600/R-14/413b")


def storm_drainage(
    city: City,
    *,
    rain: str = "",
    model: Annotated[str, FILE] = "",
    crs: str = "",
    within: str = "city",
    ground: Reading = "land_use",
    plan: str = "",
) -> Finding:
    """Simulate a storm in the storm drains with SWMM 5: where water comes out, peak flows, sewers that run full.

    The model is made of the layers at the horizon the city is seen at, as `quyhoach swmm` writes it: sewers, manholes,
    outfalls, and catchments with their paved share. What has no level, size, roughness or way to an outfall is left out
    and told. At outfalls stands the normal level of the water that receives them, where it is known; else water falls
    freely. What comes out of a manhole is lost to the drains. A model of one's own, an `.inp` file, can be run instead.

    Parameters
    ----------
    rain : `i=…` mm/h, or constants of TCVN 7957 as `A=… C=… b=… n=…` with `P=…` years; with `t=…` min that it lasts.
    model : a model of SWMM 5, the path of an `.inp` file or its text; the layers of the city where none is given.
    crs : coordinate system of such a file, such as `EPSG:5899`; without it its results are not drawn.
    within : drains that hang together with those of a place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON.
    ground : whether paved shares follow from the use of land at the horizon, or are those that catchments say.
    plan : code of the plan that says the use of land in 2030 and 2045; the approved general plan where none is given.

    Returns
    -------
    Finding
        Tables `flooding` (m³, h), `links` (m³/s, m/s, h), `outfalls`; verdicts on the balances of the engine: where one
        is off by more than 10 %, nothing here is to be trusted.

    Raises
    ------
    RainError, ModelError, SimulationError, NothingToSimulateError, PlaceError, PlanError, FileRefusedError
        When the storm is not known, or the model is refused, breaks off or takes too long.
    """
    arguments = {"rain": rain.strip(), "model": model, "crs": crs.strip(), "within": within, "ground": ground}
    if model.strip():
        answer = _Answer.of_model(model, crs.strip())
        code = plan
    else:
        of_plan = plan_if_any(city, plan)
        answer = _Answer.of_layers(city, _storm(rain), of_plan, within=within, ground=ground)
        code = of_plan.code if of_plan else ""
    return Finding(
        question="storm_drainage",
        title=_TITLE,
        arguments={**arguments, "plan": code},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=answer.quantities,
        tables=(answer.flooding, answer.links, answer.outfalls),
        verdicts=balance_verdicts(answer.results),
        features=tuple(answer.features()),
        notes=tuple(answer.notes()),
        sources=answer.sources,
    )


def _storm(given: str) -> Rain:
    storm = rain_given(given)
    if storm is None:
        raise RainError("", "is not given; it is not known for this place")
    return storm


@dataclass(frozen=True)
class _Answer:
    """What a simulation found, of the layers or of a model of its own."""

    results: Results
    drawn: Drawn
    written: Written | None
    plan: RegisteredPlan | None
    about: tuple[Words, ...]

    @classmethod
    def of_layers(
        cls, city: City, storm: Rain, plan: RegisteredPlan | None, *, within: str, ground: Reading
    ) -> _Answer:
        """Simulate the drains of the city."""
        where = place(city, within)
        written = built(city, storm, plan, where=where, ground=ground)
        results = simulate(written.text, begin=0.1)
        lasting = said("Mưa kéo dài {t} phút", "Rain lasts {t} min", t=storm.lasting_min)
        return cls(results, Drawn.of_layers(written), written, plan, (where.label, storm.words(), lasting))

    @classmethod
    def of_model(cls, given: str, system: str) -> _Answer:
        """Simulate a model of its own."""
        read = model_given(given)
        results = simulate(read.text)
        unplaced = () if system else (_NOT_DRAWN,)
        return cls(results, Drawn.of_model(read, results, system), None, None, (_OWN, *unplaced))

    @cached_property
    def _flooded(self) -> list[NodeResult]:
        """Nodes at which water came out, the most first."""
        found = [each for each in self.results.nodes if each.flooded_m3 > _NOTHING_M3]
        return sorted(found, key=lambda each: (-each.flooded_m3, each.name))

    @cached_property
    def _conduits(self) -> list[LinkResult]:
        """Conduits, those that were full the longest first."""
        found = [each for each in self.results.links if each.is_conduit]
        return sorted(found, key=lambda each: (-each.full_h, -each.flow_m3_s, each.name))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What fell, ran off, came out, and what was left out."""
        found = self.results
        full = sum(each.full_h > 0 for each in self._conduits)
        runoff_off, routing_off = (each / 100 for each in found.errors_percent)
        return (
            Quantity("rain_mm", Words("Lượng mưa", "Rain"), found.rain_mm, "mm"),
            Quantity("runoff_mm", Words("Dòng chảy mặt", "Run-off"), found.runoff_mm, "mm"),
            Quantity("inflow_m3", Words("Nước vào cống", "Into the drains"), found.inflow_m3, "m³"),
            Quantity("outflow_m3", Words("Nước ra cửa xả", "Out of outfalls"), found.outflow_m3, "m³"),
            Quantity("flooded_m3", Words("Nước tràn", "Out of manholes"), found.flooded_m3, "m³"),
            Quantity("flooded", Words("Giếng có nước tràn", "Manholes that flood"), len(self._flooded), "objects"),
            Quantity("full", Words("Cống chảy đầy", "Sewers that run full"), full, "objects"),
            Quantity("conduits", Words("Cống trong mô hình", "Sewers in the model"), len(self._conduits), "objects"),
            Quantity("runoff_error_share", Words("Sai số dòng chảy mặt", "Error of run-off"), runoff_off, "1"),
            Quantity("routing_error_share", Words("Sai số trong cống", "Error of routing"), routing_off, "1"),
            *self._left_out,
        )

    @property
    def _left_out(self) -> tuple[Quantity, ...]:
        if self.written is None:
            return ()
        inlets = self.written.inlets
        number = len(self.written.network.sewers) - len(self.written.sewers)
        out_m2 = float(inlets.area_m2.sum() - inlets.area_m2[self.written.areas].sum())
        return (
            Quantity("left_out", Words("Cống không đưa vào mô hình", "Sewers left out"), number, "objects"),
            Quantity("left_out_ha", Words("Lưu vực không đưa vào", "Land left out"), out_m2 / _M2_OF_HA, "ha"),
        )

    @property
    def flooding(self) -> Table:
        """Where water came out, the most first."""
        headings = (
            Heading("node", Words("Giếng, nút", "Manhole, node")),
            Heading("flooded_m3", Words("Nước tràn", "Came out"), "m³"),
            Heading("flooded_h", Words("Thời gian tràn", "For"), "h"),
            Heading("overflow_m3_s", Words("Tràn lớn nhất", "At the most"), "m³/s"),
            Heading("inflow_m3_s", Words("Lưu lượng đến lớn nhất", "Peak inflow"), "m³/s"),
            Heading("depth_m", Words("Độ sâu nước", "Depth"), "m"),
        )
        rows: list[tuple[Cell, ...]] = [
            (
                self.drawn.node(each.name)[0].label,
                *(each.flooded_m3, each.flooded_h, each.overflow_m3_s, each.inflow_m3_s, each.depth_m),
            )
            for each in self._flooded[:_MOST_LISTED]
        ]
        return Table(
            "flooding", _cut("Nơi nước tràn", "Where water comes out", rows, self._flooded), headings, tuple(rows)
        )

    @property
    def links(self) -> Table:
        """What flowed in sewers, those that were full the longest first."""
        headings = (
            Heading("link", Words("Cống", "Sewer")),
            Heading("flow_m3_s", Words("Lưu lượng lớn nhất", "Peak flow"), "m³/s"),
            Heading("velocity_m_s", Words("Vận tốc lớn nhất", "Peak velocity"), "m/s"),
            Heading("depth_m", Words("Độ sâu lớn nhất", "Greatest depth"), "m"),
            Heading("full_h", Words("Thời gian đầy", "Full for"), "h"),
        )
        rows: list[tuple[Cell, ...]] = [
            (self.drawn.link(each.name)[0].label, each.flow_m3_s, each.velocity_m_s, each.depth_m, each.full_h)
            for each in self._conduits[:_MOST_LISTED]
        ]
        return Table(
            "links", _cut("Dòng chảy trong cống", "Flow in sewers", rows, self._conduits), headings, tuple(rows)
        )

    @property
    def outfalls(self) -> Table:
        """What came out of outfalls at the most."""
        headings = (
            Heading("outfall", Words("Cửa xả", "Outfall")),
            Heading("flow_m3_s", Words("Lưu lượng lớn nhất", "Peak flow"), "m³/s"),
        )
        found = [each for each in self.results.nodes if each.kind is NodeKind.OUTFALL]
        rows: list[tuple[Cell, ...]] = [
            (self.drawn.node(each.name)[0].label, each.inflow_m3_s)
            for each in sorted(found, key=lambda each: (-each.inflow_m3_s, each.name))[:_MOST_LISTED]
        ]
        return Table("outfalls", _cut("Cửa xả", "Outfalls", rows, found), headings, tuple(rows))

    def features(self) -> Iterator[Feature]:
        """Yield sewers by how long they were full, then manholes by what came out."""
        for each in reversed(self._conduits):
            subject, line = self.drawn.link(each.name)
            look = next(look for most, look in _LINKS if each.full_h <= most)
            if line is not None:
                yield Feature(subject, line, {"flow_m3_s": each.flow_m3_s, "full_h": each.full_h}, look)
        for node in reversed(self._flooded):
            subject, point = self.drawn.node(node.name)
            look = next(look for most, look in _FLOODED if node.flooded_m3 <= most)
            if point is not None:
                yield Feature(subject, point, {"flooded_m3": node.flooded_m3, "flooded_h": node.flooded_h}, look)

    def notes(self) -> Iterator[Words]:
        """Yield what was simulated, and whether it is to be trusted."""
        if not self.results.is_trusted:
            yield _NOT_TRUSTED
        yield from self.about

    @property
    def sources(self) -> tuple[Source, ...]:
        """The engine; of the layers, the convention and the plan."""
        if self.written is None:
            return (_ENGINE,)
        return (_ENGINE, conventions().source, *((plan_source(self.plan),) if self.plan else ()))


_OWN = Words(
    "Mô hình do người hỏi đưa ra, không phải mạng của thành phố", "A model that was given, not the city's drains"
)
_NOT_DRAWN = Words(
    "Không có hệ tọa độ (`crs`): kết quả không được vẽ", "No coordinate system (`crs`): results are not drawn"
)
_NOT_TRUSTED = Words(
    "KHÔNG ĐÁNG TIN: sai số cân bằng của chương trình trên 10 %",
    "NOT TO BE TRUSTED: a balance of the engine is off by more than 10 %",
)


def _cut(vi: str, en: str, rows: list[tuple[Cell, ...]], found: list[NodeResult] | list[LinkResult]) -> Words:
    counted = "" if len(rows) == len(found) else f" ({len(rows)}/{len(found)})"
    return Words(f"{vi}{counted}", f"{en}{counted}")
