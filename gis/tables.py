"""Declaration -> SQLAlchemy table: columns, geometry, indexes and comments of every layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any  # SQLAlchemy's column types are generic over the Python value they hold

import sqlalchemy as sa
from geoalchemy2 import Geometry as GeometryColumn
from sqlalchemy.dialects.postgresql import JSONB

from gis.jobs.tables import job_table
from gis.networks.supply.tables import supply_file_table
from gis.overviews.tables import mark_table, patch_table, share_table
from gis.schema import CITY_SCHEMA, HISTORY_SCHEMA, REGISTER_SCHEMA, STORED_SRID, WEB_SRID, stored_columns
from layers.model import Column, Geometry, Kind, Layer

_TYPES: dict[Kind, type[sa.types.TypeEngine[Any]]] = {
    Kind.TEXT: sa.Text,
    Kind.INTEGER: sa.BigInteger,
    Kind.NUMBER: sa.Double,
    Kind.BOOLEAN: sa.Boolean,
    Kind.DATE: sa.Date,
    Kind.TIMESTAMP: sa.DateTime,
}


def metadata(layers: Iterable[Layer]) -> sa.MetaData:
    """Return the tables of the layers, of their history and of the register."""
    tables = sa.MetaData()
    sa.Sequence("uid", schema=CITY_SCHEMA, metadata=tables)
    for layer in layers:
        _layer_table(layer, tables)
        _history_table(layer, tables)
    _delivery_table(tables)
    _refused_table(tables)
    _secret_table(tables)
    _change_table(tables)
    _scenario_table(tables)
    job_table(tables)
    supply_file_table(tables)
    share_table(tables)
    patch_table(tables)
    mark_table(tables)
    return tables


def _layer_table(layer: Layer, tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        layer.name,
        tables,
        sa.Column(
            "uid",
            sa.BigInteger,
            primary_key=True,
            autoincrement=False,
            server_default=sa.text("nextval('city.uid'::regclass)"),
            comment="unique name of the feature in the whole city",
        ),
        *_attribute_columns(layer),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
            comment="when the database learned this state",
        ),
        sa.Column("geom", _geometry(layer.geometry, STORED_SRID), nullable=False, comment=_MEASURED),
        sa.Column(
            "web_geom",
            _geometry(layer.geometry, WEB_SRID),
            sa.Computed(f"st_transform(geom, {WEB_SRID})", persisted=True),
            comment="the same in EPSG:3857, for tiles; nothing is measured in it, and features are found by geom",
        ),
        sa.Index(f"{layer.name}_geom", "geom", postgresql_using="gist"),
        *_key_index(layer),
        schema=CITY_SCHEMA,
        comment=_comment(layer),
    )


_MEASURED = "geometry in EPSG:5899 (VN-2000 / TM-3 107-45), in which everything is measured"


def _history_table(layer: Layer, tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        layer.name,
        tables,
        sa.Column("uid", sa.BigInteger, nullable=False, comment="uid of the feature"),
        *_attribute_columns(layer),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when the database learned it"),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.func.now(),
            comment="when a newer state or a removal took its place",
        ),
        sa.Column("geom", _geometry(layer.geometry, STORED_SRID), nullable=False, comment=_MEASURED),
        sa.Index(f"{layer.name}_uid", "uid", "superseded_at"),
        schema=HISTORY_SCHEMA,
        comment=f"superseded rows of {CITY_SCHEMA}.{layer.name}",
    )


def _attribute_columns(layer: Layer) -> list[sa.Column[Any]]:
    return [
        sa.Column(column.name, _TYPES[column.kind], nullable=not column.required, comment=_column_comment(column))
        for column in stored_columns(layer)
    ]


def _key_index(layer: Layer) -> list[sa.Index]:
    return [sa.Index(f"{layer.name}_key", *layer.key)] if layer.key else []


def _geometry(geometry: Geometry, srid: int) -> GeometryColumn:
    return GeometryColumn(geometry.upper(), srid=srid, dimension=2, spatial_index=False)


def _comment(layer: Layer) -> str:
    return f"{layer.title.vi} | {layer.title.en}: {layer.meaning.vi} | {layer.meaning.en}"


def _column_comment(column: Column) -> str:
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{column.title.vi} | {column.title.en}{unit}: {column.meaning.vi} | {column.meaning.en}"


def _delivery_table(tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        "delivery",
        tables,
        sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("layer", sa.Text, nullable=False, comment="layer it was loaded into"),
        sa.Column("file_name", sa.Text, nullable=False, comment="name of the file, without its folder"),
        sa.Column("sha256", sa.Text, comment="digest of the file's bytes"),
        sa.Column("mode", sa.Text, nullable=False, comment="append, replace or upsert"),
        sa.Column("mapping", JSONB, nullable=False, comment="mapping that was used"),
        sa.Column("crs", sa.Text, nullable=False, comment="coordinate system the file was read in"),
        sa.Column("rows_read", sa.BigInteger, nullable=False),
        sa.Column("rows_stored", sa.BigInteger, nullable=False),
        sa.Column("rows_refused", sa.BigInteger, nullable=False),
        sa.Column("findings", JSONB, nullable=False, comment="repairs, overlaps, gaps and other remarks"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("software", sa.Text, nullable=False, comment="version that loaded it"),
        sa.CheckConstraint("rows_read = rows_stored + rows_refused", name="nothing_lost"),
        schema=REGISTER_SCHEMA,
        comment="every delivery that was loaded, with its counts",
    )


def _refused_table(tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        "refused",
        tables,
        sa.Column(
            "delivery",
            sa.BigInteger,
            sa.ForeignKey(f"{REGISTER_SCHEMA}.delivery.number", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("row_number", sa.BigInteger, primary_key=True, comment="place in the file, from 1"),
        sa.Column("reason", sa.Text, nullable=False, comment="short name of the reason"),
        sa.Column("message", sa.Text, nullable=False, comment="the reason in words"),
        sa.Column("attributes", JSONB, nullable=False, comment="attributes as delivered"),
        sa.Column("geom", GeometryColumn(spatial_index=False, srid=-1), comment="geometry as delivered, if readable"),
        schema=REGISTER_SCHEMA,
        comment="rows a load refused, each with its reason",
    )


def _secret_table(tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        "secret",
        tables,
        sa.Column("number", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary, nullable=False, comment="key that seals what the service hands out"),
        sa.CheckConstraint("number = 1", name="one_row"),
        schema=REGISTER_SCHEMA,
        comment="the one key of the service, shared by all its processes",
    )


def _change_table(tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        "change",
        tables,
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column(
            "transaction",
            sa.BigInteger,
            nullable=False,
            server_default=sa.text("((pg_current_xact_id())::text)::bigint"),
            comment="transaction that made it; who saw the end of that transaction has seen the change",
        ),
        sa.Column("layer", sa.Text, nullable=False, comment="layer that changed"),
        sa.Column("scenario", sa.Text, comment="scenario it changed in; none for the baseline"),
        *(
            sa.Column(side, sa.Double, comment=f"{side} side of the changed place in EPSG:3857; none means everywhere")
            for side in ("west", "south", "east", "north")
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.clock_timestamp()),
        sa.Index("change_transaction", "transaction"),
        schema=REGISTER_SCHEMA,
        comment="what changed where: written in the transaction that changed it",
    )


def _scenario_table(tables: sa.MetaData) -> sa.Table:
    return sa.Table(
        "scenario",
        tables,
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True, comment="never given twice"),
        sa.Column("title", sa.Text, comment="title people read"),
        sa.Column(
            "parent",
            sa.Text,
            sa.ForeignKey(f"{REGISTER_SCHEMA}.scenario.name"),
            comment="scenario it was opened from; empty for the baseline",
        ),
        sa.Column("note", sa.Text, comment="what it is for"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("name ~ '^[a-z][a-z0-9_]{0,39}$' AND name <> 'baseline'", name="proper_name"),
        schema=REGISTER_SCHEMA,
        comment="every scenario that is open",
    )
