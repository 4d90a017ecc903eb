"""Runs the revisions of a plan on the state."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from alembic_manage.alembic_api import (
    Record,
    connection_of,
    function_of,
    load_module,
    naming_convention,
    revision_transaction,
)
from alembic_manage.engine_guard import instead_of_every_engine
from alembic_manage.environment import Environment
from alembic_manage.errors import EnvironmentFailedError, HistoryStateError
from alembic_manage.location import one_line
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.state import driver
from alembic_manage.state.cache import StateCache, files_opened
from alembic_manage.state.engine import state_engine
from alembic_manage.state.frames import last_line, line_of
from alembic_manage.state.interpreter import Interpreter
from alembic_manage.state.opaque import Opaque as Opaque
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.statements import NeedsDatabaseError, OpaqueStatementError, shortened
from alembic_manage.state.watcher import WatchedSchema, Watcher

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Engine

    from alembic_manage.history import Revision

T = TypeVar("T")
DECLARED = {Direction.UPGRADE: "state_upgrade", Direction.DOWNGRADE: "state_downgrade"}
"""The functions of a revision file that say what it does to the state, where running it cannot."""
BASELINE = "baseline.py"
"""The file beside env.py that makes the tables which were there before the first revision."""


@dataclass(frozen=True)
class Loaded:
    """A state from the cache, from which a replay went on."""

    key: str
    """Its key in the cache."""
    schema: Schema


class Replay:
    """The state, as revisions change it.

    Args:
        environment: whose revisions and env.py run.
        schema: what to begin with; None for the baseline, or nothing where there is none.
        cache: where states are kept; None to replay everything. Counts only where `schema` is None.
        watcher: is told what the steps that it wants do. Counts only where `schema` is None.
    """

    def __init__(
        self,
        environment: Environment,
        schema: Schema | None = None,
        *,
        cache: StateCache | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        database = environment.database
        self.environment = environment
        self.name = database.url.get_backend_name()
        self.cache = cache if schema is None else None
        self.opaque: list[Opaque] = []
        """What could not be replayed, in order; empty where the state is known."""
        self.row_statements: dict[str, tuple[str, ...]] = {}
        """The statements that read or change rows, by the revision's id; of those from the cache nothing is known."""
        self.begins_with_baseline = schema is None
        self.watcher = watcher
        self._arguments: Mapping[str, Any] = {}
        rules, default = database.dialect, database.dialect.schema_of(database.url)
        self.schema = schema or (
            Schema(rules, default, database.server_version)
            if watcher is None
            else WatchedSchema(rules, default, database.server_version, watcher)
        )
        self.replayed = 0
        """How many steps were taken without a doubt."""
        self.loaded: Loaded | None = None
        """Where the cache had a state to begin with, that state."""
        self.key: str | None = None
        """The key of the state in the cache, whether it could be kept there or not; None where it is not exact."""

    def run(
        self,
        plan: Plan,
        *,
        then: Callable[[MigrationContext], T] | None = None,
        after_each: Callable[[Step], None] | None = None,
    ) -> T | None:
        """Take the steps of a plan; what `then` returns.

        Where env.py runs migrations for several databases, each has its turn, and the state is that of the first one.

        Args:
            plan: the steps.
            then: called at the end, with a context whose connection shows the state.
            after_each: called after each step; all of them are then taken, whatever is in the cache.

        Raises:
            EnvironmentFailedError: env.py raises, or needs a real database.
        """
        results: list[T] = []
        beginning, first = self.schema.copy(), self.schema
        taken: list[Mapping[str, Any]] = []

        def work(context: MigrationContext, _: tuple[str, ...], arguments: Mapping[str, Any]) -> None:
            nonlocal first
            if arguments in taken:
                return  # a loop over tenants: they are all the same
            if taken:
                # Another of several databases, each with functions of its own in the revisions.
                first = self.schema.copy() if len(taken) == 1 else first
                self.schema.replace_with(beginning)
                self.begins_with_baseline, self.replayed = begins_with_baseline, 0
            taken.append(dict(arguments))
            self.take(plan, context, arguments, after_each)
            if then is not None:
                results.append(then(context))

        begins_with_baseline = self.begins_with_baseline
        with instead_of_every_engine(self.engine), contextlib.redirect_stdout(io.StringIO()):
            self.environment.online(work)
        if len(taken) > 1:
            self.schema.replace_with(first)
        return results[0] if results else None

    def compare(self, work: Callable[[], T]) -> T:
        """What `work` returns, which compares the state with something through Alembic.

        Raises:
            HistoryStateError: it asks for what only a database knows, as comparators of other packages may.
        """
        interpreter = self._interpreter
        interpreter.show_all()
        interpreter.obstacles.clear()
        error: Exception | None = None
        result: T | None = None
        try:
            result = work()
        except NeedsDatabaseError as raised:
            error = raised
        if interpreter.obstacles:
            obstacle = interpreter.obstacles[0]
            raise HistoryStateError(
                f"The comparison of the models asks the database itself: {shortened(obstacle.statement)}",
                hint="python manage.py makemigrations --against database",
            ) from error
        return cast("T", result)

    @property
    def is_exact(self) -> bool:
        """Whether the state is what a database holds."""
        return not self.opaque

    @cached_property
    def engine(self) -> Engine:
        """The engine whose connections show the state."""
        return state_engine(self.schema, self.name, self.environment.database.url)

    @property
    def _interpreter(self) -> Interpreter:
        interpreter: Interpreter = self.engine.interpreter  # type: ignore[attr-defined]
        return interpreter

    def take(
        self,
        plan: Plan,
        context: MigrationContext,
        arguments: Mapping[str, Any] = MappingProxyType({}),
        after_each: Callable[[Step], None] | None = None,
    ) -> None:
        """Take the steps where env.py has been run already.

        Args:
            plan: the steps.
            context: on a connection of `engine`.
            arguments: what the functions of the revisions are called with.
            after_each: as for `run`.
        """
        if connection_of(context).engine is not self.engine:
            raise EnvironmentFailedError(
                "env.py made its connection before the command began, so the history cannot be replayed on it.",
                hint="in env.py: context.config.attributes['project'].database().run(run_online)",
            )
        steps, extra = plan.steps, repr((naming_convention(context), sorted(arguments.items())))
        self._arguments = arguments
        first, unwatched = 0, 0 if after_each is not None else self._unwatched(steps)
        if self.cache is not None and unwatched:
            found = self.cache.load(steps[:unwatched], extra)
            if found is not None:
                self.replayed, dumped = first, _ = found
                self.schema.load(dumped)
                self.begins_with_baseline = False
                kept = self.schema.copy() if first < len(steps) else self.schema
                self.loaded = Loaded(self.cache.key_after(steps[:unwatched], extra, first), kept)
        self._make_version_table(context)
        with files_opened() as opened, contextlib.redirect_stdout(io.StringIO()):
            self._baseline()
            for place, step in enumerate(steps[first:], first + 1):
                with revision_transaction(context):
                    self._take_watched(step)
                if after_each is not None:
                    after_each(step)
                # What stood in the way may be gone the next time: an answer of the application, a missing package.
                if self.cache is not None and self.is_exact and place in (unwatched, len(steps)):
                    self.cache.save(steps[:place], extra, self.schema.dump(), opened)
        if self.cache is not None and self.is_exact and steps:
            self.key = self.cache.key_after(steps, extra, len(steps))

    def _unwatched(self, steps: Sequence[Step]) -> int:
        """How many steps come before the first one that somebody watches."""
        if self.watcher is None:
            return len(steps)
        return next((place for place, step in enumerate(steps) if self.watcher.wants(step)), len(steps))

    def _take_watched(self, step: Step) -> None:
        """Take a step; whoever wants it is told of it."""
        if self.watcher is None or not self.watcher.wants(step):
            self._take(step, self._arguments)
            return
        self._interpreter.watcher = self.watcher
        self.watcher.begin_step(self, step)
        try:
            self._take(step, self._arguments)
        finally:
            self._interpreter.watcher = None
            self.watcher.end_step(self, step)

    def tried(self, step: Step) -> tuple[Schema, tuple[Opaque, ...]]:
        """The schema after one more step, and what of it could not be replayed; the replay stays where it is.

        For a watcher, at the end of a step.
        """
        before, opaque, replayed = self.schema.copy(), self.opaque, self.replayed
        self.opaque = []
        try:
            self._take(step, self._arguments)
            return self.schema.copy(), tuple(self.opaque)
        finally:
            self.schema.replace_with(before)
            self.opaque, self.replayed = opaque, replayed

    def _make_version_table(self, context: MigrationContext) -> None:
        """Alembic's own table is there when a revision runs, and some look at it; it is no part of the schema."""
        key = self.schema.key(context.version_table_schema, context.version_table)
        self.schema.own_tables.add(key)
        if self.schema.find(key) is None:
            Record(context, ()).create_table()

    def _baseline(self) -> None:
        """Make what was there before the first revision."""
        path = self.environment.project.migrations_dir / BASELINE
        if self.begins_with_baseline and path.is_file():
            self._observe("baseline", path, lambda: load_module(path).upgrade())
        self.begins_with_baseline = False

    def _take(self, step: Step, arguments: Mapping[str, Any]) -> None:
        revision = step.revision
        found = len(self.opaque)
        global _running
        # A copy costs as much as the schema is large; only who asks for it gets one.
        asks = b"historical_tables" in revision.path.read_bytes()
        outer, _running = _running, _Running(revision, self.schema.copy() if asks else self.schema)
        try:
            self._observe(revision.id, revision.path, lambda: self._call(step, arguments))
        finally:
            _running = outer
        self.replayed += len(self.opaque) == found

    def _call(self, step: Step, arguments: Mapping[str, Any]) -> None:
        # Alembic's map of all revisions would cost more than the step.
        module = load_module(step.revision.path)
        function = function_of(module, is_upgrade=step.direction is Direction.UPGRADE)
        declared = getattr(module, DECLARED[step.direction], None)
        if declared is not None:
            declared()
        else:
            function(**arguments)

    def _observe(self, id: str, path: Path, call: Any) -> None:
        """Call, and keep what stands in the way of knowing what it did."""
        interpreter = self._interpreter
        interpreter.obstacles.clear()
        interpreter.rows.asked = None
        interpreter.rows.seen.clear()
        raised: BaseException | None = None
        try:
            call()
        except (Exception, SystemExit) as error:
            raised = error
        if interpreter.rows.seen:
            self.row_statements[id] = tuple(dict.fromkeys(interpreter.rows.seen))
        for obstacle in interpreter.obstacles:
            kind = "ddl" if isinstance(obstacle, OpaqueStatementError) else "rows"
            line = last_line(path, getattr(obstacle, "stack", None) or [])
            self.opaque.append(Opaque(id, path, line, kind, obstacle.reason, " ".join(obstacle.statement.split())))
        if raised is not None and not interpreter.obstacles:
            self.opaque.append(self._of_error(id, path, raised, interpreter.rows.asked))

    def _of_error(self, id: str, path: Path, error: BaseException, asked: str | None) -> Opaque:
        """What an exception of a revision means: it needed rows, it follows from an earlier one, or it just raised."""
        said = one_line(getattr(error, "orig", None) or error)
        line = line_of(path, error)
        roots = [each.revision for each in self.opaque if each.kind != "follows"]
        if isinstance(getattr(error, "orig", None), driver.Error) and roots:
            return Opaque(id, path, line, "follows", f"it follows {roots[-1]}, which is opaque: {said}")
        if asked is not None:
            return Opaque(id, path, line, "rows", f"it needs rows: {said}", " ".join(asked.split()))
        return Opaque(id, path, line, "raises", said)


@dataclass(frozen=True)
class _Running:
    revision: Revision
    before: Schema


_running: _Running | None = None


def running_state(revision: str) -> Schema | None:
    """The state before the revision that is being replayed right now; None where this one is not."""
    return _running.before if _running is not None and _running.revision.id == revision else None
