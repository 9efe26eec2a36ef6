"""What an intake refuses as a whole; a single row that is refused is no error but a line of the report."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gis.crs import Candidate
from gis.errors import QuyhoachError

if TYPE_CHECKING:
    from gis.intake.report import Report


def nearest(given: str, known: Iterable[str]) -> str:
    """Return the words that offer the nearest of the known names, empty where none is near."""
    folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(given.casefold(), folded, n=1, cutoff=0.5)
    return f" The nearest is {folded[found[0]]!r}." if found else ""


class IntakeError(QuyhoachError):
    """A delivery that cannot be loaded as it is."""


class NoSuchFileError(IntakeError):
    """A path where nothing is."""

    def __init__(self, path: Path) -> None:
        if path.is_symlink():
            super().__init__(f"{str(path)!r} is a link to {str(path.readlink())!r}, where nothing is.")
            return
        beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        super().__init__(f"There is no file {str(path)!r}.{nearest(path.name, beside)}")


class RemoteFileError(IntakeError):
    """An address instead of a file."""

    def __init__(self, given: str) -> None:
        super().__init__(f"{given!r} is no file of this computer. Nothing is fetched: download it first, then load it.")


class DirectoryError(IntakeError):
    """A directory that is no FileGDB."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{str(path)!r} is a directory; give a file, or a FileGDB, whose name ends in .gdb.")


class EmptyFileError(IntakeError):
    """A file of no bytes or no features."""

    def __init__(self, path: Path, what: str = "bytes") -> None:
        super().__init__(f"{path.name!r} holds no {what}; ask for the delivery again.")


class UnknownFormatError(IntakeError):
    """A file in none of the formats that are read."""

    def __init__(self, path: Path, known: Sequence[str]) -> None:
        super().__init__(f"{path.name!r} is in none of the formats that are read: {', '.join(known)}.")


class ForbiddenFormatError(IntakeError):
    """A format that would make GDAL open other files or addresses."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path.name!r} is {what}, which names other files or addresses to read. "
            "Deliver the data itself, for example as GeoPackage."
        )


class WebPageError(IntakeError):
    """A web page saved under the name of a data file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name!r} is a web page (HTML), not data: the download was probably answered by a log-in or an "
            "error page. Open it in a browser to see what it says."
        )


class DamagedFileError(IntakeError):
    """A file that ends too early or contradicts itself."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name!r} is damaged: {reason}. Copy or ask for the delivery again.")


class HeaderClaimError(IntakeError):
    """A header that promises more than the file can hold."""

    def __init__(self, path: Path, claimed: int, actual: int) -> None:
        super().__init__(
            f"The header of {path.name!r} claims {claimed:,} bytes and the file has {actual:,}: "
            "it is cut off or forged. Copy or ask for the delivery again."
        )


class MissingPartError(IntakeError):
    """A shapefile that came without one of its parts."""

    def __init__(self, path: Path, missing: Sequence[str]) -> None:
        parts = " and ".join(missing)
        super().__init__(
            f"The shapefile {path.name!r} came without {parts}; a shapefile is .shp, .shx and .dbf together "
            "(and .prj, .cpg): deliver them all, best in one zip."
        )


class ExpansionError(IntakeError):
    """A compressed file that would expand beyond all bounds."""

    def __init__(self, path: Path, limit: str) -> None:
        super().__init__(
            f"{path.name!r} expands beyond {limit}; it is not unpacked. Unpack it yourself if it is sound."
        )


class ArchiveContentError(IntakeError):
    """A zip without exactly one delivery in it."""

    def __init__(self, path: Path, found: Sequence[str]) -> None:
        what = f"several deliveries: {', '.join(found[:10])}" if found else "nothing that can be read"
        super().__init__(f"{path.name!r} holds {what}; a zip holds one delivery.")


class SourceLayerError(IntakeError):
    """A file of several layers without the choice of one, or the choice of one that is not there."""

    def __init__(self, path: Path, layers: Sequence[tuple[str, str]], given: str | None) -> None:
        listed = "; ".join(f"{name} ({crs})" for name, crs in layers)
        systems = {crs for _, crs in layers}
        mixed = f" They lie in {len(systems)} coordinate systems." if len(systems) > 1 else ""
        asked = f"has no layer {given!r}" if given is not None else f"holds {len(layers)} layers"
        offered = nearest(given, [name for name, _ in layers]) if given is not None else ""
        super().__init__(f"{path.name!r} {asked}: {listed}.{mixed}{offered} Choose one with --source-layer.")


class NoGeometryError(IntakeError):
    """A table without geometry, and without columns it could be made from."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        super().__init__(
            f"{path.name!r} has no geometry. A table needs a column of WKT (wkt, geometry) or two of coordinates "
            f"(lon and lat, or easting and northing); it has: {', '.join(columns)}."
        )


class EncodingUnknownError(IntakeError):
    """Text in an encoding that nothing declares."""

    def __init__(self, path: Path, readings: Sequence[tuple[str, str]]) -> None:
        shown = "; ".join(f"as {encoding}: {text!r}" for encoding, text in readings)
        super().__init__(
            f"The text of {path.name!r} is not UTF-8 and nothing declares its encoding (no .cpg file). Read {shown}. "
            'Say which is right: encoding = "…" in the mapping file.'
        )


class NoSystemError(IntakeError):
    """A file that declares no coordinate system."""

    def __init__(self, path: Path, fitting: Sequence[Candidate]) -> None:
        listed = "; ".join(
            f"EPSG:{each.srid} {each.name} ({each.share_inside:.0%} inside the city)" for each in fitting
        )
        tried = (
            f"It lies in the city when read as: {listed}." if fitting else "None of the usual ones puts it in the city."
        )
        super().__init__(
            f"{path.name!r} declares no coordinate system that is known. {tried} "
            "Say which is right with --crs; it is not assumed."
        )


class SwappedCoordinatesError(IntakeError):
    """Latitude written where longitude belongs."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The coordinates of {path.name!r} are swapped: the city is met only when the two numbers of each position "
            "are exchanged. Export it with longitude (easting) first."
        )


class NoSuchColumnError(IntakeError):
    """A mapping that speaks of a column that is not there."""

    def __init__(self, given: str, where: str, known: Sequence[str]) -> None:
        super().__init__(f"{where} has no column {given!r}.{nearest(given, known)} It has: {', '.join(known)}.")


class MappingError(IntakeError):
    """A mapping file that says something it cannot say."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The mapping {name!r} cannot be used: {reason}.")


class AmbiguousGuessError(IntakeError):
    """Columns that could mean several things, with nobody there to ask."""

    def __init__(self, doubts: Sequence[str]) -> None:
        super().__init__(
            f"The columns cannot be matched without doubt: {'; '.join(doubts)}. "
            "Write a mapping file (--dry-run prints the guess as one) and give it with --map."
        )


class NoKeyError(IntakeError):
    """An upsert into a layer that declares no key."""

    def __init__(self, layer: str) -> None:
        super().__init__(f"Layer {layer!r} has no key to find a feature by; load it with --mode append or replace.")


class UnfilledKeyError(IntakeError):
    """An upsert of a delivery in which no column is mapped to the key."""

    def __init__(self, layer: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"Features of layer {layer!r} are found by {', '.join(missing)}, and the mapping fills no such column; "
            "map it, or load with --mode append or replace."
        )


class NothingStorableError(IntakeError):
    """A replacement of which not one row could be stored; `report` says what became of each."""

    def __init__(self, path: Path, report: Report) -> None:
        reasons = ", ".join(f"{reason}: {rows:,}" for reason, rows in report.reasons.items())
        none = f"None of the {report.read:,} rows of {path.name!r} could be stored"
        super().__init__(f"{none} ({reasons}); what the layer held is kept.")
        self.report = report


class TakenUidError(IntakeError):
    """A delivery that names its features as others of the city are named already."""

    def __init__(self, uids: Sequence[int], layer: str) -> None:
        super().__init__(
            f"The file names features as layer {layer!r} has named others (uid {', '.join(map(str, uids))}); a uid "
            'is unique in the whole city. Leave its uid out, with `ignored = ["uid"]` in a mapping file, and new '
            "ones are given."
        )


class RepeatedUidError(IntakeError):
    """A delivery in which two features bear the same uid."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            f"{path.name!r} gives two features the same uid ({detail}). Mend it, or leave the column out, with "
            '`ignored = ["uid"]` in a mapping file, and new ones are given.'
        )


class ReportFolderError(IntakeError):
    """A folder for the report that cannot be made or written to."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"No report can be written into {str(folder)!r}: {reason}. Nothing was loaded.")


class ReportUnwrittenError(IntakeError):
    """Reports that could not be written after their loads were done; `reports` holds them."""

    def __init__(self, folder: Path, reason: str, reports: Sequence[Report]) -> None:
        numbers = ", ".join(str(report.delivery) for report in reports if report.delivery is not None)
        done = (
            f"What was fit is stored, as delivery {numbers}; refused rows are kept in register.refused."
            if numbers
            else "Nothing was stored."
        )
        super().__init__(f"The report could not be written into {str(folder)!r}: {reason[:500]}. {done}")
        self.reports = tuple(reports)
