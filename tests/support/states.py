"""States in memory: made from SQLAlchemy's tables, as a revision would make them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, MetaData

from alembic_manage.dialects import dialect_named
from alembic_manage.state.engine import state_engine
from alembic_manage.state.interpreter import Interpreter
from alembic_manage.state.objects import Key
from alembic_manage.state.schema import Schema, Table

# SQLAlchemy's names of the kinds of database.
KINDS = ("sqlite", "postgresql", "mysql")


class State:
    """A schema and its engine.

    Args:
        name: SQLAlchemy's name of the kind of database.
        metadata: the tables that it begins with; None for an empty state.
    """

    def __init__(self, name: str = "postgresql", metadata: MetaData | None = None) -> None:
        self.schema = Schema(dialect_named(name), "shop" if name == "mysql" else None)
        self.engine: Engine = state_engine(self.schema, name)
        if metadata is not None:
            metadata.create_all(self.engine)

    @property
    def interpreter(self) -> Interpreter:
        """What runs the statements."""
        found: Interpreter = self.engine.interpreter  # type: ignore[attr-defined]
        return found

    @property
    def dialect(self) -> Any:
        """SQLAlchemy's dialect."""
        return self.engine.dialect

    def table(self, name: str) -> Table:
        """A table of the default schema."""
        return self.schema.table(Key(None, name))

    def names(self, table: str) -> list[str | None]:
        """The names of a table's constraints, then of its indexes."""
        found = self.table(table)
        return [each.name for each in (*found.constraints, *found.indexes)]

    @contextmanager
    def op(self) -> Iterator[Operations]:
        """Alembic's operations on the state."""
        with self.engine.connect() as connection, Operations.context(MigrationContext.configure(connection)) as op:
            yield op
