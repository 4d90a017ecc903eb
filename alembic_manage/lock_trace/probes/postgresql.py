"""PostgreSQL: pg_locks, the files of tables, and the scans of a transaction, read after each statement."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects import Dialect, is_autocommit
from alembic_manage.lock_trace.lock_modes import effect_of, mode_in_words, strength, waits_for
from alembic_manage.lock_trace.obstacle import Obstacle
from alembic_manage.lock_trace.probe import Probe
from alembic_manage.lock_trace.statement import Statement
from alembic_manage.lock_trace.trace import Found, Lock

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Source: PostgreSQL 18 manual: "SQL Commands", the pages of these; each says "cannot be executed inside a transaction".
_ALONE = re.compile(
    r"\bCONCURRENTLY\b|^\s*(VACUUM|ALTER\s+SYSTEM|REINDEX\s+(DATABASE|SYSTEM|SCHEMA)"
    r"|(CREATE|DROP|ALTER)\s+(DATABASE|TABLESPACE|SUBSCRIPTION))\b",
    re.IGNORECASE,
)
_RELATIONS = """
SELECT c.oid, CASE WHEN n.nspname = current_schema() THEN c.relname ELSE n.nspname || '.' || c.relname END,
    pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'f', 'v') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
"""
# Source: PostgreSQL 18 manual, 53.13 "pg_locks".
_LOCKS = """
SELECT relation, mode FROM pg_locks
WHERE locktype = 'relation' AND granted AND pid = pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
# Source: PostgreSQL 18 manual, 27.2 "The Cumulative Statistics System": pg_stat_xact_* are of the own transaction.
_SCANS = "SELECT relid, seq_scan FROM pg_stat_xact_user_tables WHERE seq_scan > 0"


@dataclass(frozen=True)
class _View:
    """What the catalog shows at one moment."""

    names: dict[int, str]
    files: dict[int, int | None]
    locks: dict[int, frozenset[str]]
    scans: dict[int, int]


_NOTHING = _View({}, {}, {}, {})


class PostgreSQLProbe(Probe):
    """Reads the catalog in the transaction of the revision.

    A statement that runs outside of a transaction gets one for itself, so that its locks are still there when they are
    read. What cannot run in one is met by an obstacle: see there.
    """

    source = (
        "PostgreSQL manual, 13.3.1 Table-Level Locks: https://www.postgresql.org/docs/current/explicit-locking.html"
    )
    notes = ("A lock is kept until its transaction ends. Whoever waits for it makes everyone who comes later wait.",)

    def __init__(self, rules: Dialect) -> None:
        super().__init__(rules)
        self._view = _NOTHING
        self._known: dict[int, str] = {}
        self._since: dict[tuple[int, str], int] = {}
        self._own_transaction = False
        self._is_stale = False
        self._is_alone = False
        self._obstacle: Obstacle | None = None

    def begin(self, connection: Connection) -> None:
        """Remember the tables that are there: whoever uses the database knows them."""
        self._since.clear()
        with contextlib.closing(connection.connection.cursor()) as cursor:
            self._view = _read(cursor)
        self._known = dict(self._view.names)

    def before(self, connection: Connection, cursor: Any, sql: str) -> str:
        """Give the statement a transaction, or put an obstacle in its way, where it commits by itself."""
        if not is_autocommit(connection):
            self._refresh(cursor)
            return sql
        self._is_stale = True
        if _ALONE.search(sql):
            self._is_alone = True
            self._obstacle = Obstacle.against(connection)
        elif not sql.lstrip().upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "START")):
            cursor.execute("BEGIN")
            self._own_transaction = True
            self._refresh(cursor)
        return sql

    def _refresh(self, cursor: Any) -> None:
        """Look again where the last look was in another transaction: the counts of scans go on, the locks do not."""
        if self._is_stale:
            self._view = replace(_read(cursor), locks={})
            self._is_stale = False

    def after(self, connection: Connection, cursor: Any, sql: str, number: int) -> Found:
        """What is in the catalog now and was not there before."""
        if self._is_alone:
            return self._of_obstacle(cursor, sql)
        before, self._view = self._view, _read(cursor)
        if self._own_transaction:
            cursor.execute("COMMIT")
        found = Found(self._locks(before, number), self._rewrites(before), self._scans(before))
        if self._own_transaction:
            self._own_transaction, self._is_stale = False, True
        return found

    def failed(self, connection: Connection, cursor: Any) -> None:
        """End the transaction of its own, and take the obstacle away."""
        if self._obstacle is not None:
            self._obstacle.remove()
        self._is_alone, self._obstacle = False, None
        if self._own_transaction:
            self._own_transaction = False
            cursor.execute("ROLLBACK")

    def _of_obstacle(self, cursor: Any, sql: str) -> Found:
        met = self._obstacle.remove() if self._obstacle is not None else ()
        self._is_alone, self._obstacle = False, None
        before, self._view = self._view, _read(cursor)
        known = self.expected(Statement(sql, self.rules))
        if not met:
            return replace(known, notes=(*known.notes, "From the manual: this statement could not be watched."))
        strongest: dict[str, str] = {}
        for table, mode in met:
            strongest[table] = max(strongest.get(table, mode), mode, key=strength)
        names = set(self._known.values())
        locks = [
            Lock(table, mode, waits_for(mode), effect_of(mode), is_new=table not in names)
            for table, mode in strongest.items()
        ]
        return Found(tuple(locks), self._rewrites(before), known.scans, known.notes)

    def _locks(self, before: _View, number: int) -> tuple[Lock, ...]:
        """The strongest lock on each table, of those that are new and of those that are not."""
        here = {(oid, mode) for oid, modes in self._view.locks.items() for mode in modes}
        self._since = {key: since for key, since in self._since.items() if key in here and key[0] in before.locks}
        taken: dict[int, str] = {}
        held: dict[int, str] = {}
        for oid, modes in self._view.locks.items():
            if oid not in self._view.names and oid not in before.names:
                continue
            for mode in modes:
                since = self._since.setdefault((oid, mode), number)
                group = taken if since == number else held
                group[oid] = max(group.get(oid, mode), mode, key=strength)
        # A weak lock beside a strong one of the same session changes nothing for others.
        fresh = {oid: mode for oid, mode in taken.items() if oid not in held or strength(mode) > strength(held[oid])}
        locks = [self._lock(oid, mode, before) for oid, mode in fresh.items()]
        locks += [
            replace(self._lock(oid, mode, before), since=self._since[oid, mode])
            for oid, mode in held.items()
            if oid not in fresh
        ]
        return tuple(sorted(locks, key=lambda lock: (lock.since or 0, -strength(lock.mode), lock.table)))

    def _lock(self, oid: int, mode: str, before: _View) -> Lock:
        name = before.names.get(oid) or self._view.names.get(oid, str(oid))
        return Lock(name, mode, waits_for(mode), effect_of(mode), is_new=oid not in self._known)

    def _rewrites(self, before: _View) -> tuple[str, ...]:
        return tuple(
            before.names[oid]
            for oid, file in self._view.files.items()
            if oid in self._known and oid in before.files and before.files[oid] != file
        )

    def _scans(self, before: _View) -> tuple[str, ...]:
        rewritten = self._rewrites(before)
        found = [oid for oid, count in self._view.scans.items() if count > before.scans.get(oid, 0)]
        names = [before.names.get(oid, "") for oid in found if oid in self._known]
        return tuple(sorted(name for name in names if name and name not in (*rewritten, *self.hidden)))

    def expected(self, statement: Statement) -> Found:
        """What the manual says."""
        return _expected(statement)


def _read(cursor: Any) -> _View:
    cursor.execute(_RELATIONS)
    relations = cursor.fetchall()
    locks: dict[int, set[str]] = {}
    cursor.execute(_LOCKS)
    for oid, mode in cursor.fetchall():
        locks.setdefault(oid, set()).add(mode_in_words(mode))
    cursor.execute(_SCANS)
    scans = dict(cursor.fetchall())
    return _View(
        {oid: name for oid, name, _ in relations},
        {oid: file for oid, _, file in relations},
        {oid: frozenset(modes) for oid, modes in locks.items()},
        scans,
    )


def _locked(*pairs: tuple[str | None, str]) -> tuple[Lock, ...]:
    return tuple(Lock(table, mode, waits_for(mode), effect_of(mode)) for table, mode in pairs if table)


def _expected(statement: Statement) -> Found:
    """Source: PostgreSQL 18 manual, the pages of these statements, and 13.3.1 "Table-Level Locks"."""
    verb, table = statement.verb, statement.table
    referenced = [(name, "SHARE ROW EXCLUSIVE") for name in statement.referenced]
    if verb == "ALTER TABLE":
        return _alteration(statement)
    if verb == "CREATE TABLE":
        return Found(_locked(*referenced))
    if verb == "CREATE INDEX":
        mode = "SHARE UPDATE EXCLUSIVE" if "CONCURRENTLY" in statement.words else "SHARE"
        return Found(_locked((table, mode)), scans=(table,) if table else ())
    if verb in ("DROP TABLE", "DROP TRIGGER", "TRUNCATE"):
        return Found(_locked((table, "ACCESS EXCLUSIVE")))
    if verb == "DROP INDEX":
        strong = "CONCURRENTLY" not in statement.words
        text = "ACCESS EXCLUSIVE" if strong else "SHARE UPDATE EXCLUSIVE"
        return Found(notes=(f"It takes {text} on the table of the index.",))
    if verb in ("INSERT", "UPDATE", "DELETE", "MERGE"):
        return Found(_locked((table, "ROW EXCLUSIVE")), scans=(table,) if table and verb != "INSERT" else ())
    if verb == "CREATE TRIGGER":
        return Found(_locked((table, "SHARE ROW EXCLUSIVE")))
    if verb == "COMMENT":
        return Found(_locked((table, "SHARE UPDATE EXCLUSIVE")))
    return Found()


_GENTLE = (("VALIDATE", "CONSTRAINT"), ("SET", "STATISTICS"), ("SET", "("), ("RESET", "("), ("CLUSTER", "ON"))


def _alteration(statement: Statement) -> Found:
    """Source: PostgreSQL 18 manual, "ALTER TABLE", under each form and under "Notes"."""
    table = statement.table
    referenced = [(name, "SHARE ROW EXCLUSIVE") for name in statement.referenced]
    one = (table,) if table else ()
    if statement.has("VALIDATE", "CONSTRAINT"):
        return Found(_locked((table, "SHARE UPDATE EXCLUSIVE")), scans=one)
    if any(statement.has(*phrase) for phrase in _GENTLE):
        return Found(_locked((table, "SHARE UPDATE EXCLUSIVE")))
    if referenced and "ADD" in statement.words and "COLUMN" not in statement.words:
        scans = () if statement.has("NOT", "VALID") else one
        return Found(_locked((table, "SHARE ROW EXCLUSIVE"), *referenced), scans=scans)
    locks = _locked((table, "ACCESS EXCLUSIVE"), *referenced)
    if "TYPE" in statement.words and "ALTER" in statement.words[1:]:
        return Found(locks, notes=("It writes every row anew, unless the new type holds the old values as they are.",))
    checks = statement.has("SET", "NOT", "NULL") or ("CHECK" in statement.words and not statement.has("NOT", "VALID"))
    builds = "ADD" in statement.words and bool({"UNIQUE", "PRIMARY", "EXCLUDE"} & set(statement.words))
    if statement.has("ADD", "COLUMN") and {"IDENTITY", "STORED", "SERIAL", "BIGSERIAL"} & set(statement.words):
        return Found(locks, rewrites=one)
    notes = ("No row is read where a valid CHECK says so already.",) * statement.has("SET", "NOT", "NULL")
    return Found(locks, notes=notes, scans=one if (checks or builds) and "USING" not in statement.words else ())


PROBE = PostgreSQLProbe
