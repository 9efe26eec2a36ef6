"""The drains of a city held against a rain: all that was read and found on the way to the verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.answering import told
from gis.db import City
from gis.findings import Verdict
from gis.networks.drainage.capacity import Capacity, Method, capacity, loads_of
from gis.networks.drainage.channel_loads import ChannelLoad, channel_loads
from gis.networks.drainage.channels import Channels
from gis.networks.drainage.conventions import conventions
from gis.networks.drainage.ground import Reading, Runoff, runoff
from gis.networks.drainage.inlets import Catching, catching
from gis.networks.drainage.judging import WORST_FIRST, Judge
from gis.networks.drainage.loads import carried
from gis.networks.drainage.network import Network
from gis.networks.drainage.parts import Parts
from gis.networks.drainage.periods import Periods
from gis.networks.drainage.rain import Rain
from gis.networks.graph import Marks, Numbers
from gis.overlay import Shapes
from gis.planning.places import Place
from gis.planning.plans import RegisteredPlan
from gis.standards import Edition


@dataclass(frozen=True)
class Terms:
    """How drains are held against a rain: by which plan and standard, in a city of which class, by which method.

    `ground` says whether paved shares follow from the use of land, or are those that catchments say; `rain` is None
    where it is not known, and then nothing is judged.
    """

    plan: RegisteredPlan | None
    standard: Edition
    urban_class: str
    rain: Rain | None
    method: Method = "rational"
    ground: Reading = "land_use"


@dataclass(frozen=True)
class Drains:
    """The drains of a city as it is seen: sewers, how they hang together, channels, and where rain enters."""

    network: Network
    parts: Parts
    channels: Channels
    caught: Catching

    @classmethod
    def read(cls, city: City) -> Drains:
        """Read them."""
        network, channels = Network.read(city, "storm"), Channels.read(city)
        parts = Parts(network)
        return cls(network, parts, channels, catching(city, network, parts))


@dataclass(frozen=True)
class Held:
    """Sewers and channels held against a rain."""

    terms: Terms
    network: Network
    caught: Catching
    ground: Runoff
    found: Capacity
    channels: Channels
    loads: tuple[ChannelLoad, ...]
    judge: Judge

    @classmethod
    def against(cls, city: City, terms: Terms) -> Held:
        """Read the drains as the city is seen, and hold them against a rain."""
        drains = Drains.read(city)
        told(0.2)
        paved = runoff(city, drains.caught.inlets, terms.plan, reading=terms.ground)
        told(0.6)
        return cls.of(drains, terms, paved)

    @classmethod
    def of(cls, drains: Drains, terms: Terms, paved: Runoff) -> Held:
        """Hold drains against a rain that falls on ground paved so far."""
        network, parts, channels, caught = drains.network, drains.parts, drains.channels, drains.caught
        inlets, periods = caught.inlets, Periods.of(terms.standard, terms.urban_class)
        found = capacity(network, parts, inlets, ground=paved, rain=terms.rain, periods=periods, method=terms.method)
        told(0.8)
        years = periods.years("channel")
        rain = terms.rain if years else None
        let_in = loads_of(inlets, paved, rain, method=terms.method, period_years=years or 1.0)
        into = channel_loads(network, channels, carried(network, parts, inlets, let_in), let_in)
        judge = Judge(network, found, periods, terms.rain, terms.method, terms.standard.code, conventions().certainty)
        return cls(terms, network, caught, paved, found, channels, tuple(into), judge)

    @cached_property
    def load_ratio(self) -> Numbers:
        """What comes, at the most, over what a sewer carries; NaN where either is not known."""
        with np.errstate(divide="ignore", invalid="ignore"):
            share = self.found.flow_most / self.found.full_m3_s
        return np.where(np.isfinite(share), share, np.nan)

    def sewers_in(self, where: Place) -> list[int]:
        """Return the sewers of a place, ranked."""
        return self.ranked(_inside(self.network.sewers.lines, where))

    def ranked(self, which: Marks) -> list[int]:
        """Return some sewers: what fails first, then by what comes for what they carry, the worst first.

        Where it is not known what comes, those that carry the least rain are first.
        """
        rank = np.array([WORST_FIRST.index(each) for each in self.found.outcome], dtype=np.int64)
        weakest = np.nan_to_num(self.found.held_mm_h, nan=np.inf)
        order = np.lexsort((self.network.sewers.uid, weakest, -np.nan_to_num(self.load_ratio), rank))
        return order[which[order]].tolist()

    def channels_in(self, where: Place) -> list[ChannelLoad]:
        """Return the channels of a place."""
        inside = _inside(self.channels.lines, where)
        return [each for each in self.loads if inside[each.channel]]

    def channel_line(self, load: ChannelLoad, where: Place) -> BaseGeometry:
        """Return what of a channel lies in a place."""
        line: BaseGeometry = self.channels.lines[load.channel]
        return line if where.geometry is None else line.intersection(where.geometry)

    def verdicts(self, where: Place, most: int) -> tuple[Verdict, ...]:
        """Return the verdicts on the sewers and channels of a place, what fails first.

        Of more sewers than so many there is one verdict for all that lead to one outfall.
        """
        return self.verdicts_on(self.sewers_in(where), self.channels_in(where), most)

    def verdicts_on(self, sewers: Sequence[int], channels: Sequence[ChannelLoad], most: int) -> tuple[Verdict, ...]:
        """Return what `verdicts` does of some sewers and channels."""
        listed = list(map(self.judge.sewer, sewers)) if len(sewers) <= most else list(self._by_outfall(sewers))
        listed += [self.judge.channel(each, self.channels) for each in channels]
        return tuple(sorted(listed, key=lambda each: WORST_FIRST.index(each.outcome)))

    def _by_outfall(self, sewers: Sequence[int]) -> Iterator[Verdict]:
        goal = Parts(self.network).goal[self.network.sewers.start[sewers]]
        for outfall in np.unique(goal).tolist():
            yield self.judge.outfall(
                outfall, [sewer for sewer, mine in zip(sewers, goal.tolist(), strict=True) if mine == outfall]
            )

    @property
    def lost_sewers(self) -> int:
        """How many sewers lead to a node that is not there: what they carry is not added to any other."""
        sewers = self.network.sewers
        return int(((sewers.end < 0) & (sewers.start >= 0)).sum())

    @property
    def mean_coefficient(self) -> tuple[float | None, float | None]:
        """The run-off coefficient of all catchments, least and most, by area; None without catchments."""
        area = self.caught.inlets.area_m2
        if not area.sum():
            return None, None
        least, most = (float((each * area).sum() / area.sum()) for each in self.ground.coefficients)
        return least, most


def _inside(lines: Shapes, where: Place) -> Marks:
    if where.geometry is None or not len(lines):
        return np.ones(len(lines), dtype=np.bool_)
    shapely.prepare(where.geometry)
    return np.asarray(shapely.intersects(where.geometry, lines), dtype=np.bool_)
