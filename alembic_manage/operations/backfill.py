"""Values for the rows of a big table, in portions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

from alembic_manage.operations.operation import escaped
from alembic_manage.operations.quoted_name import quoted_name
from alembic_manage.sql.repeatable import REPEATABLE

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.engine import Dialect

PORTION = 2000
"""How many rows are locked at a time."""


class Backfill(ops.MigrateOperation):
    """UPDATE of the rows for which a condition holds: a range of the primary key at a time, each by itself.

    It may be stopped and started again, for the condition must not hold any more of a row that is done.

    Args:
        table_name: the table.
        key: the first column of its primary key.
        assignment: what comes after SET.
        condition: what comes after WHERE.
        schema: of the table.
    """

    def __init__(self, table_name: str, key: str, assignment: str, condition: str, schema: str | None = None) -> None:
        self.table_name = table_name
        self.key = key
        self.assignment = assignment
        self.condition = condition
        self.schema = schema

    def reverse(self) -> ops.MigrateOperation:
        """Nothing: what rows held before is not known."""
        return ops.ModifyTableOps(self.table_name, [], schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("backfill", self.schema, self.table_name, self.assignment)


@renderers.dispatch_for(Backfill)
def _render(autogen_context: AutogenContext, operation: Backfill) -> list[str]:
    parts = _Parts(operation, autogen_context.dialect)
    prefix = autogen_context.opts["alembic_module_prefix"]
    text = f"{autogen_context.opts['sqlalchemy_module_prefix']}text"
    # An empty line ends a block. Source: Mako, PythonPrinter.writeline.
    return [
        f"if {prefix}get_context().as_sql:",
        f"{prefix}execute({parts.whole!r})",
        "else:",
        f"with {prefix}get_context().autocommit_block():",
        f"# {PORTION:,} rows at a time; what is stopped goes on with the rest.",
        f"bind = {prefix}get_bind()",
        f"start = bind.scalar({text}({parts.first!r}))",
        "while start is not None:",
        f'end = bind.scalar({text}({parts.next!r}), {{"start": start}})',
        "if end is None:",
        f'bind.execute({text}({parts.last_portion!r}), {{"start": start}})',
        "else:",
        f'bind.execute({text}({parts.portion!r}), {{"start": start, "end": end}})',
        "",
        "start = end",
        "",
        "",
        "",
    ]


@Operations.implementation_for(Backfill)
def _run(operations: Operations, operation: Backfill) -> None:
    """All at once: where operations are run by themselves, there are no rows."""
    operations.execute(_Parts(operation, operations.get_context().dialect).whole)


class _Parts:
    """The statements of a backfill."""

    def __init__(self, operation: Backfill, dialect: Dialect) -> None:
        quote = dialect.identifier_preparer.quote
        table = quoted_name(dialect, operation.schema, operation.table_name)
        key = quote(operation.key)
        update = f"{REPEATABLE} UPDATE {table} SET {escaped(operation.assignment)} WHERE"
        condition = f"({escaped(operation.condition)})"
        self.whole = f"UPDATE {table} SET {escaped(operation.assignment)} WHERE {escaped(operation.condition)}"
        self.first = f"SELECT {key} FROM {table} ORDER BY {key} LIMIT 1"
        self.next = f"SELECT {key} FROM {table} WHERE {key} > :start ORDER BY {key} LIMIT 1 OFFSET {PORTION - 1}"
        self.portion = f"{update} {key} >= :start AND {key} < :end AND {condition}"
        self.last_portion = f"{update} {key} >= :start AND {condition}"
