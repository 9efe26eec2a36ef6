"""The table of jobs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from gis.schema import REGISTER_SCHEMA


def job_table(tables: sa.MetaData) -> sa.Table:
    """Return the table of the questions that were handed in."""
    now = sa.func.clock_timestamp()
    return sa.Table(
        "job",
        tables,
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True, server_default=sa.func.gen_random_uuid()),
        sa.Column("question", sa.Text, nullable=False, comment="what is asked"),
        sa.Column("arguments", JSONB, nullable=False, comment="how it is asked"),
        sa.Column("horizon", sa.Text, nullable=False, comment="when the city is looked at"),
        sa.Column("scenario", sa.Text, nullable=False, comment="scenario that is looked at, or baseline"),
        sa.Column("wanted", JSONB, nullable=False, comment="in which form the answer was asked for"),
        sa.Column("status", sa.Text, nullable=False, comment="accepted, running, successful, failed or dismissed"),
        sa.Column("progress", sa.Double, nullable=False, server_default="0", comment="share that is done, 0-1"),
        sa.Column("message", sa.Text, nullable=False, server_default="", comment="what there is to say of it"),
        sa.Column("is_refusal", sa.Boolean, nullable=False, comment="whether the question refused to be answered"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0", comment="how often it was begun"),
        sa.Column("worker", sa.Text, comment="who works on it, or did"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("result", sa.LargeBinary, comment="document of the finding, zlib"),
        sa.CheckConstraint(
            "status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')", name="proper_status"
        ),
        sa.Index("job_status", "status", "number"),
        schema=REGISTER_SCHEMA,
        comment="questions that were handed in to be answered later, and their answers",
    )
