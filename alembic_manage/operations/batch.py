"""Operations on one table that the revision file does in one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import ops

from alembic_manage.operations.convert import ConvertColumn, type_source
from alembic_manage.operations.kept_checks import KeptChecks
from alembic_manage.operations.kept_types import KeptTypes
from alembic_manage.operations.order import OrderColumns
from alembic_manage.operations.unnamed import DropUnnamed, DropUnnamedCheck

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class Batch(ops.ModifyTableOps):
    """As Alembic's, but that its head says no more than it must: the schema where there is one, the naming convention
    where a constraint without a name is dropped, the order of columns where one comes back.
    """

    @property
    def arguments(self) -> dict[str, Any]:
        """What `batch_alter_table` is told besides the table."""
        found: dict[str, Any] = {"schema": self.schema} if self.schema else {}
        for operation in self.ops:
            if isinstance(operation, DropUnnamed):
                found["naming_convention"] = dict(operation.naming_convention)
            elif isinstance(operation, DropUnnamedCheck):
                found["recreate"] = "always"
            elif isinstance(operation, OrderColumns | KeptChecks):
                found |= operation.arguments
        return found


@renderers.dispatch_for(Batch)
def _render(autogen_context: AutogenContext, operation: Batch) -> list[str]:
    plain = ops.ModifyTableOps(operation.table_name, operation.ops, schema=operation.schema)
    lines: list[str] = renderers.dispatch(plain)(autogen_context, plain)
    if lines and lines[0].startswith("with "):
        arguments = [repr(operation.table_name), *(f"{name}={value!r}" for name, value in operation.arguments.items())]
        arguments += _kept_values(autogen_context, operation)
        prefix = autogen_context.opts["alembic_module_prefix"]
        lines[0] = f"with {prefix}batch_alter_table({', '.join(arguments)}) as batch_op:"
        if not any(line.strip() and not line.startswith("#") for line in lines[1:]):
            lines.insert(1, "pass")
    return lines


def _kept_values(autogen_context: AutogenContext, operation: Batch) -> list[str]:
    """The argument by which a rebuilt table takes values over without a cast, and keeps collations.

    Source: Alembic 1.20, Operations.batch_alter_table, "reflect_kwargs".
    """
    found: dict[str, str] = {}
    for each in operation.ops:
        if isinstance(each, KeptTypes):
            found = {name: type_source(type_, autogen_context) for name, type_ in each.types.items()} | found
        elif isinstance(each, ConvertColumn) and each.keeps_values and each.modify_type is not None:
            found[each.column_name] = type_source(each.modify_type, autogen_context)
    if not found:
        return []
    kept = ", ".join(f"{name!r}: {{'type': {source}}}" for name, source in found.items())
    listener = f"lambda inspector, table, column: column.update({{{kept}}}.get(column['name'], {{}}))"
    return [f"reflect_kwargs={{'listeners': [('column_reflect', {listener})]}}"]
