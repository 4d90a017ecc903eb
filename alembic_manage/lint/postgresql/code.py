"""Pieces of corrected migrations."""

from __future__ import annotations

from collections.abc import Iterable

from alembic_manage.lint.words import python
from alembic_manage.state.objects import Key


def execute(sql: str) -> str:
    """`op.execute()` of a statement."""
    return f"op.execute({python(sql)})"


def autocommit(*lines: str) -> str:
    """Lines of Python in a block that runs outside of a transaction."""
    return "\n    ".join(["with op.get_context().autocommit_block():", *lines])


def in_next(*lines: str) -> str:
    """Lines of Python that belong into a migration of their own."""
    return "\n".join(["# in the next migration:", *lines])


def validate(table: Key, name: str) -> str:
    """The statement that checks the rows that are there, while others read and write."""
    return execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def columns(names: Iterable[str]) -> str:
    """Names of columns as a list of Python."""
    return f"[{', '.join(python(name) for name in names)}]"


def of_schema(table: Key) -> str:
    """The argument that names the schema of a table, with a comma before it; nothing in the default schema."""
    return f", schema={python(table.schema)}" if table.schema else ""
