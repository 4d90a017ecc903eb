"""DROP COLUMN, and what each database drops together with it or refuses to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alembic_manage.dialects import ColumnDrop
from alembic_manage.state.expression import columns_in
from alembic_manage.state.objects import Check, Constraint, ForeignKey, Index, Key, PrimaryKey, Unique, columns_of
from alembic_manage.state.schema.constraint_statements import ConstraintStatements
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.serving_index import serves
from alembic_manage.state.schema.table import Table


class ColumnDropping(ConstraintStatements):
    """Columns that go."""

    def drop_column(self, key: Key, name: str, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP COLUMN, with what the database drops together with it."""
        table = self.table(key)
        column = self._find_column(table, name)
        if column is None:
            if if_exists:
                return
            raise SchemaError(f'the table "{key}" has no column "{name}"')
        if self.rules.needs_a_column and len(table.columns) == 1:
            raise SchemaError(f'the column "{name}" is the last one of "{key}"')
        self._drop_computed_from(table, column.name, cascade=cascade)
        self._drop_what_uses(self.table(key), column.name, cascade=cascade)
        self.put_table(self.table(key).without_column(column.name))
        self._drop_owned(table.key, column.name)

    def _drop_what_uses(self, table: Table, name: str, *, cascade: bool) -> None:
        match self.rules.column_drop:
            case ColumnDrop.REFUSE:
                if any(name in columns_of(each, table.columns) for each in (*table.constraints, *table.indexes)):
                    raise SchemaError(f'the column "{name}" of "{table.key}" is in use, and cannot be dropped')
            case ColumnDrop.SHRINK:
                self._refuse_needed(table, name)
                self.put_table(_shrunk(table, name))
            case _:
                self._drop_references_to(table, name, cascade=cascade)
                self.put_table(_without_users(self.table(table.key), name))

    def _drop_computed_from(self, table: Table, name: str, *, cascade: bool) -> None:
        """Columns whose expression holds a column keep it, unless CASCADE drops them too.

        Source: PostgreSQL 16 manual, ALTER TABLE, "DROP COLUMN"; SQLite documentation, "ALTER TABLE", section 5;
        MariaDB documentation, "Generated Columns".
        """
        for each in table.columns.values():
            if each.name == name or each.computed is None or name not in columns_in(each.computed.text, table.columns):
                continue
            if not cascade:
                raise SchemaError(f'the column "{name}" of "{table.key}" cannot be dropped: "{each.name}" needs it')
            self.drop_column(table.key, each.name, cascade=True)

    def _drop_references_to(self, table: Table, name: str, *, cascade: bool) -> None:
        """Foreign keys to a column keep it, unless CASCADE drops them; one that the column itself has goes with it."""
        needed = [
            (other, each)
            for other, each in self.references(table.key)
            if name in (each.referred_columns or table.primary_columns)
            and not (other.key == table.key and name in each.columns)
        ]
        if needed and not cascade:
            raise SchemaError(
                f'the column "{name}" of "{table.key}" cannot be dropped: "{needed[0][0].key}" refers to it'
            )
        self._drop_references(needed)

    def _refuse_needed(self, table: Table, name: str) -> None:
        """A column of a foreign key stays, one that a CHECK compares with another, and one of a key of several columns.

        Source: MariaDB documentation, "ALTER TABLE", "DROP COLUMN".
        """
        keys = [each.columns for each in table.indexes if each.unique] + [table.primary_columns]
        if any(name in columns and len(columns) > 1 for columns in keys):
            raise SchemaError(
                f'the column "{name}" of "{table.key}" cannot be dropped: a key of several columns has it'
            )
        for each in table.constraints:
            used = columns_of(each, table.columns)
            if name in used and (isinstance(each, ForeignKey) or (isinstance(each, Check) and len(used) > 1)):
                raise SchemaError(f'the column "{name}" of "{table.key}" cannot be dropped: "{each.name}" needs it')
        for other, foreign_key in self.references(table.key):
            if name in (foreign_key.referred_columns or table.primary_columns):
                raise SchemaError(f'the column "{name}" of "{table.key}" cannot be dropped: "{other.key}" refers to it')


def _without_users(table: Table, name: str) -> Table:
    """Without all that uses a column."""
    return replace(
        table,
        constraints=tuple(each for each in table.constraints if name not in columns_of(each, table.columns)),
        indexes=tuple(each for each in table.indexes if name not in columns_of(each, table.columns)),
    )


def _shrunk(table: Table, name: str) -> Table:
    """With what is left of keys and indexes without a column."""
    left = [each for each in (_without(index, name) for index in table.indexes) if each is not None]
    # What is left of another index may serve a foreign key: the one that was made for it gives way.
    own = [each.columns for each in left if not each.is_implied]
    indexes = [each for each in left if not (each.is_implied and any(serves(columns, each.columns) for columns in own))]
    constraints = [each for each in (_without(each, name) for each in table.constraints) if each is not None]
    return replace(table, constraints=tuple(constraints), indexes=tuple(indexes))


def _without(each: Constraint | Index, name: str) -> Any:
    """A constraint or index after one of its columns is gone; None where nothing is left of it."""
    if isinstance(each, Index):
        parts = tuple(part for part in each.parts if part.text != name)
        return replace(each, parts=parts) if parts else None
    if isinstance(each, PrimaryKey | Unique):
        columns = tuple(column for column in each.columns if column != name)
        return replace(each, columns=columns) if columns else None
    if isinstance(each, Check) and columns_of(each, [name]):
        return None
    return each
