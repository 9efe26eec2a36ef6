"""The streets of the town, of which every piece is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.db import City, open_city, seen_at
from gis.networks.faults import components
from gis.networks.placing import Placed, placed
from gis.networks.routing import route
from gis.networks.search import between
from gis.networks.streets.convention import convention
from gis.networks.streets.network import Streets
from gis.networks.ways import Ways
from gis.sample.town import load_town
from gis.written import WrittenError
from layers.model import Horizon
from tests.gis.hand import database

EAST, NORTH = 550_000.0, 1_776_000.0


@pytest.fixture(scope="module")
def town(server_url: str, template: str) -> Iterator[City]:
    with database(server_url, template) as url, open_city(url) as city:
        load_town(city)
        yield city


def at(ways: Ways, *places: tuple[float, float]) -> Placed:
    points = np.array([shapely.Point(EAST + x, NORTH + y) for x, y in places], dtype=object)
    return placed(ways.onto, points, within_m=50)


def test_today_there_are_2500_m_in_30_pieces(town: City):
    streets = Streets.read(seen_at(town.connection, Horizon.EXISTING))
    assert len(streets.graph.start) == 30
    assert streets.graph.length_m.sum() == pytest.approx(2_500)
    assert components(streets.graph).max() == 0


def test_a_raised_road_is_not_joined_to_the_street_it_crosses(town: City):
    by_horizon = {each: Streets.read(seen_at(town.connection, each)).graph for each in Horizon}
    seen_at(town.connection, Horizon.EXISTING)
    assert [round(each.length_m.sum()) for each in by_horizon.values()] == [2_500, 2_700, 2_900]
    raised = by_horizon[Horizon.H2045]
    assert not np.any((np.abs(raised.nodes - [EAST + 350, NORTH + 100]) < 1).all(axis=1))


def test_a_one_way_street_is_driven_one_way_and_walked_both(town: City):
    streets = Streets.read(seen_at(town.connection, Horizon.EXISTING))
    here = [(200, 150), (200, 50)]
    walked = between(streets.walking, at(streets.walking, *here), at(streets.walking, *here))
    assert walked[0, 1] == pytest.approx(100)
    driven = between(streets.driving_m, at(streets.driving_m, *here), at(streets.driving_m, *here))
    # Southwards round a block: 50 up, 100 across, 200 down, 100 back, 50 up.
    assert driven[1, 0] == pytest.approx(100)
    assert driven[0, 1] == pytest.approx(50 + 100 + 200 + 100 + 50)


def test_the_fastest_way_is_taken_at_the_speed_of_each_street(town: City):
    streets = Streets.read(seen_at(town.connection, Horizon.EXISTING))
    ways = streets.driving_s
    way = route(ways, at(ways, (50, 0)), at(ways, (250, 0)))
    assert way is not None
    edge = way.edges[0]
    assert ways.forward[edge] == pytest.approx(streets.graph.length_m[edge] / (streets.taken_speed_kmh[edge] / 3.6))


def test_speeds_are_of_classes_that_there_are(tmp_path: Path):
    assert all(speed > 0 for speed in convention().drive_kmh.values())
    wrong = tmp_path / "travel.toml"
    said = '[convention]\ntitle.vi = "a"\ntitle.en = "a"\ncertainty = "assumed"\n'
    walked = "[walk]\nspeed_kmh = 4\nfarthest_street_m = 1\n[service_area]\nabout_m = 1\n"
    for line, what in (("motorway = 100", "unknown entry motorway"), ("track = 0", "track is 0")):
        wrong.write_text(f"{said}{walked}[drive_kmh]\n{line}\n")
        convention.cache_clear()
        with pytest.raises(WrittenError, match=what):
            convention(wrong)
    convention.cache_clear()
