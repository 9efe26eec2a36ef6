"""The ground of zones that are built: its lots, set onto the streets that people walk along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.build_out.lots import Lots, lots
from gis.build_out.zones import Built
from gis.db import City
from gis.findings import Subject, Verdict
from gis.findings.figures import said
from gis.networks.graph import Marks
from gis.networks.placing import Placed
from gis.networks.search import to_nearest
from gis.networks.streets.network import Streets, Travel, streets
from gis.overlay import Shapes
from gis.planning.distances import distance_norm
from gis.planning.judging import Asked, Check, Found, Judge
from gis.standards import Edition
from layers.model import Words

_NO_WAY = Words(
    "Từ một phần của ô không có đường đi bộ đến đó", "From some of the ground there is no way along the streets"
)

_NONE = Words("Trong dữ liệu không có công trình nào loại này", "The layers hold no facility of this kind")


@dataclass(frozen=True)
class Ground:
    """Zones that are built, their lots as the city is seen, the streets, and where on them each lot stands."""

    zones: Built
    lots: Lots
    network: Streets
    at: Placed

    @classmethod
    def read(cls, city: City, zones: Built) -> Ground:
        """Read lots and streets."""
        network, parcels = streets(city), lots(city, zones.ground)
        points = np.asarray(shapely.points(parcels.points), dtype=object)
        return cls(zones, parcels, network, network.placed(points, Travel.WALK))

    @property
    def subject(self) -> Subject:
        """The zones, as verdicts name them."""
        return Subject("zone", self.zones.code)

    def placed(self, points: Shapes) -> Placed:
        """Set points (EPSG:5899) onto the streets that people walk along."""
        return self.network.placed(points, Travel.WALK)

    def longest_walk(self, kind: str, title: Words, targets: Placed, standard: Edition) -> Verdict | None:
        """Hold the longest way from a lot to the nearest of some facilities against the norm of their kind.

        Returns
        -------
        Verdict
            None where the edition names no distance.
        """
        within = distance_norm(standard, kind, area="new")
        if within is None:
            return None
        most_m, asked = within
        walk_m, _ = to_nearest(self.network.walking, self.at, targets)
        known = np.isfinite(walk_m)
        beyond = known & (walk_m > most_m)
        shares = {"beyond_share": self._share(beyond), "unknown_share": self._share(~known)}
        # Where ways are known that are too long, those that are not known change nothing.
        is_told = known.any() and (known.all() or beyond.any())
        found = Found(
            float(walk_m[known].max()) if is_told else None,
            "m",
            said(
                "{share} % đất của ô ở ngoài tầm, {unknown} % chưa rõ đường đi",
                "{share} % of the ground lies beyond it, from {unknown} % no way is known",
                share=100 * shares["beyond_share"],
                unknown=100 * shares["unknown_share"],
            ),
            missing=_NO_WAY if len(targets.points) else _NONE,
            inputs={**asked.case, **shares},
            conflict=self._area(beyond),
        )
        check = Check(asked.rule.name, titled("Đi bộ xa nhất", "Longest walk", title))
        return Judge(standard, check, self.subject).judged(
            Asked(None, most_m, asked.rule.reference, asked.certainty), found
        )

    @property
    def unplaced_share(self) -> float:
        """Share of the ground that lies far from every street: nothing is known of ways from there."""
        return self._share(~self.at.is_placed)

    def _share(self, which: Marks) -> float:
        return float(self.lots.share[which].sum())

    def _area(self, which: Marks) -> BaseGeometry | None:
        return shapely.union_all(self.lots.shapes[which]) if which.any() else None


def titled(vi: str, en: str, kind: Words) -> Words:
    """Return what is said of a kind of facility."""
    return Words(f"{vi}: {kind.vi.lower()}", f"{en}: {kind.en.lower()}")
