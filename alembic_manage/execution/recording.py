"""The SQL of revisions that need a connection: they run on an empty scratch database, and what they send is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from alembic_manage.alembic_api import DISCARDED
from alembic_manage.dialects import Dialect
from alembic_manage.environment import Environment
from alembic_manage.errors import EnvironmentFailedError
from alembic_manage.execution.observer import Silent
from alembic_manage.execution.scratch_run import execute, migrated
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.scratch import ScratchEnvironment, with_scratch
from alembic_manage.state.sql.sql_values import Values

NOTE = "-- Recorded on an empty scratch database, because a migration needs a connection."
_ROWS = re.compile(r"(SELECT|WITH)\b.*\bFROM\b", re.IGNORECASE | re.DOTALL)
_OWN = re.compile(r"\balembic_version\w*\b", re.IGNORECASE)
_RETURNS = re.compile(r"\bRETURNING\b", re.IGNORECASE)
# What answers and changes nothing; "PRAGMA x = y" changes something.
_ANSWERS = re.compile(r"(SELECT|EXPLAIN|BEGIN|WITH|SHOW|DESC|DESCRIBE)\b|PRAGMA [^=]*$", re.IGNORECASE)


def recorded_sql(environment: Environment, plan: Plan, start: Sequence[str], dialect: Dialect) -> str:
    """The SQL that the steps of `plan` send; where DDL can be rolled back, each revision between BEGIN and COMMIT.

    Args:
        environment: whose history and env.py run; its own database is not touched.
        plan: what to record.
        start: the ids that the database is assumed to be at; they are run first.
        dialect: of the scratch database.

    Raises:
        NoScratchError: there can be no scratch database.
        RevisionFailedError: a revision raised on the scratch database.
        EnvironmentFailedError: a revision reads rows, which the scratch database has not.
    """

    def record(scratch: ScratchEnvironment) -> Recorder:
        history = scratch.history
        before = (Step(revision, Direction.UPGRADE) for revision in history.in_order(history.ancestors(start)))
        migrated(scratch, Plan("", tuple(before)))
        recorder = Recorder(dialect)
        scratch.guard.listen("before_cursor_execute", recorder.sent)
        execute(scratch, plan, recorder)
        return recorder

    recorder = with_scratch(environment, record, dialect)
    if recorder.reads:
        id, statement = recorder.reads[0]
        raise EnvironmentFailedError(
            f"The SQL of {id} depends on the rows of the database, so it cannot be printed: it runs {statement}",
            hint=f"run it instead: python manage.py migrate {id}",
        )
    return "\n\n".join([NOTE, *dialect.script_prelude, *recorder.blocks])


class Recorder(Silent):
    """An observer of a run that keeps the statements of each step.

    Args:
        dialect: of the database that they are sent to.
    """

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.blocks: list[str] = []
        """The SQL of each finished step; before the first one, that of the version table where it is made."""
        self.reads: list[tuple[str, str]] = []
        """The queries of rows, with the id of their revision: what follows from them is not in the SQL."""
        self._statements: list[str] = []
        self._id = ""

    def started(self, step: Step) -> None:
        """Begin a block; what was sent before it is one of its own."""
        self.blocks += self._statements
        self._id = step.revision.id
        self._statements = [f"-- Running {step.direction.value} {step.revision.id}"]

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """End the block."""
        begin, commit = (["BEGIN;"], ["COMMIT;"]) if self.dialect.transactional_ddl else ([], [])
        self.blocks.append("\n\n".join([*begin, *self._statements, *commit]))
        self._statements = []

    def sent(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        """Keep a statement; SQLAlchemy's before_cursor_execute."""
        text = statement.strip()
        discarded = context is not None and context.execution_options.get(DISCARDED)
        returns = not discarded and (_RETURNS.search(text) or _reads_its_key(context, many))
        rows = _ROWS.match(text) or returns
        if rows and not _OWN.search(text) and not self.dialect.catalog.search(text):
            self.reads.append((self._id, " ".join(text.split())[:80]))
        if not _ANSWERS.match(text):
            write = Values(self.dialect, connection.dialect.paramstyle)
            self._statements += [f"{write.into(text, row)};" for row in (parameters if many else [parameters])]


def _reads_its_key(context: Any, many: bool) -> bool:
    """Whether the statement is an INSERT whose new key the revision may ask for; bulk_insert's are not."""
    compiled = getattr(context, "compiled", None)
    return bool(getattr(context, "isinsert", False)) and not many and compiled is not None and not compiled.inline
