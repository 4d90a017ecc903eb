"""What is asked of a database while a revision runs on it; one subclass a database, in `probes`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects import Dialect, is_autocommit
from alembic_manage.lock_trace.statement import Statement
from alembic_manage.lock_trace.trace import Effect, Found, Lock

if TYPE_CHECKING:
    from sqlalchemy import Connection

PROBES = "alembic_manage.lock_trace.probes"


class Probe:
    """Knows nothing of the database: says what may happen at worst, and measures nothing.

    Args:
        rules: the kind of database.
    """

    source: str = ""
    """Where the database's manual says what waits for what."""
    notes: tuple[str, ...] = ()
    """What holds for every statement."""

    def __init__(self, rules: Dialect) -> None:
        self.rules = rules
        self.hidden: frozenset[str] = frozenset()
        """Tables that nobody is told of: Alembic's own."""

    def begin(self, connection: Connection) -> None:
        """Look around before the first statement."""

    def before(self, connection: Connection, cursor: Any, sql: str) -> str:
        """The statement to run instead of `sql`, most often `sql` itself."""
        return sql

    def after(self, connection: Connection, cursor: Any, sql: str, number: int) -> Found:
        """What the statement did that has just run.

        Args:
            connection: that it ran on.
            cursor: another one of the driver's, to ask with.
            sql: the statement.
            number: of the statement.
        """
        return self.expected(Statement(sql, self.rules))

    def failed(self, connection: Connection, cursor: Any) -> None:
        """A statement raised."""

    def keeps_locks(self, connection: Connection) -> bool:
        """Whether the locks of the statement that has just run stay until the revision ends."""
        return self.rules.transactional_ddl and not is_autocommit(connection)

    def expected(self, statement: Statement) -> Found:
        """What the manual says that a statement does; for a database that is not known, the worst."""
        if statement.table is None or statement.verb == "CREATE TABLE":
            return Found()
        waits = ("SELECT", "INSERT, UPDATE, DELETE", "DDL")
        return Found((Lock(statement.table, "unknown", waits, Effect.EVERYTHING),))

    def expected_in_turn(self, statements: list[str]) -> list[Found]:
        """`expected` for the statements of one revision: a table that it makes is new to the later ones.

        Where the revision is one transaction they also meet the locks of the earlier ones. A statement that cannot run
        in a transaction ends it.
        """
        new: set[str] = set()
        found: list[Found] = []
        held: dict[str, Lock] = {}
        for number, sql in enumerate(statements, start=1):
            statement = Statement(sql, self.rules)
            one = without_new(self.expected(statement), new)
            if not self.rules.transactional_ddl or "CONCURRENTLY" in statement.words:
                held = {}
            else:
                one, held = _beside(one, held, number)
            found.append(one)
            if statement.verb == "CREATE TABLE" and statement.table:
                new.add(statement.table)
        return found


def _beside(found: Found, held: Mapping[str, Lock], number: int) -> tuple[Found, dict[str, Lock]]:
    """What a statement does while earlier locks are held, and what is held after it."""
    taken = [lock for lock in found.locks if lock.table not in held or lock.effect > held[lock.table].effect]
    names = {lock.table for lock in taken}
    left = [lock for lock in held.values() if lock.table not in names]
    later = {lock.table: replace(lock, since=number) for lock in taken}
    return replace(found, locks=(*taken, *left)), {**held, **later}


def without_new(found: Found, new: set[str]) -> Found:
    """What a statement does, where nobody else knows some of the tables yet."""
    locks = tuple(replace(lock, is_new=True) if lock.table in new else lock for lock in found.locks)
    left = tuple(name for name in found.rewrites if name not in new)
    return replace(found, locks=locks, rewrites=left, scans=tuple(name for name in found.scans if name not in new))


def probe_for(rules: Dialect) -> Probe:
    """The probe of a kind of database; one that knows nothing where there is none."""
    found = (kind for name, kind in _kinds().items() if name in rules.names)
    return next(found, Probe)(rules)


@cache
def _kinds() -> dict[str, type[Probe]]:
    """By the name of the database, which is that of a file in `probes` with the attribute PROBE."""
    names = [found.name for found in iter_modules(importlib.import_module(PROBES).__path__)]
    return {name: importlib.import_module(f"{PROBES}.{name}").PROBE for name in names}
