"""Overviews: how layers of many small features are drawn from far away."""

from __future__ import annotations

from typing import Any  # SQLAlchemy's columns are generic over the Python value they hold

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what marks their blocks follows from the declarations."""
    op.execute("CREATE SCHEMA overview")
    op.create_table(
        "share",
        *_block(),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("horizons", ARRAY(sa.Text()), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("features", sa.BigInteger(), nullable=False),
        sa.Column("pixels", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        schema="overview",
    )
    # It is compressed already.
    op.execute("ALTER TABLE overview.share ALTER COLUMN pixels SET STORAGE EXTERNAL")
    op.create_table(
        "patch",
        *_block(),
        sa.Column("horizons", ARRAY(sa.Text()), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("features", sa.BigInteger(), nullable=False),
        sa.Column(
            "web_geom",
            Geometry(geometry_type="MULTIPOLYGON", srid=3857, dimension=2, spatial_index=False),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("number"),
        schema="overview",
    )
    op.create_table(
        "mark",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("block_column", sa.Integer(), nullable=True),
        sa.Column("block_row", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        schema="overview",
    )
    for table in ("share", "patch"):
        columns = ["layer", "level", "block_column", "block_row"]
        op.create_index(f"{table}_block", table, columns, unique=False, schema="overview")
    op.create_index("patch_web_geom", "patch", ["web_geom"], schema="overview", postgresql_using="gist")
    op.create_index("mark_block", "mark", ["layer", "block_column", "block_row"], schema="overview")


def downgrade() -> None:
    """Drop the overviews and what marks them."""
    op.execute("DROP FUNCTION IF EXISTS overview.mark_blocks() CASCADE")
    for table in ("mark", "patch", "share"):
        op.drop_table(table, schema="overview")
    op.execute("DROP SCHEMA overview")


def _block() -> list[sa.Column[Any]]:
    return [
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("block_column", sa.Integer(), nullable=False),
        sa.Column("block_row", sa.Integer(), nullable=False),
    ]
