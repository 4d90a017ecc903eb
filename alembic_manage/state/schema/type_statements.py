"""CREATE, ALTER and DROP TYPE ... AS ENUM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from alembic_manage.state.expression import with_literals
from alembic_manage.state.objects import Check, Constraint, EnumType, Index, Key, columns_of
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.table import Table
from alembic_manage.state.schema.table_statements import TableStatements


class TypeStatements(TableStatements):
    """What is done to enum types, and to the columns that have them."""

    def create_enum(self, enum: EnumType, *, if_not_exists: bool = False) -> None:
        """CREATE TYPE ... AS ENUM."""
        if enum.key in self.enums:
            if if_not_exists:
                return
            raise SchemaError(f'the type "{enum.key}" exists already')
        self.enums[enum.key] = enum

    def drop_enum(self, key: Key, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP TYPE; with `cascade` the columns of that type go too."""
        if key not in self.enums:
            if if_exists:
                return
            raise SchemaError(f'there is no type "{key}"')
        users = [(table.key, column.name) for table, column in self.columns_of_type(key)]
        if users and not cascade:
            raise SchemaError(
                f'the type "{key}" cannot be dropped: the column "{users[0][1]}" of "{users[0][0]}" uses it'
            )
        for table, column in users:
            self.drop_column(table, column, cascade=True)
        del self.enums[key]

    def set_enum_labels(self, key: Key, labels: Iterable[str]) -> None:
        """ALTER TYPE ... ADD VALUE and RENAME VALUE: the labels that the type has from now on."""
        self._require_enum(key)
        old, new = self.enums[key].labels, tuple(labels)
        users = [(table.key, column.name) for table, column in self.columns_of_type(key)]
        self._replace_enum(key, EnumType(key, new))
        renamed = {one: other for one, other in zip(old, new, strict=False) if one != other}
        if len(old) == len(new):
            for table, column in users:
                self.put_table(_with_renamed_label(self.tables[table], column, renamed))

    def rename_enum(self, key: Key, new: Key) -> None:
        """ALTER TYPE ... RENAME TO, or SET SCHEMA."""
        self._require_enum(key)
        if new in self.enums:
            raise SchemaError(f'the type "{new}" exists already')
        self._replace_enum(key, EnumType(new, self.enums[key].labels))

    def _require_enum(self, key: Key) -> None:
        if key not in self.enums:
            raise SchemaError(f'there is no type "{key}"')

    def _replace_enum(self, key: Key, new: EnumType) -> None:
        users = list(self.columns_of_type(key))
        self.enums = {
            (new.key if each == key else each): (new if each == key else old) for each, old in self.enums.items()
        }
        for table, column in users:
            changed = self.rules.enum_type(column.type, new.key.schema, new.key.name, new.labels)
            self.put_table(self.tables[table.key].with_column(replace(column, type=changed)))


def _with_renamed_label(table: Table, name: str, renamed: Mapping[str, str]) -> Table:
    """A default, a check and an index follow the labels: PostgreSQL keeps the label itself, not its text."""
    column = table.columns[name]
    if column.default is not None:
        table = table.with_column(replace(column, default=with_literals(column.default, renamed)))
    return replace(
        table,
        constraints=tuple(_in_check(each, table, name, renamed) for each in table.constraints),
        indexes=tuple(_in_index(each, table, name, renamed) for each in table.indexes),
    )


def _in_check(each: Constraint, table: Table, name: str, renamed: Mapping[str, str]) -> Constraint:
    if not isinstance(each, Check) or columns_of(each, table.columns) != {name}:
        return each
    return replace(each, text=with_literals(each.text, renamed))


def _in_index(index: Index, table: Table, name: str, renamed: Mapping[str, str]) -> Index:
    if name not in columns_of(index, table.columns):
        return index
    parts = tuple(
        part if part.is_column else replace(part, text=with_literals(part.text, renamed)) for part in index.parts
    )
    options = {
        option: with_literals(value, renamed) if isinstance(value, str) else value
        for option, value in index.options.items()
    }
    return replace(index, parts=parts, options=options)
