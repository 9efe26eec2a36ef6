"""How one request sees the pages: its language, its root, its addresses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from fastapi import Request

from api.negotiation import LANGUAGES, Media, language
from api.ogc.links import here, root, with_query
from api.ogc.roots import OGC
from api.query import with_changed
from layers.model import Column, Words

_MOST_DIGITS = 6
_BIG = 1_000_000


@dataclass(frozen=True, slots=True)
class View:
    """What a page needs to know of its request.

    `stated` says whether the language was chosen by `lang=`; then every link keeps it. In `query` what stands more than
    once is one list with commas.
    """

    language: str
    stated: bool
    root: str
    alternate: str
    alternate_name: str
    switch: str
    query: dict[str, str]

    @classmethod
    def of(cls, request: Request, media: Media) -> View:
        """Read it from a request."""
        spoken = language(request)
        other = next(name for name in LANGUAGES if name != spoken)
        return cls(
            language=spoken,
            stated="lang" in request.query_params,
            root=root(request),
            alternate=with_query(request, media),
            alternate_name=media.name,
            switch=_switched(request, other),
            query={name: ",".join(request.query_params.getlist(name)) for name in request.query_params},
        )

    def text(self, words: Words | dict[str, str] | str) -> str:
        """Return an expression in the language of the page."""
        if isinstance(words, Words):
            return words.vi if self.language == "vi" else words.en
        return words if isinstance(words, str) else words[self.language]

    def to(self, path: str, **query: str | int) -> str:
        """Return the address of another page below the same root, in the same language."""
        kept = {**query, **({"lang": self.language} if self.stated else {})}
        return f"{self.root}{quote(path, safe='/,:{}')}" + (f"?{urlencode(kept)}" if kept else "")

    @property
    def landing(self) -> str:
        """The landing page, whichever root the client came by."""
        return self._with_language(f"{self.root.removesuffix(OGC)}{OGC}")

    @property
    def map(self) -> str:
        """The map page."""
        return self._with_language(f"{self.root.removesuffix(OGC)}/")

    def map_in(self, scenario: str, **query: str) -> str:
        """Return the address of the map page that shows a scenario."""
        return f"{self.map}{'&' if '?' in self.map else '?'}{urlencode({'scenario': scenario, **query})}"

    def again(self, address: str) -> str:
        """Return an address found in a document, as a page in the language of this one."""
        split = urlsplit(address)
        kept = [(name, value) for name, value in parse_qsl(split.query) if name not in ("f", "lang")]
        return self._with_language(urlunsplit(split._replace(query=urlencode(kept))))

    def _with_language(self, address: str) -> str:
        if not self.stated:
            return address
        return f"{address}{'&' if '?' in address else '?'}lang={self.language}"

    def number(self, value: float) -> str:
        """Write a number as the language does: 1.234,5 or 1,234.5."""
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        text = f"{value:,}" if isinstance(value, int) else _plain(value)
        return text.translate(_VIETNAMESE) if self.language == "vi" else text

    def value(self, value: object, column: Column) -> str:
        """Write the value of an attribute: a code by its title, a number as the language does, a year as it is."""
        if isinstance(value, bool):
            return {True: {"vi": "có", "en": "yes"}, False: {"vi": "không", "en": "no"}}[value][self.language]
        if column.codes is not None:
            return next((self.text(code.title) for code in column.codes.codes if code.code == value), str(value))
        if isinstance(value, (int, float)) and column.unit not in (None, "year"):
            return self.number(value)
        return str(value)


_VIETNAMESE = str.maketrans(",.", ".,")


def _plain(value: float) -> str:
    digits = 0 if abs(value) >= _BIG else _MOST_DIGITS
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _switched(request: Request, other: str) -> str:
    return f"{here(request)}?{with_changed(request.scope['query_string'], {'lang': other})}"
