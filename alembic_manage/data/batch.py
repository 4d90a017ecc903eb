"""Rows of one table with the same columns, written together: those that are there already are updated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Table
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from alembic_manage.data.layout import Layout
from alembic_manage.data.record import bad_record
from alembic_manage.data.row import Row
from alembic_manage.dialects import Dialect, KeyChecks

SIZE = 1000
_PARAMETERS = 10_000
"""How many parameters a query may have."""
Key = tuple[Any, ...]


class BatchWriter:
    """Writes batches within the transaction of the load.

    Into an empty table rows are inserted as they come. Where the database refuses that, it is looked up which of them
    exist, keys are put off, and in the end rows are written one by one, to find the one that is to blame.

    Args:
        connection: in the transaction.
        dialect: of the database.
        checks: of the load.
    """

    def __init__(self, connection: Connection, dialect: Dialect, checks: KeyChecks) -> None:
        self._connection = connection
        self._dialect = dialect
        self._checks = checks
        self._looks_up: dict[str, bool] = {}
        """By table: whether rows were found in it that are not of this load, or that are twice in it."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows of one table that say the same columns and are told apart by the same ones.

        Raises:
            FixtureError: the database refuses one; the message says which.
        """
        if not self._must_look_up(rows[0]):
            error = self._tried(self._insert, rows)
            if error is None:
                return
            if not isinstance(error, IntegrityError):
                raise self._refused(rows, error)
            self._looks_up[rows[0].layout.table.key] = True
        self._save_somehow(rows)

    def _must_look_up(self, row: Row) -> bool:
        """Whether rows like this one may exist; those without a key never do, as far as anybody can tell."""
        layout = row.layout
        if not row.identity:
            return False
        if row.identity != tuple(field.name for field in layout.key):
            return True
        if layout.table.key not in self._looks_up:
            found = self._connection.execute(sa.select(sa.literal(1)).select_from(layout.table).limit(1)).first()
            self._looks_up[layout.table.key] = found is not None
        return self._looks_up[layout.table.key]

    def _save_somehow(self, rows: Sequence[Row]) -> None:
        error = self._tried(self._save, rows)
        if isinstance(error, IntegrityError) and self._deferred(rows[0].layout.table):
            error = self._tried(self._save, rows)
        if error is not None:
            raise self._refused(rows, error)

    def _deferred(self, table: Table) -> bool:
        """Whether keys of a table are put off that were not; false too where that is not allowed."""
        savepoint = self._connection.begin_nested()
        try:
            done = self._checks.defer(table)
        except DBAPIError:
            savepoint.rollback()
            return False
        savepoint.commit()
        return done

    def _tried(self, write: Any, rows: Sequence[Row]) -> StatementError | None:
        """The error with which the database refused, after which nothing of it is left."""
        savepoint = self._connection.begin_nested()
        try:
            write(rows)
        except StatementError as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            savepoint.rollback()
            return error
        savepoint.commit()
        return None

    def _save(self, rows: Sequence[Row]) -> None:
        """Update the rows that exist, and insert the others; of two with one key, the last one counts."""
        identity = rows[0].identity
        if not identity:
            self._insert(rows)
            return
        last = {_key(row, identity): row for row in rows}
        there = self._existing(rows[0].layout, identity, list(last))
        new = [row for key, row in last.items() if _comparable(key) not in there]
        old = [row for key, row in last.items() if _comparable(key) in there]
        if new:
            self._insert(new)
        if old:
            self._update(old, identity)

    def _existing(self, layout: Layout, identity: Sequence[str], keys: Sequence[Key]) -> set[Key]:
        columns = [layout.by_name[name].selected(layout.by_name[name].column) for name in identity]
        found: set[Key] = set()
        for part in parts(keys, _PARAMETERS // len(columns)):
            rows = self._connection.execute(sa.select(*columns).where(matches(columns, part)))
            found.update(_comparable(tuple(row)) for row in rows)
        return found

    def _insert(self, rows: Sequence[Row]) -> None:
        layout, names = rows[0].layout, list(rows[0].values)
        fields = [layout.by_name[name] for name in names]
        numbers = any(field.column.identity is not None and field.column.identity.always for field in fields)
        statement = self._dialect.insert(layout.table, numbers)
        bound = {field.column: field.bound(_parameter(number)) for number, field in enumerate(fields)}
        self._execute(statement.values(bound) if bound else statement, names, rows)

    def _update(self, rows: Sequence[Row], identity: Sequence[str]) -> None:
        layout, names = rows[0].layout, list(rows[0].values)
        bound = {name: layout.by_name[name].bound(_parameter(number)) for number, name in enumerate(names)}
        fixed = {name for name in names if name in identity or _is_identity(layout.by_name[name].column)}
        changed = {layout.by_name[name].column: bound[name] for name in names if name not in fixed}
        if not changed:
            return
        # What the application sets on each update is not set here: a fixture says what a row is.
        unsaid = (column for column in layout.table.columns if column.onupdate is not None and column not in changed)
        kept = {column: column for column in unsaid}
        statement = sa.update(layout.table).values({**kept, **changed})
        where = [layout.by_name[name].column == bound[name] for name in identity]
        used = [name for name in names if name in identity or name not in fixed]
        self._execute(statement.where(*where), used, rows, names)

    def _execute(self, statement: Any, used: Sequence[str], rows: Sequence[Row], names: Sequence[str] = ()) -> None:
        numbers = {name: _parameter(number) for number, name in enumerate(names or used)}
        self._connection.execute(statement, [{numbers[name]: row.values[name] for name in used} for row in rows])

    def _refused(self, rows: Sequence[Row], error: StatementError) -> Exception:
        """The error that names the first row that is refused."""
        for row in rows:
            alone = self._tried(self._save, [row])
            if alone is not None:
                return bad_record(row.place, f"{row.record.model}: {reason_of(alone)}")
        return bad_record(rows[0].place, f"{rows[0].record.model}: {reason_of(error)}")


def _parameter(number: int) -> str:
    return f"f{number}"


def _is_identity(column: Column[Any]) -> bool:
    return column.identity is not None and bool(column.identity.always)


def _key(row: Row, identity: Sequence[str]) -> Key:
    return tuple(row.values[name] for name in identity)


def _comparable(key: Key) -> Key:
    """A key such that two values which the database takes for equal are equal."""
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in key)


def matches(columns: Sequence[sa.ColumnElement[Any]], keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """The condition of rows that have one of the keys."""
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.tuple_(*columns).in_(keys)


def parts(keys: Sequence[Key], size: int) -> Iterator[Sequence[Key]]:
    """The keys, some at a time."""
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def reason_of(error: BaseException) -> str:
    """What the driver says, in one line."""
    cause = getattr(error, "orig", None) or error
    message = cause.args[1] if len(cause.args) > 1 and isinstance(cause.args[0], int) else cause
    lines = [line.strip() for line in str(message).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(cause).__name__
