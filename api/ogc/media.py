"""Media types of OGC API beside JSON and HTML."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST

from api.negotiation import Media

OPENAPI = Media(
    "json",
    "application/vnd.oai.openapi+json;version=3.0",
    ("application/vnd.oai.openapi+json", "application/json"),
)
"""The definition of the service."""

STYLE = Media("mbs", "application/vnd.mapbox.style+json", ("application/json",))
"""A MapLibre style; its short name is the one OGC API Styles uses."""

METRICS = Media("text", CONTENT_TYPE_LATEST, ("text/plain",))
"""Figures in the words of Prometheus."""
