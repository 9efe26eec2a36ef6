"""Facilities of one kind, set onto the streets, and how much each of them can take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gis.db import City
from gis.networks.graph import Numbers, Places
from gis.networks.placing import Placed
from gis.overlay import Shapes
from gis.statements import statements

_SQL = Path(__file__).with_suffix(".sql")
STOP = "transit_stop"


@dataclass(frozen=True)
class Suppliers:
    """Facilities of one kind, and how much each can take; NaN where that is not known."""

    names: tuple[str, ...]
    capacity: Numbers
    placed: Placed

    @classmethod
    def read(cls, city: City, kind: str, placed: Callable[[Shapes], Placed]) -> Suppliers:
        """Read them.

        Parameters
        ----------
        kind : a type of facilities, or `transit_stop`: stops of public transport, of no known size.
        placed : how positions are set onto the streets.
        """
        name, bound = ("stops", None) if kind == STOP else ("facilities", {"kind": kind})
        listed = city.connection.execute(statements(_SQL)[name].sql(), bound, binary=True).fetchall()
        points = np.array([shapely.from_wkb(geometry) for *_, geometry in listed], dtype=object)
        capacity = np.array([np.nan if each is None else float(each) for _, _, each, _ in listed])
        return cls(tuple(name or f"uid {uid}" for uid, name, *_ in listed), capacity, placed(points))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def known(self) -> Numbers:
        """How much each can take; nothing where that is not known."""
        return np.nan_to_num(self.capacity)

    def chosen(self, which: Places) -> Suppliers:
        """Return some of them."""
        names = tuple(self.names[place] for place in which.tolist())
        return Suppliers(names, self.capacity[which], self.placed.chosen(which))
