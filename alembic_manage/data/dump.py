"""Writes rows as records: streamed, in an order in which parents come first, all of one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, Select, Table
from sqlalchemy.sql.elements import ColumnElement

from alembic_manage.data.codec import as_it_is
from alembic_manage.data.layout import Field, Layout, Layouts, Reference
from alembic_manage.data.record import Record
from alembic_manage.data.target import WriterFor
from alembic_manage.errors import FixtureError

_ROWS = 1000
Value = Callable[[Row[Any]], Any]


@dataclass(frozen=True)
class DumpOptions:
    """What is written."""

    keys: Sequence[str] = ()
    """The primary keys of the rows; none for all rows."""
    natural_foreign: bool = False
    """Whether foreign keys stand as the natural keys of their parents, where these have one."""
    natural_primary: bool = False
    """Whether primary keys are left out where there is a natural one."""


class Dump:
    """Reads tables.

    Args:
        layouts: of the project on this database.
        options: what is written.
    """

    def __init__(self, layouts: Layouts, options: DumpOptions) -> None:
        self._layouts = layouts
        self._options = options

    def write(
        self, connection: Connection, tables: Sequence[Table], writer_for: WriterFor, advance: Callable[[int], None]
    ) -> int:
        """Write all rows of tables; how many.

        Args:
            connection: to the database, in a transaction that sees one moment.
            tables: in the order in which they are written.
            writer_for: gives the writer for a table.
            advance: is told of rows that are done.

        Raises:
            FixtureError: a value has no form in a fixture.
        """
        count = 0
        for table in tables:
            layout = self._layouts.of(table)
            writer = writer_for(layout)
            for record in self.records(connection, layout):
                writer.write(record)
                count += 1
                if not count % _ROWS:
                    advance(_ROWS)
            writer.close()
        advance(count % _ROWS)
        return count

    def count(self, connection: Connection, tables: Sequence[Table]) -> int:
        """How many rows there are."""
        return sum(self._count(connection, self._layouts.of(table)) for table in tables)

    def _count(self, connection: Connection, layout: Layout) -> int:
        query = self._chosen(sa.select(sa.func.count()).select_from(layout.table), layout)
        return int(connection.execute(query).scalar_one())

    def records(self, connection: Connection, layout: Layout) -> Iterator[Record]:
        """The rows of a table, by primary key."""
        reading = _Reading(layout, self._options)
        query = self._chosen(reading.query(), layout)
        keeps_open = {"stream_results": True, "yield_per": _ROWS}
        with connection.execute(query, execution_options=keeps_open) as rows:
            for row in rows:
                yield reading.record(row)

    def _chosen(self, query: Select[Any], layout: Layout) -> Select[Any]:
        """The query, for the rows whose keys are given.

        Raises:
            FixtureError: a key is none of this table's.
        """
        if not self._options.keys:
            return query
        (field,) = layout.key
        try:
            values = [field.decode(key) for key in self._options.keys]
        except ValueError as error:
            raise FixtureError(
                f"--pks: {error} ({layout.label}.{field.name}).", hint="python manage.py dumpdata app.table --pks 1,2"
            ) from error
        return query.where(field.column.in_(values))


class _Reading:
    """The query of a table, and what becomes of its rows."""

    def __init__(self, layout: Layout, options: DumpOptions) -> None:
        self._layout = layout
        self._selected: list[ColumnElement[Any]] = []
        self._from: Any = layout.table
        self._references = layout.references if options.natural_foreign else {}
        has_key = not (options.natural_primary and layout.natural)
        self._key = [(field.name, self._value(field)) for field in layout.key] if has_key else []
        self._fields = [(field.name, self._value(field)) for field in layout.fields]

    def query(self) -> Select[Any]:
        """The SELECT."""
        query = sa.select(*(column.label(f"c{number}") for number, column in enumerate(self._selected)))
        return query.select_from(self._from).order_by(*(field.column for field in self._layout.key))

    def record(self, row: Row[Any]) -> Record:
        """The record of a row."""
        key = {name: value(row) for name, value in self._key}
        return Record(self._layout.label, {name: value(row) for name, value in self._fields}, key)

    def _value(self, field: Field) -> Value:
        """What reads a field from a row of the query, which gets the columns that it needs."""
        reference = self._references.get(field.name)
        plain = self._plain(field, field.column)
        return self._natural(reference, plain) if reference else plain

    def _plain(self, field: Field, column: ColumnElement[Any]) -> Value:
        place = self._place(field.selected(column))
        encode = field.codec.encode
        if field.codec.is_json:
            null = self._place(column.is_(sa.null()))
            return lambda row: None if row[null] else encode(row[place])
        if encode is as_it_is:
            return lambda row: row[place]

        def value(row: Row[Any]) -> Any:
            found = row[place]
            if found is None:
                return None
            try:
                return encode(found)
            except (ValueError, TypeError, AttributeError, LookupError) as error:
                raise self._unwritable(field, found, error) from error

        return value

    def _natural(self, reference: Reference, plain: Value) -> Value:
        """The parent's natural key; the plain key where there is no such parent."""
        parent = reference.parent.alias()
        own, target = reference.field.column, parent.columns[str(reference.target.key)]
        self._from = self._from.outerjoin(parent, own == target)
        found = self._place(target)
        values = [self._plain(field, parent.columns[str(field.column.key)]) for field in reference.natural]
        return lambda row: plain(row) if row[found] is None else [value(row) for value in values]

    def _place(self, column: ColumnElement[Any]) -> int:
        self._selected.append(column)
        return len(self._selected) - 1

    def _unwritable(self, field: Field, value: Any, error: Exception) -> FixtureError:
        label = self._layout.label
        return FixtureError(
            f"{label}.{field.name}: {type(value).__name__} has no form in a fixture ({error}).",
            hint=f"python manage.py dumpdata --exclude {label}",
        )
