"""A whole layer as one answer: rate against ogr2ogr writing the same, and the memory of the worker."""

from __future__ import annotations

import math
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pyarrow.parquet as pq

from gis.tiles import tile_columns
from layers import LAYERS
from tests.bench.figures import Figure, not_measured
from tests.bench.measure import run
from tests.bench.serving.ground import Ground
from tests.bench.serving.ours import WHOLE, ours
from tests.bench.serving.servers import HOST, Server
from tests.bench.serving.walk import walk

MOST_MIB = 300
_LONGEST_S = 300
_CHUNK = 1 << 20
_MARK = b'"type":"Feature"'


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the whole layer: how features in a file are counted, and what ogr2ogr writes for it."""

    name: str
    count: Callable[[Path], int]
    theirs: tuple[str, ...]
    suffix: str


def _features(path: Path) -> int:
    """Count the features of a GeoJSON file without reading it at once."""
    found, rest = 0, b""
    with path.open("rb") as file:
        while block := file.read(_CHUNK):
            text = (rest + block).replace(b" ", b"")
            found += text.count(_MARK)
            rest = text[-len(_MARK) + 1 :]
    return found


def _rows(path: Path) -> int:
    return pq.ParquetFile(path).metadata.num_rows


FORMS = (
    Form("GeoJSON", _features, ("GeoJSON", "-lco", "RFC7946=YES", "-t_srs", "EPSG:4326"), "geojson"),
    # Debian's GDAL has no Parquet driver; its fastest format stands in there, and the method says so.
    Form("GeoParquet", _rows, ("FlatGeobuf", "-t_srs", "EPSG:4326"), "fgb"),
)


def whole_layer(ground: Ground) -> Iterator[Figure]:
    """Read every parcel of today as one answer, in each form, in turn with ogr2ogr."""
    count = walk(ground.city_url).count
    for form in FORMS:
        yield from _form(ground, form, count)


def _form(ground: Ground, form: Form, count: int) -> Iterator[Figure]:
    rate_name, memory_name = (f"all {count:,} parcels as {form.name}: {what}" for what in ("rate", "worker's memory"))
    mine, theirs = ground.folder / f"ours.{form.name}", ground.folder / f"theirs.{form.suffix}"
    our_s: list[float] = []
    their_s: list[float] = []
    peaks: list[float] = []
    for _ in range(ground.scale.rounds):
        with ours(ground.city_url, ground.folder, workers=1) as server:
            server.forget_peak()
            try:
                our_s.append(_fetch(server, WHOLE[form.name], mine))
                got = form.count(mine)
            except (OSError, HTTPException, ValueError, UnreadableAnswerError) as reason:
                yield from _neither(rate_name, memory_name, str(reason))
                return
            peaks.append(server.peak_mib())
        if got != count:
            yield from _neither(rate_name, memory_name, f"the answer holds {got:,} of {count:,} parcels")
            return
        if shutil.which("ogr2ogr"):
            theirs.unlink(missing_ok=True)
            their_s.append(run(_ogr2ogr(ground.city_url, form, theirs)).wall_s)
    method = (
        f"one request to one worker, written to a file, in turn with ogr2ogr to {form.theirs[0]} from the same rows"
    )
    if their_s:
        ratio = statistics.median(t / o for o, t in zip(our_s, their_s, strict=True))
        note = f"{statistics.median(our_s):.1f} s, ogr2ogr {statistics.median(their_s):.1f} s"
        note += f"; {mine.stat().st_size / 1e6:,.0f} MB and {theirs.stat().st_size / 1e6:,.0f} MB"
        yield Figure(rate_name, ratio, "×", least=1, note=note, method=method)
    else:
        yield not_measured(rate_name, "×", "ogr2ogr (package gdal-bin) is not installed", least=1)
    peak = max(peaks) if peaks else math.nan
    yield Figure(memory_name, peak, "MiB", most=MOST_MIB, method="peak resident memory from before the request")


class UnreadableAnswerError(RuntimeError):
    """An answer that is not the layer; the message says what it is."""


def _fetch(server: Server, path: str, into: Path) -> float:
    """Write an answer to a file as it comes; return the seconds until its end."""
    connection = HTTPConnection(HOST, server.port, timeout=_LONGEST_S)
    began = time.perf_counter()
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise UnreadableAnswerError(f"{path} answers {answer.status}: {answer.read(300).decode(errors='replace')}")
        with into.open("wb") as file:
            while block := answer.read(_CHUNK):
                file.write(block)
        return time.perf_counter() - began
    finally:
        connection.close()


def _neither(rate_name: str, memory_name: str, why: str) -> Iterator[Figure]:
    yield not_measured(rate_name, "×", why, least=1)
    yield not_measured(memory_name, "MiB", why, most=MOST_MIB)


def _ogr2ogr(url: str, form: Form, out: Path) -> list[str]:
    columns = ", ".join(column.name for column in tile_columns(LAYERS["parcel"]))
    query = f"SELECT uid, {columns}, geom FROM at_existing.parcel"
    return ["ogr2ogr", "-f", form.theirs[0], str(out), f"PG:{url}", "-sql", query, "-nln", "parcel", *form.theirs[1:]]
