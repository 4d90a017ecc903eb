"""Two models compared: on the history state, and on a real database where the written revision runs too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from alembic_manage import alembic_api
from alembic_manage.autodetect import batches
from alembic_manage.dialects import dialect_named
from alembic_manage.operations.steps import flattened
from alembic_manage.state.engine import state_engine
from alembic_manage.state.schema import Schema

Model = Callable[[MetaData], object]
"""Puts tables into a MetaData."""


def metadata_of(model: Model) -> MetaData:
    """A MetaData with what `model` puts into it."""
    metadata = MetaData()
    model(metadata)
    return metadata


@contextmanager
def state_connection(metadata: MetaData, name: str) -> Iterator[sa.Connection]:
    """A connection to a state of SQLAlchemy's dialect `name`, in which `metadata` was created."""
    rules = dialect_named(name)
    engine = state_engine(Schema(rules), name)
    with engine.connect() as connection:
        metadata.create_all(connection, checkfirst=False)
        engine.interpreter.show_all()  # type: ignore[attr-defined]
        yield connection


def operations_between(connection: sa.Connection, metadata: MetaData, **options: Any) -> list[ops.MigrateOperation]:
    """What Alembic and the suite's comparators find, one after the other, without the batches."""
    return list(flattened(_script(connection, metadata, options).upgrade_ops.ops))  # type: ignore[union-attr]


def _script(connection: sa.Connection, metadata: MetaData, options: Mapping[str, Any]) -> ops.MigrationScript:
    context = context_on(connection, metadata, **options)
    return produce_migrations(context, metadata)


def context_on(connection: sa.Connection, metadata: MetaData, **options: Any) -> MigrationContext:
    """A context as an env.py configures it that sets nothing but what is given."""
    configured = {
        "target_metadata": metadata,
        "autogenerate_plugins": ["alembic.autogenerate.*"],
        "compare_type": True,
        "compare_server_default": False,
        "alembic_module_prefix": "op.",
        "sqlalchemy_module_prefix": "sa.",
        "user_module_prefix": None,
        "render_as_batch": dialect_named(connection.dialect.name).needs_batch,
        **options,
    }
    return MigrationContext.configure(connection, opts=configured)


def lines_between(before: Model, after: Model, name: str, **options: Any) -> list[str]:
    """The lines of upgrade() that lead from one model to the other on the history state, outside of batches."""
    target = metadata_of(after)
    with state_connection(metadata_of(before), name) as connection:
        context = context_on(connection, target, **{"render_as_batch": False, **options})
        script = produce_migrations(context, target)
        return body_of(context, script.upgrade_ops, batched=False).splitlines()  # type: ignore[arg-type]


def body_of(context: MigrationContext, container: ops.OpContainer, *, batched: bool = True) -> str:
    """The body of a function of a revision file."""
    flat = list(flattened(container.ops))
    return alembic_api.render(context, ops.UpgradeOps(batches.grouped(flat)), set())
