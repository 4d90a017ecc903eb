"""Computed columns in tables that are rebuilt: Alembic would copy their values, which the database refuses.

Alembic has no order of its own where columns come and go in one batch: it is said there, so that what is dropped and
added again comes back into its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.operations import ops

from alembic_manage.operations import Batch, OrderColumns, Remark
from alembic_manage.operations.steps import flattened
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.objects import Key

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
        self._first: dict[_Key, list[str]] = {}
        self._computed: dict[_Key, dict[str, Column[Any]]] = {}

    def in_batches(
        self, operations: list[ops.MigrateOperation], *, is_downgrade: bool = False
    ) -> list[ops.MigrateOperation]:
        """The operations of a function, the batches among them completed.

        Args:
            operations: of upgrade() or of downgrade().
            is_downgrade: of which: the columns then get the order back that they had.
        """
        if self.detection.rules.needs_batch:
            self._begin(operations)
            for operation in operations:
                parts = operation.ops if isinstance(operation, Batch) else [operation]
                before = {key: list(names) for key, names in self._there.items()}
                computed = {key: dict(columns) for key, columns in self._computed.items()}
                for each in parts:
                    self._follow(each)
                if isinstance(operation, Batch) and not all(isinstance(each, _REBUILDS_NOTHING) for each in parts):
                    key = (operation.schema, operation.table_name)
                    there = self._first[key] if is_downgrade else before[key]
                    self._complete(operation, there, computed[key])
        return operations

    def _begin(self, operations: list[ops.MigrateOperation]) -> None:
        """Learn what the tables are like at first."""
        touched = {place for each in flattened(operations) for place in _touched(each)}
        for key in [(each.schema, each.table_name) for each in operations if isinstance(each, Batch)]:
            if key not in self._there:
                table = self.detection.before.find(self.detection.before.key(*key))
                self._there[key] = list(table.columns) if table is not None else []
                self._first[key] = list(self._there[key])
                self._computed[key] = self._computed_before(key, {name for place, name in touched if place == key})

    def _computed_before(self, key: _Key, touched: Collection[str]) -> dict[str, Column[Any]]:
        """The computed columns, those that stay as the models have them."""
        found: dict[str, Column[Any]] = {}
        before = metadata_of(self.detection.before).tables.get(str(Key(*key)))
        models = [
            each
            for each in self.detection.model_tables
            if self.detection.after.key(each.schema, str(each.name)) == self.detection.after.key(*key)
        ]
        for column in before.columns if before is not None else ():
            if column.computed is not None:
                name = str(column.name)
                stays = [each.columns[name] for each in models if name in each.columns and name not in touched]
                found[name] = stays[0] if stays and stays[0].computed is not None else column
        return found

    def _follow(self, operation: Any) -> None:
        """Note that a column comes or goes."""
        for key, name in _touched(operation):
            names, computed = self._there.setdefault(key, []), self._computed.setdefault(key, {})
            computed.pop(name, None)
            if isinstance(operation, ops.AddColumnOp):
                names.append(name)
                if operation.column.computed is not None:
                    computed[name] = operation.column
            elif name in names:
                names.remove(name)

    def _complete(self, batch: Batch, there: list[str], computed: Mapping[str, Column[Any]]) -> None:
        key: _Key = (batch.schema, batch.table_name)
        touched = {name for each in batch.ops for _, name in _touched(each)}
        columns = [column for name, column in computed.items() if name not in touched]
        comes, goes = (
            any(isinstance(each, kind) for each in batch.ops) for kind in (ops.AddColumnOp, ops.DropColumnOp)
        )
        if not columns and not (comes and goes):
            return
        added = [ops.AddColumnOp(key[1], each._copy(), schema=key[0]) for each in columns]
        batch.ops += [ops.DropColumnOp(key[1], str(each.column.name), schema=key[0], _reverse=each) for each in added]
        batch.ops += added
        now = self._there[key]
        self._there[key] = [name for name in there if name in now] + [name for name in now if name not in there]
        if not any(isinstance(each, OrderColumns) for each in batch.ops):
            batch.ops.append(OrderColumns(key[1], self._there[key], key[0]))


def _touched(operation: Any) -> Iterator[tuple[_Key, str]]:
    """The column that comes or goes."""
    if isinstance(operation, ops.DropColumnOp):
        yield (operation.schema, operation.table_name), str(operation.column_name)
    elif isinstance(operation, ops.AddColumnOp):
        yield (operation.schema, operation.table_name), str(operation.column.name)
