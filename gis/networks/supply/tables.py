"""The table of the files that layers of water supply were loaded from."""

from __future__ import annotations

import sqlalchemy as sa

from gis.schema import REGISTER_SCHEMA


def supply_file_table(tables: sa.MetaData) -> sa.Table:
    """Return the table of the files; one goes with the delivery it was loaded by."""
    return sa.Table(
        "supply_file",
        tables,
        sa.Column(
            "delivery",
            sa.BigInteger,
            sa.ForeignKey(f"{REGISTER_SCHEMA}.delivery.number", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("name", sa.Text, nullable=False, comment="name of the file, without its folder"),
        sa.Column("crs", sa.Text, nullable=False, comment="coordinate system its positions were read in"),
        sa.Column("document", sa.LargeBinary, nullable=False, comment="its bytes, zlib"),
        schema=REGISTER_SCHEMA,
        comment="EPANET files that layers were loaded from: what the layers do not hold of them",
    )
