"""Findings as they are answered: one line in a table for each media type."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any  # a document of JSON is of any kind

from fastapi import Request, Response

from api.documents import FRESH
from api.negotiation import HTML, JSON, Media
from api.pages import findings
from gis.findings import Finding

FEATURES = Media("geojson", "application/geo+json", ("application/vnd.geo+json",))
"""The features of a finding; a finding as JSON is its document."""
_BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Writer:
    """How a finding is written in one media type; `kind` is that of the value in a JSON document."""

    media: Media
    kind: str
    write: Callable[[Request, Finding], Response]
    format: str | None = None

    @property
    def schema(self) -> dict[str, object]:
        """The value as a process description describes it."""
        said: dict[str, object] = {"type": "object" if self.kind == "object" else "string"}
        if self.kind == _BINARY:
            said["contentEncoding"] = _BINARY
        if self.format:
            said["format"] = self.format
        return {**said, "contentMediaType": self.media.type}

    def qualified(self, request: Request, finding: Finding) -> dict[str, object]:
        """Return the value as it stands in a document of results, with its media type."""
        body = bytes(self.write(request, finding).body)
        if self.kind == "object":
            return {"mediaType": self.media.type, "value": json.loads(body)}
        if self.kind == "string":
            return {"mediaType": self.media.type, "value": body.decode()}
        return {"mediaType": self.media.type, "encoding": "base64", "value": base64.b64encode(body).decode()}


def _document(_request: Request, finding: Finding) -> Response:
    return _json(finding.document, JSON)


def _features(_request: Request, finding: Finding) -> Response:
    return _json(finding.geojson(), FEATURES)


def _json(document: Any, media: Media) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, headers={**FRESH, "Content-Type": media.type})


WRITERS: Sequence[Writer] = (
    Writer(JSON, "object", _document),
    Writer(FEATURES, "object", _features, "geojson-feature-collection"),
    Writer(HTML, "string", findings.page_of),
)
"""All that a finding can be answered as; the first where the client does not say."""
OFFERED = tuple(writer.media for writer in WRITERS)


def writer_of(media: Media) -> Writer:
    """Return the writer of a media type that is offered."""
    return next(writer for writer in WRITERS if writer.media is media)


def answered(request: Request, finding: Finding, media: Media, *, as_document: bool) -> Response:
    """Return a finding as it is wanted.

    Parameters
    ----------
    as_document : whether it stands in a document of results by the name of its output, instead of by itself.
    """
    writer = writer_of(media)
    if not as_document:
        return writer.write(request, finding)
    return _json({"finding": writer.qualified(request, finding)}, JSON)
