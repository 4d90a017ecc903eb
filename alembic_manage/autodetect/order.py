"""Puts operations in an order that runs on every database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection


def without_needless_drops(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations without those that drop an index of a table which is dropped as a whole later on.

    MariaDB refuses to drop an index that a foreign key of the table needs, and the index goes with its table anyway.
    Source: MariaDB documentation, "Foreign Keys": error 1553.
    """
    dropped = {(op.schema, op.table_name) for op in operations if isinstance(op, ops.DropTableOp)}
    return [op for op in operations if not (isinstance(op, ops.DropIndexOp) and (op.schema, op.table_name) in dropped)]


def in_order(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations in the order in which they run."""
    return operations
