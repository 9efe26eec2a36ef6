"""What was exported can be loaded again, and is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import shapely

from gis.db import City
from gis.export import FORMATS, Report, export
from gis.intake import Mapping, load
from gis.intake.mapping import OTHERWISE
from gis.schema import stored_columns
from layers import LAYERS
from tests.gis.export.conftest import FACILITIES, ROADS, SQUARE, put, stored

WITHOUT_COLUMNS = ("dxf",)
"""A drawing keeps its attributes where GDAL does not look."""
PARCELS = [
    {
        "ward_code": "20194",
        "map_sheet": "12",
        "parcel_number": "7a",
        "land_use_code": "ODT",
        "area_legal_m2": 1 / 3,
        "stage": "existing",
        "source_document": "CC0",
        "valid_from": "2020-02-29",
        "geom": SQUARE,
    },
    {"map_sheet": "13", "stage": "existing", "geom": SQUARE.replace("551", "552")},
]
ROWS = {"parcel": PARCELS, "road": ROADS, "facility": FACILITIES[2:3]}


def mapping(layer: str, report: Report) -> Mapping:
    """Return the mapping of a file whose columns are those of the layer, `uid` included."""
    renamed = dict(report.renamed)
    if report.format == "KML":
        renamed["name"] = "Name"
    names = ["uid", *(column.name for column in stored_columns(LAYERS[layer]) if column.name != "delivery")]
    return Mapping(columns={name: (renamed.get(name, name),) for name in names}, ignored=(OTHERWISE,))


def attributes(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a load gives back: all but its own number; numbers to the 15 digits that every format keeps."""
    kept = {name: value for name, value in row.items() if name not in {"delivery", "geometry"}}
    return {name: float(f"{value:.15g}") if isinstance(value, float) else value for name, value in kept.items()}


@pytest.mark.parametrize("layer", ROWS)
@pytest.mark.parametrize("name", [name for name in FORMATS if name not in WITHOUT_COLUMNS])
def test_load_of_export_gives_the_same_rows(city: City, tmp_path: Path, name: str, layer: str):
    put(city.connection, layer, ROWS[layer])
    before = stored(city, layer)
    report = export(city, layer, tmp_path / f"a{FORMATS[name].suffixes[0]}")
    assert report.losses == ()
    crs = "EPSG:5899" if name == "csv" else None
    loaded = load(city, report.path, layer=layer, mapping=mapping(layer, report), mode="replace", crs=crs)
    assert (loaded.read, loaded.stored) == (len(before), len(before)), loaded
    after = stored(city, layer)
    assert after.keys() == before.keys()
    furthest_m = 0.01 if FORMATS[name].fixed else 1e-8
    for uid, row in after.items():
        assert attributes(row) == attributes(before[uid])
        original = shapely.from_wkb(before[uid]["geometry"])
        assert shapely.hausdorff_distance(shapely.from_wkb(row["geometry"]), original) < furthest_m


def test_a_drawing_gives_its_areas_and_the_code_it_is_coloured_by_again(city: City, tmp_path: Path):
    put(city.connection, "parcel", PARCELS)
    before = [shapely.from_wkb(row["geometry"]) for row in stored(city, "parcel").values()]
    report = export(city, "parcel", tmp_path / "a.dxf")
    by_drawing_layer = Mapping(
        columns={"land_use_code": ("Layer",)},
        values={"land_use_code": {"parcel": ""}},
        constants={"source": "drawing", "stage": "existing"},
        ignored=(OTHERWISE,),
    )
    loaded = load(city, report.path, layer="parcel", mapping=by_drawing_layer, mode="replace", crs="EPSG:5899")
    assert (loaded.read, loaded.stored) == (2, 2), loaded
    assert loaded.changes["closed line became the area it encloses"] == 2
    after = list(stored(city, "parcel").values())
    assert {row["land_use_code"] for row in after} == {"ODT", None}
    assert shapely.union_all([shapely.from_wkb(row["geometry"]) for row in after]).equals(shapely.union_all(before))


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in WITHOUT_COLUMNS])
def test_an_export_is_understood_without_a_mapping(city: City, tmp_path: Path, name: str):
    put(city.connection, "parcel", PARCELS)
    before = stored(city, "parcel")
    report = export(city, "parcel", tmp_path / f"a{FORMATS[name].suffixes[0]}")
    crs = "EPSG:5899" if name == "csv" else None
    loaded = load(city, report.path, layer="parcel", mode="replace", crs=crs)
    assert loaded.stored == len(before), loaded
    after = stored(city, "parcel")
    assert {uid: attributes(row) for uid, row in after.items()} == {uid: attributes(row) for uid, row in before.items()}
