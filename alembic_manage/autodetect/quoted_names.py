"""Names that not every database writes in the same quotes, in SQL that may run on more than one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.dialects import Dialect, known_dialects
from alembic_manage.operations import FillRows, QuotedByEach, Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_manage.autodetect.detection import Detection


def quoted_by_each(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where rows of a table or column like "user" or "order" are filled on each kind of database.

    A project on files of SQLite alone counts as one that will have a server: many are developed on one, and deployed
    on the other.
    """
    kinds: Sequence[Dialect] = detection.kinds
    if any(rules.is_file for rules in kinds):
        kinds = known_dialects()
    if len(kinds) == 1:
        return operations
    return [_quoted(operation, kinds) for operation in operations]


def _quoted(operation: ops.MigrateOperation, kinds: Sequence[Dialect]) -> ops.MigrateOperation:
    if isinstance(operation, Steps):
        up, down = ([_quoted(each, kinds) for each in direction] for direction in (operation.up, operation.down))
        return Steps(up, down)
    if type(operation) is not FillRows or operation.where is not None:
        return operation
    names = (str(operation.table_name), operation.column, operation.schema or "")
    if all(len({rules.quoted(name) for rules in kinds}) == 1 for name in names if name):
        return operation
    return QuotedByEach(str(operation.table_name), operation.column, operation.value, operation.schema)
