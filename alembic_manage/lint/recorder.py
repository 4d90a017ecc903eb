"""Watches a replay, and keeps what the migrations of interest do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from alembic_manage.lint.effect_reader import effects_of
from alembic_manage.lint.effects import CreateTable, Effect
from alembic_manage.lint.place import line_of_statement
from alembic_manage.lint.rebuilds import joined
from alembic_manage.lint.revision_view import Downgrade, RevisionView
from alembic_manage.lint.source import read_source
from alembic_manage.lint.statement import Statement
from alembic_manage.plan import Direction, Step
from alembic_manage.state.frames import line_now
from alembic_manage.state.sql.statements import OpaqueStatementError, StatementKind

if TYPE_CHECKING:
    from alembic_manage.lint.context import Context
    from alembic_manage.state.objects import Key
    from alembic_manage.state.replay import Replay
    from alembic_manage.state.schema import Schema

_ENDS = ("COMMIT", "ROLLBACK", "END", "ABORT")


class Recorder:
    """The watcher of a replay; a view of each revision of interest is made at its end.

    Args:
        context: of the database.
        wanted: the ids of the revisions of interest.
        pending: the ids of those that nobody has applied: tables that they make are empty for those that follow.
    """

    def __init__(self, context: Context, wanted: Collection[str], pending: Collection[str] = ()) -> None:
        self.context = context
        self.wanted = frozenset(wanted)
        self.pending = frozenset(pending)
        self.views: dict[str, RevisionView] = {}
        """By id, in the order in which they were replayed."""
        self._view: RevisionView | None = None
        self._schema: Schema | None = None
        self._current: Statement | None = None
        self._effects: list[Effect] = []
        self._transaction = 0
        self._was_autocommit = False
        self._new_tables: set[Key] = set()
        self._opaque = 0

    def wants(self, step: Step) -> bool:
        """Whether a step is of interest, or makes tables that are new for those that are."""
        return step.revision.id in self.wanted or step.revision.id in self.pending

    def begin_step(self, replay: Replay, step: Step) -> None:
        """A revision begins; one that was seen already (env.py loops over schemas) is not looked at again."""
        revision = step.revision
        if revision.id in self.views:
            return
        self._schema, self._opaque = replay.schema, len(replay.opaque)
        self._transaction, self._was_autocommit = 0, False
        source = read_source(revision.path)
        before = replay.schema.copy()
        self._view = RevisionView(revision, self.context, source, before, before)
        self._view.pending_tables = frozenset(self._new_tables)

    def end_step(self, replay: Replay, step: Step) -> None:
        """A revision is at its end: its downgrade is tried too."""
        view, self._view = self._view, None
        if view is None:
            return
        view.after = replay.schema.copy()
        view.stopped = tuple(replay.opaque[self._opaque :])
        view.statements = joined(view.statements)
        if step.revision.id in self.pending:
            self._new_tables.update(key for each in view.statements for key in each.makes_tables)
        if step.revision.id not in self.wanted:
            return
        if not view.stopped:
            view.downgrade = self._downgrade(replay, view)
        self.views[step.revision.id] = view

    def _downgrade(self, replay: Replay, view: RevisionView) -> Downgrade:
        if view.function("downgrade") is None:
            return Downgrade(None)
        after, opaque = replay.tried(Step(view.revision, Direction.DOWNGRADE))
        return Downgrade(after, opaque)

    def begin(self, sql: str, kind: StatementKind, construct: Any, *, is_autocommit: bool) -> None:
        """A statement begins."""
        view, schema = self._view, self._schema
        if view is None or schema is None:
            return
        if is_autocommit != self._was_autocommit or is_autocommit or self._commits_by_itself(kind):
            self._transaction += 1
        self._was_autocommit = is_autocommit
        # What changes no schema needs no copy of it.
        before = view.statements[-1].after if view.statements else view.before
        line = line_of_statement(view, line_now(view.revision.path), sql)
        self._effects = []
        self._current = Statement(sql.strip(), line, kind, construct, before, before, self._transaction, is_autocommit)

    def _commits_by_itself(self, kind: StatementKind) -> bool:
        return kind is StatementKind.DDL and not self.context.rules.transactional_ddl

    def change(self, method: str, arguments: Mapping[str, Any]) -> None:
        """The statement changes the schema."""
        if self._current is not None and self._schema is not None:
            self._effects += effects_of(method, arguments, self._current.before, self._schema)

    def end(self, error: Exception | None) -> None:
        """A statement is at its end."""
        view, statement, self._current = self._view, self._current, None
        if view is None or statement is None or self._schema is None:
            return
        if isinstance(error, OpaqueStatementError):
            statement.unread = error.reason
        elif error is None:
            statement.effects = _without_parts(self._effects)
            # What is changed within a constraint is no effect: VALIDATE, DEFERRABLE.
            if self._effects or "CONSTRAINT" in statement.words:
                statement.after = self._schema.copy()
        if statement.words[:1] and statement.words[0] in _ENDS:
            self._transaction += 1
        if self._commits_by_itself(statement.kind):
            self._transaction += 1
        view.statements.append(statement)


def _without_parts(effects: list[Effect]) -> tuple[Effect, ...]:
    """What a CREATE TABLE holds is no effect of its own."""
    made = {effect.table for effect in effects if isinstance(effect, CreateTable)}
    return tuple(effect for effect in effects if isinstance(effect, CreateTable) or effect.table not in made)
