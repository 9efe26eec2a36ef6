"""What a declaration may say, and what it may not."""

from dataclasses import replace

import pytest

from layers import GROUPS, LAYERS
from layers.model import CodeList, Column, DeclarationError, Geometry, Horizon, Kind, Layer, Paint, Words

TITLE = Words("Tên", "Name")
NAME = Column("name", Kind.TEXT, TITLE, TITLE)


def test_every_layer_name_is_declared_once():
    declared = [layer.name for group in GROUPS for layer in group.layers]
    assert len(declared) == len(set(declared)) == len(LAYERS)


def test_the_five_groups_are_there_with_their_layers():
    held = {group.name: {layer.name for layer in group.layers} for group in GROUPS}
    assert held["boundaries"] == {"city", "district", "ward"}
    assert held["land"] == {"parcel", "land_use", "building", "facility"}
    assert held["zoning"] == {"plan", "zone", "corridor", "road_reserve"}
    assert held["transport"] == {"road", "rail", "transit_stop", "transit_route", "parking"}
    assert held["water"] == {
        *("pipe", "node", "plant", "sewer", "manhole", "outfall"),
        *("channel", "water_body", "catchment", "flood_zone"),
    }


def test_horizons_reached_grow_with_time():
    assert Horizon.EXISTING.reached == (Horizon.EXISTING,)
    assert Horizon.H2045.reached == (Horizon.EXISTING, Horizon.H2030, Horizon.H2045)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.name)
def test_a_measured_name_wears_its_unit(layer: Layer):
    units = {"m": "_m", "m²": "_m2", "ha": "_ha", "mm": "_mm", "km/h": "_kmh", "m³/day": "_m3_day", "min": "_min"}
    for column in layer.columns:
        if column.unit in units:
            assert column.name.endswith(units[column.unit]), column.name


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.name)
def test_references_point_at_declared_columns(layer: Layer):
    for column in layer.columns:
        if column.refers:
            referred, name = column.refers.split(".")
            assert LAYERS[referred].column(name).kind is column.kind


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.name)
def test_no_personal_data_is_declared(layer: Layer):
    personal = {"owner", "owner_name", "id_number", "phone", "email", "birth_date", "holder"}
    assert not personal & {column.name for column in layer.columns}


def test_parcel_is_found_by_sheet_and_number_but_named_by_uid():
    assert LAYERS["parcel"].key == ("ward_code", "map_sheet", "parcel_number")
    assert not any(LAYERS["parcel"].column(name).required for name in LAYERS["parcel"].key)


def test_land_use_codes_in_conflict_are_marked():
    codes = {code.code: code for code in LAYERS["parcel"].column("land_use_code").codes.codes}  # type: ignore[union-attr]
    assert {code for code, entry in codes.items() if entry.conflict} == {"LMU", "TON", "MNC"}
    assert codes["ODT"].color == "#ffa0ff"
    assert codes["LUA"].title == Words("Đất trồng lúa", "Paddy (rice) land")
    assert codes["CNC"].color is None, "a colour nobody has stated stays unknown"


def test_a_name_that_is_not_an_identifier_is_refused():
    with pytest.raises(DeclarationError, match="lower case"):
        Column("Số thửa", Kind.TEXT, TITLE, TITLE)


def test_words_in_one_language_only_are_refused():
    with pytest.raises(DeclarationError, match="both languages"):
        Words("Thửa đất", " ")


def test_a_paint_by_an_uncoded_column_is_refused():
    with pytest.raises(DeclarationError, match="no code list"):
        Layer("x", TITLE, TITLE, Geometry.POINT, (NAME,), Paint("#000000", by="name"))


def test_a_key_that_is_no_column_is_refused():
    with pytest.raises(DeclarationError, match="no such column: code"):
        Layer("x", TITLE, TITLE, Geometry.POINT, (NAME,), Paint("#000000"), key=("code",))


def test_a_column_declared_twice_is_refused():
    with pytest.raises(DeclarationError, match="declared twice: name"):
        Layer("x", TITLE, TITLE, Geometry.POINT, (NAME, NAME), Paint("#000000"))


def test_a_code_list_is_either_inline_or_a_file():
    with pytest.raises(DeclarationError, match="either"):
        CodeList("x", TITLE, source="nowhere")


def test_only_areas_painted_by_a_code_are_gathered_and_only_below_a_zoom_they_are_shown_at():
    road = {"name": "path", "title": TITLE, "meaning": TITLE, "geometry": Geometry.LINE, "columns": (NAME,)}
    with pytest.raises(DeclarationError, match="only areas painted by a code"):
        Layer(**road, paint=Paint("#000000"), gathered_below=12)
    with pytest.raises(DeclarationError, match="at which it is shown"):
        replace(LAYERS["parcel"], gathered_below=8)
