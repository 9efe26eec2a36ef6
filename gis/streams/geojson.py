"""GeoJSON: one collection, or a sequence of texts. The database writes each feature; here they are only joined."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing

from gis.features.written import written
from gis.streams.chunks import gathered
from gis.streams.rows import fields, rows
from gis.streams.traversal import Told, Traversal

_RECORD = b"\x1e"


def feature_collection(traversal: Traversal, *, head: bytes, foot: Callable[[Told], bytes]) -> Generator[bytes]:
    """Yield a FeatureCollection.

    Parameters
    ----------
    head, foot : members of the collection as JSON without braces, before and after `features`; either may be empty.
        What can be said only when all is read belongs into the foot.

    References
    ----------
    RFC 7946, The GeoJSON Format.
    """
    return gathered(_collection(traversal, head, foot))


def _collection(traversal: Traversal, head: bytes, foot: Callable[[Told], bytes]) -> Generator[bytes]:
    yield b'{"type":"FeatureCollection",' + (head + b"," if head else b"") + b'"features":['
    told = yield from _features(traversal, b"\n", b",\n", b"")
    said = foot(told)
    yield b"\n]" + (b"," + said if said else b"") + b"}\n"


def text_sequence(traversal: Traversal) -> Generator[bytes]:
    """Yield each feature as a text of its own, after a record separator.

    References
    ----------
    RFC 8142, GeoJSON Text Sequences.
    """
    yield from gathered(_features(traversal, _RECORD, _RECORD, b"\n"))


def _features(traversal: Traversal, first: bytes, between: bytes, after: bytes) -> Generator[bytes, None, Told]:
    """Yield each feature with what stands before and after it; return what is known at the end."""
    count, before, last = 0, first, b""
    query = traversal.query(more=1)
    statement = written(query, keys=len(traversal.part.order))
    with closing(rows(traversal.city.connection, statement, dict(query.values))) as messages:
        for row in messages:
            if count == traversal.limit:
                break
            # Two bytes say how many fields there are, four how long the first is.
            yield before + row[6 : 6 + int.from_bytes(row[2:6], "big")] + after
            before, last = between, row
            count += 1
        else:
            return Told(count)
    keys = tuple(None if key is None else key.decode() for key in fields(last)[1:])
    return Told(count, traversal.following(keys))
