"""Runs a plan: one transaction a revision, and the record moved in the same transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from alembic_manage.alembic_api import (
    Record,
    connection_of,
    owns_transaction,
    revision_step,
    revision_transaction,
)
from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.environment import Environment
from alembic_manage.errors import (
    CommandError,
    EnvironmentFailedError,
    ExitCode,
    RefusedError,
    RevisionFailedError,
    RevisionStoppedError,
)
from alembic_manage.execution.fake import FakePolicy, run_all
from alembic_manage.execution.ledger import Ledger, now
from alembic_manage.execution.rebuilds import may_rebuild_tables
from alembic_manage.execution.statements import StatementCount
from alembic_manage.location import display_path, location_of, one_line
from alembic_manage.plan import Direction, Plan, Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

Planner = Callable[[frozenset[str]], Plan]
"""Makes the plan from what is recorded; called once for each time env.py runs migrations."""


class Observer(Protocol):
    """Who is told what happens; the executor itself prints nothing."""

    def planned(self, plan: Plan) -> None:
        """The plan is known and nothing has run; raise to stop here."""

    def started(self, step: Step) -> None:
        """A revision begins."""

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """A revision is committed."""

    def failed(self, step: Step) -> None:
        """A revision raised, or was interrupted."""


class Executor:
    """Runs plans on the database of an environment.

    Args:
        environment: the project's view of the database.
        scratch: the engine of a scratch database: no other may be used, and no ledger is kept; None for a real run.
    """

    def __init__(self, environment: Environment, scratch: object = None) -> None:
        self.environment = environment
        self.scratch = scratch

    def run(self, planner: Planner, observer: Observer, *, fake: FakePolicy = run_all) -> None:
        """Plan and run.

        Each revision runs in a transaction of its own, together with the change of the record; where the database
        cannot roll DDL back, each of its statements counts at once.

        Args:
            planner: makes the plan from what is recorded.
            observer: is told the plan, and each revision's begin and end.
            fake: says of a step whether to record it without running it.

        Raises:
            RevisionFailedError: a revision raised, and left no trace.
            RevisionStoppedError: a revision raised partway, and the database cannot undo what it did.
            ConnectionFailedError: there is no connection.
        """
        expected: list[frozenset[str]] = []
        left_to_env = False

        def work(context: MigrationContext, heads: tuple[str, ...], arguments: Mapping[str, Any]) -> None:
            nonlocal left_to_env
            if self.scratch is not None and connection_of(context).engine is not self.scratch:
                raise EnvironmentFailedError(
                    "env.py connects by itself, so the SQL cannot be recorded on a scratch database.",
                    hint="in env.py: context.config.attributes['project'].database().run(run_online)",
                )
            plan = planner(frozenset(heads))
            observer.planned(plan)
            run = _Run(self.environment, context, heads, arguments, fake)
            if self.scratch is not None:
                run.ledger = None
            if plan.steps:
                left_to_env = left_to_env or not owns_transaction(context)
                run.take(plan, observer)
            expected.append(run.record.heads)

        self.environment.online(work)
        if left_to_env:
            self._require_committed(expected)

    def _require_committed(self, expected: list[frozenset[str]]) -> None:
        """Look again, where env.py has the transaction: without its commit everything that ran is gone."""
        if self.environment.read(lambda _, heads: frozenset(heads)) != expected:
            raise RevisionFailedError(
                "env.py began a transaction before context.configure() and never committed it: what ran is not "
                "recorded, and undone as far as the database can undo it.",
                hint="put connection.commit() before context.configure() in env.py",
            )


class _Run:
    """One run of one plan on one connection."""

    def __init__(
        self,
        environment: Environment,
        context: MigrationContext,
        heads: tuple[str, ...],
        arguments: Mapping[str, Any],
        fake: FakePolicy,
    ) -> None:
        self.environment = environment
        self.context = context
        self.arguments = arguments
        self.fake = fake
        self.connection: Connection = connection_of(context)
        self.dialect: Dialect = dialect_named(self.connection.dialect.name)
        self.record = Record(context, heads)
        self.ledger: Ledger | None = Ledger(context)

    def take(self, plan: Plan, observer: Observer) -> None:
        """Take every step of the plan."""
        if not owns_transaction(self.context):
            self._refuse_loss(plan)
            self._take_all(plan, observer, guarded=False)
            return
        self.connection.commit()  # ends what reading the record began
        with self.dialect.migration_session(self.connection):
            self._take_all(plan, observer, guarded=True)

    def _refuse_loss(self, plan: Plan) -> None:
        loss = self.dialect.loss_in_foreign_transaction(self.connection)
        rebuilding = [
            step.revision.id for step in plan.steps if may_rebuild_tables(step.revision.path, step.direction.value)
        ]
        if loss and rebuilding:
            raise RefusedError(
                f"{rebuilding[0]} may rebuild a table, and env.py begins a transaction before context.configure(): "
                f"{loss} would be lost.",
                hint="call context.configure() before the transaction begins: with engine.connect() as connection",
            )

    def _take_all(self, plan: Plan, observer: Observer, *, guarded: bool) -> None:
        self.record.create_table()
        if self.ledger is not None:
            self.ledger.create_table()
        if guarded:
            self.connection.commit()
        for step in plan.steps:
            self._observed(step, observer, guarded=guarded)

    def _observed(self, step: Step, observer: Observer, *, guarded: bool) -> None:
        observer.started(step)
        began = time.monotonic()
        try:
            faked = self._step(step, guarded=guarded)
        except BaseException:
            observer.failed(step)
            raise
        observer.finished(step, seconds=time.monotonic() - began, faked=faked)

    def _step(self, step: Step, *, guarded: bool) -> bool:
        """Take one step; whether it was faked."""
        with StatementCount(self.connection, ddl_commits=not self.dialect.transactional_ddl) as statements:
            try:
                if not guarded:
                    return self._run_or_fake(step)
                with self._guarded(step, statements):
                    return self._run_or_fake(step)
            except CommandError:
                raise
            except Exception as error:
                raise self._failure(step, error, statements) from error
            except BaseException as stop:
                if not guarded or not statements.committed:
                    raise
                raise self._stopped(
                    step, f"Migration {step.revision.id} was interrupted.", statements, ExitCode.INTERRUPTED
                ) from stop

    @contextmanager
    def _guarded(self, step: Step, statements: StatementCount) -> Iterator[None]:
        rebuilds = may_rebuild_tables(step.revision.path, step.direction.value)
        with (
            self.dialect.revision_guard(self.connection, may_rebuild_tables=rebuilds) as guard,
            revision_transaction(self.context),
        ):
            yield
            # The commit that follows may fail, and then it committed nothing.
            statements.freeze()
            broken = guard.before_commit(self.connection)
            if broken:
                raise RevisionFailedError(
                    f"Migration {step.revision.id} was rolled back: after it, {broken}.",
                    hint=f"let {step.revision.path.name} mend or delete these rows",
                )

    def _run_or_fake(self, step: Step) -> bool:
        started_at = now()
        faked = self.fake(self.connection, step)
        taken = revision_step(
            self.environment.script.revision_map,
            step.revision.id,
            is_upgrade=step.direction is Direction.UPGRADE,
            runs=not faked,
        )
        if not faked:
            taken.migration_fn(**self.arguments)
        self.record.move(taken, self.arguments)
        if self.ledger is not None:
            self.ledger.add(step, started_at, faked=faked)
        return faked

    def _failure(self, step: Step, error: Exception, statements: StatementCount) -> RevisionFailedError:
        """The error for what a revision raised; it says what of the revision is still there."""
        root = self.environment.project.root
        place = location_of(error, root) or display_path(step.revision.path, root)
        said = self.environment.without_secrets(one_line(getattr(error, "orig", None) or error))
        what = f"Migration {step.revision.id} failed at {place}: {said}"
        command = "migrate" if step.direction is Direction.UPGRADE else "rollback"
        if not owns_transaction(self.context):
            return RevisionFailedError(
                f"{what}\nIt is not recorded. env.py began the transaction itself, so it also decides what is kept.",
                hint=f"mend the file, then: python manage.py {command}",
            )
        if not statements.committed:
            return RevisionFailedError(
                f"{what}\nIt was rolled back and left no trace; the migrations before it stay applied.",
                hint=f"mend the file, then: python manage.py {command}",
            )
        return self._stopped(step, what, statements, ExitCode.STOPPED_PARTWAY)

    def _stopped(self, step: Step, what: str, statements: StatementCount, code: ExitCode) -> RevisionStoppedError:
        """The error for a revision of which something stays."""
        why = (
            "its autocommit_block"
            if self.dialect.transactional_ddl
            else f"{self.dialect.title}, which rolls no DDL back"
        )
        then = "python manage.py migrate" if step.direction is Direction.UPGRADE else "python manage.py rollback"
        return RevisionStoppedError(
            f"{what}\nIt is not recorded, but its first {statements.committed} statement(s) stay in effect, because of "
            f"{why}.",
            hint=f"undo them by hand (python manage.py dbshell), mend the file, then: {then}",
            returncode=code,
        )
