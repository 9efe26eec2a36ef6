"""Links between resources, as OGC API writes them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import Request

from api.negotiation import HTML, JSON, Media, representation
from api.query import with_changed

OGC_REL = "http://www.opengis.net/def/rel/ogc/1.0"
TILESETS = f"{OGC_REL}/tilesets-vector"
TILING_SCHEME = f"{OGC_REL}/tiling-scheme"
TILING_SCHEMES = f"{OGC_REL}/tiling-schemes"
STYLES = f"{OGC_REL}/styles"
GEODATA = f"{OGC_REL}/geodata"

Link = dict[str, object]
MOST_HEADER_LETTERS = 2_048
"""Longest header of links: proxies break off an answer whose head is larger than they have room for."""
_IN_HEADER = ("self", "next", "alternate")
_AS_WRITTEN = "/:?&=%#+@!$()*~[],"


def root(request: Request) -> str:
    """Return the root the client was given, without a slash at its end."""
    return str(request.base_url).rstrip("/")


def here(request: Request) -> str:
    """Return the address that was asked, without its query."""
    return root(request) + quote(request.scope["path"], safe="/:,.@~")


def link(rel: str, href: str, media: Media | str = JSON, title: str | None = None) -> Link:
    """Return a link; its title is in the language of the document it stands in."""
    kind = media.type if isinstance(media, Media) else media
    document: Link = {"rel": rel, "href": href, "type": kind}
    return {**document, "title": title} if title else document


def own(request: Request, offered: Sequence[Media] = (JSON, HTML), title: str | None = None) -> list[Link]:
    """Return the link of a resource to itself and to its other representations."""
    shown = representation(request, offered)
    links = [link("self", with_query(request, shown, stated="f" in request.query_params), shown, title)]
    return links + [
        link("alternate", with_query(request, media), media, title) for media in offered if media is not shown
    ]


def with_query(request: Request, media: Media, *, stated: bool = True, **changed: str) -> str:
    """Return the address that was asked, its query as it was but for the representation and what is changed."""
    values = {**changed, "f": media.name} if stated else changed
    query = with_changed(request.scope["query_string"], values, without=("f",))
    return f"{here(request)}?{query}" if query else here(request)


def in_header(links: Sequence[Link]) -> dict[str, str]:
    """Return the header that says where an answer stands, goes on, and has other representations (RFC 8288).

    Where it would be too long, as under a long filter, what comes last is left out.
    """
    written: list[str] = []
    for one in (one for rel in _IN_HEADER for one in links if one["rel"] == rel):
        address = quote(str(one["href"]), safe=_AS_WRITTEN)
        written.append(f'<{address}>; rel="{one["rel"]}"; type="{one["type"]}"')
        if len(", ".join(written)) > MOST_HEADER_LETTERS:
            written.pop()
            break
    return {"Link": ", ".join(written)} if written else {}
