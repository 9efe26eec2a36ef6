"""What is sent to a scenario: an object of JSON with known members, GeoJSON, or a file."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Annotated, Any, NoReturn  # what comes in is of any kind until it is checked

from fastapi import Depends, Request

from api.errors import ParameterError
from api.processes.orders import FORM
from api.refusals import BodyError, MediaError
from gis.errors import nearest_of
from gis.features.system import CRS84, System, read_system

JSON_TYPES = ("application/json",)
GEOJSON_TYPES = ("application/geo+json", "application/json")
PATCH_TYPES = ("application/merge-patch+json", *GEOJSON_TYPES)
_SHOWN = 60


async def _body(request: Request) -> bytes:
    return await request.body()


Sent = Annotated[bytes, Depends(_body)]
"""The body of a request, which the entrance has read within its bounds."""


def kind(request: Request, taken: Collection[str]) -> str:
    """Return of what kind a body is said to be; empty where nothing is said, or what curl says of all it sends.

    Raises
    ------
    MediaError
        When it is of a kind that is not taken.
    """
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said in ("", FORM, "application/octet-stream"):
        return ""
    if said not in taken:
        raise MediaError(said, [*taken])
    return said


def read_object(body: bytes, known: Collection[str]) -> dict[str, Any]:
    """Return the members of the object that was sent; of an empty body none.

    Raises
    ------
    BodyError
        When it is no object, or has a member that is not known.
    """
    if not body.strip():
        return {}
    try:
        said = json.loads(body, parse_constant=_no_number)
    except ValueError as wrong:
        raise BodyError(f"The body of the request is no JSON: {str(wrong)[:_SHOWN]}.") from None
    except RecursionError:
        raise BodyError("The body of the request is nested too deeply.") from None
    if not isinstance(said, dict):
        raise BodyError(f"The body of the request is no object; it has {', '.join(known)}.")
    for name in said:
        if name not in known:
            raise BodyError(f"The body of the request has {name[:_SHOWN]!r}; {nearest_of(name, [*known])}.")
    return said


def read_text(said: Mapping[str, Any], name: str, *, longest: int) -> str | None:
    """Return a text among the members of an object, None where there is none; BodyError where it is something else."""
    value = said.get(name)
    if value is None:
        return None
    is_fit = isinstance(value, str) and len(value) <= longest and "\0" not in value
    if not is_fit or not _is_text(value):
        raise BodyError(f'"{name}" is {str(value)[:_SHOWN]!a}; it is a text of at most {longest:,} letters.')
    return value.strip() or None


def system_of(request: Request) -> System:
    """Return the coordinate system that Content-Crs names; longitude and latitude without it.

    Raises
    ------
    UnknownDoorSystemError, ParameterError
        When it names none that is spoken here, or not between < and >.
    """
    said = request.headers.get("content-crs")
    if said is None:
        return CRS84
    address = said.strip()
    if not (address.startswith("<") and address.endswith(">")):
        raise ParameterError("Content-Crs", said, f"an address between < and >, as <{CRS84.uri}>")
    return read_system("Content-Crs", address[1:-1])


def _is_text(value: str) -> bool:
    """Return whether a text can be written: half a letter of UTF-16, which JSON can hold, cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_number(written: str) -> NoReturn:
    raise ValueError(f"{written} is no number of JSON")
