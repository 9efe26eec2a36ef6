"""Measure the figures of BENCHMARKS.md on this machine, side by side in one run: `make bench`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from gis import cluster
from gis.settings import settings
from tests.bench.database import load_sample, scratch
from tests.bench.evaluating import EVALUATING, evaluating
from tests.bench.exporting import exporting
from tests.bench.figures import Figure, markdown, table
from tests.bench.framing import framing
from tests.bench.loading import loading
from tests.bench.serving import SERVING, serving
from tests.bench.serving.ground import Ground, Scale
from tests.bench.travelling import TRAVELLING, travelling

STORING = ("sample", "framing", "exporting", "loading")


def main() -> None:
    """Measure and print; exit code 1 where a figure is not reached."""
    options = _options()
    console = Console()
    figures: list[Figure] = []
    with ExitStack() as stack:
        server_url = stack.enter_context(cluster.database(settings()))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for figure in _figures(server_url, folder, stack, options):
            console.print(f"{figure.name}: {figure.measured} ({figure.bound}) {figure.note}", soft_wrap=True)
            figures.append(figure)
    console.print(table(figures))
    if options.markdown:
        options.markdown.write_text(markdown(figures) + "\n", encoding="utf-8")
    sys.exit(not all(figure.reached for figure in figures))


def _options() -> argparse.Namespace:
    scale = Scale()
    known = [*STORING, "serving", *SERVING, "evaluating", *EVALUATING, "travelling", *TRAVELLING]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"which; all where none: {', '.join(known)}")
    parser.add_argument("--parcels", type=int, default=scale.parcels, help="parcels of the city (default 360 000)")
    parser.add_argument("--large", type=int, default=1_000_000, help="parcels for the memory figures; 0 leaves out")
    parser.add_argument(
        "--whole-city",
        type=int,
        default=scale.large_parcels,
        help="parcels of the larger city whose one tile is drawn (default 3 000 000); 0 leaves out",
    )
    parser.add_argument("--soak-s", type=int, default=scale.soak_s, help="seconds for which viewers look (default 60)")
    parser.add_argument("--workers", type=int, default=2, help="processes that answer, ours and theirs (default 2)")
    parser.add_argument("--small", action="store_true", help="few of everything: whether it works, not how fast")
    parser.add_argument("--markdown", type=Path, help="write the figures as a Markdown table too")
    options = parser.parse_args()
    if unknown := set(options.figures) - set(known):
        parser.error(f"no such figure: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    options.figures = set(options.figures or [*STORING, "serving", "evaluating", "travelling"])
    return options


def _figures(server_url: str, folder: Path, stack: ExitStack, options: argparse.Namespace) -> Iterator[Figure]:
    if "sample" in options.figures:
        yield _sample(server_url)
    if options.figures & {"framing", "exporting", "loading"}:
        yield from _storing(server_url, folder, options)
    names = [name for name in SERVING if options.figures & {"serving", name}]
    questions = [name for name in EVALUATING if options.figures & {"evaluating", name}]
    journeys = [name for name in TRAVELLING if options.figures & {"travelling", name}]
    if names or questions or journeys:
        scale = Scale(parcels=options.parcels, large_parcels=options.whole_city, soak_s=options.soak_s)
        ground = Ground(server_url, stack, folder, scale.small() if options.small else scale, workers=options.workers)
        # Serving edits, and comes last.
        yield from evaluating(ground, questions)
        yield from travelling(ground, journeys)
        yield from serving(ground, names)


def _storing(server_url: str, folder: Path, options: argparse.Namespace) -> Iterator[Figure]:
    against = shutil.which("ogr2ogr") is not None
    if not against:
        Console(stderr=True).print("ogr2ogr is not installed (package gdal-bin): its figures are left out.")
    sizes = [(options.parcels, against)] + ([(options.large, False)] if options.large else [])
    for count, compared in sizes:
        with scratch(server_url, "city") as url:
            load_sample(url, count)
            if "framing" in options.figures:
                yield from framing(url, count)
            if not options.figures & {"exporting", "loading"}:
                continue
            # Loading reads what exporting has written.
            exported = list(exporting(url, count, folder, against=compared and "exporting" in options.figures))
        if "exporting" in options.figures:
            yield from exported
        if "loading" in options.figures:
            yield from loading(server_url, folder / "ours.gpkg", count, against=compared)


def _sample(server_url: str) -> Figure:
    with scratch(server_url, "sample") as url:
        took = load_sample(url, 25_000)
    return Figure("sample of 25,000 parcels, all layers, generated and loaded", took, "s", most=60)


if __name__ == "__main__":
    main()
