"""Tables of the overviews: shares, patches, marks."""

from __future__ import annotations

from typing import Any  # SQLAlchemy's column types are generic over the Python value they hold

import sqlalchemy as sa
from geoalchemy2 import Geometry as GeometryColumn
from sqlalchemy.dialects.postgresql import ARRAY

from gis.schema import OVERVIEW_SCHEMA, WEB_SRID


def share_table(tables: sa.MetaData) -> sa.Table:
    """Return the table of what the features of one code cover of each pixel of a block."""
    return sa.Table(
        "share",
        tables,
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *_block(),
        sa.Column("code", sa.Text, comment="code the features are painted by; none where they have none"),
        sa.Column("horizons", ARRAY(sa.Text), nullable=False, comment="horizons at which the features are seen"),
        sa.Column("area_m2", sa.Double, nullable=False, comment="what they cover of the block [m²]"),
        sa.Column("features", sa.BigInteger, nullable=False, comment="how many have their middle in the block"),
        sa.Column("pixels", sa.LargeBinary, nullable=False, comment="share of each pixel: 64 × 64 float32, zstd"),
        sa.Index("share_block", "layer", "level", "block_column", "block_row"),
        schema=OVERVIEW_SCHEMA,
        comment="what area the features of each code cover in each pixel of a block",
    )


def patch_table(tables: sa.MetaData) -> sa.Table:
    """Return the table of what is drawn for the features of one code in a block."""
    return sa.Table(
        "patch",
        tables,
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        *_block(),
        sa.Column("horizons", ARRAY(sa.Text), nullable=False, comment="horizons at which it is seen"),
        sa.Column("code", sa.Text, comment="code of the features it stands for; none where they have none"),
        sa.Column("area_m2", sa.Double, nullable=False, comment="what they cover of the block [m²], in EPSG:5899"),
        sa.Column("features", sa.BigInteger, nullable=False, comment="how many have their middle in the block"),
        sa.Column(
            "web_geom",
            GeometryColumn("MULTIPOLYGON", srid=WEB_SRID, dimension=2, spatial_index=False),
            nullable=False,
            comment="where it is drawn, in EPSG:3857",
        ),
        sa.Index("patch_block", "layer", "level", "block_column", "block_row"),
        sa.Index("patch_web_geom", "web_geom", postgresql_using="gist"),
        schema=OVERVIEW_SCHEMA,
        comment="what is drawn from far away for the features of one code in a block",
    )


def mark_table(tables: sa.MetaData) -> sa.Table:
    """Return the table of the blocks that are out of step with the data."""
    return sa.Table(
        "mark",
        tables,
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("layer", sa.Text, nullable=False, comment="layer that changed"),
        sa.Column("block_column", sa.Integer, comment="column of the block; none means everything"),
        sa.Column("block_row", sa.Integer, comment="row of the block; none means everything"),
        sa.Column("level", sa.Integer, comment="level of the block; none means everything"),
        sa.Index("mark_block", "layer", "level", "block_column", "block_row"),
        schema=OVERVIEW_SCHEMA,
        comment="blocks out of step with what they are made of: written in the transaction that changed it",
    )


def _block() -> list[sa.Column[Any]]:
    return [
        sa.Column("layer", sa.Text, nullable=False, comment="name of the layer"),
        sa.Column("level", sa.Integer, nullable=False, comment="zoom of the usual web grid it is drawn at"),
        sa.Column("block_column", sa.Integer, nullable=False, comment="column of the block, from the west"),
        sa.Column("block_row", sa.Integer, nullable=False, comment="row of the block, from the north"),
    ]
