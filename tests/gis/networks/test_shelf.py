"""Networks at hand: read once for each state of their layer, by whoever comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.db import City, open_city, seen_at
from gis.networks import shelf as shelf_module
from gis.networks.landmarks import landmarks
from gis.networks.routing import route
from gis.networks.search import between
from gis.networks.shelf import Shelf
from gis.networks.streets.network import Streets, Travel, streets
from gis.scenarios.edits import change
from gis.scenarios.register import open_scenario
from layers import LAYERS
from layers.model import Horizon
from tests.gis.hand import put


@dataclass
class Reader:
    """Counts how often the roads are read from the database."""

    read: list[str] = field(default_factory=list)

    def shelf(self) -> Shelf[np.ndarray]:
        """Return a shelf of a process of its own, that counts here."""

        def uids(city: City) -> np.ndarray:
            self.read.append(f"{city.scenario} {city.horizon}")
            return np.array([uid for (uid,) in city.connection.execute("SELECT uid FROM road ORDER BY uid")])

        return Shelf("road", uids, lambda found: {"uid": found}, lambda arrays: arrays["uid"])


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(shelf_module, "folder_of", lambda city: tmp_path / city.connection.info.dbname)
    return Reader()


def road(city: City, north: float = 0.0, stage: str = "existing") -> int:
    ends = f"MULTILINESTRING((550000 {1_776_000 + north}, 550100 {1_776_000 + north}))"
    return put(city.connection, "road", ends, road_class="district", stage=stage)


def test_the_second_process_maps_what_the_first_has_read(city: City, reader: Reader):
    uid = road(city)
    first, second = reader.shelf(), reader.shelf()
    assert [each.of(city).tolist() for each in (first, first, second, second)] == [[uid]] * 4
    assert len(reader.read) == 1
    assert isinstance(second.of(city), np.memmap)


def test_a_change_is_seen_at_once_and_read_once(city: City, reader: Reader):
    first, second = reader.shelf(), reader.shelf()
    uids = [road(city)]
    assert first.of(city).tolist() == uids
    uids.append(road(city, 10))
    assert [each.of(city).tolist() for each in (second, first)] == [uids] * 2
    assert len(reader.read) == 2
    put(city.connection, "node", "POINT(550000 1776000)", code="N1", node_type="junction", stage="existing")
    assert first.of(city).tolist() == uids
    assert len(reader.read) == 2


def test_each_horizon_has_its_own_and_a_scenario_without_changes_none(city: City, reader: Reader):
    now, later = road(city), road(city, 10, stage="2030")
    open_scenario(city.connection, "same")
    open_scenario(city.connection, "other")
    shelf = reader.shelf()
    assert shelf.of(city).tolist() == [now]
    assert shelf.of(seen_at(city.connection, Horizon.H2030)).tolist() == [now, later]
    assert shelf.of(seen_at(city.connection, Horizon.EXISTING, "same")).tolist() == [now]
    assert len(reader.read) == 2
    other = seen_at(city.connection, Horizon.H2030, "other")
    change(other, LAYERS["road"], now, {"stage_end": "2030"})
    assert shelf.of(other).tolist() == [later]
    assert shelf.of(seen_at(city.connection, Horizon.H2030)).tolist() == [now, later]
    assert len(reader.read) == 3


def test_what_only_an_open_transaction_sees_is_not_kept_for_others(city: City, reader: Reader, database_url: str):
    uid, shelf = road(city), reader.shelf()
    with open_city(database_url) as mine, mine.connection.transaction(force_rollback=True):
        added = road(mine, 10)
        assert shelf.of(mine).tolist() == [uid, added]
    assert shelf.of(city).tolist() == [uid]
    assert reader.shelf().of(city).tolist() == [uid]


def test_a_folder_that_cannot_be_written_is_done_without(city: City, reader: Reader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shelf_module, "folder_of", lambda _: Path("/proc/nowhere"))
    uid, shelf = road(city), reader.shelf()
    assert [shelf.of(city).tolist() for _ in range(2)] == [[uid]] * 2
    assert len(reader.read) == 1


def test_streets_that_are_mapped_are_those_that_were_read(town: City):
    read, kept = Streets.read(town), streets(town)
    for name in ("uid", "road_class", "forward", "backward", "walkable"):
        assert getattr(kept, name).tolist() == getattr(read, name).tolist()
    assert kept.graph.length_m.tolist() == read.graph.length_m.tolist()
    here, there = (kept.placed(_start(kept, edge), Travel.DRIVE) for edge in (0, 9))
    marks = landmarks(read.driving_s)
    assert kept.landmarks(Travel.DRIVE).away.tolist() == marks.away.tolist()
    found = route(kept.driving_s, here, there, landmarks=marks)
    assert found is not None
    assert found.cost == pytest.approx(between(read.driving_s, here, there)[0, 0])


def _start(network: Streets, edge: int) -> np.ndarray:
    return np.array([shapely.Point(network.graph.nodes[network.graph.start[edge]])], dtype=object)
