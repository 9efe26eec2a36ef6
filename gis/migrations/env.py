"""Where Alembic enters: on the connection it is handed, against the tables of the declarations."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import context
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from geoalchemy2 import alembic_helpers

from gis.schema import CITY_SCHEMA, HISTORY_SCHEMA, OVERVIEW_SCHEMA, REGISTER_SCHEMA
from gis.tables import metadata
from layers import LAYERS

OURS = {CITY_SCHEMA, HISTORY_SCHEMA, OVERVIEW_SCHEMA, REGISTER_SCHEMA}


def run() -> None:
    """Run the migrations that were asked for."""
    connection = context.config.attributes["connection"]
    # Comments follow from the declarations at every upgrade (gis.views), so that rewording one is not a migration.
    connection.dialect.supports_comments = False
    context.configure(
        connection=connection,
        target_metadata=metadata(LAYERS.values()),
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name in OURS,
        include_object=alembic_helpers.include_object,
        process_revision_directives=_structure,
        render_item=alembic_helpers.render_item,
        version_table_schema=REGISTER_SCHEMA,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _structure(
    migration: MigrationContext,
    revision: str | Iterable[str | None] | Iterable[str],
    directives: list[ops.MigrationScript],
) -> None:
    for script in directives:
        for operation in script.upgrade_ops.ops if script.upgrade_ops else ():
            if isinstance(operation, ops.CreateTableOp):
                operation.comment = None
                for column in operation.columns:
                    column.comment = None  # pyright: ignore[reportAttributeAccessIssue] constraints have none to lose
    alembic_helpers.writer(migration, revision, directives)


run()
