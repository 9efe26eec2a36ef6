"""A key that every process of the service shares and that outlives them, made where it is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its one key, of two random numbers of 122 bits."""
    op.create_table(
        "secret",
        sa.Column("number", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("number = 1", name="one_row"),
        schema="register",
    )
    op.execute(
        "INSERT INTO register.secret (number, key)"
        " VALUES (1, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))"
    )


def downgrade() -> None:
    """Forget the key."""
    op.drop_table("secret", schema="register")
