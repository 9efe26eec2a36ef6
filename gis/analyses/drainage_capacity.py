"""Whether sewers and channels carry the rain they have to, at the horizon the city is seen at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from gis.days import day
from gis.db import City
from gis.findings import Feature, Finding, Heading, Look, Outcome, Quantity, Source, Subject, Table
from gis.findings.figures import said
from gis.findings.sources import plan_source, standard_source
from gis.findings.table import Cell
from gis.networks.drainage.capacity import Method
from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.ground import Reading
from gis.networks.drainage.held import Held, Terms
from gis.networks.drainage.judging import WORST_FIRST
from gis.networks.drainage.periods import KINDS
from gis.networks.drainage.rain import rain as rain_given
from gis.planning.places import Place, place
from gis.planning.plans import plan_if_any
from gis.standards import edition as edition_named
from gis.standards import in_force
from layers.model import Words

_TITLE = Words("Khả năng thoát nước mưa của cống, kênh", "What sewers and channels carry of the rain")
_M2_OF_HA, _M_OF_KM = 10_000, 1_000
_MOST_LISTED = 1_000
_MOST_JUDGED = 500
_KINDS = {
    "channel": Words("Kênh, sông", "Channel"),
    "main": Words("Cống chính", "Main sewer"),
    "branch": Words("Cống nhánh", "Branch"),
    None: Words("Chưa rõ loại", "Kind unknown"),
}
_LOOKS = (
    (0.7, Look(Words("Đầy dưới 70 % khả năng", "Less than 70 % of what it carries"), "#2f7f4f")),
    (1.0, Look(Words("70–100 % khả năng", "70 to 100 % of what it carries"), "#8fb24f")),
    (1.5, Look(Words("Quá tải đến 1,5 lần", "Overloaded up to 1.5 times"), "#e0a040")),
    (np.inf, Look(Words("Quá tải trên 1,5 lần", "Overloaded more than 1.5 times"), "#c22f2f")),
)
_METHODS = {
    "rational": Words("Phương pháp cường độ giới hạn: Q = 0,278·C·i·A", "Rational method: Q = 0.278 C i A"),
    "scs": Words("Phương pháp SCS (số đường cong CN), biểu đồ tam giác", "SCS curve numbers, triangular hydrograph"),
}
_NO_RAIN = Words(
    "Chưa biết mưa thiết kế: không kết luận; cột “Chịu được mưa” là cường độ lớn nhất mà cống tải được",
    "The design rain is not known: nothing is judged; the hardest rain that each sewer carries is told",
)
_DIVIDED = Words(
    "Ở nút có nhiều cống ra, nước được chia theo khả năng tải khi đầy",
    "Where several sewers leave a node, water is divided by what they carry when full",
)
_UNDECIDED = Look(Words("Chưa đủ căn cứ", "Cannot be decided"), "#9a9a9a")


def drainage_capacity(
    city: City,
    *,
    rain: str = "",
    method: Method = "rational",
    ground: Reading = "land_use",
    within: str = "city",
    urban_class: Literal["special", "I", "II", "III", "IV", "V"] = "I",
    edition: str = "",
    plan: str = "",
) -> Finding:
    """Hold what each sewer carries against the run-off of the rain that it has to carry.

    A sewer carries what flows in it by Manning when it is full. What comes is added up from the catchments above, by
    the rational method or that of the SCS, in the rain of the return period that the standard asks for; it is a bound
    where shares of paved ground are not known. A main sewer is told from a branch by its width. Catchments whose outlet
    is an outfall are shared among the manholes that lead there. Without a rain nothing is judged, and the hardest rain
    that each sewer carries is told. A channel may be found too small, never large enough: other land drains into it.

    Parameters
    ----------
    rain : constants of TCVN 7957 (l/s/ha, min) as `A=… C=… b=… n=…`, or mm/h as `i=…`; with `t=…` min for the SCS.
    method : the rational method, or that of the SCS, which needs to know how long it rains.
    ground : whether paved shares follow from the use of land at the horizon, or are those that catchments say.
    within : sewers of a place: `city`, `ward:CODE`, `plan:CODE`, or a polygon as GeoJSON in longitude and latitude.
    urban_class : class of the city; the former Đà Nẵng was of class I.
    edition : the edition of QCVN 01, such as `01:2021`; the one in force today where none is given.
    plan : code of the plan that says the use of land in 2030 and 2045; the approved general plan where none is given.

    Returns
    -------
    Finding
        A verdict for each sewer and channel, what fails first; where there are more than 500 sewers, for all that lead
        to one outfall. Tables `totals` and `sewers` (m³/s, mm/h, min).

    Raises
    ------
    RainError, PlaceError, PlanError, NoEditionError, UnknownEditionError
        When there is no such rain, place, plan or edition.
    """
    standard = edition_named(edition) if edition else in_force(on=day(""))
    terms = Terms(plan_if_any(city, plan), standard, urban_class, rain_given(rain), method, ground)
    answer = _Answer(Held.against(city, terms), place(city, within))
    return Finding(
        question="drainage_capacity",
        title=_TITLE,
        arguments={"rain": rain.strip(), "method": method, "ground": ground, "within": within}
        | {"urban_class": urban_class, "edition": standard.number, "plan": terms.plan.code if terms.plan else ""},
        horizon=city.horizon,
        scenario=city.scenario,
        quantities=answer.quantities,
        tables=(answer.totals, answer.table),
        verdicts=answer.held.verdicts(answer.where, _MOST_JUDGED),
        features=tuple(answer.features()),
        notes=tuple(answer.notes()),
        sources=answer.sources,
    )


@dataclass(frozen=True)
class _Answer:
    """Drains held against a rain, told for a place."""

    held: Held
    where: Place

    @cached_property
    def _sewers(self) -> list[int]:
        return self.held.sewers_in(self.where)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What was looked at, and how much of it stands how."""
        held, caught, ground = self.held, self.held.caught, self.held.ground
        known = {each: self._km(each) for each in WORST_FIRST}
        whole = sum(known.values())
        least, most = held.mean_coefficient
        listed = [
            Quantity("sewers", Words("Số đoạn cống", "Sewers"), len(self._sewers), "objects"),
            Quantity("length_km", Words("Chiều dài cống", "Length of sewers"), whole, "km"),
            *(
                Quantity(f"{each.value}_share", each.words, known[each] / whole if whole else None, "1")
                for each in WORST_FIRST
            ),
        ]
        if self.where.geometry is not None:
            return tuple(listed)
        area = float(caught.inlets.area_m2.sum())
        return (
            *listed,
            Quantity("catchment_ha", Words("Lưu vực", "Catchments"), area / _M2_OF_HA if area else None, "ha"),
            Quantity(
                "lost_ha",
                Words("Lưu vực không có cửa ra", "Catchments without an outlet"),
                caught.lost_m2 / _M2_OF_HA,
                "ha",
            ),
            Quantity("coefficient", Words("Hệ số dòng chảy, lớn nhất", "Run-off coefficient, most"), most, "1"),
            Quantity("coefficient_least", Words("Hệ số dòng chảy, nhỏ nhất", "Run-off coefficient, least"), least, "1"),
            Quantity("by_use_share", Words("Đất có hệ số theo loại đất", "Land by its use"), ground.known_share, "1"),
            Quantity(
                "by_catchment_share", Words("Đất theo số liệu lưu vực", "Land by its catchment"), ground.said_share, "1"
            ),
        )

    def _km(self, outcome: Outcome) -> float:
        lengths, outcomes = self.held.network.sewers.length_m, self.held.found.outcome
        return float(sum(lengths[sewer] for sewer in self._sewers if outcomes[sewer] is outcome)) / _M_OF_KM

    @property
    def totals(self) -> Table:
        """How many sewers and channels, and how long, stand how; by kind."""
        headings = (
            Heading("kind", Words("Loại", "Kind")),
            Heading("period_years", Words("Chu kỳ quy định", "Period asked"), "years"),
            Heading("number", Words("Số lượng", "Number")),
            Heading("length_km", Words("Chiều dài", "Length"), "km"),
            *(Heading(f"{each.value}_km", each.words, "km") for each in WORST_FIRST),
        )
        rows: list[tuple[Cell, ...]] = []
        for kind in (*KINDS, None):
            each = list(self._lengths(kind))
            by_outcome = (sum(km for outcome, km in each if outcome is wanted) for wanted in WORST_FIRST)
            if each:
                years = self.held.judge.periods.years(kind)
                rows.append((_KINDS[kind], years, len(each), sum(km for _, km in each), *by_outcome))
        return Table("totals", Words("Tổng hợp theo loại", "By kind"), headings, tuple(rows))

    def _lengths(self, kind: str | None) -> Iterator[tuple[Outcome, float]]:
        found = self.held.found
        if kind == "channel":
            for each in self.held.channels_in(self.where):
                yield each.outcome, float(self.held.channel_line(each, self.where).length) / _M_OF_KM
        for sewer in self._sewers:
            if found.kind[sewer] == kind:
                yield found.outcome[sewer], float(self.held.network.sewers.length_m[sewer]) / _M_OF_KM

    @property
    def table(self) -> Table:
        """Sewer by sewer, what fails first."""
        headings = (
            Heading("code", Words("Cống", "Sewer")),
            Heading("kind", Words("Loại", "Kind")),
            Heading("size_m", Words("Kích thước", "Size"), "m"),
            Heading("area_ha", Words("Lưu vực phía trên", "Land above"), "ha"),
            Heading("concentration_min", Words("Thời gian tập trung", "Concentration"), "min"),
            Heading("flow_m3_s", Words("Lưu lượng đến", "What comes"), "m³/s"),
            Heading("full_m3_s", Words("Khả năng tải", "What it carries"), "m³/s"),
            Heading("full_m_s", Words("Vận tốc khi đầy", "Velocity when full"), "m/s"),
            Heading("load_ratio", Words("Mức tải", "Load"), "1"),
            Heading("depth_share", Words("Độ đầy", "Depth"), "1"),
            Heading("held_mm_h", Words("Chịu được mưa", "Rain it carries"), "mm/h"),
            Heading("outcome", Words("Kết luận", "Outcome")),
        )
        rows = tuple(map(self._row, self._sewers[:_MOST_LISTED]))
        number = len(self._sewers)
        cut = "" if len(rows) == number else f" ({len(rows)}/{number})"
        return Table("sewers", Words(f"Từng đoạn cống{cut}", f"Sewer by sewer{cut}"), headings, rows)

    def _row(self, sewer: int) -> tuple[Cell, ...]:
        found, sewers = self.held.found, self.held.network.sewers
        figures = (
            sewers.conduits.sections.size_m[sewer],
            found.area_m2[sewer] / _M2_OF_HA,
            found.time_min[sewer],
            found.flow_most[sewer],
            found.full_m3_s[sewer],
            found.full_m_s[sewer],
            self.held.load_ratio[sewer],
            found.filled_share[sewer],
            found.held_mm_h[sewer],
        )
        known = (float(each) if np.isfinite(each) else None for each in figures)
        return (sewers.label(sewer), _KINDS[found.kind[sewer]], *known, found.outcome[sewer].words)

    def features(self) -> Iterator[Feature]:
        """Yield the channels, then the sewers, by how much comes for what they carry."""
        held = self.held
        for each in held.channels_in(self.where):
            subject = Subject("channel", held.channels.label(each.channel), int(held.channels.uid[each.channel]))
            look = _LOOKS[-1][1] if each.outcome is Outcome.FAIL else _UNDECIDED
            yield Feature(subject, held.channel_line(each, self.where), {"full_m3_s": each.full_m3_s}, look)
        sewers = held.network.sewers
        for sewer in reversed(self._sewers):
            share = float(held.load_ratio[sewer])
            judged = held.found.outcome[sewer] is not Outcome.UNDECIDED
            look = next(look for most, look in _LOOKS if share <= most) if judged and np.isfinite(share) else _UNDECIDED
            if held.found.outcome[sewer] is Outcome.FAIL and not np.isfinite(share):
                look = _LOOKS[-1][1]
            figures = {
                "load_ratio": share,
                "full_m3_s": held.found.full_m3_s[sewer],
                "held_mm_h": held.found.held_mm_h[sewer],
            }
            known = {name: float(value) if np.isfinite(value) else None for name, value in figures.items()}
            known |= {"outcome": held.found.outcome[sewer].value}
            yield Feature(
                Subject("sewer", sewers.label(sewer), int(sewers.uid[sewer])), sewers.lines[sewer], known, look
            )

    def notes(self) -> Iterator[Words]:
        """Yield what the answer rests on, and what it leaves out."""
        held, terms = self.held, self.held.terms
        yield self.where.label
        yield _NO_RAIN if terms.rain is None else terms.rain.words()
        yield _METHODS[terms.method]
        if held.judge.periods.missing:
            yield held.judge.periods.missing
        if held.lost_sewers:
            yield said(
                "{number} đoạn cống dẫn đến nút không có: nước trong đó không được cộng tiếp, xem drainage_faults",
                "{number} sewers lead to a node that is not there: their water is added to none, see drainage_faults",
                number=held.lost_sewers,
            )
        if held.found.is_divided.any():
            yield _DIVIDED
        if len(self._sewers) > _MOST_JUDGED:
            yield said(
                "Có hơn {most} đoạn cống: kết luận theo từng cửa xả; từng đoạn cống khi thu hẹp bằng `within`",
                "More than {most} sewers: verdicts are by outfall; sewer by sewer in a place named by `within`",
                most=_MOST_JUDGED,
            )

    @property
    def sources(self) -> tuple[Source, ...]:
        """The standard, the convention, the plan where it says the use of land."""
        terms = self.held.terms
        plans = (plan_source(terms.plan),) if terms.plan and terms.ground == "land_use" else ()
        return (standard_source(terms.standard), conventions().source, *plans)
