"""Says in the file where it loses data: what is dropped, with rows or values."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby

from alembic.operations import ops

from alembic_manage.operations import Remark, RenameColumn


def with_losses(operations: Iterable[ops.MigrateOperation]) -> list[ops.MigrateOperation]:
    """The operations of one direction, with a remark above each that drops a table or a column.

    Those that follow one another have one together. Indexes and constraints hold no data. What has a remark already
    needs no other, and a column whose place another takes afterwards loses nothing.

    Args:
        operations: flat, in the order in which they run.
    """
    flat = list(operations)
    found: list[ops.MigrateOperation] = []
    for kind, group in groupby(range(len(flat)), key=lambda place: _kind(flat, place)):
        members = [flat[place] for place in group]
        is_said = bool(found) and isinstance(found[-1], Remark)
        found += [_remark(members)] if kind is not None and not is_said else []
        found += members
    return found


def _kind(operations: Sequence[ops.MigrateOperation], place: int) -> Hashable:
    """What an operation has in common with others that one remark is for; None for those that lose nothing."""
    operation = operations[place]
    if isinstance(operation, ops.DropTableOp):
        return "table"
    if isinstance(operation, ops.DropColumnOp):
        is_computed = operation._reverse is not None and operation._reverse.column.computed is not None
        loses = not is_computed and not _is_replaced(operation, operations[place:])
        return (operation.schema, operation.table_name) if loses else None
    return None


def _is_replaced(operation: ops.DropColumnOp, later: Iterable[ops.MigrateOperation]) -> bool:
    return any(
        (each.schema, each.table_name, each.new) == (operation.schema, operation.table_name, operation.column_name)
        for each in later
        if isinstance(each, RenameColumn)
    )


def _remark(operations: Sequence[ops.MigrateOperation]) -> Remark:
    tables = [_path(each.schema, each.table_name) for each in operations if isinstance(each, ops.DropTableOp)]
    if tables:
        return Remark(f"Drops the {_listed('table', tables)} with {'its' if len(tables) == 1 else 'their'} rows.")
    columns = [each for each in operations if isinstance(each, ops.DropColumnOp)]
    schema, table = columns[0].schema, columns[0].table_name
    names = [each.column_name for each in columns]
    whose = "its" if len(names) == 1 else "their"
    return Remark(f"Drops the {_listed('column', names)} of {_path(schema, table)} with {whose} values.", table, schema)


def _path(schema: str | None, name: str) -> str:
    return f"{schema}.{name}" if schema else name


def _listed(word: str, names: Sequence[str]) -> str:
    """One name after the word, or the first few names after its plural."""
    if len(names) == 1:
        return f"{word} {names[0]}"
    shown = list(names[:_SHOWN])
    last = f"{len(names) - _SHOWN} more" if len(names) > _SHOWN else shown.pop()
    return f"{word}s {', '.join(shown)} and {last}"


_SHOWN = 6
