"""Alembic's way into the project: `alembic ...` and `python manage.py ...` both run through this file."""

import sys
from logging.config import fileConfig
from pathlib import Path

from alembic import context

PROJECT_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT_ROOT))

from alembic_manage import Project  # noqa: E402
from alembic_manage.autodetect.defaults import compare_server_default  # noqa: E402

config = context.config
run_by_manage = "project" in config.attributes
if config.config_file_name and not run_by_manage:
    fileConfig(config.config_file_name, disable_existing_loggers=False)

project = config.attributes["project"] if run_by_manage else Project.load()
# `python manage.py migrate --database ALIAS`, or `alembic -x database=ALIAS upgrade head`.
database = project.database(context.get_x_argument(as_dictionary=True).get("database", "default"))
target_metadata = project.target_metadata

# What you add here (include_object, compare_type, version_table, ...) counts for both tools.
options = {
    "target_metadata": target_metadata,
    "compare_server_default": compare_server_default,
    "render_as_batch": project.needs_batch,
    "transaction_per_migration": True,
}


def run_offline() -> None:
    """Write the SQL instead of running it (`--sql`): no connection is opened."""
    context.configure(url=database.url, literal_binds=True, dialect_opts={"paramstyle": "named"}, **options)
    with context.begin_transaction():
        context.run_migrations()


def run_online(connection) -> None:
    """Run on a connection; `database.run` opens it, whether the URL is an async one or not."""
    context.configure(connection=connection, **options)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    database.run(run_online)
