"""Runs a plan: one migrator at a time, one transaction a revision, the record moved in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from alembic_manage.alembic_api import connection_of, owns_transaction
from alembic_manage.environment import Environment
from alembic_manage.errors import EnvironmentFailedError, RevisionFailedError
from alembic_manage.execution.fake import FakePolicy, run_all
from alembic_manage.execution.journal import JournalTable, Pending, nothing_to_resume
from alembic_manage.execution.locks import MigrationLock, held, lock_for
from alembic_manage.execution.locks.no_lock import NoLock
from alembic_manage.execution.observer import Observer
from alembic_manage.execution.policy import RunPolicy
from alembic_manage.plan import Plan

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

__all__ = ["Executor", "Observer", "Planner"]

Planner = Callable[[frozenset[str]], Plan]
"""Makes the plan from what is recorded: for each time env.py runs migrations, and again once the lock is held."""
Review = Callable[[Plan, "MigrationContext"], None]
"""Looks at a plan before it runs; called again where another migrator has changed it meanwhile."""


class Executor:
    """Runs plans on the database of an environment.

    Args:
        environment: the project's view of the database.
        is_scratch: whether a connection is to a scratch database: no other may be used, and neither lock nor ledger is
            kept; None for a real run.
        policy: how to behave towards others.
    """

    def __init__(
        self,
        environment: Environment,
        is_scratch: Callable[[Connection], bool] | None = None,
        policy: RunPolicy | None = None,
    ) -> None:
        self.environment = environment
        self.is_scratch = is_scratch
        self.policy = policy or RunPolicy()

    def run(
        self,
        planner: Planner,
        observer: Observer,
        *,
        fake: FakePolicy = run_all,
        review: Review | None = None,
        keep_data: bool = False,
    ) -> None:
        """Plan and run.

        Where there is nothing to do, no lock is taken and nothing is written. Else the plan is made again once this
        process has the lock: what another migrator did meanwhile is not done twice.

        Each revision runs in a transaction of its own, together with the change of the record; where the database
        cannot roll DDL back, each of its statements counts at once.

        Args:
            planner: makes the plan from what is recorded.
            observer: is told the plan, and each revision's begin and end.
            fake: says of a step whether to record it without running it.
            review: looks at a plan with steps, before the lock is taken; raises to stop here.
            keep_data: whether what a downgrade drops is kept in tables of its own.

        Raises:
            LockedError: another migrator has the lock for longer than the policy waits.
            RevisionFailedError: a revision raised, and left no trace.
            RevisionStoppedError: a revision raised partway, and the database cannot undo what it did.
            ConnectionFailedError: there is no connection.
        """
        expected: list[frozenset[str]] = []
        left_to_env = False

        def work(context: MigrationContext, heads: tuple[str, ...], arguments: Mapping[str, Any]) -> None:
            nonlocal left_to_env
            self._require_scratch(context)
            plan = planner(frozenset(heads))
            self._require_pending_first(context, heads, plan)
            if not plan.steps:
                observer.planned(plan)
                expected.append(frozenset(heads))
                return
            if review is not None:
                review(plan, context)
            with self._locked(context, observer) as lock:
                if self.is_scratch is None:
                    heads = _heads_now(context)
                    reviewed, plan = plan, planner(frozenset(heads))
                    if review is not None and plan.steps and plan != reviewed:
                        review(plan, context)
                    self._settle(context, heads, plan, observer)
                observer.opened(context)
                observer.planned(plan)
                from alembic_manage.execution.account import Account
                from alembic_manage.execution.run import Run

                account = Account(context, self.policy.application_version) if self.is_scratch is None else None
                run = Run(
                    self.environment,
                    context,
                    heads,
                    arguments,
                    fake=fake,
                    policy=self.policy,
                    lock=lock,
                    account=account,
                    keep_data=keep_data,
                )
                if plan.steps:
                    left_to_env = left_to_env or not owns_transaction(context)
                    run.take(plan, observer)
                expected.append(run.record.heads)

        self.environment.online(work)
        if left_to_env:
            self._require_committed(expected)

    def _require_pending_first(self, context: MigrationContext, heads: tuple[str, ...], plan: Plan) -> None:
        """Raise where the plan does not begin with what stopped halfway, or where nothing did that is to be resumed."""
        pending = self._pending(context, heads)
        if pending is not None:
            pending.require_next(plan, self.environment.history, self.environment.database.alias)
        if self.policy.resume_at is not None and not (pending and pending.statements):
            raise nothing_to_resume()

    def _pending(self, context: MigrationContext, heads: tuple[str, ...]) -> Pending | None:
        """A revision that stopped halfway, and that the version table does not know as done."""
        pending = Pending.read(context) if self.is_scratch is None else None
        is_over = pending is not None and pending.is_over(self.environment.history, frozenset(heads))
        return None if is_over else pending

    def _settle(self, context: MigrationContext, heads: tuple[str, ...], plan: Plan, observer: Observer) -> None:
        """With the lock held: nobody works on what a run that was killed has left, and the plan goes on with it."""
        pending = Pending.read(context)
        if pending is None:
            return
        if pending.is_over(self.environment.history, frozenset(heads)):
            JournalTable(context).clear()
            return
        pending.require_next(plan, self.environment.history, self.environment.database.alias)
        if owns_transaction(context):
            connection_of(context).rollback()
            pending.wait(connection_of(context), self.policy.lock_timeout_s, observer.waiting)

    def _locked(self, context: MigrationContext, observer: Observer) -> AbstractContextManager[MigrationLock]:
        if self.is_scratch is not None:
            return nullcontext(NoLock())
        if owns_transaction(context):
            # Who waits in a transaction has a session of the pooler, and perhaps the last one.
            connection_of(context).rollback()
        return held(lock_for(context, self.policy.lock), self.policy.lock_timeout_s, observer.waiting)

    def _require_scratch(self, context: MigrationContext) -> None:
        if self.is_scratch is not None and not self.is_scratch(connection_of(context)):
            raise EnvironmentFailedError(
                "env.py connects by itself, so the SQL cannot be recorded on a scratch database.",
                hint="in env.py: context.config.attributes['project'].database().run(run_online)",
            )

    def _require_committed(self, expected: list[frozenset[str]]) -> None:
        """Look again, where env.py has the transaction: without its commit everything that ran is gone."""
        if self.environment.read(lambda _, heads: frozenset(heads)) != expected:
            raise RevisionFailedError(
                "env.py began a transaction before context.configure() and never committed it: what ran is not "
                "recorded, and undone as far as the database can undo it.",
                hint="put connection.commit() before context.configure() in env.py",
            )


def _heads_now(context: MigrationContext) -> tuple[str, ...]:
    """What the version table holds after the wait for the lock, not in the snapshot from before."""
    if owns_transaction(context):
        connection_of(context).rollback()
    return tuple(context.get_current_heads())
