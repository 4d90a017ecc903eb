"""Stands between a revision and the database: answers from the journal what was sent before, and keeps what is new."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text

from alembic_manage.dialects import dialect_named
from alembic_manage.execution.journal.answer import Answer
from alembic_manage.execution.journal.certainty import has_happened, picture_of
from alembic_manage.execution.journal.entry import Entry, Kind, State, entry_of, kind_of
from alembic_manage.execution.journal.pending import Pending
from alembic_manage.execution.journal.refusals import Refusals
from alembic_manage.execution.journal.table import JournalTable, Opening
from alembic_manage.execution.own_statements import is_own, own
from alembic_manage.plan import Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection


_SESSION = "alembic_manage_session"
"""Where the number of a session stands in what is kept beside a connection of the driver, and gone with it."""


class Player:
    """Plays one revision on the database of a context.

    Args:
        context: an online context.
        step: the revision, and its direction.
        checksum: of the revision's file.
        is_first: whether the journal may hold something; false where this run has emptied it a moment ago.
    """

    def __init__(self, context: MigrationContext, step: Step, checksum: str, *, is_first: bool = True) -> None:
        self.step = step
        self.table = JournalTable(context)
        self.checksum = checksum
        self._is_first = is_first
        self._refusals = Refusals(step)
        self.stays = 0
        """How many statements stay in effect, should the revision stop now."""
        self._recorded: list[Entry] = []
        """What is to be sent again, and answered from here."""
        self._place = 0
        self._passed = 0
        """How many numbered statements were answered."""
        self._kept: list[Entry] = []
        """What was sent since the last commit."""
        self._unsaid: int | None = None
        """The row of a statement that came back, while the row does not say so."""
        self._is_lenient = False
        self.is_changed = False
        """Whether the file does something else now than the run that stopped; then it cannot go on by itself."""

    @property
    def connection(self) -> Connection:
        """The context's."""
        return self.table.connection

    def open(self, resume_at: int | None = None) -> None:
        """Read what an earlier run of this revision has left, and say that it goes on. The caller commits.

        Args:
            resume_at: the number of the statement to go on with, whatever came before it; None for where it stopped.

        Raises:
            UsageError: it cannot go on at that statement.
        """
        pending = Pending.read(self.table.context) if self._is_first else None
        if pending is not None and not (pending.is_of(self.step) and pending.statements):
            self.table.clear()
            pending = None
        recorded, checksum = list(pending.entries) if pending else [], self.checksum
        if resume_at is not None:
            recorded = self._cut(recorded, resume_at)
        elif pending is not None and pending.opening.checksum != self.checksum:
            # It stays in the journal: the next run must notice, too.
            self.is_changed, checksum = True, pending.opening.checksum
        self._is_lenient = resume_at is not None
        self._recorded = recorded
        self.stays = sum(entry.counts for entry in recorded if entry.state is State.DONE)
        opening = Opening(self.step.revision.id, self.step.direction.value, checksum, self._session())
        self.table.open(opening, is_first=self._is_first)

    def close(self, *, faked: bool = False) -> None:
        """Forget everything, in the transaction that records the revision.

        Args:
            faked: whether the revision is recorded without having run.

        Raises:
            RevisionStoppedError: it has sent less than the run before it.
        """
        left = [entry for entry in self._recorded[self._place :] if entry.counts]
        if left and not faked and not self._is_lenient:
            raise self._refusals.other(left[0], "the end", self._passed + 1, self.stays)
        self.table.clear()

    def __enter__(self) -> Player:
        if self.is_changed:
            raise self._refusals.changed(sum(entry.counts for entry in self._recorded))
        engine = self.connection.engine
        event.listen(engine, "do_execute", self._execute)
        event.listen(engine, "do_execute_no_params", self._execute_no_params)
        event.listen(engine, "do_executemany", self._executemany)
        event.listen(self.connection, "commit", self._commits)
        return self

    def __exit__(self, *_: object) -> None:
        engine = self.connection.engine
        event.remove(engine, "do_execute", self._execute)
        event.remove(engine, "do_execute_no_params", self._execute_no_params)
        event.remove(engine, "do_executemany", self._executemany)
        event.remove(self.connection, "commit", self._commits)

    # What SQLAlchemy calls in place of the driver: true where the statement is answered.

    def _execute(self, cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
        send = context.dialect.do_execute
        return self._play(statement, parameters, cursor, context, lambda: send(cursor, statement, parameters, context))

    def _execute_no_params(self, cursor: Any, statement: str, context: Any) -> bool:
        send = context.dialect.do_execute_no_params
        return self._play(statement, None, cursor, context, lambda: send(cursor, statement, context))

    def _executemany(self, cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
        send = context.dialect.do_executemany
        return self._play(statement, parameters, cursor, context, lambda: send(cursor, statement, parameters, context))

    def _commits(self, connection: Any) -> None:
        """The revision commits by itself: what it has sent is kept in the same transaction."""
        self._write_kept()

    def _play(self, statement: str, parameters: Any, cursor: Any, context: Any, send: Callable[[], None]) -> bool:
        if context.root_connection is not self.connection or is_own(self.connection):
            return False
        commits_itself = self._is_autocommit()
        kind = kind_of(statement, is_final=commits_itself or self._ddl_commits())
        if commits_itself and kind is Kind.WRITE:
            kind = Kind.FINAL
        entry = entry_of(kind, statement, parameters)
        if kind is Kind.SESSION:
            send()
            return True
        if self._place < len(self._recorded):
            answer = self._answer_of(entry, statement)
            if answer is not None:
                answer.give(context)
                return True
        self._send(entry, statement, cursor, context, send)
        return True

    def _is_autocommit(self) -> bool:
        return self.connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"

    def _ddl_commits(self) -> bool:
        return not dialect_named(self.connection.dialect.name).transactional_ddl

    # Sent before

    def _answer_of(self, entry: Entry, statement: str) -> Answer | None:
        """What was answered before; None where the database is to be asked."""
        if entry.kind is Kind.READ:
            return self._answer_of_read(entry)
        self._pass_reads()
        if self._place == len(self._recorded):
            return None
        expected = self._recorded[self._place]
        if expected.digest != entry.digest and not self._is_lenient:
            raise self._refusals.other(expected, entry.text, self._passed + 1, self.stays)
        if expected.state is State.STARTED and not self._has_happened(expected, statement):
            self._forget(expected)
            return None
        if _is_temporary(expected.text):
            raise self._refusals.temporary(expected, self.stays)
        self._place += 1
        self._passed += 1
        return expected.answer or Answer()

    def _answer_of_read(self, entry: Entry) -> Answer | None:
        for place in range(self._place, len(self._recorded)):
            if self._recorded[place].counts:
                return None
            if self._recorded[place].digest == entry.digest:
                self._place = place + 1
                return self._recorded[place].answer
        return None

    def _pass_reads(self) -> None:
        while self._place < len(self._recorded) and not self._recorded[self._place].counts:
            self._place += 1

    def _has_happened(self, entry: Entry, statement: str) -> bool:
        with own(self.connection):
            happened = has_happened(self.connection, entry, statement)
        if happened is None:
            raise self._refusals.unknown(entry, self._passed + 1)
        if happened:
            self.table.done(entry.id, None)
            self._commit_now()
            self.stays += 1
        return bool(happened)

    def _forget(self, entry: Entry) -> None:
        self.table.forget(entry.id)
        self._commit_now()
        self._recorded = self._recorded[: self._place]

    # Sent for the first time

    def _send(self, entry: Entry, statement: str, cursor: Any, context: Any, send: Callable[[], None]) -> None:
        try:
            answer: Answer | None
            if entry.kind is Kind.FINAL:
                answer = self._send_final(entry, statement, cursor, send)
            else:
                send()
                answer = self._taken(cursor, context)
                self._kept.append(replace(entry, answer=answer))
        except context.dialect.loaded_dbapi.Error as error:
            # The revision may go on; then it does so the next time, too.
            self._kept.append(replace(entry, answer=Answer.of_error(error)))
            raise
        if answer is not None:
            answer.give(context)

    def _send_final(self, entry: Entry, statement: str, cursor: Any, send: Callable[[], None]) -> Answer:
        with own(self.connection):
            picture = picture_of(self.connection, statement)
        self._write_kept()
        self._unsaid = None
        row = self.table.start(replace(entry, state=State.STARTED, picture=picture))
        self._commit_now()
        try:
            send()
        except Exception:
            # Where the connection is gone nobody knows; the row stays, and the next run finds out.
            with contextlib.suppress(Exception):
                self.table.forget(row)
                self._commit_now()
            raise
        answer = Answer.of(cursor)
        self.stays += 1
        if picture is not None and answer.columns is None:
            # The next entry says as much, or the schema does: one commit less for each statement.
            self._unsaid = row
            return answer
        self.table.done(row, answer)
        self._commit_now()
        return answer

    def settle(self) -> None:
        """Say of the last statement that it came back. The caller commits; nothing else is in the transaction."""
        if self._unsaid is not None:
            self.table.done(self._unsaid, None)

    def _taken(self, cursor: Any, context: Any) -> Answer | None:
        """The answer, with its rows; None where the rows stay on the server until they are asked for."""
        return None if context._is_server_side else Answer.of(cursor)

    def _write_kept(self) -> None:
        """Write what was sent. Errors at its end are kept back: only if the revision goes on after them, they count."""
        went_on = [place for place, entry in enumerate(self._kept, 1) if not (entry.answer and entry.answer.error)]
        until = max(went_on, default=0)
        kept, self._kept = self._kept[:until], self._kept[until:]
        self.table.add(kept)
        self.stays += sum(entry.counts for entry in kept)

    def _commit_now(self) -> None:
        """Commit below SQLAlchemy, which goes on with the transaction that it knows of; as implicit commits do."""
        self.connection.connection.commit()

    def _session(self) -> str | None:
        """The server's number of this session, asked once a connection of the driver where each revision wants it.

        Where DDL is transactional few do, and a pooler may give each transaction another session.
        """
        rules, known = dialect_named(self.connection.dialect.name), self.connection.info
        if rules.session_id is None:
            return None
        if _SESSION not in known or rules.transactional_ddl:
            with own(self.connection):
                known[_SESSION] = str(self.connection.execute(text(rules.session_id)).scalar())
        return str(known[_SESSION])

    def _cut(self, recorded: Sequence[Entry], resume_at: int) -> list[Entry]:
        """The entries before a numbered statement, all of which count as done; the others are forgotten."""
        numbered = sum(entry.counts for entry in recorded)
        if not 1 <= resume_at <= numbered + 1:
            raise self._refusals.number(resume_at, numbered)
        before: list[Entry] = []
        for place, entry in enumerate(recorded):
            if entry.counts and sum(each.counts for each in before) == resume_at - 1:
                self.table.forget(*(each.id for each in recorded[place:]))
                break
            before.append(replace(entry, state=State.DONE))
        for entry, old in zip(before, recorded, strict=False):
            if old.state is State.STARTED:
                self.table.done(entry.id, None)
        return before


def _is_temporary(statement: str) -> bool:
    return statement.upper().startswith(("CREATE TEMPORARY", "CREATE TEMP "))
