"""Features as GeoJSON texts, page by page: each page begins where the one before it ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from psycopg import sql

from gis.db import City
from gis.errors import QuyhoachError
from gis.features.bookmark import Bookmark, BookmarkError, opened
from gis.features.matched import Matched, matched
from gis.features.question import Question
from gis.features.snapshot import snapshot, state, unchanged
from gis.features.written import written
from gis.filters.condition import Binder
from layers.model import Layer

MOST_LETTERS = 8 * 1024 * 1024
"""Letters after which a page ends, however many features it may hold."""
_AT_ONCE = 500


class UnknownFeatureError(QuyhoachError):
    """A layer shows no feature with that uid at that horizon."""

    def __init__(self, layer: Layer, uid: int, city: City) -> None:
        super().__init__(f"The layer {layer.name} has no feature {uid} at the horizon {city.horizon}.")


@dataclass(frozen=True, slots=True)
class Page:
    """Features as GeoJSON texts.

    Parameters
    ----------
    following : bookmark from which to read on; None on the last page.
    matched : how many features the question means; found on the first page, and carried on.
    one_snapshot : whether the layer is still as it was when the traversal began, by the log of changes. Where it is
        not, the pages may not fit together.
    """

    features: tuple[str, ...]
    following: str | None
    matched: Matched
    one_snapshot: bool


def page(city: City, question: Question, *, limit: int, bookmark: str | None = None, count: bool = True) -> Page:
    """Read the first features that answer a question, or those after a bookmark.

    Parameters
    ----------
    limit : most features on the page; it holds fewer where they are long.
    count : whether the first page says how many there are.

    Raises
    ------
    BookmarkError
        When the bookmark was not written here, or for another question.
    """
    with snapshot(city.connection):
        asked = question.fingerprint(city)
        if bookmark is None:
            found = matched(city, question.layer, question.condition) if count else Matched()
            began, part, still = state(city), question, True
        else:
            mark = opened(city, bookmark)
            if mark.question != asked:
                raise BookmarkError("belongs to another question")
            found, began, part = mark.matched, mark.state, question.following(mark.keys)
            still = unchanged(city, question.layer, began)
        features, last = _read(city, part, limit)
        following = None if last is None else Bookmark(asked, last, began, found).sealed(city)
    return Page(features, following, found, still)


def feature(city: City, question: Question, uid: int) -> str:
    """Read one feature as GeoJSON text, shown as the question says; UnknownFeatureError where the city has none."""
    binder = Binder("uid")
    condition = binder.condition(sql.SQL("uid = {}").format(binder.bind(uid, "bigint")))
    one = replace(question, condition=condition)
    query = one.first(1)
    row = city.connection.execute(written(query, keys=len(one.order)), query.values).fetchone()
    if row is None:
        raise UnknownFeatureError(question.layer, uid, city)
    return row[0]


def _read(city: City, question: Question, limit: int) -> tuple[tuple[str, ...], tuple[str | None, ...] | None]:
    """Return the features of a page, and the keys of the last where others follow."""
    features: list[str] = []
    letters = 0
    last: tuple[str | None, ...] = ()
    for text, *keys in _rows(city, question, limit + 1):
        if len(features) == limit or (features and letters + len(text) > MOST_LETTERS):
            return tuple(features), last
        features.append(text)
        letters += len(text)
        last = tuple(keys)
    return tuple(features), None


def _rows(city: City, question: Question, rows: int) -> Iterator[tuple[str, ...]]:
    query = question.first(rows)
    statement = written(query, keys=len(question.order))
    if rows <= _AT_ONCE:
        yield from city.connection.execute(statement, query.values)
        return
    with city.connection.cursor(name="page") as cursor:
        cursor.itersize = _AT_ONCE
        yield from cursor.execute(statement, query.values)
