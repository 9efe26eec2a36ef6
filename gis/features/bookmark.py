"""Where a traversal stands: a sealed text that a client hands back to read on."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from gis.db import City
from gis.errors import QuyhoachError
from gis.features.matched import Matched
from gis.statements import statements

_SQL = Path(__file__).with_name("secret.sql")
_SEAL_BYTES = 16
MOST_LETTERS = 16_384
"""Longest text that is looked at."""


class BookmarkError(QuyhoachError):
    """A bookmark that was not written here, or belongs to another question."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The bookmark {reason}; follow the link `next` as it was given, or begin without a bookmark.")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The last feature that was read, and what the traversal began with.

    Parameters
    ----------
    question : fingerprint of the question.
    keys : what the last feature has under each key of the order.
    state : name of the state of the database in which the traversal began.
    matched : how many features the question was found to mean.
    """

    question: str
    keys: tuple[str | None, ...]
    state: str
    matched: Matched

    def sealed(self, city: City) -> str:
        """Return it as a text that nobody else can write."""
        parts = [self.question, list(self.keys), self.state, self.matched.exact, self.matched.estimate]
        body = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_seal(city, body) + body).decode().rstrip("=")


def opened(city: City, text: str) -> Bookmark:
    """Read a bookmark; BookmarkError where it was not written here."""
    if len(text) > MOST_LETTERS:
        raise BookmarkError(f"is longer than {MOST_LETTERS} letters")
    try:
        sealed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise BookmarkError("is not one of ours") from None
    seal, body = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(city, body)):
        raise BookmarkError("is not one of ours")
    question, keys, state, exact, estimate = json.loads(body)
    return Bookmark(question, tuple(keys), state, Matched(exact, estimate))


def _seal(city: City, body: bytes) -> bytes:
    row = city.connection.execute(statements(_SQL)["secret"].sql()).fetchone()
    key = bytes(row[0]) if row else b""
    if not key:
        raise BookmarkError("cannot be sealed: the table register.secret is empty")
    return hmac.digest(key, body, hashlib.sha256)[:_SEAL_BYTES]
