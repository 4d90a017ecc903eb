"""Another type for a column, with what the values need."""

from __future__ import annotations

import ast
from copy import copy
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import ops
from sqlalchemy import Column

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class ConvertColumn(ops.AlterColumnOp):
    """As Alembic's, and the file also says how the values are converted."""

    keeps_values = False
    """Whether a table that is rebuilt takes the values over as they are. Alembic would cast them, and SQLite casts the
    text '2024-01-02' to the number 2024 where the type is DATE. Source: SQLite documentation, "CAST expressions"."""

    @classmethod
    def of(cls, operation: ops.AlterColumnOp, using: str | None, *, keeps_values: bool) -> ConvertColumn:
        """An operation that changes the type, with the way of the values.

        Args:
            operation: the change.
            using: PostgreSQL's USING; None for the cast that it knows by itself.
            keeps_values: see the attribute.
        """
        made = copy(operation)
        made.__class__ = cls
        assert isinstance(made, cls)
        made.keeps_values = keeps_values
        made.kw = {name: value for name, value in operation.kw.items() if name != "postgresql_using"}
        if using is not None:
            made.kw["postgresql_using"] = using
        return made


def type_source(type_: Any, autogen_context: AutogenContext) -> str:
    """A type as Alembic writes it in Python."""
    added = ops.AddColumnOp("t", Column("c", type_))
    written = renderers.dispatch(added)(autogen_context, added)
    line = written if isinstance(written, str) else written[0]
    call = ast.parse(line, mode="eval").body
    assert isinstance(call, ast.Call)
    column = call.args[-1]
    assert isinstance(column, ast.Call)
    return str(ast.get_source_segment(line, column.args[1]))


@renderers.dispatch_for(ConvertColumn)
def _render(autogen_context: AutogenContext, operation: ConvertColumn) -> str:
    plain = copy(operation)
    plain.__class__ = ops.AlterColumnOp  # type: ignore[assignment]
    written = renderers.dispatch(plain)(autogen_context, plain)
    line = written if isinstance(written, str) else written[0]
    using = operation.kw.get("postgresql_using")
    return f"{line[:-1]}, postgresql_using={using!r})" if using is not None else line
