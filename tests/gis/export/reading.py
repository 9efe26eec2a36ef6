"""Reading an exported file back with the libraries other people use."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyogrio
import shapely
from openpyxl import load_workbook
from shapely.geometry.base import BaseGeometry

from layers import LAYERS
from layers.model import Kind

Rows = list[dict[str, Any]]


def read(path: Path) -> Rows:
    """Return the rows of a file as its own reader gives them, `geometry` as a shape, `crs` beside it."""
    if path.suffix == ".parquet":
        rows = pq.read_table(path).drop(["bbox"]).to_pylist()
        return [{**row, "geometry": shapely.from_wkb(row["geometry"])} for row in rows]
    if path.suffix == ".xlsx":
        return sheet(path)
    if path.suffix == ".csv":
        return texts(path)
    _, table = pyogrio.read_arrow(path)
    geometry = "geom" if path.suffix == ".gpkg" else "wkb_geometry"
    return [
        {**{key: value for key, value in row.items() if key != geometry}, "geometry": shapely.from_wkb(row[geometry])}
        for row in table.to_pylist()
    ]


def texts(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
    return [{**row, "geometry": shapely.from_wkt(row.pop("WKT"))} for row in found]


def sheet(path: Path) -> Rows:
    book = load_workbook(path, read_only=True)
    head, *rows = book[book.sheetnames[0]].iter_rows(values_only=True)
    found = [{**dict.fromkeys(head), **dict(zip(head, row, strict=False))} for row in rows]
    return [{**row, "geometry": shapely.from_wkt(row["geometry"]) if row["geometry"] else None} for row in found]


def drawing(path: Path) -> dict[int, dict[str, Any]]:
    """Return the features of a drawing by uid: the texts of their extended data, their drawing layer, their rings."""
    lines = path.read_text("ascii").splitlines()
    pairs = list(zip(map(int, lines[0::2]), lines[1::2], strict=True))
    start = pairs.index((2, "ENTITIES"))
    features: dict[int, dict[str, Any]] = {}
    current: dict[str, Any] = {}
    for code, value in pairs[start:]:
        if code == 0 and value in {"POLYLINE", "POINT"}:
            current = {"texts": {}, "positions": [], "kind": value}
        elif code == 0 and value == "VERTEX":
            current["in_vertex"] = True
        elif code == 8:
            current["layer"] = value
        elif code == 1000:
            name, _, text = value.partition("=")
            current["texts"][name] = plain(text)
            if name == "uid":
                feature = features.setdefault(int(text), {"layer": current["layer"], "entities": []})
                feature["entities"].append(current)
                feature["texts"] = current["texts"]
        elif code == 10 and (current["kind"] == "POINT" or current.get("in_vertex")):
            current["positions"].append([float(value)])
        elif code == 20 and (current["kind"] == "POINT" or current.get("in_vertex")):
            current["positions"][-1].append(float(value))
        elif code == 70:
            current["closed"] = value == "1"
    return features


def plain(text: str) -> str:
    return re.sub(r"\\U\+([0-9A-F]{4})", lambda found: chr(int(found[1], 16)), text)


def typed(layer: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose texts are read as the layer declares its columns."""
    columns = {column.name: column.kind for column in (*LAYERS[layer].columns, *_kernel())}
    kinds = {"uid": Kind.INTEGER, "geometry": Kind.TEXT, **columns}
    return {name: _value(value, kinds[name]) for name, value in row.items() if name in kinds}


def _kernel():
    from layers.kernel import KERNEL

    return KERNEL


def _value(value: Any, kind: Kind) -> Any:
    if value is None or isinstance(value, BaseGeometry) or kind is Kind.TEXT:
        return value
    if value == "":
        return None
    readers = {Kind.DATE: _date, Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: _yes_or_no}
    return readers[kind](value)


def _date(value: Any) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else dt.date.fromisoformat(str(value))


def _yes_or_no(value: Any) -> bool:
    return value if isinstance(value, bool) else {"true": True, "false": False}[str(value)]
