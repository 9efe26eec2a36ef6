"""What holds for every sample city, whatever its size."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest
import shapely

from gis.sample import SampleSizeRefused, generate, load_sample
from layers import LAYERS
from layers.model import Kind


def fingerprint(parcels, seed):
    digest = hashlib.sha256()
    for name, batch in generate(parcels=parcels, seed=seed):
        digest.update(name.encode())
        digest.update(batch.schema.to_string().encode())
        for column in batch.columns:
            for buffer in column.buffers():
                digest.update(bytes(buffer or b""))
    return digest.hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not():
    first = fingerprint(2_000, 5)
    assert first == fingerprint(2_000, 5)
    assert first != fingerprint(2_000, 6)


@pytest.mark.parametrize(("parcels", "seed"), [(2_000, 2), (5_000, 3)])
def test_the_number_of_parcels_comes_within_two_in_a_hundred(parcels, seed):
    count = sum(batch.num_rows for name, batch in generate(parcels=parcels, seed=seed) if name == "parcel")
    assert abs(count / parcels - 1) <= 0.02


def test_a_size_outside_the_range_is_refused():
    with pytest.raises(SampleSizeRefused, match="2,000 to 3,000,000"):
        next(generate(parcels=100))


def test_every_layer_has_features_with_declared_codes_within_declared_bounds(drawn):
    for name, layer in LAYERS.items():
        assert drawn.count(name) > 0
        for column in layer.columns:
            values = [value for value in drawn.column(name, column.name) if value is not None]
            assert not column.required or len(values) == drawn.count(name), (name, column.name)
            if column.codes is not None:
                assert set(values) <= set(column.codes.values), (name, column.name)
            if column.kind in (Kind.NUMBER, Kind.INTEGER) and values:
                assert column.minimum is None or min(values) >= column.minimum, (name, column.name)
                assert column.maximum is None or max(values) <= column.maximum, (name, column.name)


def test_every_feature_says_that_it_is_a_sample(drawn):
    for name in LAYERS:
        assert set(drawn.column(name, "source")) == {"sample"}
        assert set(drawn.column(name, "quality")) == {"generated"}


def test_every_geometry_is_valid_and_of_the_declared_type(drawn):
    for name, layer in LAYERS.items():
        shapes = drawn.shapes(name)
        assert shapely.is_valid(shapes).all(), name
        assert not shapely.is_empty(shapes).any(), name
        assert {shape.geom_type for shape in shapes} == {layer.geometry.value}, name


def test_no_service_is_missing(small):
    kinds = LAYERS["facility"].column("facility_type").codes.values
    assert set(small.column("facility", "facility_type")) == set(kinds)


def test_a_city_of_100_000_parcels_takes_less_than_500_mib():
    program = (
        "import gis.sample\n"
        "for _ in gis.sample.generate(parcels=100_000): pass\n"
        # The peak since the program began; what resource.getrusage says may be that of the process that started it.
        "lines = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(int(lines['VmHWM'].split()[0]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 500


def test_a_loaded_city_has_every_row_and_shows_what_stands_today(city):
    counts = load_sample(city, parcels=2_000, seed=1)
    for name, count in counts.items():
        assert city.connection.execute(f'SELECT count(*) FROM city."{name}"').fetchone() == (count,)
    today = city.connection.execute("SELECT count(*) FROM parcel WHERE stage <> 'existing'").fetchone()
    assert today == (0,)


def test_coordinates_lie_on_the_millimetre(small):
    for name in ("road", "parcel", "pipe", "sewer"):
        points = shapely.get_coordinates(small.shapes(name))
        assert np.abs(points * 1000 - np.round(points * 1000)).max() < 1e-3, name
