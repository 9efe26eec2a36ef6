"""The layout of one sample city: everything that is known before the first feature is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gis.sample.arrays import Flags, Floats, Ints
from gis.sample.frame import Frame, frame
from gis.sample.lots import Lots, lattice, lots
from gis.sample.patterns import PATTERNS, Make, Pattern
from gis.sample.quarters import NEVER, Quarters, quarters
from gis.sample.services import SERVICES, planned_services, services
from gis.sample.shore import Shore, shore
from gis.sample.skeleton import Skeleton, skeleton
from gis.sample.terrain import Terrain, terrain
from gis.sample.wards import Wards, wards
from gis.sample.waves import Sway, sway

_SCALED = (Make.OLD, Make.ROW, Make.VILLA, Make.VILLAGE, Make.MIXED)
_COUNTED = 700
_JOIN_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Layout:
    """One sample city before its features are written. `lot_scale` : by how much lots are wider than in patterns."""

    frame: Frame
    shore: Shore
    ground: Terrain
    bones: Skeleton
    home: Quarters
    sway: Sway
    wards: Wards
    wanted: list[list[int]]
    lot_scale: float

    @property
    def road(self) -> Flags:
        """Which edges of the skeleton carry a street."""
        return self.home.road

    def phases(self, quarter: int) -> list[tuple[Make, int, int]]:
        """Return what a quarter is in turn, with the stages it begins and ends at."""
        return phases(self.home, quarter)


def phases(home: Quarters, quarter: int) -> list[tuple[Make, int, int]]:
    """Return what a quarter is in turn, with the stages it begins and ends at; waters and slivers are nothing."""
    made, changes = Make(int(home.made[quarter])), int(home.changes[quarter])
    turns = [(made, 0, changes)]
    if changes != NEVER:
        turns.append((Make(int(home.becomes[quarter])), changes, NEVER))
    return [turn for turn in turns if turn[0] > Make.BEACH and home.area_ha[quarter] > 0.02]


def layout(*, parcels: int, seed: int) -> Layout:
    """Lay out a city of so many parcels."""
    measure = frame(parcels=parcels, seed=seed)
    waters = shore(measure)
    ground = terrain(measure, waters)
    bones = skeleton(measure, waters)
    home = quarters(measure, waters, ground, bones)
    field = sway(measure.rng(20), length_m=210)
    parts = wards(measure, bones, home)
    wanted = services(home, parts.face_people)
    draft = Layout(measure, waters, ground, bones, home, field, parts, wanted, 1.0)
    return replace(draft, lot_scale=_lot_scale(draft))


def scaled(pattern: Pattern, made: Make, scale: float) -> Pattern:
    """Return a pattern with lots that much wider, where dwellings stand."""
    return replace(pattern, lot_width_m=pattern.lot_width_m * scale) if made in _SCALED else pattern


def lots_of(plan: Layout, quarter: int, made: Make, stage: int) -> tuple[Lots, list[int]]:
    """Cut one quarter into lots for one of its phases; return them and the services its reserved sites are for."""
    wanted = plan.wanted[quarter] if stage == 0 else planned_services(plan.frame, quarter)
    if stage > 0 and made not in _SCALED:
        wanted = []
    rng = plan.frame.rng(30, quarter, stage)
    pattern = scaled(PATTERNS[made], made, plan.lot_scale)
    ways = lattice(plan.home.site[quarter], pattern, rng, plan.sway)
    areas = np.array([SERVICES[number].site_m2 for number in wanted])
    return lots(ways, plan.home.site[quarter], sites_m2=areas, join_share=_JOIN_SHARE, rng=rng), wanted


def _lot_scale(plan: Layout) -> float:
    """Return the scale of lot widths with which the city has the parcels asked for.

    Counted on every quarter of a small city, on a sample of the quarters of a large one.
    """
    quarters_made = [
        (quarter, made, stage) for quarter in range(len(plan.home.made)) for made, stage, _ in plan.phases(quarter)
    ]
    expected = np.array([PATTERNS[made].per_ha * plan.home.area_ha[quarter] for quarter, made, _ in quarters_made])
    groups = np.array([int(made) for _, made, _ in quarters_made])
    chosen = _sampled(groups, expected, plan.frame.rng(42))
    scale, best, error = 1.0, 1.0, np.inf
    for _ in range(4):
        trial = replace(plan, lot_scale=scale)
        counted = np.array([len(lots_of(trial, *quarters_made[number])[0].shapes) for number in chosen])
        total = _estimated(groups, expected, chosen, counted)
        off = abs(total / plan.frame.parcels - 1)
        if off < error:
            best, error = scale, off
        if off < 0.004:
            break
        fixed = total - _estimated(groups, expected, chosen, counted * np.isin(groups[chosen], _SCALED))
        scale *= float(np.clip((total - fixed) / max(plan.frame.parcels - fixed, 1), 0.6, 1.7))
    return best


def _sampled(groups: Ints, expected: Floats, rng: np.random.Generator) -> Ints:
    if len(groups) <= _COUNTED:
        return np.arange(len(groups))
    picked: list[Ints] = []
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        share = expected[members].sum() / expected.sum()
        count = min(len(members), max(12, int(_COUNTED * share)))
        picked.append(rng.choice(members, count, replace=False))
    return np.sort(np.concatenate(picked))


def _estimated(groups: Ints, expected: Floats, chosen: Ints, counted: Floats | Ints) -> float:
    """Return the number of lots of the city, from those counted in the chosen quarters, group by group."""
    size = int(groups.max()) + 1
    whole = np.bincount(groups, expected, size)
    seen = np.bincount(groups[chosen], expected[chosen], size)
    found = np.bincount(groups[chosen], counted, size)
    return float((found * np.divide(whole, seen, out=np.zeros(size), where=seen > 0)).sum())
