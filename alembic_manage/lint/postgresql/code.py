"""Pieces of corrected migrations."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects import dialect_named
from alembic_manage.lint.words import python
from alembic_manage.state.objects import Key

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import IdentifierPreparer


def quoted(name: Key | str | None) -> str:
    """A name for SQL, with quotes where PostgreSQL wants them; None is an object that the server names."""
    if isinstance(name, Key):
        return ".".join(quoted(part) for part in (name.schema, name.name) if part)
    return _preparer().quote(name) if name else "..."


@cache
def _preparer() -> IdentifierPreparer:
    database = __name__.split(".")[-2]  # the folder, as for rules
    made: Any = dialect_named(database).dialect_class(database)
    return made().identifier_preparer  # type: ignore[no-any-return]


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
    return execute(f"ALTER TABLE {quoted(table)} VALIDATE CONSTRAINT {quoted(name)}")


def of_schema(table: Key) -> str:
    """The argument that names the schema of a table, with a comma before it; nothing in the default schema."""
    return f", schema={python(table.schema)}" if table.schema else ""
