"""The ledger: an account of what ran, in a table beside the version table that may be missing.

The version table alone says where a database is; the ledger says how it came there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, DateTime, Integer, String, Table, inspect, select

from alembic_manage.alembic_plugin import LEDGER_SUFFIX
from alembic_manage.dialects import dialect_named
from alembic_manage.execution.own_statements import own
from alembic_manage.execution.own_table import OwnTable
from alembic_manage.plan import Direction

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

APPLIED = "applied"
FAKED = "faked"
FAILED = "failed"
"""It raised, and was rolled back as far as the database can."""
RUNNING = "running"
"""It has begun, and what it does is not all in one transaction."""
INTERRUPTED = "interrupted"
"""It had begun, and its process ended without a word."""
_DONE = (APPLIED, FAKED)


@dataclass(frozen=True)
class Entry:
    """One revision that ran, or tried to; what an older ledger does not tell is None."""

    revision: str
    direction: str
    """"upgrade" or "downgrade"."""
    started_at: datetime
    """UTC."""
    outcome: str
    finished_at: datetime | None = None
    """UTC; None where it did not come to an end."""
    duration_ms: int | None = None
    batch: str | None = None
    """The same for all that one run applied."""
    error: str | None = None
    host: str | None = None
    pid: int | None = None
    user_name: str | None = None
    application_version: str | None = None
    checksum: str | None = None
    """Of the revision file as it ran; see checksum.py."""
    statements: int | None = None
    """How many it sent that were not mere queries."""

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        times = {"started_at", "finished_at"}
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.isoformat() if name in times and value else value for name, value in found.items()}


class Ledger(OwnTable):
    """The ledger of the database that a context is connected to.

    Args:
        context: an online context.
    """

    def __init__(self, context: MigrationContext) -> None:
        text = dialect_named(context.dialect.name).long_text_type()
        super().__init__(
            context,
            LEDGER_SUFFIX,
            Column("id", Integer, primary_key=True),
            Column("revision", String(255), nullable=False),
            Column("direction", String(10), nullable=False),
            Column("started_at", DateTime, nullable=False),
            Column("finished_at", DateTime),
            Column("outcome", String(12), nullable=False),
            Column("duration_ms", Integer),
            Column("batch", String(32)),
            Column("error", text),
            Column("host", String(255)),
            Column("pid", Integer),
            Column("user_name", String(255)),
            Column("application_version", String(255)),
            Column("checksum", String(64)),
            Column("statements", Integer),
            Column("source", text),
        )
        # Made once: SQLAlchemy then finds its text again without going through fifteen columns.
        self._insert = self.table.insert()

    def create_table(self) -> None:
        """Make the table, unless it is there; give one that an older version made the columns of today."""
        found = self._columns_found()
        if not found:
            self.table.create(self.connection)
        elif "source" not in found:
            self._rebuild(found)

    def _columns_found(self) -> set[str]:
        if not self.exists:
            return set()
        columns = inspect(self.connection).get_columns(self.table.name, schema=self.table.schema)
        return {column["name"] for column in columns}

    def _rebuild(self, found: set[str]) -> None:
        """Read what an older version wrote, and write it into a table of today's shape."""
        kept = [column for column in self.table.columns if column.name in found - {"id"}]
        rows = [dict(row._mapping) for row in self.connection.execute(select(*kept).order_by(self.table.c.id))]
        self.table.drop(self.connection)
        self.table.create(self.connection)
        if rows:
            self.connection.execute(self.table.insert(), rows)

    def add(self, entry: Entry, source: str | None = None) -> int:
        """Write an entry, in the transaction that is open; the number of its row.

        Args:
            entry: what to write.
            source: the text of the revision file.
        """
        with own(self.connection):
            result = self.connection.execute(self._insert, {"source": source, **_row(entry)})
        return int((result.inserted_primary_key or (0,))[0])

    def note(self, entry: Entry, source: str | None) -> tuple[Table, dict[str, Any]]:
        """The row that `add` would write, for who writes it."""
        return self.table, {"source": source, **_row(entry)}

    def finish(self, row: int, entry: Entry) -> None:
        """Say of a row that was `running` how it ended."""
        ended = {name: _row(entry)[name] for name in ("finished_at", "duration_ms", "outcome", "error", "statements")}
        with own(self.connection):
            self.connection.execute(self.table.update().where(self.table.c.id == row).values(**ended))

    def mark_interrupted(self) -> int:
        """Say of what is still `running` that its process is gone; only with the lock held. How many there were."""
        running = self.table.update().where(self.table.c.outcome == RUNNING)
        return self.connection.execute(running.values(outcome=INTERRUPTED)).rowcount

    def entries(self, limit: int | None = None) -> Sequence[Entry]:
        """The last entries, in the order in which they were written; none where there is no table."""
        found = self._columns_found()
        known = [column for column in self.table.columns if column.name in found and column.name in _FIELDS]
        if not known:
            return ()
        query = select(*known).order_by(self.table.c.id.desc()).limit(limit)
        return [_entry(dict(row._mapping)) for row in reversed(self.connection.execute(query).all())]

    def applied(self) -> Mapping[str, Entry]:
        """Of each revision the entry that applied it, where nothing has taken it back since; by id."""
        return still_applied(self.entries())

    def applied_at(self) -> Mapping[str, datetime]:
        """When each revision was applied (UTC), by id."""
        return {id: entry.finished_at for id, entry in self.applied().items() if entry.finished_at is not None}

    def last_batch(self) -> frozenset[str]:
        """The revisions that the last run applied which applied any, as far as they are applied still; by id."""
        applied = self.applied()
        batches = [entry.batch for entry in applied.values() if entry.batch is not None]
        last = batches[-1] if batches else None
        return frozenset(id for id, entry in applied.items() if last is not None and entry.batch == last)

    def applied_after(self, moment: datetime) -> frozenset[str]:
        """The revisions that were applied after a moment, with its time zone, and still are; by id."""
        return frozenset(id for id, at in self.applied_at().items() if at > moment)

    def source_of(self, revision: str) -> str | None:
        """The text of a revision's file as it was when it was applied last; None where it was not kept."""
        if "source" not in self._columns_found():
            return None
        columns = self.table.c
        is_upgrade = (columns.direction == Direction.UPGRADE.value) & columns.outcome.in_(_DONE)
        query = select(columns.source).where(columns.revision == revision, is_upgrade).order_by(columns.id.desc())
        return self.connection.execute(query.limit(1)).scalar()


def still_applied(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Of each revision the entry that applied it, where none after it has taken it back; by id.

    Args:
        entries: in the order in which they were written.
    """
    last: dict[str, Entry] = {}
    for entry in entries:
        if entry.outcome in _DONE:
            last.pop(entry.revision, None)  # so that the order is that of the last time
            last[entry.revision] = entry
    return {id: entry for id, entry in last.items() if entry.direction == Direction.UPGRADE.value}


_FIELDS = frozenset(field.name for field in fields(Entry))


def _row(entry: Entry) -> dict[str, Any]:
    """An entry as the columns of a row: times without their zone, which is UTC."""
    found = {name: getattr(entry, name) for name in _FIELDS}
    return {name: value.replace(tzinfo=None) if isinstance(value, datetime) else value for name, value in found.items()}


def _entry(row: dict[str, Any]) -> Entry:
    found: dict[str, Any] = {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in row.items()
    }
    return Entry(**found)


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)
