"""Schools for zones that are built: pupils by the norm, and the places left to them once all who reach a school share.

Places are shared in two steps (2SFCA, Luo and Wang 2003): what a school can take is divided by the people within the
norm's distance along the streets, with those who come; what the zones get is the sum over the schools they reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gis.build_out.chapter import Chapter
from gis.build_out.ground import Ground, titled
from gis.certainty import Certainty
from gis.conformance.norms import norm
from gis.db import City
from gis.findings import Feature, Heading, Look, Outcome, Quantity, Source, Subject, Table, Verdict
from gis.findings.figures import known_sum, said
from gis.findings.table import Cell
from gis.networks.graph import Marks, Numbers
from gis.networks.placing import Placed
from gis.networks.search import between
from gis.networks.streets.convention import convention
from gis.networks.streets.living import Living
from gis.networks.streets.suppliers import Suppliers
from gis.planning.distances import distance_norm
from gis.planning.judging import Check, Found, Judge
from gis.planning.places import Place
from gis.planning.plans import RegisteredPlan
from gis.standards import Edition, Norm
from layers.land import FACILITIES
from layers.model import Words

_KINDS = ("kindergarten", "primary_school", "lower_secondary_school", "upper_secondary_school")
_PLACES, _THOUSAND = "places_per_1000", 1_000
_TWO_STEPS = Source(Words("2SFCA", "2SFCA"), "Luo, Wang 2003, Environment and Planning B 30(6)", Certainty.SECONDARY)
_POINT = Look(Words("Trường học trong tầm", "School within reach"), "#1a1a1a")
_NO_SIZE = Words("Có trường trong tầm chưa rõ sức chứa", "A school within reach is of unknown size")
_UNCOUNTED = Words("Có đất ở trong tầm chưa rõ số người", "How many people live on some land within reach is not known")
_NO_STREET = Words(
    "Một phần của ô ở xa mọi con đường: chưa rõ từ đó đến được trường nào",
    "Some of the ground is far from every street: which schools are reached from there is not known",
)
_NOBODY = Words("Không có ai dùng chung trường", "Nobody shares the schools")
_RATE = "places/1000 people"


@dataclass(frozen=True)
class _Asking:
    """Who lives near the zones, and which of them lives on their ground."""

    living: Living
    inside: Marks

    @classmethod
    def read(cls, city: City, ground: Ground, plan: RegisteredPlan, *, reach_m: float) -> _Asking:
        zones = ground.zones
        near = Place(zones.place.label, shapely.buffer(zones.ground, 2 * reach_m))
        living = Living.read(city, plan, ground.placed, where=near)
        shapely.prepare(zones.ground)
        return cls(living, np.asarray(shapely.intersects(zones.ground, living.places.points), dtype=np.bool_))

    @property
    def elsewhere(self) -> Numbers:
        """People at each place, without those who live on the ground of the zones."""
        return np.where(self.inside, 0.0, self.living.people)


@dataclass(frozen=True)
class _Kind:
    """One kind of school: what is asked, which schools the zones reach, and how many people share each of them."""

    ground: Ground
    kind: str
    asking: _Asking
    rate: Norm | None
    within: tuple[float, Norm] | None
    all_placed: Placed
    schools: Suppliers
    reached: Numbers
    before: Numbers
    after: Numbers

    @classmethod
    def of(cls, city: City, ground: Ground, asking: _Asking, kind: str, standard: Edition) -> _Kind:
        """Find the schools within the norm's distance along the streets, and who shares them."""
        every = Suppliers.read(city, kind, ground.placed)
        within = distance_norm(standard, kind, area="new")
        most = within[0] if within else 0.0
        far = between(ground.network.walking, ground.at, every.placed, most=most)
        mine = np.flatnonzero(np.isfinite(far).any(axis=0))
        schools, reached = every.chosen(mine), np.isfinite(far[:, mine]).astype(np.float64)
        ways = between(ground.network.walking, asking.living.places, schools.placed, most=most)
        theirs = np.isfinite(ways).astype(np.float64)
        elsewhere, zones = asking.elsewhere @ theirs, ground.zones
        here = ground.lots.share @ reached
        before, after = (elsewhere + number * here for number in (zones.today or 0.0, zones.then))
        rate = norm(standard, _PLACES, {"facility": kind, "setting": "urban"})
        return cls(ground, kind, asking, rate, within, every.placed, schools, reached, before, after)

    @property
    def title(self) -> Words:
        """What it is called."""
        code = FACILITIES.named(self.kind)
        return code.title if code else Words(self.kind, self.kind)

    @property
    def pupils(self) -> float | None:
        """Places that those who come need, by the norm."""
        return None if self.rate is None else self.ground.zones.more * self.rate.least / _THOUSAND

    def per_1000(self, asking: Numbers) -> float | None:
        """Return the places for 1,000 people of the zones, where so many share each school; None where nobody does."""
        if not len(self.schools):
            return 0.0
        if not (asking > 0).all():
            return None
        shared = np.divide(self.schools.known, asking)
        return _THOUSAND * float(self.ground.lots.share @ (self.reached @ shared))

    def places(self, standard: Edition) -> Verdict:
        """Hold the places left to the zones against the norm."""
        check = Check(_PLACES, titled("Chỗ học", "Places", self.title))
        after = self.per_1000(self.after)
        found = Found(after, _RATE, self._sharing, missing=_NOBODY, inputs=self._inputs)
        if self.within is None:
            found = replace(found, value=None, arithmetic=None, missing=_no_distance(standard))
        verdict = Judge(standard, check, self.ground.subject).by_standard(
            _PLACES, {"facility": self.kind, "setting": "urban"}, found
        )
        # Schools of unknown size may have what is missing; people who are not counted may take what there is.
        if verdict.outcome is Outcome.FAIL and np.isnan(self.schools.capacity).any():
            return replace(verdict, outcome=Outcome.UNDECIDED, reason=_NO_SIZE)
        if verdict.outcome is Outcome.FAIL and self.ground.unplaced_share:
            return replace(verdict, outcome=Outcome.UNDECIDED, reason=_NO_STREET)
        if verdict.outcome is Outcome.PASS and self.asking.living.unknown_ha:
            return replace(verdict, outcome=Outcome.UNDECIDED, reason=_UNCOUNTED)
        return verdict

    def walk(self, standard: Edition) -> Verdict | None:
        """Hold the longest way from a lot to a school against the norm; None where the edition names no distance."""
        return self.ground.longest_walk(self.kind, self.title, self.all_placed, standard)

    @property
    def _sharing(self) -> Words:
        return said(
            "{schools} trường trong tầm, {places} chỗ đã biết; {before} người dùng chung trước, {after} sau",
            "{schools} within reach, {places} places known; {before} people share them before, {after} after",
            schools=len(self.schools),
            places=float(self.schools.known.sum()),
            before=float(self.before.sum()),
            after=float(self.after.sum()),
        )

    @property
    def _inputs(self) -> dict[str, float | None]:
        return {
            "schools": float(len(self.schools)),
            "places": float(self.schools.known.sum()),
            "people_before": float(self.before.sum()),
            "people_after": float(self.after.sum()),
        }

    @property
    def row(self) -> tuple[Cell, ...]:
        """The kind as a row of the table."""
        unknown = int(np.isnan(self.schools.capacity).sum())
        return (
            self.title,
            None if self.rate is None else self.rate.least,
            self.pupils,
            len(self.schools),
            float(self.schools.known.sum()) if unknown < len(self.schools) or not len(self.schools) else None,
            unknown,
            self.per_1000(self.before) if self.within else None,
            self.per_1000(self.after) if self.within else None,
        )


@dataclass(frozen=True)
class Schools:
    """The kinds of schools that the standards speak of, with and without those who come."""

    standard: Edition
    asking: _Asking
    kinds: tuple[_Kind, ...]

    @classmethod
    def of(cls, city: City, ground: Ground, plan: RegisteredPlan, standard: Edition) -> Schools:
        """Read schools and people as the city is seen."""
        distances = (distance_norm(standard, kind, area="new") for kind in _KINDS)
        reach_m = max((most for most, _ in filter(None, distances)), default=0.0)
        asking = _Asking.read(city, ground, plan, reach_m=reach_m)
        return cls(standard, asking, tuple(_Kind.of(city, ground, asking, kind, standard) for kind in _KINDS))

    @property
    def chapter(self) -> Chapter:
        """What is to be said of them."""
        verdicts = (
            verdict for kind in self.kinds for verdict in (kind.places(self.standard), kind.walk(self.standard))
        )
        return Chapter(
            (Quantity("pupils", Words("Chỗ học cần thêm", "Places needed in schools"), self._pupils, "places"),),
            (self._table,),
            tuple(verdict for verdict in verdicts if verdict is not None),
            tuple(self._features()),
            self.asking.living.notes,
            (_TWO_STEPS, convention().source),
        )

    @property
    def _pupils(self) -> float | None:
        return known_sum(kind.pupils for kind in self.kinds)

    @property
    def _table(self) -> Table:
        headings = (
            Heading("facility", Words("Trường", "School")),
            Heading("norm_per_1000", Words("Quy chuẩn trên 1.000 người", "Norm per 1,000 people"), _RATE),
            Heading("pupils", Words("Chỗ học cần thêm", "Places needed"), "places"),
            Heading("schools", Words("Trường trong tầm", "Schools within reach")),
            Heading("places", Words("Sức chứa đã biết", "Places that are known"), "places"),
            Heading("unknown", Words("Trường chưa rõ sức chứa", "Schools of unknown size")),
            Heading("before_per_1000", Words("Chỗ trên 1.000 người, trước", "Places per 1,000, before"), _RATE),
            Heading("after_per_1000", Words("Chỗ trên 1.000 người, sau", "Places per 1,000, after"), _RATE),
        )
        return Table("schools", Words("Trường học", "Schools"), headings, tuple(kind.row for kind in self.kinds))

    def _features(self) -> Iterator[Feature]:
        for schools in (kind.schools for kind in self.kinds):
            listed = zip(schools.names, schools.placed.points, schools.capacity.tolist(), strict=True)
            for name, point, capacity in listed:
                places = None if np.isnan(capacity) else capacity
                yield Feature(Subject("facility", name), point, {"places": places}, _POINT)


def _no_distance(standard: Edition) -> Words:
    return Words(
        f"{standard.code}: chưa có bán kính phục vụ, không rõ trường nào ở trong tầm",
        f"{standard.code}: the distance is not known here, so it cannot be said which schools are within reach",
    )
