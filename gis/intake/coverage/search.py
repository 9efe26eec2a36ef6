"""The search for the overlaps of a delivery, beside the work of the server where that is possible."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Any, Self  # psycopg's connections are generic over the rows they return

from psycopg import Connection, sql

from gis.intake.coverage.overlaps import Overlaps, all_overlaps
from gis.intake.coverage.spooled import SpooledFootprints
from gis.intake.coverage.stored import StoredFootprints, uids_of
from layers.model import Layer


class OverlapSearch:
    """Looks for overlaps once all rows of a delivery are made.

    Where they are to be the only ones of their layer they are spooled on their way to the server, and examined while it
    takes in the last of them and builds its indexes; where they join others, both are read back.

    Parameters
    ----------
    stored
        The layer as it is stored.
    alone
        Whether the layer holds no other rows.
    """

    def __init__(self, connection: Connection[Any], layer: Layer, stored: sql.Identifier, *, alone: bool) -> None:
        self._connection, self._layer, self._stored = connection, layer, stored
        self._beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="overlaps")
        self._waiting: Future[Overlaps] | None = None
        self.footprints: SpooledFootprints | None = None
        if alone and layer.intake.exclusive is not None:
            self.footprints = SpooledFootprints(layer.intake.exclusive)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.shutdown(wait=kind is None, cancel_futures=True)
        if self.footprints is not None:
            self.footprints.close()

    def begin(self) -> None:
        """Begin, where the rows were spooled: the last one is made."""
        if self.footprints is not None:
            self._waiting = self._beside.submit(all_overlaps, self.footprints)

    def found(self, delivery: int) -> Overlaps | None:
        """Return the overlaps of the rows that were stored; None where the layer may overlap."""
        if self._layer.intake.exclusive is None:
            return None
        if self._waiting is None:
            return all_overlaps(StoredFootprints(self._connection, self._layer, self._stored, delivery))
        found = self._waiting.result()
        if self.footprints is None or self.footprints.bring_uids:
            return found
        return self._by_uid(found, delivery)

    def _by_uid(self, found: Overlaps, delivery: int) -> Overlaps:
        places = sorted({place for each in found.largest for place in (each.uid, each.other_uid)})
        uids = uids_of(self._connection, self._stored, delivery, places) if places else {}
        named = (replace(each, uid=uids[each.uid], other_uid=uids[each.other_uid]) for each in found.largest)
        return replace(found, largest=tuple(named))
