"""Alembic environment: runs the migrations on the connection that foundation/store/schema.py passes in."""

from alembic import context

from surveyapp.foundation.store.schema import VERSION_TABLE

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
