"""Types with labels: made, dropped, and given other labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic.autogenerate import renderers
from alembic.operations import Operations

from alembic_manage.operations.operation import SqlOperation, escaped, executed

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy.engine import Dialect


class CreateEnum(SqlOperation):
    """CREATE TYPE.

    Args:
        name: of the type.
        labels: its values, in order.
        schema: of the type.
    """

    def __init__(self, name: str, labels: Sequence[str], schema: str | None = None) -> None:
        super().__init__(None, schema)
        self.name = name
        self.labels = tuple(labels)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """CREATE TYPE ... AS ENUM."""
        return [_create(dialect, self.schema, self.name, self.labels)]

    def reverse(self) -> DropEnum:
        """DROP TYPE."""
        return DropEnum(self.name, self.labels, self.schema)


class DropEnum(SqlOperation):
    """DROP TYPE.

    Args:
        name: of the type.
        labels: the values that it had, for the way back.
        schema: of the type.
    """

    def __init__(self, name: str, labels: Sequence[str], schema: str | None = None) -> None:
        super().__init__(None, schema)
        self.name = name
        self.labels = tuple(labels)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """DROP TYPE, which is refused while a column has it."""
        return [f"DROP TYPE {_qualified(dialect, self.schema, self.name)}"]

    def reverse(self) -> CreateEnum:
        """CREATE TYPE."""
        return CreateEnum(self.name, self.labels, self.schema)


class RenameEnumValue(SqlOperation):
    """Another name for a value; rows, defaults and constraints have it from then on.

    Args:
        name: of the type.
        old: the value.
        new: what it is called afterwards.
        schema: of the type.
    """

    def __init__(self, name: str, old: str, new: str, schema: str | None = None) -> None:
        super().__init__(None, schema)
        self.name = name
        self.old = old
        self.new = new

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TYPE ... RENAME VALUE."""
        type_ = _qualified(dialect, self.schema, self.name)
        return [f"ALTER TYPE {type_} RENAME VALUE {literal(self.old)} TO {literal(self.new)}"]

    def reverse(self) -> RenameEnumValue:
        """The old name again."""
        return RenameEnumValue(self.name, self.new, self.old, self.schema)


@dataclass(frozen=True)
class EnumColumn:
    """A column that has the type before and after."""

    schema: str | None
    table: str
    column: str
    is_array: bool = False
    default: str | None = None
    """The SQL after DEFAULT before the change; None for none."""
    new_default: str | None = None
    """The SQL after DEFAULT afterwards."""

    def reverse(self) -> EnumColumn:
        """The same for the way back."""
        return replace(self, default=self.new_default, new_default=self.default)


@dataclass(frozen=True)
class Rebuilt:
    """A CHECK or index that compares a column with the type's values, and must be made anew with the new type."""

    name: str
    drop: str
    """The statement that drops it."""
    create: str
    """The statement that makes it."""


class ChangeEnum(SqlOperation):
    """Other values for a type, and the defaults of its columns with them.

    Values that are only added are added in place, which changes no row. Otherwise the type is swapped: the columns get
    a new one, and a row whose value is gone stops the change.

    Args:
        name: of the type.
        before: its values, in order.
        after: the values that it is to have, in order.
        columns: the columns that have the type.
        schema: of the type.
        in_own_transaction: whether values are added in a transaction of their own; None where only the new defaults say
            so. The transaction that adds a value cannot use it. Source: PostgreSQL 16 manual, ALTER TYPE, "Notes".
        rebuilt: what stands in the way of a swap.
        replaced: what rows get that hold a value which is gone, as SQL.
    """

    def __init__(
        self,
        name: str,
        before: Sequence[str],
        after: Sequence[str],
        columns: Sequence[EnumColumn] = (),
        schema: str | None = None,
        in_own_transaction: bool | None = None,
        rebuilt: Sequence[Rebuilt] = (),
        replaced: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(None, schema)
        self.name = name
        self.before = tuple(before)
        self.after = tuple(after)
        self.columns = tuple(columns)
        self.rebuilt = tuple(rebuilt)
        self.replaced = dict(replaced or {})
        self._in_own_transaction = in_own_transaction

    @property
    def only_adds(self) -> bool:
        """Whether each value is still there, in the same order."""
        left = iter(self.after)
        return all(label in left for label in self.before)

    @property
    def added(self) -> tuple[str, ...]:
        """The new values, in order."""
        return tuple(label for label in self.after if label not in self.before)

    @property
    def removed(self) -> tuple[str, ...]:
        """The values that are gone, in order."""
        return tuple(label for label in self.before if label not in self.after)

    @property
    def in_own_transaction(self) -> bool:
        """Whether the values are added in a transaction of their own."""
        if not self.only_adds:
            return False
        if self._in_own_transaction is not None:
            return self._in_own_transaction
        texts = [column.new_default or "" for column in self.columns]
        return any(literal(label) in text for label in self.added for text in texts)

    @in_own_transaction.setter
    def in_own_transaction(self, value: bool) -> None:
        """Say so, whatever the defaults are."""
        self._in_own_transaction = value

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER TYPE ... ADD VALUE, or another type in the place of this one."""
        return [*self.additions(dialect), *self.others(dialect)]

    def additions(self, dialect: Dialect) -> Sequence[str]:
        """The statements that add values in place."""
        if not self.only_adds:
            return []
        type_ = _qualified(dialect, self.schema, self.name)
        there = list(self.before)
        found: list[str] = []
        for place, label in enumerate(self.after):
            if label in self.before:
                continue
            found.append(f"ALTER TYPE {type_} ADD VALUE {literal(label)}{_place(self.after, place, there)}")
            there.append(label)
        return found

    def others(self, dialect: Dialect) -> Sequence[str]:
        """The statements that do the rest."""
        if self.only_adds:
            changed = [column for column in self.columns if column.default != column.new_default]
            return [_alter(dialect, column, _set_default(column)) for column in changed]
        return list(self._swap(dialect))

    def _swap(self, dialect: Dialect) -> Sequence[str]:
        type_ = _qualified(dialect, self.schema, self.name)
        old = self._name_meanwhile
        found = [each.drop for each in self.rebuilt]
        found += [f"ALTER TYPE {type_} RENAME TO {dialect.identifier_preparer.quote(old)}"]
        found += [_create(dialect, self.schema, self.name, self.after)]
        for column in self.columns:
            if column.default is not None:
                found.append(_alter(dialect, column, "DROP DEFAULT"))
            suffix = "[]" if column.is_array else ""
            using = f"{self._text(dialect, column)}::{type_}{suffix}"
            found.append(_alter(dialect, column, f"TYPE {type_}{suffix} USING {using}"))
            if column.new_default is not None:
                found.append(_alter(dialect, column, _set_default(column)))
        found += [f"DROP TYPE {_qualified(dialect, self.schema, old)}"]
        return found + [each.create for each in self.rebuilt]

    def _text(self, dialect: Dialect, column: EnumColumn) -> str:
        """The column as text, without values that are gone where they are replaced."""
        quoted = dialect.identifier_preparer.quote(column.column)
        if column.is_array:
            text = f"{quoted}::text[]"
            for label, value in self.replaced.items():
                text = f"array_replace({text}, {literal(label)}, {value})"
            return text
        if not self.replaced:
            return f"{quoted}::text"
        cases = " ".join(f"WHEN {literal(label)} THEN {value}" for label, value in self.replaced.items())
        return f"(CASE {quoted}::text {cases} ELSE {quoted}::text END)"

    @property
    def _name_meanwhile(self) -> str:
        """What the old type is called until it is dropped. 63 bytes: PostgreSQL 16 manual, 4.1.1."""
        return self.name.encode()[: 63 - len("_old")].decode(errors="ignore") + "_old"

    def to(self, after: Sequence[str], replaced: Mapping[str, str]) -> ChangeEnum:
        """The same change to other values."""
        own = self._in_own_transaction
        return ChangeEnum(self.name, self.before, after, self.columns, self.schema, own, self.rebuilt, replaced)

    def reverse(self) -> ChangeEnum:
        """The values of before."""
        columns = [column.reverse() for column in self.columns]
        own = None if self.only_adds else self._in_own_transaction
        return ChangeEnum(self.name, self.after, self.before, columns, self.schema, own, self.rebuilt)


def literal(text: str) -> str:
    """A string in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _place(labels: Sequence[str], place: int, there: Sequence[str]) -> str:
    """Where a label is added: nothing for the last place."""
    if place and place == len(there):
        return ""
    following = next((label for label in labels[place + 1 :] if label in there), None)
    if following is None:
        return ""
    return f" AFTER {literal(labels[place - 1])}" if place else f" BEFORE {literal(following)}"


def _create(dialect: Dialect, schema: str | None, name: str, labels: Sequence[str]) -> str:
    return f"CREATE TYPE {_qualified(dialect, schema, name)} AS ENUM ({', '.join(map(literal, labels))})"


def _alter(dialect: Dialect, column: EnumColumn, change: str) -> str:
    table = _qualified(dialect, column.schema, column.table)
    return f"ALTER TABLE {table} ALTER COLUMN {dialect.identifier_preparer.quote(column.column)} {change}"


def _set_default(column: EnumColumn) -> str:
    return "DROP DEFAULT" if column.new_default is None else f"SET DEFAULT {column.new_default}"


def _qualified(dialect: Dialect, schema: str | None, name: str) -> str:
    quote = dialect.identifier_preparer.quote
    return ".".join(quote(part) for part in (schema, name) if part)


@renderers.dispatch_for(ChangeEnum)
def _render(autogen_context: AutogenContext, operation: ChangeEnum) -> list[str]:
    dialect = autogen_context.dialect
    assert dialect is not None
    additions = [executed(autogen_context, statement) for statement in operation.additions(dialect)]
    if additions and operation.in_own_transaction:
        prefix = autogen_context.opts["alembic_module_prefix"]
        # An empty line ends the block. Source: Mako, PythonPrinter.writeline.
        additions = [f"with {prefix}get_context().autocommit_block():", *additions, ""]
    return [*additions, *(executed(autogen_context, statement) for statement in operation.others(dialect))]


@Operations.implementation_for(ChangeEnum)
def _run(operations: Operations, operation: ChangeEnum) -> None:
    context = operations.get_context()
    if operation.in_own_transaction:
        with context.autocommit_block():
            for statement in operation.additions(context.dialect):
                operations.execute(escaped(statement))
    else:
        for statement in operation.additions(context.dialect):
            operations.execute(escaped(statement))
    for statement in operation.others(context.dialect):
        operations.execute(escaped(statement))
