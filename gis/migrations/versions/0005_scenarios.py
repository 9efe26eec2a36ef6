"""The register of scenarios; what a scenario changes lies in a schema of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the register."""
    op.create_table(
        "scenario",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("title", sa.Text),
        sa.Column("parent", sa.Text, sa.ForeignKey("register.scenario.name")),
        sa.Column("note", sa.Text),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("name ~ '^[a-z][a-z0-9_]{0,39}$' AND name <> 'baseline'", name="proper_name"),
        schema="register",
    )


def downgrade() -> None:
    """Drop every scenario with all it changed, and the register."""
    op.execute("""
        DO $$
        DECLARE
            place text;
        BEGIN
            FOR place IN
                SELECT nspname
                FROM pg_namespace, register.scenario
                WHERE nspname IN ('scenario_' || name, 'at_existing_in_' || name, 'at_2030_in_' || name,
                    'at_2045_in_' || name)
            LOOP
                EXECUTE format('DROP SCHEMA %I CASCADE', place);
            END LOOP;
        END
        $$
    """)
    op.drop_table("scenario", schema="register")
