"""One reading of the features that answer a question, from a bookmark on and as far as a limit."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import sql

from gis.db import City
from gis.features.bookmark import Bookmark, BookmarkError, opened
from gis.features.matched import Matched
from gis.features.query import Query, drawn
from gis.features.question import Question
from gis.features.snapshot import snapshot, state, unchanged
from gis.filters.condition import ALWAYS

_ALL = 2**62


@dataclass(frozen=True, slots=True)
class Told:
    """What is known when all is read: how many features there were, and from which bookmark to read on, if any."""

    features: int
    following: str | None = None


@dataclass(frozen=True, slots=True)
class Traversal:
    """What is read: a question, where it begins, and where it ends.

    Parameters
    ----------
    part : the question about what comes after the bookmark; the whole one where there is none.
    limit : most features; None where all are wanted.
    began : the first bookmark of the traversal, or what stands for it; `following` carries it on.
    one_snapshot : whether the layer is still as it was when the traversal began.
    """

    city: City
    part: Question
    limit: int | None
    began: Bookmark
    one_snapshot: bool

    def following(self, keys: tuple[str | None, ...]) -> str:
        """Return the bookmark of the feature that has these values under the keys of the order."""
        mark = Bookmark(self.began.question, keys, self.began.state, self.began.matched)
        return mark.sealed(self.city)

    def query(self, *, more: int = 0) -> Query:
        """Return what reads the features with their keys, and `more` beyond the limit."""
        return self.part.first(_ALL if self.limit is None else self.limit + more)

    def drawn(self, *, native_order: bool = True) -> sql.Composed:
        """Return the geometry as an expression, in the system that is asked for."""
        return drawn(self.part.system, native_order=native_order)


@contextmanager
def traversal(
    city: City, question: Question, *, limit: int | None = None, bookmark: str | None = None
) -> Generator[Traversal]:
    """Let all be read in one state of the database, as long as it takes: whoever reads watches over the time.

    Raises
    ------
    BookmarkError
        When the bookmark was not written here, or for another question.
    """
    with snapshot(city.connection):
        now, asked = state(city), question.fingerprint(city)
        mark = Bookmark(asked, (), now, Matched()) if bookmark is None else opened(city, bookmark)
        if mark.question != asked:
            raise BookmarkError("belongs to another question")
        still = bookmark is None or unchanged(city, question.layer, mark.state)
        part = question.following(mark.keys) if mark.keys else question
        city.connection.execute("SET LOCAL statement_timeout = 0")
        if limit is None and question.condition == ALWAYS:
            # By the index, so that the first feature comes at once and the server keeps none.
            city.connection.execute("SET LOCAL enable_sort = off")
        yield Traversal(city, part, limit, mark, still)
