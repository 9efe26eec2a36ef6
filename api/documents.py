"""Documents as they are answered: in the language of the client, and kept by nobody without asking again."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fastapi import Request, Response

from api.negotiation import JSON, Media, language
from layers.model import Words

FRESH = {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Language, Accept-Encoding"}
"""Headers of what has representations and languages to choose from."""
FRESH_IN_ONE_FORM = {**FRESH, "Vary": "Accept-Language, Accept-Encoding"}
"""Headers of what has languages alone."""


def answered(
    request: Request, document: Mapping[str, object], media: Media = JSON, *, headers: Mapping[str, str] = FRESH
) -> Response:
    """Return a document whose words are in the language of the client."""
    body = json.dumps(document, ensure_ascii=False).encode()
    kind = {"Content-Type": media.type, "Content-Language": language(request)}
    return Response(body, headers={**headers, **kind})


def said(words: Words, language: str) -> str:
    """Return an expression in a language."""
    return words.vi if language == "vi" else words.en
