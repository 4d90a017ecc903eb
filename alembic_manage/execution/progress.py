"""Tells of long work while it goes on: which revision, which statement, for how long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import event

from alembic_manage.alembic_api import connection_of
from alembic_manage.execution.headline import headline
from alembic_manage.execution.journal.entry import Kind, kind_of
from alembic_manage.execution.observer import Silent
from alembic_manage.execution.own_statements import is_own
from alembic_manage.plan import Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

STATEMENT_S = 10.0
"""After how long a statement gets its first line in a log; the next after twice that, and so on."""
REVISION_S = 60.0
"""The same of a revision whose statements are all short."""
PATIENCE_S = 1.0
"""After how long it shows on a terminal."""
FLOW = 5
"""How many statements in one interval are a flow, which shows on a terminal although each of them is short."""


@dataclass(frozen=True)
class Activity:
    """What a revision does at this moment."""

    revision: str
    revision_s: float
    """For how long it has been running, in seconds."""
    number: int = 0
    """Of its last statement that is not a mere query, from 1; 0 before the first one."""
    sent: int = 0
    """How many statements it has sent, queries among them."""
    headline: str | None = None
    """Of the statement that is running; None where it is Python that runs."""
    statement_s: float = 0.0
    """For how long the statement has been running, in seconds."""
    is_query: bool = False
    """Whether the statement has no number."""

    @property
    def what(self) -> str:
        """For a person: "statement 2, CREATE INDEX on orders"."""
        place = f"after statement {self.number}" if self.number else "before the first statement"
        if self.headline is None:
            return f"Python {place}"
        return f"{f'query {place}' if self.is_query else f'statement {self.number}'}, {self.headline}"

    @property
    def elapsed(self) -> str:
        """For how long that has been going on: "40 s"."""
        return _duration(self.revision_s if self.headline is None else self.statement_s)

    @property
    def count(self) -> str:
        """For a person, where one statement follows another: "40 s, statement 31200"."""
        return f"{_duration(self.revision_s)}, statement {self.number}"

    @property
    def total(self) -> str:
        """How long the migration as a whole has been running, where that is something else."""
        is_same = self.headline is None or self.revision_s - self.statement_s < 1
        return "" if is_same else f"; the migration {_duration(self.revision_s)}"


class Display(Protocol):
    """Shows what a revision does."""

    interval_s: float
    """How often it wants to be told, in seconds."""

    def tick(self, activity: Activity) -> None:
        """It goes on."""

    def clear(self) -> None:
        """Take away what is on the screen and does not stay there; others write now."""


class LogLines:
    """Lines that stay: for a log or a pipe.

    Args:
        write: takes a line.
        statement_s: after how long a statement gets its first line, in seconds.
        revision_s: after how long a revision does.
    """

    interval_s = 0.5

    def __init__(
        self, write: Callable[[str], object], *, statement_s: float = STATEMENT_S, revision_s: float = REVISION_S
    ) -> None:
        self._write = write
        self._first = (statement_s, revision_s)
        self._revision, self._sent = "", 0
        self._statement_due, self._revision_due = self._first

    def tick(self, activity: Activity) -> None:
        """As Display's: a line where one is due."""
        if activity.revision != self._revision:
            self._revision, self._revision_due = activity.revision, self._first[1]
            self._statement_due = self._first[0]
        elif activity.sent != self._sent:
            self._statement_due = self._first[0]
        self._sent = activity.sent
        is_long = activity.headline is not None and activity.statement_s >= self._statement_due
        if not is_long and activity.revision_s < self._revision_due:
            return
        self._write(f"{activity.revision}: {activity.what}, {activity.elapsed} so far{activity.total}")
        while self._statement_due <= activity.statement_s:
            self._statement_due *= 2
        while self._revision_due <= activity.revision_s:
            self._revision_due *= 2

    def clear(self) -> None:
        """As Display's: what is written stays."""


class LiveLine:
    """One line of a terminal that changes, and vanishes.

    It shows while a statement is at work, and while many short ones follow one another; not while Python runs, which
    may ask a question, or be stopped in a debugger.

    Args:
        show: puts a text into the line.
        hide: takes the line away.
    """

    interval_s = 0.25

    def __init__(self, show: Callable[[str], object], hide: Callable[[], object]) -> None:
        self._show = show
        self._hide = hide
        self._sent = 0

    def tick(self, activity: Activity) -> None:
        """As Display's."""
        is_flow = activity.sent - self._sent >= FLOW and activity.revision_s >= PATIENCE_S
        self._sent = activity.sent
        if activity.headline is not None and activity.statement_s >= PATIENCE_S:
            self._show(f"{activity.elapsed} in {activity.what}{activity.total}")
        elif is_flow:
            self._show(activity.count)
        else:
            self._hide()

    def clear(self) -> None:
        """As Display's."""
        self._sent = 0
        self._hide()


@dataclass(frozen=True)
class _Statement:
    """A statement that is running."""

    text: str
    began: float
    is_query: bool


class Progress(Silent):
    """An observer that tells a display what goes on, from a thread; around the run it is entered.

    The thread looks at what the run has noted. It never touches the connection.

    Args:
        display: where it shows.
    """

    def __init__(self, display: Display) -> None:
        self._display = display
        self._showing = threading.Lock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._watched: Connection | None = None
        self._revision: str | None = None
        self._began = 0.0
        self._number = 0
        self._sent = 0
        self._statement: _Statement | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._unwatch()
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def opened(self, context: MigrationContext) -> None:
        """The connection whose statements count, while a revision runs."""
        self._watch(connection_of(context))

    def started(self, step: Step) -> None:
        """From here on."""
        self._reset()
        self._revision = step.revision.id
        if self._thread is None:
            self._thread = threading.Thread(target=self._tick, name="migration-progress", daemon=True)
            self._thread.start()

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """Up to here."""
        self._end()

    def failed(self, step: Step) -> None:
        """Up to here."""
        self._end()

    def delayed(self, step: Step, blockers: Sequence[str], pause_s: float) -> None:
        """It begins anew, after a pause."""
        self._reset()
        self._clear()

    def resumed(self, step: Step, statement: int) -> None:
        """Others write."""
        self._clear()

    def waiting(self, line: str) -> None:
        """Others write."""
        self._clear()

    def _reset(self) -> None:
        self._number = self._sent = 0
        self._statement, self._began = None, time.monotonic()

    def _end(self) -> None:
        self._revision = self._statement = None
        self._clear()

    def _clear(self) -> None:
        with self._showing:
            self._display.clear()

    # The thread

    def _tick(self) -> None:
        while not self._over.wait(self._display.interval_s):
            with self._showing:
                activity = self._activity()
                if activity is None:
                    continue
                try:
                    self._display.tick(activity)
                except Exception:
                    return  # nobody can read it any more; the run goes on

    def _activity(self) -> Activity | None:
        revision, statement, now = self._revision, self._statement, time.monotonic()
        if revision is None:
            return None
        doing: dict[str, Any] = {}
        if statement is not None:
            doing = {
                "headline": headline(statement.text),
                "statement_s": now - statement.began,
                "is_query": statement.is_query,
            }
        return Activity(revision, now - self._began, self._number, self._sent, **doing)

    # The statements

    def _watch(self, connection: Connection) -> None:
        self._unwatch()
        event.listen(connection, "before_cursor_execute", self._begun)
        event.listen(connection, "after_cursor_execute", self._ended)
        event.listen(connection.engine, "handle_error", self._raised)
        self._watched = connection

    def _unwatch(self) -> None:
        connection, self._watched = self._watched, None
        if connection is None:
            return
        event.remove(connection, "before_cursor_execute", self._begun)
        event.remove(connection, "after_cursor_execute", self._ended)
        event.remove(connection.engine, "handle_error", self._raised)

    def _begun(self, connection: Any, cursor: Any, statement: str, *_: object) -> None:
        if self._revision is None or is_own(connection):
            return
        is_query = kind_of(statement, is_final=False) in (Kind.READ, Kind.SESSION)
        self._sent += 1
        self._number += not is_query
        self._statement = _Statement(statement, time.monotonic(), is_query)

    def _ended(self, connection: Any, *_: object) -> None:
        if not is_own(connection):
            self._leave()

    def _raised(self, context: Any) -> None:
        if context.connection is self._watched:
            self._leave()

    def _leave(self) -> None:
        """The statement is over: before anything else of the revision runs, the screen is as it was."""
        statement, self._statement = self._statement, None
        if statement is not None and time.monotonic() - statement.began >= PATIENCE_S:
            self._clear()


def _duration(seconds: float) -> str:
    """As a person says it: "40 s", "3 min 20 s", "1 h 5 min"."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
