"""Which representation of a resource a client wants: `f=` before `Accept`, and `lang=` before `Accept-Language`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache

from fastapi import Request

from api.errors import NotAcceptableError, ParameterError
from gis.tiles.coding import Coding

LANGUAGES = ("vi", "en")
_MOST_PARTS = 20
_WEIGHT = re.compile(r"[0-9]{1,6}(\.[0-9]{0,6})?")
_UNSAID = 0.0001
"""What a client says nothing of, neither for nor against: only if nothing else is accepted."""


@dataclass(frozen=True, slots=True)
class Media:
    """One representation: its short name in `f=`, its media type, and other media types and names that mean it too."""

    name: str
    type: str
    others: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


JSON = Media("json", "application/json")
GEOJSON = Media("geojson", "application/geo+json", ("application/json", "application/vnd.geo+json"), ("json",))
JSONSEQ = Media("jsonseq", "application/geo+json-seq", ("application/json-seq",), ("geojsonseq",))
CSV = Media("csv", "text/csv")
FLATGEOBUF = Media("fgb", "application/flatgeobuf", ("application/vnd.flatgeobuf",), ("flatgeobuf",))
PARQUET = Media("parquet", "application/vnd.apache.parquet", (), ("geoparquet",))
HTML = Media("html", "text/html", ("application/xhtml+xml",))
MVT = Media("mvt", "application/vnd.mapbox-vector-tile", ("application/x-protobuf",))
"""A vector tile."""
FEATURE_MEDIA = (GEOJSON, HTML)
"""The representations of one feature."""
FEATURES_MEDIA = (*FEATURE_MEDIA, JSONSEQ, CSV, FLATGEOBUF, PARQUET)
"""The representations of features."""


def representation(request: Request, offered: Sequence[Media]) -> Media:
    """Return what the client wants of what is offered; the first where it does not say.

    Raises
    ------
    ParameterError
        When `f` names something that is not offered.
    NotAcceptableError
        When there is no `f` and `Accept` excludes all that is offered.
    """
    wanted = request.query_params.get("f")
    if wanted is not None:
        for media in offered:
            if wanted in (media.name, media.type, *media.other_names):
                return media
        raise ParameterError("f", wanted, "one of " + ", ".join(media.name for media in offered))
    accepted = request.headers.get("accept", "").strip() or "*/*"
    weights = _weights(accepted)
    best = max(offered, key=lambda media: _weight(media, weights))
    if _weight(best, weights) == 0:
        raise NotAcceptableError(accepted, [f"{media.type} (f={media.name})" for media in offered])
    return best


def language(request: Request) -> str:
    """Return the language a client asks for by `lang=`, or likes best among ours; Vietnamese where it likes neither.

    Raises
    ------
    ParameterError
        When `lang` names another one.
    """
    asked = read_language(request.query_params.get("lang"))
    if asked is not None:
        return asked
    weights = _weights(request.headers.get("accept-language", ""))
    return max(LANGUAGES, key=lambda name: _liking(name, weights))


def read_language(value: str | None) -> str | None:
    """Read a language as written in an address; ParameterError where it is none of ours."""
    if value is not None and value not in LANGUAGES:
        raise ParameterError("lang", value, " or ".join(LANGUAGES))
    return value


@lru_cache(maxsize=256)
def coding_of(accepted: bytes, offered: tuple[Coding, ...] = tuple(Coding)) -> Coding:
    """Return the content coding to answer in: of those a client accepts most, the one that makes tiles smallest.

    Without the header nothing is coded; a client that accepts nothing at all is answered in plain.

    Parameters
    ----------
    accepted : Accept-Encoding.
    offered : what there is, `identity` among it.
    """
    weights = _weights(accepted.decode("latin-1"))
    others = weights.get("*", 0.0)
    best = max(offered, key=lambda coding: weights.get(coding.value, _UNSAID if coding is Coding.IDENTITY else others))
    return best if weights.get(best.value, others) > 0 else Coding.IDENTITY


@lru_cache(maxsize=256)
def is_acceptable(accepted: bytes, media: Media) -> bool:
    """Return whether a client takes a representation, by its Accept; who names nothing takes anything."""
    weights = _weights(accepted.decode("latin-1"))
    return not weights or _weight(media, weights) > 0


def is_known(given: bytes, etag: bytes) -> bool:
    """Return whether If-None-Match names an entity tag; compared weakly, as RFC 9110 asks for reading."""
    wanted = etag.removeprefix(b"W/")
    tags = (tag.strip().removeprefix(b"W/") for tag in given.split(b","))
    return any(tag in (wanted, b"*") for tag in tags)


def is_unchanged(request: Request, etag: bytes, changed_s: int) -> bool:
    """Return whether a client has what is asked for: by its tag, or where it names none, by when that was changed.

    Parameters
    ----------
    changed_s : when it was changed last, in seconds since 1970.
    """
    known = request.headers.getlist("if-none-match")
    if known:
        return is_known(",".join(known).encode("latin-1"), etag)
    try:
        return parsedate_to_datetime(request.headers.get("if-modified-since", "")).timestamp() >= changed_s
    except (ValueError, OverflowError):
        return False


def _weight(media: Media, weights: dict[str, float]) -> float:
    """Return the weight of a representation: of its most exact mention, as RFC 9110 says."""
    exact = [weights[kind] for kind in (media.type, *media.others) if kind in weights]
    if exact:
        return max(exact)
    return weights.get(media.type.partition("/")[0] + "/*", weights.get("*/*", 0.0))


def _liking(language: str, weights: dict[str, float]) -> float:
    """Return the weight of a language: of itself or of what is spoken somewhere, as `vi-VN`; else of any."""
    exact = [weight for tag, weight in weights.items() if tag.split("-")[0] == language]
    return max(exact) if exact else weights.get("*", _UNSAID)


def _weights(header: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in header.lower().split(",")[:_MOST_PARTS]:
        kind, *parameters = (piece.strip() for piece in part.split(";"))
        if not kind:
            continue
        weight = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        weights[kind] = max(weights.get(kind, 0.0), _number(weight))
    return weights


def _number(text: str) -> float:
    return min(float(text), 1.0) if _WEIGHT.fullmatch(text) else 0.0
