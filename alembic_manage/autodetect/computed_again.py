"""Computed columns in tables that are rebuilt: Alembic would copy their values, which the database refuses.

Alembic has no order of its own where columns come and go in one batch: it is said there, so that what is dropped and
added again comes back into its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.operations import ops

from alembic_manage.operations import Batch, OrderColumns, Remark
from alembic_manage.operations.steps import flattened

if TYPE_CHECKING:
    from sqlalchemy import Column

    from alembic_manage.autodetect.detection import Detection

_Key: TypeAlias = "tuple[str | None, str]"
_REBUILDS_NOTHING = (
    ops.AddColumnOp,
    ops.CreateIndexOp,
    ops.DropIndexOp,
    ops.CreateTableCommentOp,
    ops.DropTableCommentOp,
    Remark,
)


class ComputedAgain:
    """Drops the computed columns that stay in each batch, and adds them again in their places.

    Asked for upgrade() first and for downgrade() after it: it follows which columns there are meanwhile.

    Source: SQLite, "Generated Columns", section 2.3: a generated column cannot be written. Alembic 1.20,
    ApplyBatchImpl._create, copies every column of the table.

    Args:
        detection: knows the columns before and after.
    """

    def __init__(self, detection: Detection) -> None:
        self.detection = detection
        self._there: dict[_Key, list[str]] = {}

    def in_batches(self, operations: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
        """The operations of a function, the batches among them completed."""
        if self.detection.rules.needs_batch:
            touched = {place for each in flattened(operations) for place in _touched(each)}
            for operation in operations:
                parts = operation.ops if isinstance(operation, Batch) else [operation]
                for key in [(operation.schema, operation.table_name)] if isinstance(operation, Batch) else ():
                    self._names(key)
                before = {key: list(names) for key, names in self._there.items()}
                for each in parts:
                    self._follow(each)
                if isinstance(operation, Batch) and not all(isinstance(each, _REBUILDS_NOTHING) for each in parts):
                    self._complete(operation, before, touched)
        return operations

    def _names(self, key: _Key) -> list[str]:
        if key not in self._there:
            table = self.detection.before.find(self.detection.before.key(*key))
            self._there[key] = list(table.columns) if table is not None else []
        return self._there[key]

    def _follow(self, operation: Any) -> None:
        """Note that a column comes or goes."""
        if isinstance(operation, ops.DropColumnOp):
            names = self._names((operation.schema, operation.table_name))
            if operation.column_name in names:
                names.remove(operation.column_name)
        elif isinstance(operation, ops.AddColumnOp):
            self._names((operation.schema, operation.table_name)).append(str(operation.column.name))

    def _complete(self, batch: Batch, before: dict[_Key, list[str]], touched: Iterable[tuple[_Key, str]]) -> None:
        key: _Key = (batch.schema, batch.table_name)
        there = before.get(key) or self._names(key)
        columns = [each for each in self._computed(key) if (key, str(each.name)) not in touched and each.name in there]
        comes, goes = (
            any(isinstance(each, kind) for each in batch.ops) for kind in (ops.AddColumnOp, ops.DropColumnOp)
        )
        if not columns and not (comes and goes):
            return
        added = [ops.AddColumnOp(key[1], each._copy(), schema=key[0]) for each in columns]
        batch.ops += [ops.DropColumnOp(key[1], str(each.column.name), schema=key[0], _reverse=each) for each in added]
        batch.ops += added
        now = self._names(key)
        self._there[key] = [name for name in there if name in now] + [name for name in now if name not in there]
        if not any(isinstance(each, OrderColumns) for each in batch.ops):
            batch.ops.append(OrderColumns(key[1], self._there[key], key[0]))

    def _computed(self, key: _Key) -> Iterator[Column[Any]]:
        """The computed columns of the models that are such before too."""
        before = self.detection.before.find(self.detection.before.key(*key))
        for table in self.detection.model_tables if before is not None else ():
            if self.detection.after.key(table.schema, str(table.name)) == self.detection.after.key(*key):
                for column in table.columns:
                    known = before.columns.get(str(column.name)) if before is not None else None
                    if column.computed is not None and known is not None and known.computed is not None:
                        yield column


def _touched(operation: Any) -> Iterator[tuple[_Key, str]]:
    """The column that comes or goes."""
    if isinstance(operation, ops.DropColumnOp):
        yield (operation.schema, operation.table_name), str(operation.column_name)
    elif isinstance(operation, ops.AddColumnOp):
        yield (operation.schema, operation.table_name), str(operation.column.name)
