"""ADD, ALTER and RENAME COLUMN."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alembic_manage.state.expression import with_renamed
from alembic_manage.state.objects import Column, Constraint, ForeignKey, Key, with_column_renamed
from alembic_manage.state.schema.column_drop import ColumnDropping
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.table import Table


class ColumnStatements(ColumnDropping):
    """What is done to columns."""

    def add_column(self, key: Key, column: Column, *, if_not_exists: bool = False, after: str | None = None) -> None:
        """ADD COLUMN.

        Args:
            key: of the table.
            column: the new one.
            if_not_exists: whether one that is there is left as it is.
            after: the column behind which it stands; "" for the first place, None for the last.
        """
        table = self.table(key)
        if self._find_column(table, column.name) is not None:
            if if_not_exists:
                return
            raise SchemaError(f'the table "{key}" has a column "{column.name}" already')
        self._require_types(column)
        table = table.with_column(column)
        self.put_table(table if after is None else self._moved(table, column.name, after))

    def alter_column(self, key: Key, name: str, **changes: Any) -> None:
        """Change attributes of a column; `changes` are fields of Column."""
        table, column = self.table(key), self.column(key, name)
        changed = replace(column, **changes)
        if column.identity is not None and "default" in changes and "identity" not in changes:
            raise SchemaError(f'the column "{name}" of "{key}" is an identity, and has no default')
        is_key = self.rules.primary_key_is_not_null and column.name in table.primary_columns
        if is_key and changed.nullable and not self.rules.refuses_nullable_keys:
            changed = replace(changed, nullable=False)
        if changed.nullable and not column.nullable and (is_key or changed.identity is not None):
            raise SchemaError(f'the column "{name}" of "{key}" is a key or an identity, and must be NOT NULL')
        self._require_types(changed)
        self.put_table(table.with_column(changed))

    def move_column(self, key: Key, name: str, after: str) -> None:
        """Put a column behind another; `after` is "" for the first place."""
        self.put_table(self._moved(self.table(key), self.column(key, name).name, after))

    def rename_column(self, key: Key, old: str, new: str) -> None:
        """RENAME COLUMN; constraints and indexes follow, in other tables too."""
        table, column = self.table(key), self.column(key, old)
        if column.name == new:
            return
        taken = self._find_column(table, new)
        if taken is not None and taken is not column:
            raise SchemaError(f'the table "{key}" has a column "{new}" already')
        old = column.name
        self._keep_sequences(table, table.key.name)
        self.put_table(_with_renamed_column(self.table(key), old, new, self.rules.quoted(new)))
        for other, foreign_key in list(self.references(table.key)):
            changed = _with_referred_column(foreign_key, old, new)
            self.put_table(self.tables[other.key].with_constraint(foreign_key, changed))
        for owned, sequence in self.sequences.items():
            if sequence.owner == (table.key, old):
                self.sequences[owned] = replace(sequence, owner=(table.key, new))

    def _moved(self, table: Table, name: str, after: str) -> Table:
        others = [each for each in table.columns if each != name]
        place = 0
        if after:
            found = self._find_column(table, after)
            if found is None:
                raise SchemaError(f'the table "{table.key}" has no column "{after}"')
            place = others.index(found.name) + 1
        order = [*others[:place], name, *others[place:]]
        return replace(table, columns={each: table.columns[each] for each in order})


def _with_renamed_column(table: Table, old: str, new: str, quoted: str) -> Table:
    return replace(
        table,
        columns={
            (new if name == old else name): _renamed(each, old, new, quoted) for name, each in table.columns.items()
        },
        constraints=tuple(with_column_renamed(each, old, new, quoted) for each in table.constraints),
        indexes=tuple(with_column_renamed(each, old, new, quoted) for each in table.indexes),
    )


def _renamed(column: Column, old: str, new: str, quoted: str) -> Column:
    if column.name == old:
        column = replace(column, name=new)
    if column.computed is not None:
        text = with_renamed(column.computed.text, old, new, quoted)
        column = replace(column, computed=replace(column.computed, text=text))
    if column.checks:
        column = replace(column, checks=tuple(with_renamed(text, old, new, quoted) for text in column.checks))
    return column


def _with_referred_column(foreign_key: ForeignKey, old: str, new: str) -> Constraint:
    return replace(
        foreign_key, referred_columns=tuple(new if each == old else each for each in foreign_key.referred_columns)
    )
