"""What a report refuses."""

from __future__ import annotations

from pathlib import Path

from gis.errors import QuyhoachError


class ReportFormatError(QuyhoachError):
    """An ending that no kind of report has."""

    def __init__(self, path: Path, known: tuple[str, ...]) -> None:
        super().__init__(f"{path.name[-80:]!r} names no report; its ending is one of {', '.join(known)}.")
