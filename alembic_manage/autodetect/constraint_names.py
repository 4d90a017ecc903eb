"""A name for every constraint that a revision makes or drops: without one it could not be dropped again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import NullType, SchemaType

from alembic_manage import alembic_api
from alembic_manage.autodetect.effects import referred_by, words_of
from alembic_manage.operations import DropUnnamed, DropUnnamedCheck, Steps

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection

_HASH_LENGTH = 8
CONVENTION = {
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""The names that are given here, in the words of MetaData(naming_convention=...)."""


def with_constraint_names(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, with a name for each constraint that has none; the models stay as they are.

    A naming convention of the models has named what it can before; what it cannot is named here, by its rule for the
    kind of constraint where there is one.
    """
    names = ConstraintNames.of(detection, operations)
    return [_named(operation, names) for operation in operations]


def _named(operation: ops.MigrateOperation, names: ConstraintNames) -> ops.MigrateOperation:
    if isinstance(operation, Steps):
        return Steps([_named(each, names) for each in operation.up], [_named(each, names) for each in operation.down])
    if isinstance(operation, ops.CreateTableOp):
        return _named_table(operation, names)
    if isinstance(operation, ops.DropConstraintOp):
        return _named_drop(operation, names)
    if isinstance(operation, ops.AddColumnOp):
        return _named_column(operation, names)
    if isinstance(operation, ops.AddConstraintOp) and getattr(operation, "constraint_name", "") is None:
        made: Any = operation
        table = operation.source_table if isinstance(operation, ops.CreateForeignKeyOp) else made.table_name
        made.constraint_name = names.name_of(operation.to_constraint(), table)
    return operation


def _named_table(operation: ops.CreateTableOp, names: ConstraintNames) -> ops.CreateTableOp:
    table = operation.to_table()
    for column in table.columns:
        names.name_type(column, str(table.name))
    for constraint in _in_order(table):
        constraint.name = names.name_of(constraint, str(table.name))
    named = ops.CreateTableOp.from_table(table, _namespace_metadata=operation._namespace_metadata)
    named.if_not_exists = operation.if_not_exists
    return named


def _in_order(table: Table) -> list[Constraint]:
    """The constraints without a name, in one order every time: SQLAlchemy has them in a set."""
    unnamed = [
        each
        for each in table.constraints
        if not isinstance(each.name, str)
        and not getattr(each, "_type_bound", False)
        and (not isinstance(each, PrimaryKeyConstraint) or each.columns)
    ]
    return sorted(unnamed, key=lambda each: (type(each).__name__, _columns(each), str(getattr(each, "sqltext", ""))))


def _named_column(operation: ops.AddColumnOp, names: ConstraintNames) -> ops.AddColumnOp:
    # The column of the operation is the models' own.
    column = ops.CreateTableOp("copy", [operation.column], _constraints_included=True).to_table().columns[0]
    before = getattr(column.type, "name", None)
    names.name_type(column, operation.table_name)
    if getattr(column.type, "name", None) == before:
        return operation
    return ops.AddColumnOp(operation.table_name, column, schema=operation.schema)


def _named_drop(operation: ops.DropConstraintOp, names: ConstraintNames) -> ops.DropConstraintOp:
    """A drop by the name that Alembic gives to a constraint without one while it rebuilds the table."""
    name, reverse = operation.constraint_name, operation._reverse
    if name is None and isinstance(reverse, ops.CreateCheckConstraintOp):
        # The name that it gets on the way back.
        given = names.name_of(reverse.to_constraint(), operation.table_name)
        return DropUnnamedCheck(given, operation.table_name, "check", schema=operation.schema, _reverse=reverse)
    if reverse is None or not (name is None or names.rebuilds):
        return operation
    found = by_convention(names.generated, reverse.to_constraint(), operation.table_name)
    if found is None or name not in (None, found):
        return operation
    reverse.constraint_name = str(found)  # type: ignore[attr-defined]
    kind = operation.constraint_type
    return DropUnnamed(str(found), operation.table_name, kind, operation.schema, names.generated, _reverse=reverse)


_KINDS: Mapping[type[Constraint], str] = {
    UniqueConstraint: "uq",
    ForeignKeyConstraint: "fk",
    CheckConstraint: "ck",
    PrimaryKeyConstraint: "pk",
}


class ConstraintNames:
    """Gives names that nothing else has.

    Args:
        taken: names that are in use.
        length: the most bytes of a name.
        convention: that of the models.
        generated: that by which a constraint without a name is found again.
        columns: the names of a table's columns, by the table's.
        names_primary_keys: whether a primary key gets one.
        rebuilds: whether one of the databases may have a constraint without a name where another generated one.
    """

    def __init__(
        self,
        taken: Iterable[str] = (),
        length: int = 63,
        convention: Mapping[str, Any] | None = None,
        generated: Mapping[str, str] = CONVENTION,
        columns: Mapping[str, frozenset[str]] | None = None,
        *,
        names_primary_keys: bool = True,
        rebuilds: bool = False,
    ) -> None:
        self.taken = {name.lower() for name in taken}
        self.length = length
        self.convention = {kind: rule for kind, rule in (convention or {}).items() if kind != "ix"}
        self.generated = generated
        self.columns = columns or {}
        self.names_primary_keys = names_primary_keys
        self.rebuilds = rebuilds

    @classmethod
    def of(cls, detection: Detection, operations: Iterable[ops.MigrateOperation]) -> ConstraintNames:
        """Those of a comparison: what it drops is free again."""
        free = {str(each.constraint_name).lower() for each in operations if isinstance(each, ops.DropConstraintOp)}
        tables: list[Any] = [*detection.before.tables.values(), *detection.model_tables]
        used = [each.name for table in tables for each in (*table.constraints, *table.indexes)]
        return cls(
            (name for name in used if isinstance(name, str) and name.lower() not in free),
            min(rules.name_bytes for rules in detection.kinds),
            alembic_api.naming_convention(detection.context),
            next((rules.generated_names for rules in detection.kinds if rules.generated_names), CONVENTION),
            {str(table.name): frozenset(map(str, table.columns.keys())) for table in detection.model_tables},
            names_primary_keys=any(rules.names_primary_keys for rules in detection.kinds),
            rebuilds=detection.environment.project.needs_batch and bool(detection.rules.generated_names),
        )

    def name_of(self, constraint: Constraint, table: str) -> str | None:
        """A name for a constraint; None for a primary key where it has none.

        Args:
            constraint: without a name.
            table: its table.
        """
        kind = next((kind for type_, kind in _KINDS.items() if isinstance(constraint, type_)), "ex")
        if kind == "pk" and not self.names_primary_keys:
            return None
        columns = self._columns(constraint, table)
        if kind in self.convention:
            token = columns[0] if len(columns) == 1 else None
            return self._free(
                lambda end: by_convention(self.convention, constraint, table, token or end.strip("_") or "1")
            )
        referred = (
            [name for _, name, _ in referred_by(constraint)] if isinstance(constraint, ForeignKeyConstraint) else []
        )
        counted = kind in ("ck", "ex") and len(columns) != 1
        parts = [kind, table, *(() if kind == "pk" or counted else columns), *referred]
        return self._free(lambda end: "_".join(parts) + (end or "_1" * counted))

    def name_type(self, column: Column[Any], table: str) -> None:
        """Name the CHECK that a column's Boolean or Enum brings along."""
        kind: Any = column.type
        if not isinstance(kind, SchemaType) or not getattr(kind, "create_constraint", False) or kind.name is not None:
            return
        convention_adds_table = "ck" in self.convention
        kind.name = (
            str(column.name) if convention_adds_table else self._free(lambda end: f"ck_{table}_{column.name}{end}")
        )

    def _columns(self, constraint: Constraint, table: str) -> tuple[str, ...]:
        if isinstance(constraint, CheckConstraint):
            words = words_of(constraint.sqltext)
            return tuple(sorted(words & self.columns.get(table, frozenset())))
        return _columns(constraint)

    def _free(self, name: Callable[[str], str | None]) -> str | None:
        """The first name that is free, cut to fit; `name` is called with what to put behind it."""
        for number in count(1):
            found = name(f"_{number}" if number > 1 else "")
            if found is None:
                return None
            found = self._cut(found)
            if found.lower() not in self.taken:
                self.taken.add(found.lower())
                # What a convention named, or would name again, is final.
                return conv(found) if self.convention else found
        return None

    def _cut(self, name: str) -> str:
        """The name itself, or its beginning and a hash of the whole."""
        if len(name.encode()) <= self.length:
            return name
        room = self.length - _HASH_LENGTH - 1
        end = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
        return f"{name.encode()[:room].decode(errors='ignore').rstrip('_')}_{end}"


def _columns(constraint: Constraint) -> tuple[str, ...]:
    columns: Any = getattr(constraint, "columns", ())
    return tuple(str(each.name) for each in columns)


def by_convention(
    convention: Mapping[str, Any], constraint: Constraint, table: str, token: str | None = None
) -> str | None:
    """The name that a naming convention gives to a constraint without one; None where it gives none.

    Args:
        convention: as MetaData takes it.
        constraint: without a name.
        table: the name of its table.
        token: what stands for %(constraint_name)s.
    """
    columns = _columns(constraint)
    owner = Table(table, MetaData(naming_convention=convention), *(Column(name, NullType()) for name in columns))
    copied: Constraint
    if isinstance(constraint, ForeignKeyConstraint):
        copied = ForeignKeyConstraint(columns, [each.target_fullname for each in constraint.elements], name=token)
    elif isinstance(constraint, UniqueConstraint):
        copied = UniqueConstraint(*columns, name=token)
    elif isinstance(constraint, PrimaryKeyConstraint):
        copied = PrimaryKeyConstraint(*columns, name=token)
    else:
        copied = CheckConstraint("1", name=token)
    try:
        owner.append_constraint(copied)
    except InvalidRequestError:
        return None
    return copied.name if isinstance(copied.name, conv) else None
