"""Findings as they are answered: one line in a table for each media type."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any  # a document of JSON is of any kind

from fastapi import Request, Response

from api.deps import of_request
from api.documents import FRESH
from api.negotiation import HTML, JSON, Media, language
from api.pages.findings import page_of
from gis.db import City
from gis.findings import Finding
from gis.lineage import UnknownScenarioError

FEATURES = Media("geojson", "application/geo+json", ("application/vnd.geo+json",))
"""The features of a finding; a finding as JSON is its document."""
PDF = Media("pdf", "application/pdf")
XLSX = Media("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
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


def _page(request: Request, finding: Finding) -> Response:
    return page_of(request, finding, [media for media in OFFERED if media is not HTML])


def _pdf(request: Request, finding: Finding) -> Response:
    from gis.reports.pdf import pdf  # noqa: PLC0415 - who asks for none does without the library

    with _city(request, finding) as city:
        return _file(request, finding, pdf(finding, language(request), city), PDF)


def _workbook(request: Request, finding: Finding) -> Response:
    from gis.reports.sheet import workbook  # noqa: PLC0415 - who asks for none does without the library

    return _file(request, finding, workbook(finding, language(request), None), XLSX)


@contextmanager
def _city(request: Request, finding: Finding) -> Generator[City | None]:
    """See the city as it was seen; a scenario that was dropped since is no reason to refuse a report."""
    with ExitStack() as around:
        try:
            city = around.enter_context(of_request(request).city(finding.horizon, finding.scenario))
        except UnknownScenarioError:
            city = None
        yield city


def _file(request: Request, finding: Finding, body: bytes, media: Media) -> Response:
    headers = {
        **FRESH,
        "Content-Type": media.type,
        "Content-Language": language(request),
        "Content-Disposition": f'inline; filename="{finding.question}-{finding.hash[:8]}.{media.name}"',
    }
    return Response(body, headers=headers)


def _json(document: Any, media: Media) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, headers={**FRESH, "Content-Type": media.type})


WRITERS: Sequence[Writer] = (
    Writer(JSON, "object", _document),
    Writer(FEATURES, "object", _features, "geojson-feature-collection"),
    Writer(HTML, "string", _page),
    Writer(PDF, _BINARY, _pdf),
    Writer(XLSX, _BINARY, _workbook),
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
