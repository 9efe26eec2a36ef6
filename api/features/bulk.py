"""Features in one answer of any size, in the formats that are written while they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from threading import Lock
from typing import Any, cast  # psycopg's connections are generic over the rows they return

from fastapi import Request, Response
from psycopg import Connection

from api.deps import Database
from api.documents import FRESH
from api.features.asked import Asked, in_system
from api.features.parameters import MOST_FEATURES
from api.negotiation import CSV, FLATGEOBUF, GEOJSON, JSONSEQ, PARQUET, Media
from api.ogc.links import Link, in_header
from api.streaming import Seats, StreamedResponse
from gis import streams
from gis.streams import Told, Traversal
from layers.model import Horizon

Encoder = Callable[[Traversal], Generator[bytes]]
Links = Callable[[str | None], list[Link]]
"""What makes the links of an answer; it is given the bookmark from which to read on."""

ENCODERS: dict[Media, Encoder] = {
    JSONSEQ: streams.text_sequence,
    CSV: streams.csv,
    FLATGEOBUF: streams.flatgeobuf,
    PARQUET: streams.parquet,
}
"""The formats without pages."""
_ENDINGS = {GEOJSON: "geojson", JSONSEQ: "geojsonl", CSV: "csv", FLATGEOBUF: "fgb", PARQUET: "parquet"}
_TYPES = {CSV: "text/csv; charset=utf-8; header=present"}
_CANCEL_S = 5.0


def is_bulk(media: Media, wanted: Asked) -> bool:
    """Say whether an answer is no page: GeoJSON is paged unless more is asked for than the largest page holds."""
    return media in ENCODERS or (media == GEOJSON and (wanted.limit or 0) > MOST_FEATURES)


def answer(request: Request, database: Database, wanted: Asked, media: Media, *, links: Links) -> Response:
    """Return the features as an answer that streams."""
    encoder = ENCODERS.get(media) or _collection(links)
    reading = _Reading(database, wanted, encoder)
    kind = "attachment" if media in ENCODERS else "inline"
    return StreamedResponse(
        reading.chunks(),
        cancel=reading.cancel,
        seats=cast(Seats, request.app.state.seats),
        media_type=_TYPES.get(media, media.type),
        headers={
            **FRESH,
            "Content-Disposition": f'{kind}; filename="{_file(wanted, media)}"',
            "X-Accel-Buffering": "no",
            **in_system(wanted.question),
            **in_header(links(None)),
        },
    )


class _Reading:
    """One reading of the database, which another thread may end."""

    def __init__(self, database: Database, wanted: Asked, encoder: Encoder) -> None:
        self._database, self._wanted, self._encoder = database, wanted, encoder
        self._connection: Connection[Any] | None = None
        self._lock = Lock()

    def chunks(self) -> Generator[bytes]:
        wanted = self._wanted
        with self._database.city(wanted.horizon, wanted.scenario) as city:
            self._hold(city.connection)
            try:
                with (
                    streams.traversal(city, wanted.question, limit=wanted.limit, bookmark=wanted.bookmark) as traversal,
                    closing(self._encoder(traversal)) as encoded,
                ):
                    yield from encoded
            finally:
                self._hold(None)

    def cancel(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.cancel_safe(timeout=_CANCEL_S)

    def _hold(self, connection: Connection[Any] | None) -> None:
        """Say which connection may be cancelled; never one that others use again."""
        with self._lock:
            self._connection = connection


def _collection(links: Links) -> Encoder:
    """Return what writes one FeatureCollection; what only the end knows stands at the end."""

    def encode(traversal: Traversal) -> Generator[bytes]:
        def foot(told: Told) -> bytes:
            members: dict[str, object] = {"numberReturned": told.features, "links": links(told.following)}
            if told.following is None and not traversal.began.keys:
                members["numberMatched"] = told.features
            return _members(members)

        head = {
            "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "snapshot": "one" if traversal.one_snapshot else "may differ",
        }
        return streams.feature_collection(traversal, head=_members(head), foot=foot)

    return encode


def _members(members: Mapping[str, object]) -> bytes:
    return json.dumps(members, ensure_ascii=False)[1:-1].encode()


def _file(wanted: Asked, media: Media) -> str:
    horizon = "" if wanted.horizon is Horizon.EXISTING else f"-{wanted.horizon}"
    return f"{wanted.question.layer.name}{horizon}.{_ENDINGS[media]}"
