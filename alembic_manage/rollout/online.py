"""MariaDB: the statements of a revision, with the clauses that make the server refuse where others would wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from alembic.operations import ops

from alembic_manage import alembic_api
from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.losses import with_losses
from alembic_manage.autodetect.steps.alteration import changes_of
from alembic_manage.operations import MoveColumn, RenameColumn, RenameConstraint, RenameIndex, Sql, Steps
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.alter_way import (
    Alteration,
    alterations_of_drop,
    alterations_of_nullability,
    clause_of,
    is_hashed,
    is_plain_index,
    way_of,
)
from alembic_manage.rollout.altering import Altering
from alembic_manage.rollout.server import Server
from alembic_manage.state.schema import Schema, Table


class Online:
    """Writes operations in SQL where the server is told how to do them, which depends on the table at that moment.

    Args:
        server: quotes names, and knows what takes an instant.
        is_new: whether an operation is about a table that is made by the same change.
    """

    def __init__(self, server: Server, is_new: Callable[[ops.MigrateOperation], bool]) -> None:
        self.server = server
        self.is_new = is_new
        self._moment = server.detection.on(server.detection.original)
        """Its schema before is the one after all revisions so far."""

    def guarded(self, operations: Sequence[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
        """The operations of the next revision; those for which there is no such way stay as they are."""
        up = self._written(operations, self._moment)
        back = [each.reverse() for each in reversed(operations)]
        return [Steps(up, self._written(back, self._moment.on(self._moment.before)))]

    def _written(self, operations: Iterable[ops.MigrateOperation], moment: Detection) -> list[ops.MigrateOperation]:
        found = []
        for each in with_losses(flattened(operations)):
            found.append(self._one(each, moment.before))
            moment.apply(self._plain(each))
        return found

    def _plain(self, operation: ops.MigrateOperation) -> ops.MigrateOperation:
        """Without the indexes and keys that the model says at a column, which have operations of their own."""
        if isinstance(operation, ops.AddColumnOp):
            return Sql(self._statements(operation), [], operation.table_name, operation.schema)
        return operation

    def _one(self, operation: Any, before: Schema) -> ops.MigrateOperation:
        name, schema = getattr(operation, "table_name", None), getattr(operation, "schema", None)
        table = before.find(before.key(schema, name)) if name is not None else None
        if table is None or self.is_new(operation) or not (kinds := self._kinds(operation, table)):
            return operation  # type: ignore[no-any-return]
        way = way_of(kinds, table)
        if way is None:
            return operation  # type: ignore[no-any-return]
        return Sql([clause_of(way, each) for each in self._statements(operation)], [], name, schema)

    def _kinds(self, operation: Any, table: Table) -> tuple[Alteration, ...]:
        """What an operation changes; nothing where the table is copied for it, or where that is not known."""
        if isinstance(operation, Altering):
            return (operation.alteration,)
        if isinstance(operation, ops.AddColumnOp):
            return self._of_added(operation)
        if isinstance(operation, ops.DropColumnOp):
            return alterations_of_drop(operation.column_name, table)
        if isinstance(operation, MoveColumn):
            return (Alteration.COLUMN,) if operation.column.computed is None else ()
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
        is_numbered = column.identity is not None or "AUTO_INCREMENT" in self.server.column_sql(column)
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
        """As Alembic has them; a CHECK goes by the words that both MariaDB and MySQL know."""
        if isinstance(operation, Altering):
            return list(operation.up)
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
    (RenameColumn, (Alteration.CATALOG,)),
    (RenameConstraint, (Alteration.CATALOG,)),
    (RenameIndex, (Alteration.CATALOG,)),
    (ops.CreateTableCommentOp, (Alteration.CATALOG,)),
    (ops.DropTableCommentOp, (Alteration.CATALOG,)),
)
