"""One primary key for another in a single statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import ops
from sqlalchemy.sql.elements import conv

from alembic_manage.operations.numbered import key_specification
from alembic_manage.operations.operation import SqlOperation
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Column
    from sqlalchemy.engine import Dialect


class ReplacePrimaryKey(SqlOperation):
    """ALTER TABLE that drops a primary key and adds another: between two statements a numbered column would have none.

    Source: MariaDB documentation, "AUTO_INCREMENT", "It must be defined as a key".

    Args:
        table_name: the table.
        before: the columns of the key that is there; empty for none.
        after: the columns of the new key; empty for none.
        numbered: the numbered column, as it is declared; None where no column is, or where it stays numbered.
        is_numbered_after: whether that column is numbered afterwards, else it was before.
        schema: of the table.
    """

    def __init__(
        self,
        table_name: str,
        before: Sequence[str],
        after: Sequence[str],
        numbered: Column[Any] | None = None,
        schema: str | None = None,
        *,
        is_numbered_after: bool = False,
    ) -> None:
        super().__init__(table_name, schema)
        self.before = tuple(before)
        self.after = tuple(after)
        self.numbered = numbered
        self.is_numbered_after = is_numbered_after

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TABLE ... MODIFY ..., DROP PRIMARY KEY, ADD PRIMARY KEY."""
        quote = dialect.identifier_preparer.quote
        table = quoted_name(dialect, self.schema, self.table_name)
        actions = ["DROP PRIMARY KEY"] if self.before else []
        if self.after:
            actions.append(f"ADD PRIMARY KEY ({', '.join(map(quote, self.after))})")
        if self.numbered is not None:
            change = f"MODIFY {key_specification(self.numbered, dialect, is_numbered=self.is_numbered_after)}"
            actions = [*actions, change] if self.is_numbered_after else [change, *actions]
        return [f"ALTER TABLE {table} {', '.join(actions)}"]

    def reverse(self) -> ReplacePrimaryKey:
        """The key that was there, for the one that is."""
        return ReplacePrimaryKey(
            str(self.table_name),
            self.after,
            self.before,
            self.numbered,
            self.schema,
            is_numbered_after=not self.is_numbered_after,
        )

    @property
    def parts(self) -> tuple[ops.MigrateOperation, ...]:
        """The operations that it stands for."""
        name, schema = str(self.table_name), self.schema
        old, new = (ops.CreatePrimaryKeyOp(None, name, each, schema=schema) for each in (self.before, self.after))
        drop = ops.DropConstraintOp(None, name, "primary", schema=schema, _reverse=old)
        return (*([drop] if self.before else []), *([new] if self.after else []))

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("replace_primary_key", self.schema, self.table_name, self.before, self.after)


@renderers.dispatch_for(ops.CreatePrimaryKeyOp, replace=True)
def _render_new(autogen_context: AutogenContext, operation: ops.CreatePrimaryKeyOp) -> str:
    """A line for what Alembic can run, and does not write. Source: Alembic 1.20, autogenerate/render.py."""
    in_batch = autogen_context._has_batch
    prefix = "batch_op." if in_batch else autogen_context.opts["alembic_module_prefix"]
    name = operation.constraint_name
    arguments = [f"{prefix}f({str(name)!r})" if isinstance(name, conv) else repr(name)]
    arguments += [] if in_batch else [repr(str(operation.table_name))]
    arguments.append(repr([str(getattr(column, "name", column)) for column in operation.columns]))
    if operation.schema and not in_batch:
        arguments.append(f"schema={str(operation.schema)!r}")
    return f"{prefix}create_primary_key({', '.join(arguments)})"
