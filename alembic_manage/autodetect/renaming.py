"""The operation that gives something another name, on the project's databases."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.operations import ops

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
        yield RenameColumn(old.table, str(old.name), str(new.name), old.schema, in_sql=_in_sql(detection))
    elif "enum value" in kinds:
        yield from _of_enum_value(old, new, detection)
    else:
        yield _of_index_or_constraint(old, new, detection)


def _in_sql(detection: Detection) -> bool:
    project = detection.environment.project
    return any(project.database(alias).dialect.renamed_column_forgets for alias in project.aliases)


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
