"""`quyhoach load` as it is typed: what it prints, and what it refuses."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from psycopg.errors import ProgramLimitExceeded
from typer.testing import CliRunner

from gis import __main__ as door
from gis import opening
from gis.db import City, seen_at
from gis.errors import UnknownLayerError
from gis.intake.asked import LayerListError, WithElevationError, WithoutElevationError
from gis.intake.command import load
from gis.intake.errors import AmbiguousGuessError, NothingStorableError, ReportUnwrittenError
from gis.scenarios.register import open_scenario
from gis.schema import BASELINE
from tests.gis.intake.conftest import Write, square, stored
from tests.gis.intake.test_elevation import plane
from tests.gis.intake.test_osm import TOWN


@pytest.fixture
def shell(city: City, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The verb on the city of the tests, which is already open."""

    @contextmanager
    def opened(*, scenario: str = BASELINE) -> Iterator[City]:
        yield seen_at(city.connection, city.horizon, scenario)

    monkeypatch.setattr(opening, "city", opened)
    app = typer.Typer()
    app.command()(load)
    return app


def run(shell: typer.Typer, *arguments: str) -> str:
    result = CliRunner().invoke(shell, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_report_is_printed(shell: typer.Typer, write: Write):
    path = write("parcels.gpkg", [square(0), None], so_thua=["1", "2"])
    said = run(shell, str(path), "--layer", "parcel")
    assert "2 read = 1 stored + 1 refused" in said
    assert "null_geometry" in said


def test_json_is_all_that_is_printed(shell: typer.Typer, city: City, write: Write, tmp_path: Path):
    path = write("parcels.gpkg", [square(0), None], so_thua=["1", "2"])
    said = json.loads(run(shell, str(path), "--layer", "parcel", "--json", "--report", str(tmp_path / "r")))
    assert (said["read"], said["stored"], said["reasons"]) == (2, 1, {"null_geometry": 1})
    assert sorted(file.name for file in (tmp_path / "r").iterdir()) == [
        "parcels.gpkg-parcel-refused.gpkg",
        "parcels.gpkg-parcel.json",
    ]
    assert stored(city, "SELECT count(*) FROM city.parcel") == [(1,)]


def test_a_dry_run_says_what_would_happen_and_shows_the_guess(shell: typer.Typer, city: City, write: Write):
    path = write("parcels.gpkg", [square(0)], so_thua=["1"], parcel_no=["1"])
    result = CliRunner().invoke(shell, [str(path), "--layer", "parcel", "--dry-run"])
    assert "dry run, nothing stored" in result.stdout
    assert 'parcel_number = "so_thua"' in result.stderr
    assert stored(city, "SELECT count(*) FROM city.parcel") == [(0,)]


def test_a_doubtful_guess_is_refused_where_nobody_can_answer(shell: typer.Typer, write: Write):
    path = write("parcels.gpkg", [square(0)], so_thu_tu_thua=["1"], parcel_no=["1"])
    with pytest.raises(AmbiguousGuessError):
        run(shell, str(path), "--layer", "parcel")
    assert "1 stored" in run(shell, str(path), "--layer", "parcel", "--yes")


def test_a_layer_is_asked_for(shell: typer.Typer, write: Write):
    result = CliRunner().invoke(shell, [str(write("p.gpkg", [square(0)]))])
    assert result.exit_code == 2
    assert "--layer" in result.output


def test_a_dry_run_of_heights_is_said_to_be_one(shell: typer.Typer, tmp_path: Path):
    path = plane(tmp_path / "dem.tif")
    assert "dry run, nothing stored" in run(shell, str(path), "--elevation", "--layer", "node", "--dry-run")
    assert "dry run" not in run(shell, str(path), "--elevation", "--layer", "node")


@pytest.mark.parametrize(
    "option", [["--mode", "append"], ["--map", "wards"], ["--source-layer", "a"], ["--report", "r"]], ids="".join
)
def test_what_means_nothing_for_heights_is_refused(shell: typer.Typer, tmp_path: Path, option: list[str]):
    with pytest.raises(WithElevationError, match=f"^{option[0]} cannot be given with --elevation"):
        run(shell, str(plane(tmp_path / "dem.tif")), "--elevation", *option)


def test_an_error_of_heights_is_refused_for_a_delivery(shell: typer.Typer, write: Write):
    with pytest.raises(WithoutElevationError, match="--stated-error-m"):
        run(shell, str(write("p.gpkg", [square(0)])), "--layer", "parcel", "--stated-error-m", "1")


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ("road,nosuch", "There is no layer 'nosuch'"),
        ("road,", "has an empty name"),
        ("", "has an empty name"),
        ("road, road", "has road more than once"),
    ],
)
def test_every_layer_of_a_list_is_looked_at_before_the_file(shell: typer.Typer, layers: str, said: str):
    with pytest.raises((UnknownLayerError, LayerListError), match=said):
        run(shell, "not-there.osm", "--layer", layers)


def test_several_layers_are_loaded_in_one_transaction_and_each_is_reported(
    shell: typer.Typer, city: City, tmp_path: Path
):
    path = tmp_path / "town.osm"
    path.write_text(TOWN, encoding="utf-8")
    said = json.loads(run(shell, str(path), "--layer", "building,road", "--json"))
    assert [(each["layer"], each["stored"]) for each in said] == [("building", 1), ("road", 3)]
    recorded = "SELECT DISTINCT recorded_at FROM city.road UNION SELECT DISTINCT recorded_at FROM city.building"
    assert len(stored(city, recorded)) == 1


def test_where_one_of_several_layers_cannot_be_loaded_none_is(shell: typer.Typer, city: City, tmp_path: Path):
    path, report = tmp_path / "town.osm", tmp_path / "report"
    path.write_text(TOWN, encoding="utf-8")
    arguments = [str(path), "--layer", "road,parking", "--mode", "replace", "--report", str(report)]
    result = CliRunner().invoke(shell, arguments)
    assert isinstance(result.exception, NothingStorableError)
    assert "Nothing was stored, in none of the layers road, parking" in result.stderr
    assert stored(city, "SELECT count(*) FROM city.road") == [(0,)]
    assert stored(city, "SELECT count(*) FROM register.delivery") == [(0,)]
    assert [file.name for file in report.iterdir()] == ["town.osm-parking.json"]


def test_a_report_is_shown_even_where_it_cannot_be_written(shell: typer.Typer, write: Write, tmp_path: Path):
    (tmp_path / "report" / "p.gpkg-parcel.json").mkdir(parents=True)
    path = write("p.gpkg", [square(0), None], so_thua=["1", "2"])
    result = CliRunner().invoke(shell, [str(path), "--layer", "parcel", "--report", str(tmp_path / "report")])
    assert isinstance(result.exception, ReportUnwrittenError)
    assert "2 read = 1 stored + 1 refused" in result.stdout


def test_brackets_of_a_delivery_are_shown_as_they_are(shell: typer.Typer, write: Write):
    path = write("[red]p.geojson", [square(0), square(1)], so_thua=["1", "2"], loai_dat=["ODT", "[/b]"])
    mapping = path.with_name("m.toml")
    mapping.write_text(
        'ignored = ["Ghi chú [m2]"]\nsource = "t"\n[columns]\nparcel_number = "so_thua"\nland_use_code = "loai_dat"\n'
        '[constants]\nstage = "existing"\n'
    )
    said = run(shell, str(path), "--layer", "parcel", "--map", str(mapping))
    assert "[red]p.geojson (GeoJSON)" in said
    assert "Ghi chú [m2]" in said


def test_what_the_database_cannot_hold_is_not_called_a_lost_connection(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def beyond(**_: object) -> None:
        raise ProgramLimitExceeded("index row requires 11480 bytes")

    monkeypatch.setattr(door, "shell", beyond)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as left:
        door.main()
    assert left.value.code == 2
    assert "cannot hold this: index row requires" in capsys.readouterr().err


def test_a_file_is_loaded_into_a_scenario(shell: typer.Typer, city: City, write: Write):
    open_scenario(city.connection, "green")
    path = write("ward.gpkg", [square(0)], code=["1"], name=["A"], source=["hand"])
    said = run(shell, str(path), "--layer", "ward", "--scenario", "green", "--yes")
    assert "ward of scenario green: append" in said
    shown = "SELECT count(*) FROM ward"
    assert seen_at(city.connection, city.horizon, "green").connection.execute(shown).fetchone() == (1,)
    assert seen_at(city.connection, city.horizon).connection.execute(shown).fetchone() == (0,)
