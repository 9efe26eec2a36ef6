"""A mark names its level: coarser blocks are brought in step after the finer ones they are made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the level; what was marked so far is marked as a whole."""
    op.add_column("mark", sa.Column("level", sa.Integer(), nullable=True), schema="overview")
    _mark_as_a_whole()
    op.drop_index("mark_block", "mark", schema="overview")
    op.create_index("mark_block", "mark", ["layer", "level", "block_column", "block_row"], schema="overview")


def downgrade() -> None:
    """Take the level away; what is marked is marked as a whole."""
    _mark_as_a_whole()
    op.drop_index("mark_block", "mark", schema="overview")
    op.create_index("mark_block", "mark", ["layer", "block_column", "block_row"], schema="overview")
    op.drop_column("mark", "level", schema="overview")


def _mark_as_a_whole() -> None:
    op.execute("""
        WITH marked AS (
            DELETE FROM overview.mark
            RETURNING layer
        )
        INSERT INTO overview.mark (layer)
        SELECT DISTINCT layer
        FROM marked
    """)
