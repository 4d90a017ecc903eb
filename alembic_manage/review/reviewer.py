"""Puts a review together: states, SQL and locks, findings, losses."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, EnvironmentFailedError
from alembic_manage.history import History, Revision
from alembic_manage.lint.finding import Finding
from alembic_manage.location import display_path
from alembic_manage.lock_trace.manual import trace_of_sql
from alembic_manage.lock_trace.offline import statements_of
from alembic_manage.lock_trace.tracer import measured
from alembic_manage.outline.revision import outline_of
from alembic_manage.plan import Direction, Step
from alembic_manage.review.card import Card, DatabasePart, Review
from alembic_manage.review.effect import Effect, effects_of
from alembic_manage.review.findings import findings_of
from alembic_manage.review.losses import losses_in
from alembic_manage.review.selection import Chosen

Progress = Callable[[str], None]
"""Is told, in a few words, what is being done."""
NEEDS_CONNECTION = "It needs a connection, so its SQL is not known without one; --locks runs it on a scratch database."


class Reviewer:
    """Reviews migrations of a project.

    Args:
        environment: of the chosen database: its kind counts for the states.
        others: the environments of all configured databases, the chosen one among them.
        measures_locks: whether the migrations run on scratch databases.
        progress: is told what is being done.
    """

    def __init__(
        self,
        environment: Environment,
        others: Sequence[Environment],
        *,
        measures_locks: bool = False,
        progress: Progress = lambda text: None,
    ) -> None:
        self.environment = environment
        self.others = others
        self.measures_locks = measures_locks
        self.progress = progress
        self.notes: list[str] = []

    def review(self, chosen: Chosen) -> Review:
        """The review of the selected migrations; what cannot be found out is said in it."""
        revisions = chosen.revisions
        with contextlib.redirect_stdout(sys.stderr):  # env.py and models may print
            effects = self._effects(revisions)
            findings = self._findings(chosen)
            parts = [self._parts(each, revisions) for each in self.others]
        history = self.environment.history
        cards = tuple(
            Card(
                revision,
                display_path(revision.path, self.environment.project.root),
                history.parents(revision.id),
                _children(history, revision.id),
                outline_of(revision.path, Direction.UPGRADE.value),
                effects.get(revision.id, Effect()),
                losses_in(revision),
                tuple(_joined(part[revision.id] for part in parts)),
                tuple(findings.get(revision.id, ())),
                is_applied=None if chosen.applied is None else revision.id in chosen.applied,
            )
            for revision in revisions
        )
        return Review(
            self.environment.project.title, chosen.scope, cards, _graph(history, revisions), tuple(self.notes)
        )

    def _effects(self, revisions: Sequence[Revision]) -> Mapping[str, Effect]:
        self.progress("what the migrations do to the tables")
        try:
            return effects_of(self.environment, revisions)
        except EnvironmentFailedError as error:
            self.notes.append(f"The tables before and after are not known: {str(error).splitlines()[0]}")
            return {}

    def _findings(self, chosen: Chosen) -> Mapping[str, Sequence[Finding]]:
        self.progress("what the linter finds")
        try:
            found = findings_of(self.environment, chosen)
        except EnvironmentFailedError as error:
            self.notes.append(f"The linter could not look at them: {str(error).splitlines()[0]}")
            return {}
        self.notes += (f"{each.severity.word.capitalize()}: {each.message}" for each in found.get("", ()))
        return found

    def _parts(self, environment: Environment, revisions: Sequence[Revision]) -> Mapping[str, DatabasePart]:
        """The SQL on one database, by the revision's id."""
        database = environment.database
        self.progress(f"the SQL for database {database.alias}")
        steps = [Step(revision, Direction.UPGRADE) for revision in revisions]
        try:
            found, reason = statements_of(environment, steps), NEEDS_CONNECTION
        except CommandError as error:
            found, reason = {}, str(error).splitlines()[0]
        parts = {}
        for step in steps:
            statements = found.get(step.revision.id)
            trace = None if statements is None else trace_of_sql(database.dialect, step, statements)
            part = DatabasePart((database.alias,), database.dialect.title, trace, "" if trace else reason)
            # A database in memory costs nothing.
            if self.measures_locks or (trace is None and database.dialect.scratch_url is not None):
                part = self._measured(environment, step, part)
            parts[step.revision.id] = part
        return parts

    def _measured(self, environment: Environment, step: Step, known: DatabasePart) -> DatabasePart:
        """The part with measured locks; what is known without them where they cannot be measured."""
        alias = environment.database.alias
        self.progress(f"the locks of {step.revision.id} on database {alias}")
        try:
            trace = measured(environment, step)
        except CommandError as error:
            return self._unmeasured(known, f"On database {alias} locks were not measured: {str(error).splitlines()[0]}")
        if known.trace is None or (trace.statements and trace.error is None):
            return replace(known, trace=trace, reason="")
        if trace.error is None:
            return known  # what fills rows in portions sends nothing where there are none
        return self._unmeasured(known, f"The locks of {step.revision.id} were not measured to the end: {trace.error}")

    def _unmeasured(self, known: DatabasePart, note: str) -> DatabasePart:
        """What is known without measuring, and a note that says why."""
        self.notes += [note] if note not in self.notes else []
        return known


def _joined(parts: Iterator[DatabasePart]) -> Iterator[DatabasePart]:
    """Databases of a kind whose SQL is the same become one part."""
    found: list[DatabasePart] = []
    for part in parts:
        same = next((each for each in found if each.title == part.title and _sql(each) == _sql(part)), None)
        if same is None:
            found.append(part)
        else:
            found[found.index(same)] = replace(same, names=(*same.names, *part.names))
    yield from found


def _sql(part: DatabasePart) -> tuple[str, ...] | None:
    return None if part.trace is None else tuple(each.sql for each in part.trace.statements)


def _children(history: History, id: str) -> tuple[str, ...]:
    dependent = (each for each in history.descendants([id]) if id in history.parents(each))
    return tuple(each.id for each in history.in_order(set(dependent)))


def _graph(history: History, revisions: Sequence[Revision]) -> list[tuple[str, Sequence[str]]]:
    """The reviewed migrations, newest first, with those parents that are among them."""
    inside = {revision.id for revision in revisions}
    return [
        (revision.id, [parent for parent in history.parents(revision.id) if parent in inside])
        for revision in reversed(revisions)
    ]
