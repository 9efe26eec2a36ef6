"""One export from order to report."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Generator
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
from pyproj import CRS

from gis.ahead import ahead
from gis.crs import system
from gis.db import City
from gis.errors import UnknownLayerError
from gis.export import vector
from gis.export.card import Card
from gis.export.errors import SystemFixedError, SystemUnheldError, TooLargeError
from gis.export.fitting import Fitting
from gis.export.formats import Format, format_of, name_in
from gis.export.place import place
from gis.export.report import Report
from gis.export.selection import Selection, refuse_unheld_system
from gis.features import Box
from gis.features.snapshot import snapshot
from layers import LAYERS
from layers.model import Kind, Layer

Seen = Callable[[int, int], None]
"""What is told after each batch: features written so far, features in all."""

_BYTES_AHEAD = 32 * 2**20
"""What is read while others are written."""
_SHAPEFILE_BYTES = 2**31 - 2**20
_VERTEX_BYTES, _SHAPE_BYTES = 16, 64
_FIELD_BYTES = 24


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported, where to, and how."""

    selection: Selection
    path: Path
    format: Format
    overwrite: bool


def order(
    city: City,
    layer: str | Layer,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the word a planner uses
    box: Box | None = None,
    crs: str | int | CRS | None = None,
    every_horizon: bool = False,
    overwrite: bool = False,
) -> Order:
    """Return an order that can be carried out; the refusals are those of `export`."""
    path = Path(path).expanduser().absolute()
    declared = _declared(layer)
    format_ = format_of(path, format)
    name_in(format_, path)
    if path.suffix == ".SHP":
        path = path.with_suffix(".shp")
    srid = _srid(format_, crs)
    refuse_unheld_system(city.connection, srid)
    return Order(Selection(city, declared, box, srid, every_horizon), path, format_, overwrite)


def _declared(layer: str | Layer) -> Layer:
    if isinstance(layer, Layer):
        return layer
    if layer not in LAYERS:
        raise UnknownLayerError(layer, LAYERS)
    return LAYERS[layer]


def _srid(format_: Format, crs: str | int | CRS | None) -> int:
    if crs is None:
        return format_.srid
    srid = system(crs).to_epsg()
    if srid is None:
        raise SystemUnheldError(str(crs))
    if format_.fixed and srid != format_.srid:
        raise SystemFixedError(format_.title, f"EPSG:{srid}")
    return srid


def deliver(order: Order, *, seen: Seen | None = None) -> Report:
    """Carry out an order and report; `seen` is told how far it is."""
    began = time.perf_counter()
    ready = vector.started() if order.format.driver is not None else nullcontext()
    with ready as writer, snapshot(order.selection.city.connection):
        card = _card(order)
        fits = _fitting(order, card)
        card = replace(card, columns=tuple((fits.names[name], column) for name, column in card.columns))
        with place(order.path, written_as=name_in(order.format, order.path), overwrite=order.overwrite) as part:
            with closing(_told(order.selection, fits, card.rows, seen)) as batches:
                if writer is not None:
                    vector.write(part, batches, card=card, fits=fits, format_=order.format, writer=writer)
                else:
                    # Named as text: a spreadsheet library is loaded by those who write a spreadsheet.
                    importlib.import_module(f"gis.export.{order.format.writer}").write(
                        part, batches, card=card, fits=fits
                    )
            size = sum(file.stat().st_size for file in part.parent.iterdir())
    return Report(
        layer=card.layer.name,
        horizon=card.horizon,
        path=order.path,
        format=order.format.title,
        srid=card.srid,
        rows=card.rows,
        size_bytes=size,
        seconds=time.perf_counter() - began,
        renamed=fits.renamed,
        losses=fits.losses,
        limits=order.format.limits,
    )


def _card(order: Order) -> Card:
    selection = order.selection
    sources, total = selection.sources()
    return Card(
        layer=selection.layer,
        columns=tuple((column.name, column) for column in selection.columns),
        horizon=selection.horizon,
        scenario=selection.city.scenario,
        srid=selection.srid,
        box=tuple(selection.box.sides) if selection.box else None,
        rows=total,
        sources=sources,
        exported_at=datetime.now(UTC),
    )


def _fitting(order: Order, card: Card) -> Fitting:
    schema = order.selection.schema
    if not order.format.short_names:
        return Fitting(schema, order.format)
    vertices, widths = order.selection.lengths()
    others = sum(column.kind is not Kind.TEXT for column in order.selection.columns)
    record = sum(min(width, order.format.longest_text or width) for width in widths.values()) + others * _FIELD_BYTES
    size = max(card.rows * record, vertices * _VERTEX_BYTES + card.rows * _SHAPE_BYTES)
    if size > _SHAPEFILE_BYTES:
        raise TooLargeError(card.layer, size)
    return Fitting(schema, order.format, widths=widths)


def _told(selection: Selection, fits: Fitting, total: int, seen: Seen | None) -> Generator[pa.RecordBatch]:
    written = 0
    # Closed here, whatever ends the stream: the connection waits until nothing is copied out of it any more.
    with closing(_fitted(selection, fits)) as made, closing(ahead(made, most=_BYTES_AHEAD, weight=_size)) as batches:
        for batch in batches:
            yield batch
            written += batch.num_rows
            if seen is not None:
                seen(written, total)


def _fitted(selection: Selection, fits: Fitting) -> Generator[pa.RecordBatch]:
    with closing(selection.batches()) as batches:
        yield from map(fits.fitted, batches)


def _size(batch: pa.RecordBatch) -> int:
    return batch.nbytes
