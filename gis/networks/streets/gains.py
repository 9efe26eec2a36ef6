"""Changed journeys as figures, a table by ward and a map: who gains, who loses, who is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gis.findings import Feature, Heading, Look, Quantity, Subject, Table
from gis.networks.streets.journeys import Change, WardChange, of_ward
from gis.networks.streets.living import Living
from layers.model import Words

LEAST_MIN = 0.5
"""People whose journeys change by less than this, in min, neither gain nor lose."""
_LOOKS = (
    (-2.0, Look(Words("Lâu hơn từ 2 phút", "Longer by 2 min and more"), "#b2182b")),
    (-LEAST_MIN, Look(Words("Lâu hơn 0,5–2 phút", "Longer by 0.5 to 2 min"), "#ef8a62")),
    (LEAST_MIN, Look(Words("Gần như không đổi", "About the same"), "#d8d8d8")),
    (2.0, Look(Words("Nhanh hơn 0,5–2 phút", "Shorter by 0.5 to 2 min"), "#67a9cf")),
    (np.inf, Look(Words("Nhanh hơn từ 2 phút", "Shorter by 2 min and more"), "#2166ac")),
)
_NOBODY = Look(Words("Không rõ", "Not known"), "#f4f4f4")


@dataclass(frozen=True)
class Gains:
    """What a change of the streets is for the people of each ward."""

    living: Living
    change: Change

    @property
    def wards(self) -> Iterator[tuple[int, WardChange]]:
        """Each ward, by its place, and what the change is for its people."""
        for number in range(len(self.living.wards)):
            yield number, of_ward(self.change, self.living, number, least_min=LEAST_MIN)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What the change is for all of the people."""
        people, saved = self.living.people, self.change.saved_min
        known = np.isfinite(saved)
        total = float(people[known].sum())
        mean = float((people[known] * saved[known]).sum()) / total if total else None
        return (
            Quantity("people", Words("Số người được xét", "People looked at"), self.living.total or None, "people"),
            Quantity("saved_min", Words("Tiết kiệm trung bình một chuyến", "Saved on a journey, mean"), mean, "min"),
            Quantity(
                "gaining",
                Words("Số người đi nhanh hơn", "People whose journeys are shorter"),
                float(people[known][saved[known] >= LEAST_MIN].sum()),
                "people",
            ),
            Quantity(
                "losing",
                Words("Số người đi lâu hơn", "People whose journeys are longer"),
                float(people[known][saved[known] <= -LEAST_MIN].sum()),
                "people",
            ),
            Quantity(
                "cut_off",
                Words("Số người không còn đến được nơi nào đó", "People who reach some ward no more"),
                float(people[self.change.lost].sum()),
                "people",
            ),
            Quantity(
                "joined",
                Words("Số người đến được thêm nơi nào đó", "People who reach some ward only now"),
                float(people[self.change.won].sum()),
                "people",
            ),
        )

    @property
    def table(self) -> Table:
        """A row for each ward."""
        headings = (
            Heading("ward", Words("Phường, xã", "Ward")),
            Heading("people", Words("Số người", "People"), "people"),
            Heading("before_min", Words("Trước", "Before"), "min"),
            Heading("after_min", Words("Sau", "After"), "min"),
            Heading("saved_min", Words("Tiết kiệm", "Saved"), "min"),
            Heading("gaining", Words("Nhanh hơn", "Shorter"), "people"),
            Heading("losing", Words("Lâu hơn", "Longer"), "people"),
            Heading("cut_off", Words("Bị cắt rời", "Cut off"), "people"),
        )
        rows = tuple(
            (
                self.living.wards[number].label,
                ward.people,
                ward.before_min,
                ward.after_min,
                _saved(ward),
                ward.gaining,
                ward.losing,
                ward.cut_off,
            )
            for number, ward in self.wards
        )
        return Table("wards", Words("Theo phường, xã", "By ward"), headings, rows)

    @property
    def features(self) -> Iterator[Feature]:
        """The wards, by the minutes saved."""
        for number, ward in self.wards:
            saved = _saved(ward)
            look = _NOBODY if saved is None else next(look for most, look in _LOOKS if saved <= most)
            place = self.living.wards[number]
            yield Feature(Subject("ward", place.label), place.geometry, {"saved_min": saved}, look)


def _saved(ward: WardChange) -> float | None:
    if ward.before_min is None or ward.after_min is None:
        return None
    return ward.before_min - ward.after_min
