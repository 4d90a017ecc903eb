"""Keeps the ledger of one run."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic_manage.execution.checksum import checksum_of_source
from alembic_manage.execution.ledger import APPLIED, FAILED, FAKED, RUNNING, Entry, Ledger, now
from alembic_manage.execution.locks import Holder
from alembic_manage.plan import Direction, Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Table


class Account:
    """What one run writes into the ledger.

    Args:
        context: an online context.
        application_version: what the setting APPLICATION_VERSION says; None where it says nothing.
    """

    def __init__(self, context: MigrationContext, application_version: str | None = None) -> None:
        self.ledger = Ledger(context)
        self.batch = secrets.token_hex(8)
        """Says which entries belong to this run."""
        self._who = Holder.this_process()
        self._application_version = application_version

    def open(self) -> None:
        """Make the table, and say of what an earlier process left behind that it was interrupted."""
        self.ledger.create_table()
        self.ledger.mark_interrupted()

    def entry(self, step: Step) -> StepAccount:
        """The account of a step that begins now."""
        source = _source(step)
        entry = Entry(
            revision=step.revision.id,
            direction=step.direction.value,
            started_at=now(),
            outcome=RUNNING,
            batch=self.batch,
            host=self._who.host[:255],
            pid=self._who.pid,
            user_name=self._who.user[:255],
            application_version=self._application_version,
            checksum=_checksum(source),
        )
        return StepAccount(self.ledger, entry, source if step.direction is Direction.UPGRADE else None)


class StepAccount:
    """The entry of one step.

    Args:
        ledger: where it goes.
        entry: as it is at the beginning.
        source: the text of the revision file; None where it is not kept.
    """

    def __init__(self, ledger: Ledger, entry: Entry, source: str | None) -> None:
        self._ledger = ledger
        self._entry = entry
        self._source = source
        self._began = time.monotonic()
        self._row: int | None = None

    @property
    def checksum(self) -> str | None:
        """Of the revision's file; None where it cannot be read."""
        return self._entry.checksum

    def begin(self) -> None:
        """Write that it is running: for a step that is not all in one transaction. The caller commits."""
        self._row = self._ledger.add(self._entry, self._source)

    def done(self, *, faked: bool, statements: int) -> None:
        """Write that it is done, in the transaction of the step."""
        self._end(FAKED if faked else APPLIED, statements)

    def note(self, *, faked: bool, statements: int) -> tuple[Table, dict[str, Any]] | None:
        """The row that `done` would add; None where it changes one that is there."""
        if self._row is not None:
            return None
        return self._ledger.note(self._ended(FAKED if faked else APPLIED, statements), self._source)

    def failed(self, error: str, statements: int) -> None:
        """Write that it failed. The caller commits."""
        self._end(FAILED, statements, error)

    def _ended(self, outcome: str, statements: int, error: str | None = None) -> Entry:
        elapsed_ms = round((time.monotonic() - self._began) * 1000)
        return replace(
            self._entry,
            outcome=outcome,
            finished_at=now(),
            duration_ms=elapsed_ms,
            error=error,
            statements=statements,
        )

    def _end(self, outcome: str, statements: int, error: str | None = None) -> None:
        ended = self._ended(outcome, statements, error)
        if self._row is None:
            self._ledger.add(ended, self._source)
        else:
            self._ledger.finish(self._row, ended)


def _source(step: Step) -> str | None:
    try:
        return step.revision.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _checksum(source: str | None) -> str | None:
    try:
        return checksum_of_source(source) if source is not None else None
    except (SyntaxError, ValueError):
        return None
