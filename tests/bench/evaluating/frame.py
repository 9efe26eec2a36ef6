"""A frame of all parcels against `geopandas.read_postgis`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.evaluating.sides import side
from tests.bench.figures import Figure
from tests.bench.measure import Run, in_turn, median_s, peak_mib
from tests.bench.serving.ground import Ground


def frame(ground: Ground) -> Iterator[Figure]:
    """Yield how much faster all parcels become a frame."""
    ours: list[Run] = []
    theirs: list[Run] = []
    same = True
    for _ in range(ground.scale.rounds):
        measured, found = side(ground.city_url, ground.folder, "our-frame")
        ours.append(measured)
        measured, expected = side(ground.city_url, ground.folder, "their-frame")
        theirs.append(measured)
        same &= found["rows"] == expected["rows"] and abs(found["area"] / expected["area"] - 1) < 1e-9
    said = [f"{median_s(runs):.1f} s, {peak_mib(runs):.0f} MiB" for runs in (ours, theirs)]
    note = f"{said[0]}; geopandas {said[1]}"
    value = in_turn(ours, theirs) if same else float("nan")
    yield Figure("all parcels as a frame against read_postgis", value, "×", least=2, note=note)
