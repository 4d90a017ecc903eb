"""How the columns of a table stand in a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BindParameter, Column, Table
from sqlalchemy.sql.elements import ColumnElement

from alembic_manage.data.codec import Codec, codec_of
from alembic_manage.data.tables import ProjectTables
from alembic_manage.database import Database
from alembic_manage.errors import SettingsError


@dataclass(frozen=True)
class Field:
    """A column of a table."""

    column: Column[Any]
    codec: Codec

    @property
    def name(self) -> str:
        """The column's name in the database, which is the field's in a record."""
        return str(self.column.name)

    def selected(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """What is read for it.

        Args:
            column: this one, or the same of an alias.
        """
        if self.codec.is_cast:
            return sa.cast(column, sa.Text())
        return column if self.codec.stored is None else sa.type_coerce(column, self.codec.stored)

    def bound(self, name: str) -> ColumnElement[Any]:
        """A parameter for its value, called `name`."""
        if self.codec.is_cast:
            return sa.cast(BindParameter(name, type_=sa.Text(), required=True), self.column.type)
        return BindParameter(name, type_=self.codec.stored or self.column.type, required=True)

    @property
    def null(self) -> Any:
        """What is bound for NULL."""
        return sa.null() if self.codec.is_json else None

    def decode(self, value: Any) -> Any:
        """The value to bind for what a record says.

        Raises:
            ValueError: it is no value of the column's type.
        """
        if value is None:
            return self.null
        try:
            return self.codec.decode(value)
        except (ValueError, TypeError, OverflowError, LookupError) as error:
            said = str(error) if str(error).startswith(("is ", "has ")) else f"is no {self.codec.name}"
            raise ValueError(f"{value!r} {said}") from error


@dataclass(frozen=True)
class Reference:
    """A foreign key that a record may say by the natural key of its parent."""

    field: Field
    parent: Table
    target: Column[Any]
    """The parent's column that the key refers to."""
    natural: tuple[Field, ...]


class Layouts:
    """The layouts of a project's tables on one database, made when they are asked for.

    Args:
        tables: of the project.
        database: the database.

    Raises:
        SettingsError: NATURAL_KEYS names a table or a column that is not there.
    """

    def __init__(self, tables: ProjectTables, database: Database) -> None:
        self.tables = tables
        self.dialect = database.dialect
        self._sqlalchemy_dialect = database.engine.dialect
        self._natural = {table.key: columns for table, columns in self._natural_keys()}
        self._made: dict[str, Layout] = {}

    def of(self, table: Table) -> Layout:
        """The layout of a table; the same object each time."""
        if table.key not in self._made:
            self._made[table.key] = Layout(self, table)
        return self._made[table.key]

    def natural(self, table: Table) -> tuple[Field, ...]:
        """The fields that NATURAL_KEYS names for a table; empty for none."""
        return tuple(self.field(column) for column in self._natural.get(table.key, ()))

    def field(self, column: Column[Any]) -> Field:
        """The field of a column."""
        casts = self.dialect.has_text_of_types
        return Field(column, codec_of(column.type, self._sqlalchemy_dialect, casts=casts))

    def _natural_keys(self) -> Sequence[tuple[Table, Sequence[Column[Any]]]]:
        configured = self.tables.project.settings.natural_keys
        return [(self._table(name), [self._column(name, each) for each in names]) for name, names in configured.items()]

    def _table(self, name: str) -> Table:
        table = self.tables.find(name)
        if table is None:
            raise SettingsError(f"NATURAL_KEYS names '{name}', which is no table.", hint=self.tables.nearest(name))
        return table

    def _column(self, name: str, column: str) -> Column[Any]:
        names = {each.name: each for each in self._table(name).columns}
        if column not in names:
            raise SettingsError(
                f"NATURAL_KEYS['{name}'] names '{column}', which is no column.", hint=f"one of: {', '.join(names)}"
            )
        return names[column]


class Layout:
    """A table's columns as key and fields; computed columns are none of them.

    Args:
        layouts: of the project.
        table: the table.
    """

    def __init__(self, layouts: Layouts, table: Table) -> None:
        self._layouts = layouts
        self.table = table
        self.label = layouts.tables.label_of[table.key]
        stored = [layouts.field(column) for column in table.columns if column.computed is None]
        self.key = tuple(field for field in stored if field.column.primary_key)
        self.fields = tuple(field for field in stored if not field.column.primary_key)
        self.by_name: Mapping[str, Field] = {field.name: field for field in stored}

    @cached_property
    def natural(self) -> tuple[Field, ...]:
        """The fields of the natural key; empty for none."""
        return self._layouts.natural(self.table)

    @cached_property
    def computed(self) -> frozenset[str]:
        """The names of the columns that the database computes."""
        return frozenset(column.name for column in self.table.columns if column.computed is not None)

    @cached_property
    def references(self) -> Mapping[str, Reference]:
        """By field: the foreign keys of one column whose parent has a natural key."""
        found: dict[str, Reference] = {}
        for key in self.table.foreign_key_constraints:
            natural = self._layouts.natural(key.referred_table)
            if natural and len(key.elements) == 1:
                element = key.elements[0]
                name = element.parent.name
                found[name] = Reference(self.by_name[name], key.referred_table, element.column, natural)
        return found
