"""MariaDB: the statements of a revision, with the clauses that make the server refuse where others would wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from alembic.operations import ops

from alembic_manage import alembic_api
from alembic_manage.autodetect.losses import with_losses
from alembic_manage.autodetect.steps.alteration import changes_of
from alembic_manage.operations import MoveColumn, RenameColumn, RenameConstraint, RenameIndex, Sql, Steps
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.alter_way import (
    Alteration,
    alterations_of_nullability,
    clause_of,
    is_hashed,
    is_plain_index,
    way_of,
)
from alembic_manage.rollout.server import Server
from alembic_manage.state.schema import Table


@dataclass(frozen=True)
class Online:
    """Writes operations in SQL where the server is told how to do them.

    Args:
        server: quotes names, and knows what takes an instant.
        is_new: whether an operation is about a table that is made by the same change.
    """

    server: Server
    is_new: Callable[[ops.MigrateOperation], bool]

    def guarded(self, operations: Sequence[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
        """The operations of a revision; those for which there is no such way stay as they are."""
        back = [each.reverse() for each in reversed(operations)]
        return [Steps(self._written(operations), self._written(back))]

    def _written(self, operations: Iterable[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
        return [self._one(each) for each in with_losses(flattened(operations))]

    def _one(self, operation: Any) -> ops.MigrateOperation:
        name, schema = getattr(operation, "table_name", None), getattr(operation, "schema", None)
        before = self.server.detection.before
        table = before.find(before.key(schema, name)) if name is not None else None
        if table is None or self.is_new(operation) or not (kinds := self._kinds(operation, table)):
            return operation  # type: ignore[no-any-return]
        way = way_of(kinds, table)
        if way is None:
            return operation  # type: ignore[no-any-return]
        return Sql([clause_of(way, each) for each in self._statements(operation)], [], name, schema)

    def _kinds(self, operation: Any, table: Table) -> tuple[Alteration, ...]:
        """What an operation changes; nothing where the table is copied for it, or where that is not known."""
        if isinstance(operation, ops.AddColumnOp):
            return self._of_added(operation)
        if isinstance(operation, ops.DropColumnOp):
            # An index that this change has made may go with it; in place the server takes the instant way where it can.
            return (Alteration.COLUMN, Alteration.INDEX)
        if isinstance(operation, ops.AlterColumnOp):
            return self._of_altered(operation)
        if isinstance(operation, ops.CreateIndexOp):
            columns = [str(getattr(each, "name", each)) for each in operation.columns]
            is_plain = is_plain_index(columns, operation.kw, table, unique=bool(operation.unique))
            return (Alteration.INDEX,) if is_plain else ()
        if isinstance(operation, ops.CreateUniqueConstraintOp):
            return () if is_hashed([str(each) for each in operation.columns], table) else (Alteration.INDEX,)
        if isinstance(operation, ops.DropConstraintOp):
            return _DROPPED.get(str(operation.constraint_type), ())
        return next((kinds for type_, kinds in _KINDS if isinstance(operation, type_)), ())

    def _of_added(self, operation: ops.AddColumnOp) -> tuple[Alteration, ...]:
        column = operation.column
        is_numbered = column.identity is not None or column.primary_key or column.autoincrement is True
        if is_numbered or (column.computed is not None and column.computed.persisted is not False):
            return ()
        text = getattr(getattr(column.server_default, "arg", None), "text", None)
        varies = column.computed is None and text is not None and not self.server.is_instant_default(str(text))
        return () if varies else (Alteration.COLUMN,)

    def _of_altered(self, operation: ops.AlterColumnOp) -> tuple[Alteration, ...]:
        changes = changes_of(operation)
        is_longer = "type" not in changes or self.server.is_instant_type(operation.existing_type, operation.modify_type)
        if "other" in changes or not is_longer:
            return ()
        if operation.modify_nullable is None:
            return (Alteration.CATALOG,)
        type_ = operation.modify_type or operation.existing_type
        return alterations_of_nullability(type_, nullable=operation.modify_nullable)

    def _statements(self, operation: Any) -> list[str]:
        """As Alembic has them; a CHECK goes by the words that both MariaDB and MySQL know.

        Of a column that comes, Alembic adds the indexes and keys that the model says at it, which have operations of
        their own.
        """
        if isinstance(operation, ops.AddColumnOp):
            table = self.server.quoted(operation.schema, operation.table_name)
            return [f"ALTER TABLE {table} ADD COLUMN {self.server.column_sql(operation.column)}"]
        if isinstance(operation, ops.DropConstraintOp) and operation.constraint_type == "check":
            table = self.server.quoted(operation.schema, operation.table_name)
            return [f"ALTER TABLE {table} DROP CONSTRAINT {self.server.quoted(str(operation.constraint_name))}"]
        return alembic_api.statements_of(self.server.detection.context, operation)


_DROPPED = {
    "unique": (Alteration.INDEX,),
    "foreignkey": (Alteration.CATALOG,),
    "check": (Alteration.CATALOG,),
}
_KINDS: Sequence[tuple[type[ops.MigrateOperation], tuple[Alteration, ...]]] = (
    (ops.DropIndexOp, (Alteration.INDEX,)),
    (MoveColumn, (Alteration.COLUMN,)),
    (RenameColumn, (Alteration.CATALOG,)),
    (RenameConstraint, (Alteration.CATALOG,)),
    (RenameIndex, (Alteration.CATALOG,)),
    (ops.CreateTableCommentOp, (Alteration.CATALOG,)),
    (ops.DropTableCommentOp, (Alteration.CATALOG,)),
)
