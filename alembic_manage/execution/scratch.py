"""The SQL of revisions that need a connection: they run on an empty database in memory, and what they send is kept."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import event

from alembic_manage.environment import Environment
from alembic_manage.errors import EnvironmentFailedError
from alembic_manage.execution.executor import Executor
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.project import Project
from alembic_manage.settings import DatabaseSettings

NOTE = "-- Recorded on an empty scratch database, because a migration needs a connection."
_ROWS = re.compile(r"(SELECT|WITH)\b.*\bFROM\b", re.IGNORECASE | re.DOTALL)
_CATALOG = re.compile(r"\b(sqlite_\w+|pragma_\w+|alembic_version\w*)\b", re.IGNORECASE)
_RETURNS = re.compile(r"\bRETURNING\b", re.IGNORECASE)
# What answers and changes nothing; "PRAGMA x = y" changes something.
_ANSWERS = re.compile(r"(SELECT|EXPLAIN|BEGIN|WITH)\b|PRAGMA [^=]*$", re.IGNORECASE)


def recorded_sql(environment: Environment, plan: Plan, start: Sequence[str], scratch_url: str) -> str:
    """The SQL that the steps of `plan` send, each revision between BEGIN and COMMIT.

    Args:
        environment: whose history and env.py run; its own database is not touched.
        plan: what to record.
        start: the ids that the database is assumed to be at; they are run first.
        scratch_url: an empty database in memory.

    Raises:
        RevisionFailedError: a revision raised on the scratch database.
        EnvironmentFailedError: a revision reads rows, which the scratch database has not.
    """
    alias, project = environment.database.alias, environment.project
    settings = dataclasses.replace(project.settings, databases={alias: DatabaseSettings(scratch_url)})
    scratch = Environment(Project(settings), alias)
    history = scratch.history
    before = tuple(Step(revision, Direction.UPGRADE) for revision in history.in_order(history.ancestors(start)))
    executor, recorder = Executor(scratch, scratch=scratch.database.engine), Recorder()
    try:
        executor.run(lambda recorded: Plan("", before), Recorder())
        event.listen(scratch.database.engine, "before_cursor_execute", recorder.sent)
        executor.run(lambda recorded: plan, recorder)
    finally:
        scratch.database.dispose()
    if recorder.reads:
        id, statement = recorder.reads[0]
        raise EnvironmentFailedError(
            f"The SQL of {id} depends on the rows of the database, so it cannot be printed: it runs {statement}",
            hint=f"run it instead: python manage.py migrate {id}",
        )
    return "\n\n".join([NOTE, "PRAGMA foreign_keys=OFF;", *recorder.blocks])


class Recorder:
    """An observer of a run that keeps the statements of each step."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        """The SQL of each finished step; before the first one, that of the version table where it is made."""
        self.reads: list[tuple[str, str]] = []
        """The queries of rows, with the id of their revision: what follows from them is not in the SQL."""
        self._statements: list[str] = []
        self._id = ""

    def planned(self, plan: Plan) -> None:
        """Nothing is kept of it."""

    def started(self, step: Step) -> None:
        """Begin a block; what was sent before it is one of its own."""
        self.blocks += self._statements
        self._id = step.revision.id
        self._statements = [f"-- Running {step.direction.value} {step.revision.id}"]

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """End the block."""
        self.blocks.append("\n\n".join(["BEGIN;", *self._statements, "COMMIT;"]))
        self._statements = []

    def failed(self, step: Step) -> None:
        """Nothing is kept of it."""

    def sent(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        """Keep a statement; SQLAlchemy's before_cursor_execute."""
        text = statement.strip()
        rows = _ROWS.match(text) or _RETURNS.search(text) or _reads_its_key(context, many)
        if rows and not _CATALOG.search(text):
            self.reads.append((self._id, " ".join(text.split())[:80]))
        if not _ANSWERS.match(text):
            self._statements += [f"{_with_values(text, row)};" for row in (parameters if many else [parameters])]


def _reads_its_key(context: Any, many: bool) -> bool:
    """Whether the statement is an INSERT whose new key the revision may ask for; bulk_insert's are not."""
    compiled = getattr(context, "compiled", None)
    return bool(getattr(context, "isinsert", False)) and not many and compiled is not None and not compiled.inline


def _with_values(statement: str, values: Sequence[object]) -> str:
    """The statement with its question marks replaced; those inside quotes stay."""
    if not values:
        return statement
    left = iter(values)
    parts, quote = [], ""
    for character in statement:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "?":
            character = _literal(next(left))
        parts.append(character)
    return "".join(parts)


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(int(value) if isinstance(value, bool) else value)
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    text = str(value).replace("'", "''")
    return f"'{text}'"
