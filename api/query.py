"""The query of an address: each parameter once, with a value, in UTF-8."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import quote, unquote_to_bytes, urlencode

from api.refusals import EmptyParameterError, EncodingError, RepeatedParameterError, UnknownParameterError

_AS_WRITTEN = "%+,:/@!$'()*;?="


def fields(query: bytes) -> list[tuple[str, bytes]]:
    """Return the parameters in their order; values still escaped, since an escaped comma separates nothing."""
    split = (field.partition(b"=") for field in query.split(b"&") if field)
    return [(decoded(name), value) for name, _, value in split]


def decoded(escaped: bytes) -> str:
    """Return a name or a value as it is meant; EncodingError where it is no UTF-8."""
    try:
        return unquote_to_bytes(escaped.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise EncodingError from None


def single(query: bytes, known: Iterable[str], besides: Collection[str] = ()) -> dict[str, str]:
    """Return the value of each known parameter.

    Parameters
    ----------
    besides : parameters that may stand as often as one likes, and are not looked at.

    Raises
    ------
    UnknownParameterError, RepeatedParameterError, EmptyParameterError, EncodingError
        When something else is given, or not in this manner.
    """
    names = tuple(known)
    given: dict[str, str] = {}
    for name, value in fields(query):
        if name in besides:
            continue
        if name not in names:
            raise UnknownParameterError(name, (*names, *besides))
        if name in given:
            raise RepeatedParameterError(name)
        if not value:
            raise EmptyParameterError(name)
        given[name] = decoded(value)
    return given


def with_changed(query: bytes, changed: Mapping[str, str], *, without: Collection[str] = ()) -> str:
    """Return a query with other values of some parameters, and without some; the rest stays as it was written."""
    gone = {*changed, *without}
    kept = [f"{quote(name)}={quote(value, safe=_AS_WRITTEN)}" for name, value in fields(query) if name not in gone]
    return "&".join([*kept, urlencode(changed)] if changed else kept)
