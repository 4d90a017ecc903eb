"""MariaDB: the cheapest algorithm that an ALTER TABLE accepts, tried one after the other."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects import Dialect
from alembic_manage.lock_trace.probe import Probe
from alembic_manage.lock_trace.statement import Statement
from alembic_manage.lock_trace.trace import Effect, Found, Lock

if TYPE_CHECKING:
    from sqlalchemy import Connection

_READS, _WRITES, _DDL = "SELECT", "INSERT, UPDATE, DELETE", "DDL"
_DONE = "DO 0"
# Source: MariaDB error codes: ER_ALTER_OPERATION_NOT_SUPPORTED, ER_ALTER_OPERATION_NOT_SUPPORTED_REASON,
# ER_UNKNOWN_ALTER_ALGORITHM, ER_UNKNOWN_ALTER_LOCK.
_REFUSED = (1845, 1846, 1800, 1801)
_REASON = re.compile(r"Reason: (.+?)(?:\.? Try |\.?'\)?$|$)")
_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"


@dataclass(frozen=True)
class Way:
    """How the server may change a table."""

    algorithm: str
    lock: str | None
    waits: tuple[str, ...]
    effect: Effect
    rewrites: bool
    says: str

    @property
    def mode(self) -> str:
        """As the clauses of ALTER TABLE have it."""
        return f"{self.algorithm}, LOCK={self.lock}" if self.lock else self.algorithm


# Source: MariaDB documentation, "InnoDB Online DDL Overview", "Alter Algorithms" and "Lock Strategies"; "ALTER TABLE",
# "ALGORITHM" and "LOCK". INSTANT takes no LOCK but DEFAULT and NONE.
WAYS = (
    Way("INSTANT", None, (_DDL,), Effect.NONE, False, "Only the definition changes."),
    Way("NOCOPY", "NONE", (_DDL,), Effect.NONE, False, "The rows stay; reads and writes go on."),
    Way("NOCOPY", "SHARED", (_WRITES, _DDL), Effect.WRITES, False, "The rows stay; writes wait until it is done."),
    Way("INPLACE", "NONE", (_DDL,), Effect.NONE, True, "The table is rebuilt while reads and writes go on."),
    Way("INPLACE", "SHARED", (_WRITES, _DDL), Effect.WRITES, True, "The table is rebuilt; writes wait so long."),
    Way("COPY", "NONE", (_DDL,), Effect.NONE, True, "Every row is copied while reads and writes go on."),
    Way("COPY", "SHARED", (_WRITES, _DDL), Effect.WRITES, True, "Every row is copied; writes wait until it is done."),
)
"""From the cheapest to the dearest."""
_NOT_RUN = "In place: whether rows are written anew is known only when it runs."


class MariaDBProbe(Probe):
    """Runs each ALTER TABLE, CREATE INDEX and DROP INDEX in the cheapest way that the server accepts.

    A way that is not possible is refused before anything is done.
    """

    source = "MariaDB documentation, InnoDB Online DDL Overview: https://mariadb.com/kb/en/innodb-online-ddl-overview/"
    notes = (
        "Each statement commits by itself, and needs the table for itself for a moment at its beginning and end. "
        "It waits then for transactions that have used the table, and everybody who comes later waits behind it.",
    )

    def __init__(self, rules: Dialect) -> None:
        super().__init__(rules)
        self._way: Way | None = None
        self._reasons: list[str] = []
        self._known: set[str] = set()

    def begin(self, connection: Connection) -> None:
        """Remember the tables that are there."""
        with contextlib.closing(connection.connection.cursor()) as cursor:
            cursor.execute(_TABLES)
            self._known = {name for (name,) in cursor.fetchall()}

    def before(self, connection: Connection, cursor: Any, sql: str) -> str:
        """Try the ways; nothing is left to do where one of them was accepted."""
        self._way, self._reasons = None, []
        statement = Statement(sql, self.rules)
        for way in _ways(statement):
            try:
                cursor.execute(_asked(statement, way))
            except Exception as error:
                if not error.args or error.args[0] not in _REFUSED:
                    return sql  # it is wrong in another way, and says so itself
                self._reasons += _REASON.findall(str(error))
            else:
                self._way = way
                return _DONE
        return sql

    def after(self, connection: Connection, cursor: Any, sql: str, number: int) -> Found:
        """The way that was accepted, and what it means."""
        statement = Statement(sql, self.rules)
        new = {each for each in (statement.table, *statement.referenced) if each and each not in self._known}
        found = self.expected(statement) if self._way is None else _in_way(statement, self._way, self._reasons)
        if statement.verb == "CREATE TABLE":
            return found
        return replace(
            found,
            locks=tuple(replace(lock, is_new=lock.table in new) for lock in found.locks),
            rewrites=tuple(each for each in found.rewrites if each not in new),
        )

    def expected(self, statement: Statement) -> Found:
        """What the manual says; of an ALTER TABLE only that it depends."""
        table = statement.table
        if not table:
            return Found()
        if statement.verb in ("INSERT", "UPDATE", "DELETE", "REPLACE"):
            lock = Lock(table, "rows", ("UPDATE, DELETE of the same rows", _DDL), Effect.NONE)
            return Found((lock,), scans=(table,) if statement.verb in ("UPDATE", "DELETE") else ())
        if statement.verb == "CREATE TABLE":
            return Found()
        if statement.verb in ("DROP TABLE", "TRUNCATE", "RENAME TABLE", "CREATE TRIGGER") or statement.has(
            "RENAME", "TO"
        ):
            return Found((Lock(table, "EXCLUSIVE", (_READS, _WRITES, _DDL), Effect.EVERYTHING, is_brief=True),))
        written = next((way for way in WAYS if _is_written(statement, way)), None)
        if written is not None:
            if written.algorithm == "INPLACE":  # the server takes INSTANT or NOCOPY where that will do
                written = replace(written, rewrites=False, says=_NOT_RUN)
            return _in_way(statement, written, [])
        if _has_ways(statement):
            if statement.verb == "CREATE INDEX":
                return _in_way(statement, WAYS[1], [])
            return Found(
                (Lock(table, "depends on the algorithm", (_READS, _WRITES, _DDL), Effect.EVERYTHING, is_brief=True),),
                notes=("Which algorithm it needs is known only when it runs: python manage.py locks REVISION",),
            )
        return Found()


def _has_ways(statement: Statement) -> bool:
    """Whether it takes the clauses ALGORITHM and LOCK."""
    return statement.verb in ("ALTER TABLE", "CREATE INDEX", "DROP INDEX") and statement.table is not None


def _ways(statement: Statement) -> Sequence[Way]:
    """The ways that a statement leaves to the server, from the cheapest.

    ALGORITHM=INPLACE and NOCOPY say what is the dearest; COPY, and a LOCK that keeps others waiting, are done as they
    are written. Source: MariaDB documentation, "ALTER TABLE", "ALGORITHM" and "LOCK".
    """
    if not _has_ways(statement):
        return ()
    algorithm, lock = statement.clause("ALGORITHM"), statement.clause("LOCK")
    if algorithm == "COPY" or lock in ("SHARED", "EXCLUSIVE"):
        return ()
    names = [way.algorithm for way in WAYS]
    below = len(names) - names[::-1].index(algorithm) if algorithm in names else len(names)
    return [way for way in WAYS[:below] if lock != "NONE" or way.lock != "SHARED"]


def _is_written(statement: Statement, way: Way) -> bool:
    return statement.has("ALGORITHM", "=", way.algorithm) and (way.lock is None or statement.has("LOCK", "=", way.lock))


def _asked(statement: Statement, way: Way) -> str:
    """The statement with the clauses of a way. DROP INDEX knows no INSTANT and no NOCOPY, ALTER TABLE does."""
    sql = statement.without_clauses("ALGORITHM", "LOCK").rstrip().removesuffix(";").rstrip()
    clauses = [f"ALGORITHM={way.algorithm}", *([f"LOCK={way.lock}"] if way.lock else [])]
    if statement.verb == "DROP INDEX":
        found = re.fullmatch(r"\s*DROP\s+INDEX\s+(?P<index>.+?)\s+ON\s+(?P<table>.+?)\s*", sql, re.I | re.S)
        if found:
            return f"ALTER TABLE {found['table']} DROP INDEX {found['index']}, {', '.join(clauses)}"
    separator = ", " if statement.verb == "ALTER TABLE" else " "
    return separator.join([sql, *clauses]) if separator == ", " else f"{sql} {' '.join(clauses)}"


def _in_way(statement: Statement, way: Way, reasons: list[str]) -> Found:
    assert statement.table is not None
    because = f"The server refuses a cheaper way: {reasons[0]}." if reasons else ""
    return Found(
        (Lock(statement.table, way.mode, way.waits, way.effect),),
        rewrites=(statement.table,) if way.rewrites else (),
        notes=tuple(each for each in (way.says, because) if each),
    )


PROBE = MariaDBProbe
