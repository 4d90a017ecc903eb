"""An operation that is SQL in the revision file."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.engine import Dialect


class SqlOperation(ops.MigrateOperation):
    """What a subclass says in `statements` is written as `op.execute(...)`, a line each.

    Args:
        table_name: the table that it belongs to; None where it belongs to none.
        schema: of the table, or of the object; None for the default one.
    """

    def __init__(self, table_name: str | None, schema: str | None = None) -> None:
        self.table_name = table_name
        self.schema = schema

    @abstractmethod
    def statements(self, dialect: Dialect) -> Sequence[str]:
        """The SQL, for one dialect, without semicolons."""

    @abstractmethod
    def reverse(self) -> ops.MigrateOperation:
        """The operation that takes this one back."""

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints: the class's name and what it was made from."""
        return (type(self).__name__, *(value for name, value in sorted(vars(self).items()) if value is not None))


def escaped(statement: str) -> str:
    """SQL for sqlalchemy.text, in which a colon before a word is a parameter."""
    return _PARAMETER.sub(r"\\:", statement)


# Source: SQLAlchemy 2.1, TextClause._bind_params_regex.
_PARAMETER = re.compile(r"(?<![:\w]):(?=\w+(?![:\w]))")


def executed(autogen_context: AutogenContext, statement: str) -> str:
    """The line that runs a statement in a revision file."""
    return f"{autogen_context.opts['alembic_module_prefix']}execute({escaped(statement)!r})"


@renderers.dispatch_for(SqlOperation)
def _render(autogen_context: AutogenContext, operation: SqlOperation) -> list[str]:
    return [executed(autogen_context, statement) for statement in operation.statements(autogen_context.dialect)]


@Operations.implementation_for(SqlOperation)
def _run(operations: Operations, operation: SqlOperation) -> None:
    for statement in operation.statements(operations.get_context().dialect):
        operations.execute(escaped(statement))
