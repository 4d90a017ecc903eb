"""A look at the rows, for a constraint that the database took without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

from alembic_manage.operations.operation import escaped

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class RefuseRows(ops.MigrateOperation):
    """Stops the migration where a query finds a row. SQL that is only printed has nothing of it.

    Args:
        table_name: the table.
        query: it gives one row where something is wrong.
        message: what is wrong.
        schema: of the table.
    """

    def __init__(self, table_name: str, query: str, message: str, schema: str | None = None) -> None:
        self.table_name = table_name
        self.query = query
        self.message = message
        self.schema = schema

    def reverse(self) -> ops.MigrateOperation:
        """Nothing: it has only looked."""
        return ops.ModifyTableOps(self.table_name, [], schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("refuse_rows", self.schema, self.table_name, self.query)


@renderers.dispatch_for(RefuseRows)
def _render(autogen_context: AutogenContext, operation: RefuseRows) -> list[str]:
    prefix = autogen_context.opts["alembic_module_prefix"]
    text = f"{autogen_context.opts['sqlalchemy_module_prefix']}text"
    return [
        f"query = {text}({escaped(operation.query)!r})",
        f"if not {prefix}get_context().as_sql and {prefix}get_bind().scalar(query) is not None:",
        f"raise ValueError({operation.message!r})",
        "",
    ]


@Operations.implementation_for(RefuseRows)
def _run(operations: Operations, operation: RefuseRows) -> None:
    """Nothing: where operations are run by themselves, there are no rows."""
