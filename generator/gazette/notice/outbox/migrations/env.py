"""Run by alembic: applies the migrations on the connection that `opening.migrate` hands over."""

from alembic import context

from gazette.notice.outbox.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
)
context.run_migrations()
