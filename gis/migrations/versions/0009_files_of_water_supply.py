"""The files that layers of water supply were loaded from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "supply_file",
        sa.Column("delivery", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("crs", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["register.delivery.number"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("delivery"),
        schema="register",
    )
    # It is compressed already.
    op.execute("ALTER TABLE register.supply_file ALTER COLUMN document SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Drop the files."""
    op.drop_table("supply_file", schema="register")
