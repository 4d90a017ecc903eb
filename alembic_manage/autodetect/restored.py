"""What downgrade() makes again: as the schema before had it, not as Alembic reads it from the database.

Alembic forgets the indexes of a table and numbers columns that number themselves; a type comes back as the database
spells it, not as the revision wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import Column, Computed, Constraint, DefaultClause, Identity, Integer, Table, UniqueConstraint
from sqlalchemy.sql.elements import conv

from alembic_manage import alembic_api
from alembic_manage.operations import Steps
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.objects import Key

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection
    from alembic_manage.state.schema import Schema


def restored(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, with a way back that makes again what the schema before the revision had."""
    before = Before(detection.before, final=_names_are_final(detection))
    numbering_is_said = any(rules.renamed_column_forgets for rules in detection.kinds)
    dropped = {(each.schema, each.table_name) for each in operations if isinstance(each, ops.DropTableOp)}
    found: list[ops.MigrateOperation] = []
    for operation in before.newest_first(operations):
        # They go with their table.
        if isinstance(operation, ops.DropIndexOp) and (operation.schema, operation.table_name) in dropped:
            continue
        if isinstance(operation, ops.AlterColumnOp) and not numbering_is_said:
            operation.kw.pop("autoincrement", None)  # Alembic warns where it means nothing
        found += before.restore(operation)
    return found


def _names_are_final(detection: Detection) -> bool:
    """Whether a naming convention would be applied to names that are names already."""
    return any(kind != "ix" for kind in alembic_api.naming_convention(detection.context))


class Before:
    """The tables of the schema before, as SQLAlchemy has tables.

    Args:
        schema: the schema before.
        final: whether the names of constraints are marked as those that no naming convention changes.
    """

    def __init__(self, schema: Schema, *, final: bool = False) -> None:
        self.tables: Mapping[str, Table] = metadata_of(schema).tables
        self.schema = schema
        for table in self.tables.values():
            _tidy(table, self._numbered(table))
            self._as_constraints(table)
            if final:
                _mark_names(table)

    def _as_constraints(self, table: Table) -> None:
        """Where a database has a UNIQUE constraint as an index, another one may have it as what it was."""
        state = self.schema.table(self.schema.key(table.schema, str(table.name)))
        came_as_constraints = {index.name for index in state.indexes if index.is_constraint and not index.options}
        for index in [each for each in table.indexes if each.name in came_as_constraints]:
            table.indexes.discard(index)
            table.append_constraint(UniqueConstraint(*index.columns, name=index.name))

    def _numbered(self, table: Table) -> frozenset[str]:
        columns = self.schema.table(self.schema.key(table.schema, str(table.name))).columns
        return frozenset(name for name, column in columns.items() if column.autoincrement)

    def table(self, schema: str | None, name: str) -> Table | None:
        """A table; None where there is none."""
        return self.tables.get(str(Key(schema, name)))

    def newest_first(self, operations: list[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
        """The operations, where tables are dropped in one order every time; Alembic has them in a set."""
        ages = list(self.tables)
        drops = [each for each in operations if isinstance(each, ops.DropTableOp)]
        drops.sort(key=lambda each: ages.index(key) if (key := str(Key(each.schema, each.table_name))) in ages else -1)
        for operation in operations:
            yield drops.pop() if isinstance(operation, ops.DropTableOp) else operation

    def restore(self, operation: ops.MigrateOperation) -> Iterator[ops.MigrateOperation]:
        """What stands for an operation."""
        place: Any = operation
        table = self.table(getattr(place, "schema", None), getattr(place, "table_name", None) or "")
        if table is None:
            yield operation
        elif isinstance(operation, ops.DropTableOp):
            yield from self._drop_table(table)
        elif isinstance(operation, ops.DropIndexOp):
            yield _drop_index(operation, table)
        elif isinstance(operation, ops.DropConstraintOp):
            same = [each for each in table.constraints if _is_meant(each, operation)]
            yield ops.DropConstraintOp.from_constraint(same[0]) if len(same) == 1 else operation
        elif isinstance(operation, ops.DropColumnOp) and operation.column_name in table.columns:
            column = table.columns[operation.column_name]
            yield ops.DropColumnOp.from_column_and_tablename(table.schema, str(table.name), column)
        elif isinstance(operation, ops.AlterColumnOp) and operation.column_name in table.columns:
            _complete(operation, table.columns[operation.column_name])
            yield operation
        else:
            yield operation

    def _drop_table(self, table: Table) -> Iterator[ops.MigrateOperation]:
        state = self.schema.table(self.schema.key(table.schema, str(table.name)))
        implied = {index.name for index in state.indexes if index.is_implied}
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            if index.name not in implied:
                yield Steps([], [ops.CreateIndexOp.from_index(index)])
        yield ops.DropTableOp.from_table(table)


def _tidy(table: Table, numbered: frozenset[str]) -> None:
    """Leave out `autoincrement` where SQLAlchemy comes to the same by itself."""
    keys = list(table.primary_key.columns)
    for column in table.columns:
        by_itself = (
            keys == [column]
            and isinstance(column.type, Integer)
            and not column.foreign_keys
            and column.server_default is None
        )
        _say_literal(column)
        column.autoincrement = "auto" if by_itself == (column.name in numbered) else column.name in numbered


def _say_literal(column: Column[Any]) -> None:
    """Write a default that is a plain string as one: server_default="new"."""
    default = column.server_default
    literal = _LITERAL.fullmatch(str(getattr(default, "arg", "")))
    if literal is not None and isinstance(default, DefaultClause):
        column.server_default = DefaultClause(literal[1])


_LITERAL = re.compile(r"'([^'\\:%]+)'")


def _mark_names(table: Table) -> None:
    for constraint in table.constraints:
        if isinstance(constraint.name, str):
            constraint.name = conv(constraint.name)


def _drop_index(operation: ops.DropIndexOp, table: Table) -> ops.MigrateOperation:
    for index in table.indexes:
        if index.name == operation.index_name:
            return ops.DropIndexOp.from_index(index)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.name == operation.index_name:
            return ops.DropConstraintOp.from_constraint(constraint)
    return operation


def _is_meant(constraint: Constraint, operation: ops.DropConstraintOp) -> bool:
    """Whether an operation drops this constraint; one without a name is known by its columns."""
    if operation.constraint_name is not None:
        return constraint.name is not None and str(constraint.name) == str(operation.constraint_name)
    if operation._reverse is None or constraint.name is not None:
        return False
    meant = operation._reverse.to_constraint()
    return type(meant) is type(constraint) and _columns(meant) == _columns(constraint)


def _columns(constraint: Any) -> list[str]:
    return [str(column.name) for column in constraint.columns]


def _complete(operation: ops.AlterColumnOp, column: Column[Any]) -> None:
    """Say everything about the column that the operation does not change."""
    operation.existing_type = column.type
    operation.existing_nullable = bool(column.nullable)
    operation.existing_comment = column.comment
    if operation.modify_server_default is not False and isinstance(column.server_default, Identity | Computed):
        return  # it went before this, by an operation of its own
    operation.existing_server_default = column.server_default
