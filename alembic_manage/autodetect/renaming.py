"""The operation that gives something another name, on the project's databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alembic.operations import ops
from sqlalchemy import DefaultClause, text

from alembic_manage.autodetect.candidates import Path
from alembic_manage.autodetect.detection import Detection
from alembic_manage.operations import RenameColumn, RenameConstraint, RenameEnumValue, RenameIndex, RenameTable


def renaming_operation(
    old: Path, new: Path, kinds: frozenset[str], detection: Detection
) -> Iterator[ops.MigrateOperation]:
    """The operations, mostly one.

    Args:
        old: what it is called.
        new: what it is to be called.
        kinds: what it can be; of an index and a constraint the schema tells which.
        detection: whose databases count.
    """
    if "table" in kinds:
        if old.schema == new.schema:
            yield RenameTable(old.table, new.table, old.schema)
        else:
            from alembic_manage.operations import MoveTable

            yield MoveTable(old.table, old.schema, new.schema, new.table)
    elif "column" in kinds:
        names = old.table, str(old.name), str(new.name), old.schema
        yield RenameColumn(*names, in_sql=_in_sql(detection), existing=_existing(old, detection))
    elif "enum value" in kinds:
        yield from _of_enum_value(old, new, detection)
    else:
        yield _of_index_or_constraint(old, new, detection)


def _in_sql(detection: Detection) -> bool:
    project = detection.environment.project
    return any(project.database(alias).dialect.renamed_column_forgets for alias in project.aliases)


def _existing(path: Path, detection: Detection) -> dict[str, Any]:
    """What a rename leaves as it is, for a database that the project may have later."""
    before = detection.before
    column = before.column(before.key(path.schema, path.table), str(path.name))
    found: dict[str, Any] = {"existing_type": column.type, "existing_nullable": column.nullable}
    if column.default is not None and column.computed is None:
        found["existing_server_default"] = DefaultClause(text(column.default))
    if column.comment:
        found["existing_comment"] = column.comment
    return found


def _of_index_or_constraint(old: Path, new: Path, detection: Detection) -> ops.MigrateOperation:
    before = detection.before
    table = before.table(before.key(old.schema, old.table))
    is_index = any(index.name == old.name for index in table.indexes)
    kind = RenameIndex if is_index else RenameConstraint
    return kind(old.table, str(old.name), str(new.name), old.schema)


def _of_enum_value(old: Path, new: Path, detection: Detection) -> Iterator[ops.MigrateOperation]:
    """Of a named type; where the values stand in a column or a CHECK, the change of that updates the rows."""
    if old.column is None:
        yield RenameEnumValue(old.table, str(old.name), str(new.name), old.schema)
    else:
        detection.renamed_values[str(old)] = str(new.name)
