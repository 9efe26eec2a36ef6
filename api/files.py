"""Files that pages are made of, as answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path

from fastapi import Request, Response

from api.negotiation import is_unchanged


def whole_file(request: Request, path: Path, media: str, headers: Mapping[str, str]) -> Response:
    """Return a file whole, or say that a client has it already; its tag is weak, for it is the same when packed."""
    body, changed_s = path.read_bytes(), int(path.stat().st_mtime)
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    said = {**headers, "ETag": etag, "Last-Modified": formatdate(changed_s, usegmt=True), "Vary": "Accept-Encoding"}
    if is_unchanged(request, etag.encode(), changed_s):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=said)
    return Response(body, media_type=media, headers=said)
