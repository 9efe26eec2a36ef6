"""Which reader opens which format."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any  # tables of a mapping file

from gis.intake import vector
from gis.intake.errors import IntakeError
from gis.intake.formats import Delivered, Format
from gis.intake.source import Source
from layers.model import Layer


class ImageError(IntakeError):
    """An image where features are asked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name!r} is an image and holds no features; the heights of an elevation model are sampled with "
            "--elevation."
        )


class WithOpenStreetMapError(IntakeError):
    """A layer of the file, asked for of a file that has none."""

    def __init__(self, path: Path, given: str) -> None:
        super().__init__(
            f"{path.name!r} is OpenStreetMap, which has no layer {given!r}: its objects are chosen by their tags, as "
            "the mapping says. Leave --source-layer out."
        )


OSM_FORMATS = frozenset({Format.OSM, Format.OSM_PBF, Format.OVERPASS})


@contextmanager
def opened_source(
    delivered: Delivered, layer: Layer, tables: dict[str, Any], *, source_layer: str | None, encoding: str | None
) -> Generator[Source]:
    """Open a delivery with the reader of its format.

    Parameters
    ----------
    tables
        The mapping file; of an OpenStreetMap file it also says which objects are of the layer.
    """
    # Each reader brings a library of its own, which is imported when its format comes.
    if delivered.format in OSM_FORMATS:
        from gis.intake import osm, overpass  # noqa: PLC0415

        if source_layer is not None:
            raise WithOpenStreetMapError(delivered.path, source_layer)
        converted = overpass.as_osm(delivered) if delivered.format is Format.OVERPASS else nullcontext(delivered)
        with converted as file:
            yield osm.opened(file, osm.rules(tables, layer), named=delivered.path)
    elif delivered.format is Format.XLSX:
        from gis.intake import sheet  # noqa: PLC0415

        with (
            sheet.as_csv(delivered, source_layer) as (table, crs),
            vector.opened(table, layer=None, encoding=None, named=delivered.path) as source,
        ):
            yield replace(source, format=delivered.format.value, crs=source.crs or crs)
    elif delivered.format is Format.GEOPARQUET:
        from gis.intake import parquet  # noqa: PLC0415

        yield parquet.opened(delivered, layer=source_layer)
    elif delivered.format is Format.GEOTIFF:
        raise ImageError(delivered.path)
    else:
        with vector.opened(delivered, layer=source_layer, encoding=encoding) as source:
            yield source
