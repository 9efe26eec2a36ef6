"""A report as one page of HTML, which asks nothing of any network."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gis.db import City
from gis.findings import Finding
from gis.reports.content import content
from gis.reports.picture import picture

TEMPLATES = Path(__file__).parent
"""Where the page of a report lies, with the pieces that other pages take from it."""


def html(finding: Finding, language: str, city: City | None) -> bytes:
    """Return a report as a page; what comes from data is escaped by the template, drawings by their writer."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = Markup  # of `gis.reports.pen` alone
    page = environment.get_template("report.html").render(
        said=content(finding, language),
        picture=picture(finding, language=language, city=city),
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )
    return page.encode()
