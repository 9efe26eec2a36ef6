"""One sample city of 2 000 parcels, generated once, for all tests of the sample."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gis.sample import generate


class Drawn:
    """A generated city: for each layer its geometries and, as lists, its columns."""

    def __init__(self, parcels, seed=1):
        batches = {}
        for name, batch in generate(parcels=parcels, seed=seed):
            batches.setdefault(name, []).append(batch)
        self.tables = {name: pa.Table.from_batches(each) for name, each in batches.items()}

    def __contains__(self, layer):
        return layer in self.tables

    def shapes(self, layer):
        return shapely.from_wkb(np.array(self.tables[layer]["geometry"].to_pylist(), dtype=object))

    def column(self, layer, name):
        return np.array(self.tables[layer][name].to_pylist(), dtype=object)

    def number(self, layer, name):
        return np.array([np.nan if value is None else value for value in self.tables[layer][name].to_pylist()], float)

    def count(self, layer):
        return self.tables[layer].num_rows


@pytest.fixture(scope="session")
def small():
    """A city of 2 000 parcels."""
    return Drawn(2_000)


@pytest.fixture(scope="session")
def usual():
    """A city of 25 000 parcels, as it is loaded into an empty database."""
    return Drawn(25_000)


@pytest.fixture(params=["small", "usual"])
def drawn(request):
    """Both cities in turn."""
    return request.getfixturevalue(request.param)
