"""Layers, their history and the register, as first laid out."""

from __future__ import annotations

from typing import Any  # SQLAlchemy's columns are generic over the Python value they hold

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TYPES: dict[str, Any] = {
    "": sa.Text,
    "bigint": sa.BigInteger,
    "double": sa.Double,
    "boolean": sa.Boolean,
    "date": sa.Date,
}

# name[:type][!]: text where no type is named, required where marked.
_KERNEL = "source! source_document source_date:date quality valid_from:date valid_to:date delivery:bigint"

# layer, geometry, columns, columns of the key
_LAYERS = (
    (
        "land_use",
        "MULTIPOLYGON",
        "land_use_code name original_class survey_year:bigint ward_code",
        "",
    ),
    (
        "parcel",
        "MULTIPOLYGON",
        "ward_code map_sheet parcel_number land_use_code area_legal_m2:double frontage_m:double stage! stage_end",
        "ward_code map_sheet parcel_number",
    ),
    (
        "building",
        "MULTIPOLYGON",
        "building_use name storeys:bigint height_m:double floor_area_m2:double year_built:bigint stage! stage_end",
        "",
    ),
    (
        "facility",
        "POINT",
        "facility_type! name land_area_m2:double floor_area_m2:double capacity:double ward_code "
        "opened_on:date stage! stage_end",
        "",
    ),
    (
        "plan",
        "MULTIPOLYGON",
        "code! name! plan_system! plan_level! scale_denominator:bigint decision_number "
        "decision_date:date authority status! adjusts",
        "code",
    ),
    (
        "zone",
        "MULTIPOLYGON",
        "plan_code! horizon! code plan_use! land_use_code max_built_share:double "
        "max_floor_area_ratio:double max_height_m:double min_storeys:bigint max_storeys:bigint "
        "min_green_share:double setback_m:double population:bigint",
        "plan_code horizon code",
    ),
    (
        "road_reserve",
        "MULTIPOLYGON",
        "plan_code! horizon! name red_line_width_m:double",
        "",
    ),
    (
        "corridor",
        "MULTIPOLYGON",
        "corridor_type! name width_m:double max_height_m:double basis horizon!",
        "",
    ),
    (
        "water_body",
        "MULTIPOLYGON",
        "name water_body_type! normal_level_m:double stage! stage_end",
        "",
    ),
    (
        "catchment",
        "MULTIPOLYGON",
        "code! outlet impervious_share:double curve_number:double slope_share:double stage! stage_end",
        "code",
    ),
    (
        "flood_zone",
        "MULTIPOLYGON",
        "return_period_years:bigint! min_depth_m:double max_depth_m:double water_level_m:double stage! stage_end",
        "",
    ),
    (
        "channel",
        "MULTILINESTRING",
        "name channel_type! bed_width_m:double depth_m:double side_slope:double invert_start_m:double "
        "invert_end_m:double roughness_n:double stage! stage_end",
        "",
    ),
    (
        "sewer",
        "MULTILINESTRING",
        "code! sewer_system! start_node end_node shape diameter_mm:double width_m:double "
        "height_m:double invert_start_m:double invert_end_m:double roughness_n:double material stage! "
        "stage_end",
        "code",
    ),
    (
        "pipe",
        "MULTILINESTRING",
        "code! pipe_role start_node end_node diameter_mm:double material roughness_hw:double "
        "length_m:double closed:boolean year_laid:bigint stage! stage_end",
        "code",
    ),
    (
        "manhole",
        "POINT",
        "code! sewer_system! ground_level_m:double invert_level_m:double stage! stage_end",
        "code",
    ),
    (
        "outfall",
        "POINT",
        "code! sewer_system! invert_level_m:double receiving_water stage! stage_end",
        "code",
    ),
    (
        "node",
        "POINT",
        "code! node_type! elevation_m:double demand_m3_day:double head_m:double "
        "tank_diameter_m:double tank_min_level_m:double tank_initial_level_m:double "
        "tank_max_level_m:double pump_flow_m3_h:double pump_head_m:double valve_type "
        "valve_setting:double closed:boolean broken:boolean stage! stage_end",
        "code",
    ),
    (
        "plant",
        "POINT",
        "name plant_type! capacity_m3_day:double land_area_m2:double stage! stage_end",
        "",
    ),
    (
        "road",
        "MULTILINESTRING",
        "name road_class! oneway lanes:bigint carriageway_width_m:double red_line_width_m:double "
        "max_speed_kmh:double surface walkable:boolean bridge:boolean tunnel:boolean level:bigint "
        "original_class stage! stage_end",
        "",
    ),
    (
        "rail",
        "MULTILINESTRING",
        "name rail_type! gauge_mm:bigint tracks:bigint bridge:boolean tunnel:boolean level:bigint stage! stage_end",
        "",
    ),
    (
        "transit_route",
        "MULTILINESTRING",
        "number name transit_mode! headway_min:double stage! stage_end",
        "",
    ),
    (
        "parking",
        "POINT",
        "name car_spaces:bigint levels:bigint land_area_m2:double stage! stage_end",
        "",
    ),
    (
        "transit_stop",
        "POINT",
        "code name transit_mode! shelter:boolean stage! stage_end",
        "",
    ),
    (
        "ward",
        "MULTIPOLYGON",
        "code! name! name_en unit_type district_code area_legal_ha:double population:bigint population_year:bigint",
        "code",
    ),
    (
        "district",
        "MULTIPOLYGON",
        "code! name! name_en area_legal_ha:double population:bigint population_year:bigint",
        "code",
    ),
    (
        "city",
        "MULTIPOLYGON",
        "code! name! name_en area_legal_ha:double population:bigint population_year:bigint",
        "code",
    ),
)


def upgrade() -> None:
    """Apply."""
    for schema in ("city", "history", "register"):
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    op.execute("CREATE SEQUENCE city.uid AS bigint")
    for name, geometry, columns, key in _LAYERS:
        _create_layer(name, geometry, columns, key.split())
        _create_history(name, geometry, columns)
    _create_register()


def downgrade() -> None:
    """Undo."""
    for table in ("refused", "delivery"):
        op.drop_table(table, schema="register")
    for name, *_ in _LAYERS:
        op.drop_table(name, schema="history")
        op.drop_table(name, schema="city")
    op.execute("DROP SEQUENCE city.uid")


def _attributes(columns: str) -> list[sa.Column[Any]]:
    return [_attribute(word) for word in f"{columns} {_KERNEL}".split()]


def _attribute(word: str) -> sa.Column[Any]:
    name, _, kind = word.rstrip("!").partition(":")
    return sa.Column(name, _TYPES[kind], nullable=not word.endswith("!"))


def _geometry(geometry: str, srid: int) -> Geometry:
    return Geometry(geometry, srid=srid, dimension=2, spatial_index=False)


def _time(name: str, *, default: bool) -> sa.Column[Any]:
    return sa.Column(
        name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now() if default else None
    )


def _create_layer(name: str, geometry: str, columns: str, key: list[str]) -> None:
    op.create_table(
        name,
        sa.Column(
            "uid",
            sa.BigInteger,
            primary_key=True,
            autoincrement=False,
            server_default=sa.text("nextval('city.uid'::regclass)"),
        ),
        *_attributes(columns),
        _time("recorded_at", default=True),
        sa.Column("geom", _geometry(geometry, 5899), nullable=False),
        sa.Column("web_geom", _geometry(geometry, 3857), sa.Computed("st_transform(geom, 3857)", persisted=True)),
        schema="city",
    )
    for column in ("geom", "web_geom"):
        op.create_index(f"{name}_{column}", name, [column], schema="city", postgresql_using="gist")
    if key:
        op.create_index(f"{name}_key", name, key, schema="city")


def _create_history(name: str, geometry: str, columns: str) -> None:
    op.create_table(
        name,
        sa.Column("uid", sa.BigInteger, nullable=False),
        *_attributes(columns),
        _time("recorded_at", default=False),
        _time("superseded_at", default=True),
        sa.Column("geom", _geometry(geometry, 5899), nullable=False),
        schema="history",
    )
    op.create_index(f"{name}_uid", name, ["uid", "superseded_at"], schema="history")


def _create_register() -> None:
    op.create_table(
        "delivery",
        sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("layer", "file_name")),
        sa.Column("sha256", sa.Text),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("mapping", JSONB, nullable=False),
        sa.Column("crs", sa.Text, nullable=False),
        *(sa.Column(f"rows_{name}", sa.BigInteger, nullable=False) for name in ("read", "stored", "refused")),
        sa.Column("findings", JSONB, nullable=False),
        _time("started_at", default=False),
        _time("finished_at", default=True),
        sa.Column("software", sa.Text, nullable=False),
        sa.CheckConstraint("rows_read = rows_stored + rows_refused", name="nothing_lost"),
        schema="register",
    )
    op.create_table(
        "refused",
        sa.Column(
            "delivery",
            sa.BigInteger,
            sa.ForeignKey("register.delivery.number", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("row_number", sa.BigInteger, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "message")),
        sa.Column("attributes", JSONB, nullable=False),
        sa.Column("geom", Geometry(spatial_index=False, srid=-1)),
        schema="register",
    )
