"""Collations in tables that are rebuilt: Alembic reads the table without them, and would make it again without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.operations import ops

from alembic_manage.operations import Batch, KeptTypes, Remark

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from alembic_manage.autodetect.detection import Detection

_Key: TypeAlias = "tuple[str | None, str]"
_REBUILDS_NOTHING = (ops.CreateIndexOp, ops.DropIndexOp, Remark)


class KeptCollations:
    """Tells each batch the types of the columns that have a collation when it begins.

    Asked for upgrade() first and for downgrade() after it: it follows what the types are meanwhile.

    Args:
        detection: knows the types before.
    """

    def __init__(self, detection: Detection) -> None:
        self.detection = detection
        self._types: dict[_Key, dict[str, TypeEngine[Any]]] = {}

    def in_batches(self, operations: list[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
        """The operations of a function, the batches among them completed."""
        for batch in operations if self.detection.rules.needs_batch else ():
            if isinstance(batch, Batch):
                key = batch.schema, batch.table_name
                there = dict(self._types.setdefault(key, self._before(key)))
                for each in batch.ops:
                    _follow(each, self._types[key])
                if there and not all(isinstance(each, _REBUILDS_NOTHING) for each in batch.ops):
                    batch.ops.append(KeptTypes(batch.table_name, there, batch.schema))
        return operations

    def _before(self, key: _Key) -> dict[str, TypeEngine[Any]]:
        table = self.detection.before.find(self.detection.before.key(*key))
        columns = table.columns.values() if table is not None else ()
        return {column.name: column.type for column in columns if _has_collation(column.type)}


def _follow(operation: Any, types: dict[str, TypeEngine[Any]]) -> None:
    """Note that a column comes, goes, or gets another type."""
    if isinstance(operation, ops.DropColumnOp):
        types.pop(operation.column_name, None)
        return
    name, type_ = None, None
    if isinstance(operation, ops.AddColumnOp):
        name, type_ = str(operation.column.name), operation.column.type
    elif isinstance(operation, ops.AlterColumnOp):
        name, type_ = operation.column_name, operation.modify_type
    if name is not None and type_ is not None:
        types.pop(name, None)
        types |= {name: type_} if _has_collation(type_) else {}


def _has_collation(type_: TypeEngine[Any]) -> bool:
    return getattr(type_, "collation", None) is not None
