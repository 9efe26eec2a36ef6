"""DXF in its oldest common form, R12: what every drawing program reads.

A drawing layer for each code, in the colour of the map; a closed polyline for each ring; attributes as extended data.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast  # extended data hold values of any type

import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from gis.copy import GEOMETRY
from gis.export.card import Card
from gis.export.fitting import UID, Fitting
from layers.model import Geometry

_APPLICATION = "QUYHOACH"
_MOST_BYTES = 255
_MOST_LAYER_CHARACTERS = 31
_UNSAFE = re.compile(r"[^A-Za-z0-9_$-]")
_TORN = re.compile(r"\\(U(\+[0-9A-F]{0,3})?)?$")
_PRINTABLE = range(32, 127)
_FIRST_HUE, _HUES = 10, 24
_VALUES = (1.0, 0.65, 0.5, 0.3, 0.15)
"""How bright the five shades of each hue of the drawing programs' palette are."""


def write(path: Path, batches: Iterable[pa.RecordBatch], *, card: Card, fits: Fitting) -> None:
    """Write batches as entities of a drawing."""
    with path.open("w", encoding="ascii", newline="\r\n") as file:
        file.writelines(_head(card))
        for batch in batches:
            for row in batch.to_pylist():
                file.writelines(_entities(row, card, fits))
        file.writelines(_pairs((0, "ENDSEC"), (0, "EOF")))


def _pairs(*pairs: tuple[int, object]) -> Iterator[str]:
    for code, value in pairs:
        yield f"{code}\n{value}\n"


def _head(card: Card) -> Iterator[str]:
    layers = dict(_drawing_layers(card))
    yield from _pairs((999, _escaped(card.title)), *((999, _escaped(line)) for line in card.description.splitlines()))
    yield from _pairs((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1009"), (0, "ENDSEC"))
    yield from _pairs((0, "SECTION"), (2, "TABLES"), (0, "TABLE"), (2, "LTYPE"), (70, 1))
    yield from _pairs((0, "LTYPE"), (2, "CONTINUOUS"), (70, 0), (3, "Solid line"), (72, 65), (73, 0), (40, 0.0))
    yield from _pairs((0, "ENDTAB"), (0, "TABLE"), (2, "LAYER"), (70, len(layers)))
    for name, color in layers.items():
        yield from _pairs((0, "LAYER"), (2, name), (70, 0), (62, nearest_index(color)), (6, "CONTINUOUS"))
    yield from _pairs((0, "ENDTAB"), (0, "TABLE"), (2, "APPID"), (70, 1), (0, "APPID"), (2, _APPLICATION), (70, 0))
    yield from _pairs((0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES"))


def _drawing_layers(card: Card) -> Iterator[tuple[str, str]]:
    paint = card.layer.paint
    yield drawing_layer(card.layer.name), paint.color
    codes = card.layer.column(paint.by).codes if paint.by else None
    for code in codes.codes if codes else ():
        yield drawing_layer(code.code), code.color or paint.color


def drawing_layer(code: str) -> str:
    """Return the code as R12 allows a layer to be named: 31 letters, digits, `_`, `-`, `$`."""
    return _UNSAFE.sub("_", code)[:_MOST_LAYER_CHARACTERS]


def nearest_index(color: str) -> int:
    """Return the number of the drawing programs' palette that is nearest to #rrggbb."""
    wanted = tuple(int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return min(_palette(), key=lambda index: sum((a - b) ** 2 for a, b in zip(_palette()[index], wanted, strict=True)))


@cache
def _palette() -> dict[int, tuple[float, float, float]]:
    colors = {
        _FIRST_HUE * (hue + 1) + 2 * shade + pale: colorsys.hsv_to_rgb(hue / _HUES, 0.5 if pale else 1.0, value)
        for hue in range(_HUES)
        for shade, value in enumerate(_VALUES)
        for pale in (0, 1)
    }
    greys = {250: 0.2, 251: 0.31, 252: 0.41, 253: 0.51, 254: 0.75, 255: 1.0}
    return {**colors, **{index: (grey, grey, grey) for index, grey in greys.items()}}


def _entities(row: dict[str, Any], card: Card, fits: Fitting) -> Iterator[str]:
    by = card.layer.paint.by
    layer = drawing_layer(str(row[by] if by and row[by] else card.layer.name))
    data = _extended_data(row, fits)
    for part in cast("list[BaseGeometry]", shapely.get_parts(shapely.from_wkb(row[GEOMETRY])).tolist()):
        if card.layer.geometry is Geometry.POINT:
            yield f"0\nPOINT\n8\n{layer}\n{_position(part.coords[0])}{data}"
        elif card.layer.geometry is Geometry.LINE:
            yield _polyline(part, layer, data, closed=False)
        else:
            for ring in cast("list[BaseGeometry]", shapely.get_rings(part).tolist()):
                yield _polyline(ring, layer, data, closed=True)


def _polyline(line: BaseGeometry, layer: str, data: str, *, closed: bool) -> str:
    positions = line.coords[: -1 if closed else None]
    vertices = "".join(f"0\nVERTEX\n8\n{layer}\n{_position(position)}" for position in positions)
    head = f"0\nPOLYLINE\n8\n{layer}\n66\n1\n{_position((0.0, 0.0))}70\n{int(closed)}\n"
    return f"{head}{data}{vertices}0\nSEQEND\n8\n{layer}\n"


def _position(position: Sequence[float]) -> str:
    return f"10\n{position[0]!r}\n20\n{position[1]!r}\n30\n0.0\n"


def _extended_data(row: dict[str, Any], fits: Fitting) -> str:
    lines = [f"1001\n{_APPLICATION}\n"]
    for name, value in row.items():
        if value is None or name == GEOMETRY:
            continue
        text = _escaped(f"{name}={value}")
        if len(text) > _MOST_BYTES:
            # An escaped letter is never torn: what is left of one at the end goes with the rest.
            text = _TORN.sub("", text[:_MOST_BYTES])
            lost, uids = pa.array([True]), pa.array([row[UID]], pa.int64())
            fits.lose(name, f"text was cut at {_MOST_BYTES} bytes", lost, uids)
        lines.append(f"1000\n{text}\n")
    return "".join(lines)


def _escaped(text: str) -> str:
    r"""Return a text in ASCII on one line, other letters as \U+XXXX, as drawing programs read them."""
    if text.isascii() and text.isprintable():
        return text
    flat = " ".join(text.splitlines()) if len(text.splitlines()) > 1 else text.strip("\r\n")
    units = flat.encode("utf-16-be", errors="replace")
    codes = (int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2))
    return "".join(chr(code) if code in _PRINTABLE else f"\\U+{code:04X}" for code in codes)
