"""Writes a report: the kind is told by the ending, the file takes its place when it is complete."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path

from gis.db import City
from gis.export.place import place, refuse_place
from gis.findings import Finding
from gis.reports.errors import ReportFormatError
from gis.wording import check_language

FORMATS: Mapping[str, str] = {
    ".pdf": "gis.reports.pdf:pdf",
    ".html": "gis.reports.html:html",
    ".xlsx": "gis.reports.sheet:workbook",
}
"""Endings, and the function that returns such a report as bytes; its room is entered when it is asked for."""

Writer = Callable[[Finding, str, City | None], bytes]


def report(
    finding: Finding, path: Path, *, language: str = "vi", city: City | None = None, overwrite: bool = False
) -> Path:
    """Write a finding as PDF, HTML or XLSX; return the path. The same finding gives the same bytes.

    Parameters
    ----------
    path : its ending says which: `.pdf`, `.html`, `.xlsx`.
    language : `vi` or `en`.
    city : the city that was asked, for what lies around on the map; without it the map shows the features alone.
    overwrite : whether a file that stands there may be replaced.

    Raises
    ------
    ReportFormatError, LanguageError
        When there is no report of that ending, or in that language.
    FileExistsAlreadyError, NotOrdinaryError, FileNameError, NoFolderError, DiskFullError, WritingFailedError
        When nothing may be written there, or writing failed; an older file stands untouched.
    MissingAssetError
        When the letters of a PDF have not been brought to this machine.
    """
    refuse_report(path, language=language, overwrite=overwrite)
    module, function = FORMATS[path.suffix.lower()].split(":")
    writer: Writer = getattr(importlib.import_module(module), function)
    made = writer(finding, language, city)
    with place(path, written_as=path.name, overwrite=overwrite) as beside:
        beside.write_bytes(made)
    return path


def refuse_report(path: Path, *, language: str, overwrite: bool) -> None:
    """Refuse what could not be written, before anything is asked; raises as `report` does."""
    if path.suffix.lower() not in FORMATS:
        raise ReportFormatError(path, tuple(FORMATS))
    check_language(language)
    refuse_place(path, overwrite=overwrite)
