"""The formats a layer can be written to, and what each of them cannot hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gis.crs import LONLAT_SRID
from gis.export.errors import EndingError, FormatUnknownError, NoNameError
from gis.schema import STORED_SRID


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the endings it is known by, the system it is written in, what it cannot hold.

    `fixed` : it knows no other coordinate system. `driver` : GDAL's name, where GDAL writes it; `writer` : our module,
    where we do.
    The flags name what is lost unless a column is fitted first (see `gis.export.fitting`).
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    limits: tuple[str, ...]
    driver: str | None = None
    writer: str | None = None
    srid: int = STORED_SRID
    fixed: bool = False
    short_names: bool = False
    longest_text: int | None = None
    empty_is_null: bool = False
    days_as_text: bool = False
    booleans_as_text: bool = False
    only_finite: bool = False
    only_xml_text: bool = False


_TEXTS = "no titles, units or code lists, no source and licence, no horizon"
_EMPTY = "an empty text becomes an empty value"
_DIGITS = "numbers and coordinates keep 15 digits"

_ALL = (
    Format(
        "gpkg",
        "GeoPackage",
        (".gpkg",),
        ("times end at the millisecond",),
        driver="GPKG",
    ),
    Format(
        "parquet",
        "GeoParquet",
        (".parquet", ".geoparquet"),
        (),
        writer="parquet",
    ),
    Format(
        "fgb",
        "FlatGeobuf",
        (".fgb",),
        (
            "a date is written as midnight of that day",
            "times end at the millisecond",
            "features stand in the order of the spatial index, not of their uid",
        ),
        driver="FlatGeobuf",
    ),
    Format(
        "geojson",
        "GeoJSON (RFC 7946)",
        (".geojson", ".json"),
        (
            "always WGS 84, longitude and latitude with 7 decimals: about 1 cm",
            "rings run as RFC 7946 wants them, outer ones counter-clockwise",
            "no types: a reader guesses them; whole numbers are safe up to 2^53",
            "a number that is not finite becomes an empty value",
            "times end at the millisecond",
        ),
        driver="GeoJSON",
        srid=LONLAT_SRID,
        fixed=True,
        only_finite=True,
    ),
    Format(
        "shp",
        "Shapefile",
        (".shp", ".shp.zip"),
        (
            "column names end at 10 characters",
            "texts end at 254 bytes",
            _EMPTY,
            "an empty number is written as asterisks, which some readers take for 0",
            "no time of day: times become text",
            "numbers keep 15 digits; one that is not finite becomes an empty value",
            "polygons of one part and of several are not told apart; outer rings run clockwise",
            "no file over 2 GiB",
            _TEXTS,
        ),
        driver="ESRI Shapefile",
        short_names=True,
        longest_text=254,
        empty_is_null=True,
        only_finite=True,
    ),
    Format(
        "csv",
        "CSV",
        (".csv",),
        (
            "no types: everything is text, dates as 2026-01-31, booleans as true and false",
            _EMPTY,
            "no coordinate system: it must be given when the file is read",
            _DIGITS,
            "a number that is not finite becomes an empty value",
            _TEXTS,
        ),
        driver="CSV",
        empty_is_null=True,
        days_as_text=True,
        booleans_as_text=True,
        only_finite=True,
    ),
    Format(
        "xlsx",
        "XLSX",
        (".xlsx",),
        (
            "geometry as WKT; one over 32 767 characters is left empty, as the cell ends there",
            "texts end at 32 767 characters",
            "1 048 575 features at most",
            _EMPTY,
            "characters that XML forbids are left out",
            "a date before 1 March 1900 becomes text",
            "numbers keep 15 digits in the spreadsheet program",
            "a number that is not finite becomes an empty value",
            "no coordinate system but in the sheet `about`",
        ),
        writer="sheet",
        longest_text=32_767,
        empty_is_null=True,
        only_finite=True,
        only_xml_text=True,
    ),
    Format(
        "kml",
        "KML",
        (".kml",),
        (
            "always WGS 84, longitude and latitude",
            "no types but text and number: whole numbers, dates and booleans are text",
            "a column `name` comes back as `Name`",
            "characters that XML forbids are left out",
            _DIGITS,
            "a number that is not finite becomes an empty value",
            _TEXTS,
        ),
        driver="KML",
        srid=LONLAT_SRID,
        fixed=True,
        days_as_text=True,
        booleans_as_text=True,
        only_finite=True,
        only_xml_text=True,
    ),
    Format(
        "dxf",
        "DXF (R12)",
        (".dxf",),
        (
            "no columns: the drawing layer holds the code the map is coloured by, or the name of the layer",
            "attributes stand in the extended data `QUYHOACH` as name=value, cut at 255 bytes; GDAL skips them",
            "a polygon is a closed polyline for each ring: parts and holes are known by the uid in the extended data",
            "no coordinate system",
        ),
        writer="drawing",
        booleans_as_text=True,
        days_as_text=True,
    ),
)

FORMATS: dict[str, Format] = {format_.name: format_ for format_ in _ALL}
"""Every format by its short name."""

LIMITS: dict[str, tuple[str, ...]] = {format_.title: format_.limits for format_ in _ALL}
"""What each format cannot hold, by its title: said in reports and in the manual."""


def name_in(format_: Format, path: Path) -> str:
    """Return a file name that ends as the format's names do.

    Raises
    ------
    NoNameError
        When it is nothing but an ending.
    EndingError
        When it does not and the format, of several files, is known by its ending alone.
    """
    if path.name.lower() in format_.suffixes:
        raise NoNameError(path)
    if path.name.lower().endswith(format_.suffixes):
        return path.name
    if format_.short_names:
        raise EndingError(path, format_.title, format_.suffixes)
    return path.name + format_.suffixes[0]


def format_of(path: Path, name: str | None = None) -> Format:
    """Return the format of that name or, where none is given, the one a file name ends in.

    Raises
    ------
    FormatUnknownError
        When there is none; it names those there are.
    """
    suffixes = {suffix: format_ for format_ in _ALL for suffix in format_.suffixes}
    if name is not None:
        found = FORMATS.get(name.lower()) or suffixes.get("." + name.lower().lstrip("."))
    else:
        found = next((suffixes[suffix] for suffix in suffixes if path.name.lower().endswith(suffix)), None)
    if found is None:
        raise FormatUnknownError(name or path.name, suffixes, FORMATS)
    return found
