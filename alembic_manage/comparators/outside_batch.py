"""Takes operations that are SQL out of the operations on a table, before and after which they stand.

Alembic may write the latter into a batch, which runs at its end, while SQL runs where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult

from alembic_manage.comparators.comparator import compares
from alembic_manage.operations import SqlOperation

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


@compares("autogenerate", "SQL outside of batches", DispatchPriority.LAST, everywhere=True)
def _take_out(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
    upgrade_ops.ops = [part for each in upgrade_ops.ops for part in _parts(each)]
    return PriorityDispatchResult.CONTINUE


def _parts(operation: Any) -> Iterable[ops.MigrateOperation]:
    if not isinstance(operation, ops.ModifyTableOps):
        yield operation
        return
    for is_sql, group in groupby(operation.ops, key=lambda each: isinstance(each, SqlOperation)):
        if is_sql:
            yield from group
        else:
            yield ops.ModifyTableOps(operation.table_name, list(group), schema=operation.schema)
