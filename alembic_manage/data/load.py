"""Reads fixtures into a database: in one transaction, in batches, in any order of the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError, IntegrityError

from alembic_manage.data.batch import SIZE, BatchWriter, reason_of
from alembic_manage.data.fixture import Fixture
from alembic_manage.data.layout import Layout, Layouts
from alembic_manage.data.orphans import first_orphan
from alembic_manage.data.parents import Parents
from alembic_manage.data.quiet import without_warnings
from alembic_manage.data.record import Record, bad_record
from alembic_manage.data.row import Row, RowReader
from alembic_manage.database import Database
from alembic_manage.dialects import AS_IT_STANDS, KeyChecks
from alembic_manage.errors import FixtureError


@dataclass(frozen=True)
class LoadOptions:
    """What is loaded."""

    ignores_unknown: bool = False
    """Whether tables and fields that are not there are left out."""
    exclude: frozenset[str] = field(default_factory=frozenset)
    """The keys of tables that are left out."""


@dataclass
class Counts:
    """How many records there were."""

    read: int = 0
    loaded: int = 0


class Load:
    """Loads fixtures.

    Args:
        database: the database.
        layouts: of the project on it.
        options: what is loaded.
        advance: is told of records that are done.
    """

    def __init__(
        self, database: Database, layouts: Layouts, options: LoadOptions, advance: Callable[[int], None]
    ) -> None:
        self._database = database
        self._layouts = layouts
        self._options = options
        self._advance = advance

    def run(self, fixtures: Sequence[Fixture], begun: Callable[[Fixture], None]) -> list[Counts]:
        """Load fixtures in one transaction; what was loaded of each.

        Args:
            fixtures: in their order.
            begun: is told of each fixture before it is read.

        Raises:
            FixtureError: a record cannot be loaded; then nothing is.
            ConnectionFailedError: there is no connection.
        """
        try:
            with without_warnings():
                return self._database.run(lambda connection: self._run(connection, fixtures, begun))
        except DBAPIError as error:
            raise FixtureError(
                f"The database refuses: {reason_of(error)}. Nothing was loaded.",
                hint="python manage.py migrate --check",
            ) from error

    def _run(
        self, connection: Connection, fixtures: Sequence[Fixture], begun: Callable[[Fixture], None]
    ) -> list[Counts]:
        dialect = self._database.dialect
        with dialect.migration_session(connection):
            checks = dialect.key_checks(connection)
            with connection.begin(), _restored(checks):
                checks.begin()
                session = _Session(connection, self._layouts, self._options, checks, self._advance)
                counts = [session.load(fixture, begun) for fixture in fixtures]
                session.finish(fixtures)
        return counts


@contextmanager
def _restored(checks: KeyChecks) -> Iterator[None]:
    """The session is put back; after an error, what fails meanwhile must not cover it."""
    try:
        yield
    except BaseException:
        with suppress(Exception):
            checks.restore()
        raise
    checks.restore()


class _Session:
    """One load: the batch at hand, the rows that wait for their parents, and the tables that were touched."""

    def __init__(
        self,
        connection: Connection,
        layouts: Layouts,
        options: LoadOptions,
        checks: KeyChecks,
        advance: Callable[[int], None],
    ) -> None:
        self._connection = connection
        self._layouts = layouts
        self._options = options
        self._checks = checks
        self._advance = advance
        self._writer = BatchWriter(connection, layouts.dialect, checks)
        self._parents = Parents(connection)
        self._readers: dict[str, tuple[Layout, RowReader] | None] = {}
        self._touched: dict[str, Layout] = {}
        self._batch: list[Row] = []
        self._shape: object = None
        self._waiting: list[Row] = []

    def load(self, fixture: Fixture, begun: Callable[[Fixture], None]) -> Counts:
        """Load a fixture; rows whose parents are not there yet wait."""
        begun(fixture)
        counts = Counts()
        for record in fixture.records():
            counts.read += 1
            found = self._reader(record)
            if found is not None:
                self._add(found[1].row(record))
                counts.loaded += 1
            if not counts.read % SIZE:
                self._advance(SIZE)
        self._flush()
        self._advance(counts.read % SIZE)
        return counts

    def finish(self, fixtures: Sequence[Fixture]) -> None:
        """Write the rows that wait, check the keys, and let the numbers go on behind the highest.

        Raises:
            FixtureError: a row refers to one that does not exist.
        """
        self._write_waiting()
        self._check(fixtures)
        for layout in self._touched.values():
            for statement in self._layouts.dialect.reset_sequences_sql(layout.table):
                self._connection.exec_driver_sql(statement, execution_options=AS_IT_STANDS)

    def _reader(self, record: Record) -> tuple[Layout, RowReader] | None:
        """What reads the records of a model; None where they are left out."""
        if record.model not in self._readers:
            self._readers[record.model] = self._made_reader(record)
        return self._readers[record.model]

    def _made_reader(self, record: Record) -> tuple[Layout, RowReader] | None:
        table = self._layouts.tables.find(record.model)
        if table is None:
            if self._options.ignores_unknown:
                return None
            near = self._layouts.tables.nearest(record.model)
            raise FixtureError(
                f"{record.place}: there is no table '{record.model}'. Nothing was loaded.",
                hint=f"{near}  --ignorenonexistent leaves such records out",
            )
        if table.key in self._options.exclude:
            return None
        self._require_there(table, record)
        layout = self._touched[table.key] = self._layouts.of(table)
        return layout, RowReader(layout, ignores_unknown=self._options.ignores_unknown)

    def _require_there(self, table: Table, record: Record) -> None:
        if not sa.inspect(self._connection).has_table(table.name, schema=table.schema):
            raise FixtureError(
                f"{record.place}: the database has no table {table.key}. Nothing was loaded.",
                hint="python manage.py migrate",
            )

    def _add(self, row: Row) -> None:
        shape = (row.layout.label, tuple(row.values), row.identity)
        if shape != self._shape or len(self._batch) >= SIZE:
            self._flush()
        self._shape = shape
        self._batch.append(row)

    def _flush(self) -> None:
        rows, self._batch = self._batch, []
        ready, waiting = self._resolved(rows)
        self._waiting += waiting
        if ready:
            self._writer.write(ready)

    def _resolved(self, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """The rows whose parents are known, and the others."""
        if not any(row.names for row in rows):
            return list(rows), []
        keys = self._parents.keys(named for row in rows for named in row.names)
        resolved = [row.resolved(keys) for row in rows]
        return [row for row in resolved if not row.names], [row for row in resolved if row.names]

    def _write_waiting(self) -> None:
        """As long as each round finds parents that the one before has written."""
        while self._waiting:
            ready, waiting = self._resolved(self._waiting)
            if not ready:
                raise bad_record(waiting[0].place, f"{waiting[0].record.model}: {waiting[0].names[0]}")
            self._waiting = waiting
            for row in ready:
                self._writer.write([row])

    def _check(self, fixtures: Sequence[Fixture]) -> None:
        savepoint = self._connection.begin_nested()
        try:
            self._checks.end()
        except IntegrityError as error:
            savepoint.rollback()
            self._refuse_orphan(fixtures)
            raise FixtureError(
                f"A row refers to one that does not exist: {reason_of(error)}. Nothing was loaded.",
                hint="python manage.py loaddata -v 2 shows the order of the fixtures",
            ) from error
        savepoint.commit()
        if not self._checks.checks_itself:
            self._refuse_orphan(fixtures)

    def _refuse_orphan(self, fixtures: Iterable[Fixture]) -> None:
        """Raise FixtureError for the first record that refers to a row that does not exist."""
        orphan = first_orphan(self._connection, list(self._touched.values()), fixtures, self._row_of)
        if orphan is not None:
            row, text = orphan
            raise bad_record(row.place, f"{row.record.model}: {text}")

    def _row_of(self, record: Record) -> Row | None:
        found = self._reader(record)
        if found is None:
            return None
        ready, _ = self._resolved([found[1].row(record)])
        return ready[0] if ready else None
