"""Runs a revision on a scratch copy of the schema, and looks after each statement what it did."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from alembic_manage.alembic_api import connection_of
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, RevisionFailedError
from alembic_manage.execution.observer import Silent
from alembic_manage.execution.own_statements import is_own
from alembic_manage.execution.scratch_run import execute, migrated, note
from alembic_manage.lock_trace.probe import Probe, probe_for
from alembic_manage.lock_trace.trace import Found, LockTrace, TracedStatement
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.scratch import ScratchEnvironment, with_scratch
from alembic_manage.sources.source import upgrade_plan
from alembic_manage.sql.beginning import beginning
from alembic_manage.state.cache import StateCache
from alembic_manage.state.metadata import ddl_of
from alembic_manage.state.replay import Replay

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from alembic_manage.state.schema import Schema

_READS = ("SELECT", "SHOW", "DESC", "PRAGMA", "EXPLAIN", "WITH", "VALUES")
_SESSION = ("SET", "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "START", "RESET", "PRAGMA", "DO 0")


def measured(environment: Environment, step: Step) -> LockTrace:
    """The locks of a revision, found by running it on a scratch database that has the schema before it.

    The schema comes from the history state. Where that is not known, or does not hold all that is needed (extensions,
    triggers, functions), the revisions before it run. The tables are empty, so nothing is said of how long a statement
    takes. The scratch database is dropped afterwards.

    Args:
        environment: the project's; its own database is not touched.
        step: the revision and the direction.

    Raises:
        NoScratchError: there can be no scratch database.
        RevisionFailedError: a revision before it raised on the scratch database.
    """
    history = environment.history
    before = [step.revision.id] if step.direction is Direction.DOWNGRADE else list(history.parents(step.revision.id))
    with contextlib.redirect_stdout(sys.stderr):
        schema = _schema_at(environment, before)
        trace = None
        if schema is not None:
            trace = with_scratch(environment, lambda scratch: _on_state(scratch, step, before, schema))
        if trace is not None and (trace.error is None or not before):
            return trace
        try:
            return with_scratch(environment, lambda scratch: _on_history(scratch, step, before))
        except RevisionFailedError:
            if trace is None:
                raise
            return trace


def _schema_at(environment: Environment, ids: list[str]) -> Schema | None:
    """The history state; None where it is not known."""
    replay = Replay(environment, cache=StateCache.of(environment))
    try:
        replay.run(upgrade_plan(environment, ids))
    except CommandError:
        return None
    return replay.schema if replay.is_exact else None


def _on_state(scratch: ScratchEnvironment, step: Step, before: list[str], schema: Schema) -> LockTrace | None:
    """The trace on tables that the state tells; None where they need what it does not hold, such as an extension."""
    try:
        scratch.database.run(lambda connection: _make(connection, schema))
    except (DBAPIError, NotImplementedError):
        return None
    note(scratch, before)
    return _traced(scratch, step)


def _on_history(scratch: ScratchEnvironment, step: Step, before: list[str]) -> LockTrace:
    if before:
        migrated(scratch, upgrade_plan(scratch, before))
    return _traced(scratch, step)


def _traced(scratch: ScratchEnvironment, step: Step) -> LockTrace:
    probe = probe_for(scratch.database.dialect)
    tracer = Tracer(probe)
    error = None
    try:
        execute(scratch, Plan("", (step,)), tracer)
    except CommandError as raised:
        error = scratch.without_secrets(str(raised).splitlines()[0])
    title = f"{scratch.database.dialect.title} {tracer.version}".strip()
    return LockTrace(
        step.revision.id, step.direction.value, title, True, tracer.statements, probe.source, probe.notes, error
    )


def _make(connection: Any, schema: Schema) -> None:
    for element in ddl_of(schema, connection.dialect):
        connection.execute(element)
    connection.commit()


class Tracer(Silent):
    """An observer of a run that asks a probe after each statement of the revision.

    Args:
        probe: of the database that it runs on.
    """

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.statements: list[TracedStatement] = []
        """What was found, in order; without queries, and without what changes only the session."""
        self.version = ""
        """Of the server."""
        self._connection: Connection | None = None
        self._sql = ""
        self._has_run = self._watches = False

    def opened(self, context: MigrationContext) -> None:
        """Remember the connection."""
        if self._has_run:
            return
        self._connection = connection_of(context)
        found = self._connection.dialect.server_version_info or ()
        self.probe.hidden = frozenset([context.version_table])
        self.version = ".".join(str(part) for part in found if isinstance(part, int))

    def started(self, step: Step) -> None:
        """Look around, then watch."""
        assert self._connection is not None
        if self._has_run:
            return  # a loop over tenants: they are all the same
        self._has_run = self._watches = True
        self.probe.begin(self._connection)
        event.listen(self._connection, "before_cursor_execute", self._before, retval=True)
        event.listen(self._connection, "after_cursor_execute", self._after)
        event.listen(self._connection.engine, "handle_error", self._failed)

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """Watch no more."""
        self._leave()

    def failed(self, step: Step) -> None:
        """Watch no more."""
        self._leave()

    def _leave(self) -> None:
        if not self._watches:
            return
        assert self._connection is not None
        self._watches = False
        event.remove(self._connection, "before_cursor_execute", self._before)
        event.remove(self._connection, "after_cursor_execute", self._after)
        event.remove(self._connection.engine, "handle_error", self._failed)

    def _before(self, connection: Any, cursor: Any, sql: str, parameters: Any, *_: Any) -> tuple[str, Any]:
        if is_own(connection):
            return sql, parameters
        self._sql = sql
        with contextlib.closing(connection.connection.cursor()) as other:
            found = self.probe.before(connection, other, sql)
        return (sql, parameters) if found is sql else (found, () if isinstance(parameters, tuple) else {})

    def _after(self, connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        if is_own(connection):
            return
        number = len(self.statements) + 1
        with contextlib.closing(connection.connection.cursor()) as other:
            found = self.probe.after(connection, other, self._sql, number)
        if _is_shown(self._sql, found):
            self.statements.append(
                TracedStatement(number, self._sql.strip(), found, in_transaction=self.probe.keeps_locks(connection))
            )

    def _failed(self, context: Any) -> None:
        if context.statement is None or self._connection is None:
            return
        with contextlib.suppress(Exception), contextlib.closing(self._connection.connection.cursor()) as other:
            self.probe.failed(self._connection, other)


def _is_shown(sql: str, found: Found) -> bool:
    """Whether a person wants to see it: no query that takes nothing, and nothing that concerns the session alone."""
    words = beginning(sql).upper()
    if words.startswith(_SESSION):
        return False
    if not words.startswith(_READS):
        return True
    return bool(found.rewrites) or any(
        lock.since is None and not lock.is_new and lock.waits not in ((), ("ALTER TABLE",)) for lock in found.locks
    )
