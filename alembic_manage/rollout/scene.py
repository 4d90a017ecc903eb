"""What the forms know besides the operation that they are given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from alembic.operations import ops
from sqlalchemy import Column, Table

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.named_types import enums_in
from alembic_manage.autodetect.restored import Before
from alembic_manage.autodetect.steps.columns import model_column, new_tables
from alembic_manage.operations import (
    ChangeEnum,
    ChangeIdentity,
    CreateEnum,
    RenameColumn,
    RenameTable,
    ReplacePrimaryKey,
    Steps,
)
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.server import Server

Kind = TypeVar("Kind", bound=ops.MigrateOperation)


class Scene:
    """The schema before, the server, and the other operations.

    Args:
        detection: of the operations.
        server: the kind of database.
        operations: all of them.
    """

    def __init__(self, detection: Detection, server: Server, operations: Sequence[ops.MigrateOperation]) -> None:
        self.detection = detection
        self.server = server
        self.wholes = operations
        """As each of them is staged: what must stay together is one."""
        self.operations = list(flattened(operations))
        self.notes: list[str] = []
        """What is written in the short form after all, and why; a line each."""
        self.new_tables = new_tables(self.operations)

    @cached_property
    def reused(self) -> frozenset[tuple[str | None, str, str]]:
        """Schema, table and name of the columns that go or are renamed, and whose names others get."""
        gone, come = set(), set()
        for each in self.operations:
            if isinstance(each, ops.DropColumnOp):
                gone.add((each.schema, each.table_name, each.column_name))
            elif isinstance(each, ops.AddColumnOp):
                come.add((each.schema, each.table_name, str(each.column.name)))
            elif isinstance(each, RenameColumn):
                gone.add((each.schema, each.table_name, each.old))
                come.add((each.schema, each.table_name, each.new))
        return frozenset(gone & come)

    def of(self, kind: type[Kind], table: str, schema: str | None) -> list[Kind]:
        """The operations of a kind that are about a table, in order."""
        found: list[Any] = [each for each in self.operations if isinstance(each, kind)]
        return [each for each in found if (each.table_name, each.schema) == (table, schema)]

    def is_reused(self, table: str, schema: str | None, *names: str) -> bool:
        """Whether another column gets the name of one of these, or one of these another's."""
        return any((schema, table, name) in self.reused for name in names)

    def takes_name(self, name: str, schema: str | None) -> bool:
        """Whether a table, type or sequence of this name is made by the same change."""
        for each in self.operations:
            new = None
            if isinstance(each, ops.CreateTableOp):
                new = each.table_name
            elif isinstance(each, CreateEnum):
                new = each.name
            elif isinstance(each, RenameTable):
                new = each.new
            if new == name and getattr(each, "schema", None) == schema:
                return True
        return False

    def changes_type(self, table: str, schema: str | None, columns: Iterable[str]) -> bool:
        """Whether one of the columns gets another type by the same change."""
        altered = self.of(ops.AlterColumnOp, table, schema)
        changed = {each.column_name for each in altered if each.modify_type is not None}
        return not changed.isdisjoint(columns)

    def changes_identity(self, table: str, schema: str | None, column: str) -> bool:
        """Whether the column becomes an identity by the same change, or is none any more."""
        return any(each.column == column for each in self.of(ChangeIdentity, table, schema))

    def has_twins(self, table: str, schema: str | None, columns: Collection[str]) -> bool:
        """Whether one of the columns may get a second one beside it by the same change."""
        renamed = {each.new for each in self.of(RenameColumn, table, schema)}
        return not renamed.isdisjoint(columns) or self.changes_type(table, schema, columns)

    def changes_key(self, table: str, schema: str | None, columns: Iterable[str]) -> bool:
        """Whether a table gets a key by the same change that may be what a reference to the columns needs.

        A column with another name has its keys once they are built for it, unless it is the primary key.
        """
        before = self.table(table, schema)
        is_primary = before is not None and set(columns) == {str(each.name) for each in before.primary_key.columns}
        if not is_primary and any(each.new in columns for each in self.of(RenameColumn, table, schema)):
            return True
        for each in self.operations:
            makes = isinstance(each, ops.CreateUniqueConstraintOp | ReplacePrimaryKey | ops.CreatePrimaryKeyOp)
            makes = makes or (isinstance(each, ops.CreateIndexOp) and each.unique)
            if not makes or (getattr(each, "table_name", None), getattr(each, "schema", None)) != (table, schema):
                continue
            key = {str(getattr(part, "name", part)) for part in getattr(each, "columns", columns)}
            if key.issuperset(columns):
                return not self.is_new(each)
        return False

    def keeps_index(self, table: str, schema: str | None, columns: Iterable[str]) -> bool:
        """Whether another foreign key of the columns goes late, with something else, and has its index until then."""
        if not self.detection.rules.indexes_foreign_keys:
            return False
        late = flattened(each for each in self.wholes if isinstance(each, Steps))
        gone: list[Any] = [each._reverse for each in late if isinstance(each, ops.DropConstraintOp)]
        return any(
            isinstance(each, ops.CreateForeignKeyOp)
            and (each.source_table, each.kw.get("source_schema")) == (table, schema)
            and not set(columns).isdisjoint(each.local_cols)
            for each in gone
        )

    def comes_with(self, enum: str) -> bool:
        """Whether a column is made by the same change that has an enum of this name."""
        made = [each for each in self.operations if isinstance(each, ops.AddColumnOp | ops.CreateTableOp)]
        return _has_enum(made, enum)

    def goes_with(self, enum: str) -> bool:
        """Whether a column goes by the same change that has an enum of this name."""
        gone = [each for each in self.operations if isinstance(each, ops.DropColumnOp | ops.DropTableOp)]
        return _has_enum([each._reverse for each in gone], enum)

    @cached_property
    def before(self) -> Before:
        """The tables before, with renames that were answered."""
        return Before(self.detection.before)

    def table(self, name: str, schema: str | None) -> Table | None:
        """A table as it is before."""
        return self.before.table(schema, name)

    def is_new(self, operation: Any) -> bool:
        """Whether the operation is about a table that is made by the same change."""
        table = getattr(operation, "source_table", None) or getattr(operation, "table_name", None)
        kw = getattr(operation, "kw", {})
        schema = getattr(operation, "schema", None) or kw.get("source_schema")
        return (schema, table) in self.new_tables

    def adds(self, table: str, schema: str | None, columns: Iterable[str]) -> bool:
        """Whether all of the columns are added by the same change: code that runs does not write them."""
        new = {str(each.column.name) for each in self.of(ops.AddColumnOp, table, schema)}
        return new.issuperset(columns)

    def key_of(self, table: str, schema: str | None) -> str | None:
        """The first column of a table's primary key; None where it has none."""
        found = self.table(table, schema)
        keys = list(found.primary_key.columns) if found is not None else []
        return str(keys[0].name) if keys else None

    def place_of(self, table: Table, column: Column[Any]) -> str:
        """The name of the column before a column; "" where it is the first."""
        names = [str(each.name) for each in table.columns]
        position = names.index(str(column.name))
        return names[position - 1] if position else ""

    def model_column(self, table: str, schema: str | None, name: str) -> Column[Any] | None:
        """A column as the models have it."""
        return model_column(self.detection, table, name, schema)

    def why_not_alone(
        self,
        table: str,
        schema: str | None,
        column: str,
        but: ops.MigrateOperation | None = None,
        *,
        is_new_name: bool = True,
    ) -> str | None:
        """Why other operations of the same change are in the way of a second column; None where none is.

        Args:
            table: its table.
            schema: of the table.
            column: its name in the end.
            but: the operation that the second column is for.
            is_new_name: whether the second column has that name from the beginning.
        """
        for each in self.operations:
            if each is but or not _is_about(each, table, schema, column):
                continue
            is_about_null = isinstance(each, ops.AlterColumnOp) and each.modify_nullable is not None
            if isinstance(each, ops.AlterColumnOp) and but and each.modify_type is None and not is_about_null:
                continue  # the default, around the change of the type
            makes = isinstance(each, ops.CreateIndexOp | ops.AddConstraintOp)
            if not (makes and is_new_name):
                return "it changes in other ways, too; make the changes one after the other"
        return None

    def note(self, text: str) -> None:
        """Remember that something is written in its short form."""
        if text not in self.notes:
            self.notes.append(text)


def _is_about(operation: Any, table: str, schema: str | None, column: str) -> bool:
    """Whether an operation is about a column, its type, or an index or constraint that has it."""
    if isinstance(operation, ChangeEnum):
        return any((each.schema, each.table, each.column) == (schema, table, column) for each in operation.columns)
    drops = isinstance(operation, ops.DropIndexOp | ops.DropConstraintOp)
    known = (getattr(operation, "_reverse", None) or operation) if drops else operation
    kw = getattr(known, "kw", {})
    place = (getattr(known, "schema", None) or kw.get("source_schema"), getattr(known, "table_name", None))
    if isinstance(known, ops.CreateForeignKeyOp):
        place = (kw.get("source_schema"), known.source_table)
    if place != (schema, table):
        return False
    columns = getattr(known, "columns", None) or getattr(known, "local_cols", None) or []
    names = [str(getattr(each, "name", each)) for each in columns]
    return column in [*names, getattr(known, "column_name", None)]


def _has_enum(made: Iterable[Any], enum: str) -> bool:
    """Whether one of the columns that are made has an enum of this name."""
    columns = [
        column
        for each in made
        for column in ([each.column] if isinstance(each, ops.AddColumnOp) else getattr(each, "columns", ()))
        if isinstance(column, Column)
    ]
    return any(getattr(type_, "name", None) == enum for each in columns for type_ in enums_in(each.type))
