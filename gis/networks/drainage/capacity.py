"""Whether sewers carry what the rain brings: the greatest that they carry against the least and the most that comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gis.findings import Outcome
from gis.networks.drainage.ground import Runoff
from gis.networks.drainage.inlets import Inlets
from gis.networks.drainage.loads import Carried, Loads, carried, rational_loads, scs_loads
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from gis.networks.drainage.periods import Periods, kinds_of
from gis.networks.drainage.rain import Rain
from gis.networks.drainage.records import Texts
from gis.networks.drainage.runoff import RATIONAL
from gis.networks.graph import Marks, Numbers
from layers.model import Words

Method = Literal["rational", "scs"]
_LOADS = {"rational": rational_loads, "scs": scs_loads}
_LONGEST_YEARS = 1.0

_NO_RAIN = Words(
    "Chưa biết mưa thiết kế (hằng số A, C, b, n của TCVN 7957 tại địa phương); hãy cho biết `rain`",
    "The design rain (constants A, C, b, n of TCVN 7957 for the place) is not known; give `rain`",
)
_NO_PERIOD = Words("Chưa biết chu kỳ tràn cống phải bảo đảm", "The return period asked for is not known")
_NO_CAPACITY = Words(
    "Chưa tính được khả năng tải: thiếu hoặc sai kích thước, hệ số nhám, cao độ đáy, hoặc dốc ngược",
    "What it carries cannot be said: size, roughness or inverts are missing or wrong, or it falls the wrong way",
)
_NO_LAND = Words("Không có lưu vực nào dẫn đến đoạn cống này", "No catchment is led to this sewer or above it")
_NO_BOUND = Words(
    "Chưa rõ lượng nước đến: phía trên có nút thiếu, hoặc các cống chảy thành vòng",
    "What comes to it is not known: a node is missing above, or sewers lead round in a loop",
)
_BETWEEN = Words(
    "Lưu lượng đến nằm giữa hai giới hạn, khả năng tải nằm giữa chúng",
    "What comes lies between two bounds, and what it carries lies between them too",
)


@dataclass(frozen=True)
class Capacity:
    """Sewers against the rain: what each carries when full, what comes to it, and how it stands.

    `kind` is main or branch, `years` the period it is held against. `held_mm_h` is the hardest rain it carries, by the
    rational method. `reason` says why something cannot be decided. NaN is what is not known.
    """

    kind: Texts
    years: Numbers
    full_m3_s: Numbers
    full_m_s: Numbers
    area_m2: Numbers
    load_least: Numbers
    load_most: Numbers
    time_min: Numbers
    flow_least: Numbers
    flow_most: Numbers
    held_mm_h: Numbers
    filled_share: Numbers
    is_divided: Marks
    outcome: tuple[Outcome, ...]
    reason: tuple[Words | None, ...]


def capacity(
    network: Network,
    parts: Parts,
    inlets: Inlets,
    *,
    ground: Runoff,
    rain: Rain | None,
    periods: Periods,
    method: Method,
) -> Capacity:
    """Hold each sewer against the rain of the return period it has to carry."""
    conduits = network.sewers.conduits
    kind = kinds_of(conduits.sections.size_m)
    years = np.array([periods.years(each) or np.nan for each in kind], dtype=np.float64)
    found = _by_period(network, parts, inlets, (ground, rain, method), years)
    full = conduits.full_flow_m3_s
    rational = found if method == "rational" else _by_period(network, parts, inlets, (ground, None, "rational"), years)
    with np.errstate(divide="ignore", invalid="ignore"):
        held = np.where((rational.most > 0) & np.isfinite(rational.most), full / (RATIONAL * rational.most), np.nan)
        filled = (
            conduits.depth_m(np.nan_to_num(found.flow_most, nan=np.nan, posinf=np.nan)) / conduits.sections.height_m
        )
    outcome, reason = _judged(full, found, years, rain)
    return Capacity(
        kind,
        years,
        full,
        conduits.full_velocity_m_s,
        found.area_m2,
        found.least,
        found.most,
        found.time_min,
        found.flow_least,
        found.flow_most,
        held,
        filled,
        found.is_divided,
        outcome,
        reason,
    )


def loads_of(inlets: Inlets, ground: Runoff, rain: Rain | None, *, method: Method, period_years: float) -> Loads:
    """Return what enters at inlets by a method, once in so many years."""
    return _LOADS[method](inlets, ground, rain, period_years=period_years)


def _by_period(
    network: Network, parts: Parts, inlets: Inlets, how: tuple[Runoff, Rain | None, Method], years: Numbers
) -> Carried:
    """Return what comes to each sewer in the rain of its own period; where that is not known, no rain is taken."""
    ground, rain, method = how
    known = sorted(set(years[np.isfinite(years)].tolist()))
    whole = carried(network, parts, inlets, loads_of(inlets, ground, None, method=method, period_years=_LONGEST_YEARS))
    for period in known if rain is not None else ():
        mine = years == period
        found = carried(network, parts, inlets, loads_of(inlets, ground, rain, method=method, period_years=period))
        whole = _chosen(mine, found, whole)
    return whole


def _chosen(mine: Marks, found: Carried, other: Carried) -> Carried:
    return Carried(
        np.where(mine, found.area_m2, other.area_m2),
        np.where(mine, found.least, other.least),
        np.where(mine, found.most, other.most),
        np.where(mine, found.time_min, other.time_min),
        mine & found.is_time_known | ~mine & other.is_time_known,
        np.where(mine, found.flow_least, other.flow_least),
        np.where(mine, found.flow_most, other.flow_most),
        found.is_divided,
        found.arrived,
    )


def _judged(
    full: Numbers, found: Carried, years: Numbers, rain: Rain | None
) -> tuple[tuple[Outcome, ...], tuple[Words | None, ...]]:
    """Return how sewers stand, and why nothing can be said of some: what is certain stands, whatever is missing."""
    known = np.isfinite(full) & np.isfinite(years) & (rain is not None)
    fails = known & (found.flow_least > full)
    passes = known & (found.flow_most <= full) & (found.area_m2 > 0)
    causes = (
        (np.full(len(full), rain is None), _NO_RAIN),
        (~np.isfinite(full), _NO_CAPACITY),
        (~np.isfinite(years), _NO_PERIOD),
        (~np.isfinite(found.most) & (found.least >= 0), _NO_BOUND),
        (~(found.area_m2 > 0), _NO_LAND),
        (np.ones(len(full), dtype=np.bool_), _BETWEEN),
    )
    outcome = np.select([fails, passes], [0, 1], 2)
    why = np.select([mark for mark, _ in causes], range(len(causes)))
    by_place = (Outcome.FAIL, Outcome.PASS, Outcome.UNDECIDED)
    return (
        tuple(by_place[place] for place in outcome.tolist()),
        tuple(
            causes[cause][1] if place == 2 else None  # noqa: PLR2004 - the place of what cannot be decided
            for place, cause in zip(outcome.tolist(), why.tolist(), strict=True)
        ),
    )
