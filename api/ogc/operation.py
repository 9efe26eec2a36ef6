"""An operation of the service, as the definition describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.negotiation import GEOJSON, HTML, JSON, Media
from layers.model import Words

COMMON = ("f_page", "lang")
"""Parameters of what has a document and a page."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What may be done at one address: it is read, or something more is done there.

    `name` is its operationId; those of tiles end as OGC 20-057 asks. `parameters` are named as in `api.ogc.parameters`;
    those of the path stand in it between braces. `answers` gives for each media type the schema of its body; `empty`
    says that the answer may be 204, `has_etag` that it may be 304. `method` is GET where it is read; `body` is the
    schema of what is sent, in each of the media types `sent`, and need not be sent where `body_optional`. `created` is
    the schema of the answer where something was made (201). `is_secured` says that it is done with the token alone.
    """

    path: str
    name: str
    tag: str
    summary: Words
    answers: dict[str, str]
    parameters: tuple[str, ...] = ()
    empty: bool = False
    has_etag: bool = False
    method: str = "GET"
    body: str = ""
    sent: tuple[str, ...] = (JSON.type,)
    body_optional: bool = False
    created: str = ""
    is_secured: bool = False


def page(schema: str, media: str = JSON.type) -> dict[str, str]:
    """Return the answers of what has a document and a page."""
    return {media: schema, HTML.type: "html"}


def encoded(schema: str, offered: Sequence[Media]) -> dict[str, str]:
    """Return the answers of what has features."""
    shapes = {GEOJSON: schema, HTML: "html"}
    return {media.type: shapes.get(media, "binary") for media in offered}
