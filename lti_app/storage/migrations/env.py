"""What Alembic runs, always on a connection that ``lti_app.storage.migrate`` gives it."""

from __future__ import annotations

from alembic import context

from lti_app.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most things in place
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
