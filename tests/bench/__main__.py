"""Measure the figures of BENCHMARKS.md on this machine, side by side in one run: `make bench`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from gis import cluster
from gis.settings import settings
from tests.bench.database import scratch
from tests.bench.exporting import exporting
from tests.bench.figures import Figure, markdown, table
from tests.bench.loading import loading
from tests.bench.measure import run


def main() -> None:
    """Measure and print; exit code 1 where a figure is not reached."""
    options = _options()
    console = Console()
    figures: list[Figure] = []
    with cluster.database(settings()) as server_url, tempfile.TemporaryDirectory() as folder:
        for figure in _figures(server_url, Path(folder), options):
            console.print(f"{figure.name}: {figure.value:.2f} {figure.unit} ({figure.bound}) {figure.note}")
            figures.append(figure)
    console.print(table(figures))
    if options.markdown:
        options.markdown.write_text(markdown(figures) + "\n", encoding="utf-8")
    sys.exit(not all(figure.reached for figure in figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=360_000, help="parcels to load and export (default 360 000)")
    parser.add_argument("--large", type=int, default=1_000_000, help="parcels for the memory figures; 0 leaves out")
    parser.add_argument("--markdown", type=Path, help="write the figures as a Markdown table too")
    return parser.parse_args()


def _figures(server_url: str, folder: Path, options: argparse.Namespace) -> Iterator[Figure]:
    yield _sample(server_url)
    against = shutil.which("ogr2ogr") is not None
    if not against:
        Console(stderr=True).print("ogr2ogr is not installed (package gdal-bin): its figures are left out.")
    sizes = [(options.parcels, against)] + ([(options.large, False)] if options.large else [])
    for count, compared in sizes:
        with scratch(server_url, "city") as url:
            _load_sample(url, count)
            yield from exporting(url, count, folder, against=compared)
        yield from loading(server_url, folder / "ours.gpkg", count, against=compared)


def _sample(server_url: str) -> Figure:
    with scratch(server_url, "sample") as url:
        took = _load_sample(url, 25_000)
    return Figure("sample of 25,000 parcels, all layers, generated and loaded", took, "s", most=60)


def _load_sample(url: str, count: int) -> float:
    command = [".venv/bin/quyhoach", "sample", "--parcels", str(count)]
    return run(command, environment={"QUYHOACH_DATABASE_URL": url}).wall_s


if __name__ == "__main__":
    main()
