"""A report as PDF, set by Typst. What it says comes as JSON and is never read as markup."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typst

from gis.assets import PLEX_SANS, asset
from gis.db import City
from gis.findings import Finding
from gis.reports.content import content
from gis.reports.picture import picture

_TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(finding: Finding, language: str, city: City | None) -> bytes:
    """Return a report as PDF; no clock is in it, so that the same finding gives the same bytes."""
    drawn = picture(finding, language=language, city=city)
    said = {**asdict(content(finding, language)), "picture": None if drawn is None else asdict(drawn)}
    made = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=letters(),
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
        format="pdf",
        timestamp=0,
    )
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file
    return made


def letters() -> list[Path]:
    """Return the folders of the fonts: all letters of Vietnamese, and figures of one width."""
    return [asset(name).parent for name in PLEX_SANS]
