"""The town, on which every answer can be worked out on paper (see `gis.sample.town`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from gis.db import City, open_city
from gis.sample.squares import rectangle
from gis.sample.town import load_town
from tests.gis.hand import database


@pytest.fixture(scope="session")
def town_url(server_url: str, template: str) -> Iterator[str]:
    """Address of the town, for questions, which only read."""
    with database(server_url, template) as url:
        with open_city(url) as city:
            load_town(city)
        yield url


@pytest.fixture(scope="session")
def town(town_url: str) -> Iterator[City]:
    """The town, seen as it stands."""
    with open_city(town_url) as city:
        yield city


def lonlat_box(west: float, south: float, east: float, north: float) -> str:
    """Return a rectangle of the town as GeoJSON, its sides divided so that they stay straight."""
    box = shapely.segmentize(rectangle(west, south, east, north).geoms[0], 10)
    to_degrees = Transformer.from_crs(5899, 4326, always_xy=True)
    drawn = shapely.transform(box, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))
    return shapely.to_geojson(drawn)
