"""A revision that stopped halfway: what the journal holds when a run begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy import text

from alembic_manage.dialects import dialect_named
from alembic_manage.errors import ExitCode, LockedError, RevisionStoppedError, UsageError
from alembic_manage.execution.journal.entry import Entry
from alembic_manage.execution.journal.table import JournalTable, Opening
from alembic_manage.execution.missing import get_the_code
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.quantity import counted
from alembic_manage.settings.alias import DEFAULT_ALIAS, database_flag

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from alembic_manage.history import History

PAUSE_S = 0.2
NOTICE_AFTER_S = 2.0


def nothing_to_resume() -> UsageError:
    """The error for who says where to go on, while nothing stopped halfway."""
    return UsageError("No migration stopped halfway: there is nothing to resume.", hint="python manage.py migrate")


@dataclass(frozen=True)
class Pending:
    """A revision with statements that stay in effect, while the version table does not say that it is done."""

    opening: Opening
    entries: tuple[Entry, ...]

    @classmethod
    def read(cls, context: MigrationContext) -> Self | None:
        """What the journal holds; None where nothing stopped halfway."""
        found = JournalTable(context).read()
        return cls(found[0], tuple(found[1])) if found else None

    @classmethod
    def in_effect(cls, context: MigrationContext, history: History, recorded: frozenset[str]) -> Self | None:
        """The revision of which some statements are in effect and others not; None where there is none."""
        found = cls.read(context)
        return found if found and found.statements and not found.is_over(history, recorded) else None

    @property
    def statements(self) -> tuple[Entry, ...]:
        """The entries that have a number, from 1 on."""
        return tuple(entry for entry in self.entries if entry.counts)

    def is_of(self, step: Step) -> bool:
        """Whether this step would go on with it."""
        return (step.revision.id, step.direction.value) == (self.opening.revision, self.opening.direction)

    def is_over(self, history: History, recorded: frozenset[str]) -> bool:
        """Whether the version table says by now that it is done: it was finished by hand, or by plain `alembic`."""
        applied = history.ancestors([id for id in recorded if id in history])
        return (self.opening.revision in applied) is self.is_upgrade

    def require_next(self, plan: Plan, history: History, alias: str = DEFAULT_ALIAS) -> None:
        """Raise, unless the plan goes on with it.

        Args:
            plan: what is to run.
            history: of the revision files.
            alias: of the database, for the hint.

        Raises:
            RevisionStoppedError: it does something else.
        """
        if not self.statements or (plan.steps and self.is_of(plan.steps[0])):
            return
        id, last = self.opening.revision, self.statements[-1]
        raise RevisionStoppedError(
            f"{'Migration' if self.is_upgrade else 'Taking back'} {id} stopped at its statement {len(self.statements)} "
            f"({last.text[:60]}); nothing else runs before it is finished.",
            hint=f"{'' if id in history else get_the_code([id]) + '; then: '}{self.go_on(history, alias)}",
            returncode=ExitCode.STOPPED_PARTWAY,
        )

    @property
    def is_upgrade(self) -> bool:
        """Whether it was to be applied, not to be taken back."""
        return self.opening.direction == Direction.UPGRADE.value

    @property
    def line(self) -> str:
        """How far it has come, for a person."""
        what = "applied" if self.is_upgrade else "taken back"
        return f"{what} in part: {counted(len(self.statements), 'statement', ('is', 'are'))} in effect"

    def go_on(self, history: History, alias: str = DEFAULT_ALIAS) -> str:
        """The command that goes on with it on a database, and does no more."""
        id = self.opening.revision
        parents = history.parents(id) if id in history else ()
        target = id if self.is_upgrade else parents[0] if parents else "zero"
        return f"python manage.py migrate {target}{database_flag(alias)}"

    def as_json(self) -> dict[str, object]:
        """The stable shape that `showmigrations --json` prints."""
        return {"direction": self.opening.direction, "statements": len(self.statements)}

    def wait(self, connection: Connection, timeout_s: float, notify: Callable[[str], None]) -> None:
        """Wait for what the session of the run that was killed is doing still: a server does not notice at once.

        Args:
            connection: to the database, outside of a transaction; it is left so.
            timeout_s: for how long, in seconds.
            notify: is told, in one line, what it waits for.

        Raises:
            LockedError: it goes on for longer than that.
        """
        query = dialect_named(connection.dialect.name).session_busy
        if query is None or self.opening.session is None:
            return
        began, told = time.monotonic(), False
        while doing := connection.execute(text(query), {"id": self.opening.session}).scalar():
            connection.rollback()
            waited = time.monotonic() - began
            line = f"the statement of the run that was killed, which the server goes on with: {str(doing)[:60]}"
            if waited >= timeout_s:
                raise LockedError(
                    f"Waited {waited:.0f} s for {line}. Nothing was changed.", hint="python manage.py migrate"
                )
            if waited >= NOTICE_AFTER_S and not told:
                notify(f"Waiting for {line}.")
                told = True
            time.sleep(PAUSE_S)
        connection.rollback()
