"""One run of one plan on one connection: each revision in a transaction of its own, with its record and its account."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from alembic_manage.alembic_api import Record, connection_of, owns_transaction, revision_step, revision_transaction
from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.environment import Environment
from alembic_manage.errors import (
    CommandError,
    ExitCode,
    LockedError,
    RefusedError,
    RevisionFailedError,
)
from alembic_manage.execution.account import Account, StepAccount
from alembic_manage.execution.failures import Failures
from alembic_manage.execution.fake import FakePolicy
from alembic_manage.execution.invalid_indexes import InvalidIndexes
from alembic_manage.execution.journal import JournalTable, Player
from alembic_manage.execution.keeping import Kept
from alembic_manage.execution.locks import Holder, MigrationLock
from alembic_manage.execution.losses import losses_of
from alembic_manage.execution.observer import Observer
from alembic_manage.execution.own_statements import own
from alembic_manage.execution.policy import RunPolicy
from alembic_manage.execution.rebuilds import may_rebuild_tables
from alembic_manage.execution.statements import StatementCount
from alembic_manage.execution.time_out import is_lock_failure, is_statement_timeout, with_advice
from alembic_manage.execution.timeouts import session_timeouts
from alembic_manage.plan import Direction, Plan, Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from sqlalchemy import Connection

_COMMITTING = (b"autocommit_block", b".commit(", b"COMMIT")
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0


class Run:
    """Takes the steps of a plan.

    Args:
        environment: the project's view of the database.
        context: Alembic's, on the connection that env.py made.
        heads: what the version table holds.
        arguments: what the functions of the revisions are called with.
        fake: says of a step whether to record it without running it.
        policy: how to behave towards others.
        lock: held by this process.
        account: where to keep account; None for nowhere.
        keep_data: whether what a downgrade drops is kept.
    """

    def __init__(
        self,
        environment: Environment,
        context: MigrationContext,
        heads: tuple[str, ...],
        arguments: Mapping[str, Any],
        *,
        fake: FakePolicy,
        policy: RunPolicy,
        lock: MigrationLock,
        account: Account | None,
        keep_data: bool = False,
    ) -> None:
        self.environment = environment
        self.context = context
        self.arguments = arguments
        self.fake = fake
        self.policy = policy
        self.lock = lock
        self.account = account
        self.connection: Connection = connection_of(context)
        self.dialect: Dialect = dialect_named(self.connection.dialect.name)
        self.record = Record(context, heads)
        self.keep_data = keep_data
        self.kept = Kept(context)
        self.invalid_indexes = InvalidIndexes(self.connection)
        self.statements = StatementCount(self.connection, ddl_commits=not self.dialect.transactional_ddl)
        self.failures = Failures(environment, context, self.invalid_indexes)
        self._owns_transaction = owns_transaction(context)
        """Whether the run begins and commits; inside a transaction of env.py it guards, notes and retries nothing."""
        self._resume_at = policy.resume_at
        self._holder = Holder.this_process()
        self._left: Sequence[Step] = ()
        """The steps that are not done yet."""
        self._announced: Step | None = None
        """The step of which those who wait know, since the lock was seen held."""
        self._is_first = True
        """Whether the journal may hold something of an earlier try: false once a revision of this run is done."""

    def take(self, plan: Plan, observer: Observer) -> None:
        """Take every step of the plan."""
        if not self._owns_transaction:
            self._refuse_loss(plan)
            self._take_all(plan, observer)
            return
        self.connection.commit()  # ends what reading the record began
        self.invalid_indexes.tell = observer.waiting
        with (
            self.dialect.migration_session(self.connection),
            session_timeouts(self.connection, self.policy),
            self.invalid_indexes,
        ):
            self._take_all(plan, observer)

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

    def _take_all(self, plan: Plan, observer: Observer) -> None:
        self.record.create_table()
        if self.account is not None:
            self.account.open()
            if self._owns_transaction and not all(map(self._is_one_transaction, plan.steps)):
                JournalTable(self.context).create()
        if self._owns_transaction:
            self.connection.commit()
        with self.statements:
            for at, step in enumerate(plan.steps):
                self._left = plan.steps[at:]
                self._observed(step, observer)

    def _observed(self, step: Step, observer: Observer) -> None:
        observer.started(step)
        began = time.monotonic()
        try:
            faked = self._retried(step, observer)
        except BaseException:
            observer.failed(step)
            raise
        observer.finished(step, seconds=time.monotonic() - began, faked=faked)

    def _retried(self, step: Step, observer: Observer) -> bool:
        """Take one step, again and again while others hold a lock that it needs; whether it was faked."""
        for attempt in range(self.policy.lock_retries + 1):
            try:
                return self._step(step, observer)
            except RevisionFailedError as error:
                # One that stopped halfway goes on from there: its journal knows the place.
                is_locked = is_lock_failure(error, self.dialect)
                if attempt == self.policy.lock_retries or not self._owns_transaction or not is_locked:
                    is_late = self._owns_transaction and (is_locked or is_statement_timeout(error, self.dialect))
                    blockers = self._blockers(error) if is_late else ()
                    raise with_advice(error, self._again, self.dialect, blockers) from error.__cause__
                pause_s = min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S) * random.uniform(0.5, 1.0)
                observer.delayed(step, self._blockers(error), pause_s)
                time.sleep(pause_s)
        raise AssertionError("a step that was tried has returned or raised")

    @property
    def _again(self) -> str:
        """The command that goes on from the step that is being taken."""
        return self.policy.go_on.line(self._left)

    def _blockers(self, error: RevisionFailedError) -> tuple[str, ...]:
        cause = error.__cause__
        statement = cause.statement if isinstance(cause, DBAPIError) else None
        try:
            found = self.dialect.blockers(self.connection, statement or "")
            self.connection.rollback()
        except DBAPIError:
            return ()
        return tuple(self.environment.without_secrets(line) for line in found)

    def _step(self, step: Step, observer: Observer) -> bool:
        """Take one step; whether it was faked."""
        is_journaled = self._owns_transaction and not self._is_one_transaction(step)
        # A transaction is committed only after another look at the lock; the one before the last commit will do for it.
        if is_journaled or not self._owns_transaction or self._announced is not step:
            self._require_lock(step)
        self._announced = None
        account = self.account.entry(step) if self.account is not None else None
        player = self._player(step, account, observer) if account is not None and is_journaled else None
        self.statements.begin()
        try:
            if not self._owns_transaction:
                return self._run_or_fake(step, account, player)
            with self._guarded(step):
                faked = self._run_or_fake(step, account, player)
            self._is_first = self._is_first and player is None
            return faked
        except CommandError as error:
            self._account_for(account, error, player)
            raise
        except BaseException as error:
            stop = _interruption_in(error)
            if stop is not None:
                self._tell_of_halves(step, stop, player)
                raise stop from None
            failure = self.failures.failed(step, error, self.statements, player, self._again)
            self._account_for(account, failure, player)
            raise failure from error

    def _tell_of_halves(self, step: Step, stop: BaseException, player: Player | None) -> None:
        """Raise, where something stays of a revision that was interrupted."""
        stays = player.stays if player is not None else self.statements.committed
        if self._owns_transaction and stays:
            what = f"Migration {step.revision.id} was interrupted.{self.invalid_indexes.left()}"
            raise self.failures.stopped(what, stays, player, ExitCode.INTERRUPTED, self._again) from stop

    def _player(self, step: Step, account: StepAccount, observer: Observer) -> Player:
        """Whoever takes the step from its journal, which goes on behind what an earlier try has done."""
        player = Player(self.context, step, account.checksum or "", is_first=self._is_first)
        player.open(self._resume_at)
        self._resume_at, self._is_first = None, True
        account.begin()
        self.connection.commit()
        if player.stays and not player.is_changed:
            observer.resumed(step, player.stays)
        return player

    def _is_one_transaction(self, step: Step) -> bool:
        """Whether what the step does is in one transaction with its record, as far as its source tells."""
        if not self.dialect.transactional_ddl:
            return False
        source = step.revision.path.read_bytes()
        return not any(word in source for word in _COMMITTING)

    def _account_for(self, account: StepAccount | None, error: CommandError, player: Player | None) -> None:
        """Write into the ledger that the step failed; where even that fails, the error itself says enough."""
        if account is None or not self._owns_transaction:
            return
        with contextlib.suppress(Exception):
            self.connection.rollback()
            account.failed(str(error).splitlines()[0], self.statements.writes)
            if player is not None:
                player.settle()
            self.connection.commit()

    def _require_lock(self, step: Step | None) -> None:
        """Raise, where the lock was lost: another migrator may be at work already; else say what begins now."""
        if step is None:
            is_held = self.lock.is_held()
        else:
            word = "applying" if step.direction is Direction.UPGRADE else "taking back"
            is_held = self.lock.announce(replace(self._holder, doing=f"{word} {step.revision.id}"))
        if not is_held:
            raise LockedError(
                "The lock that keeps other migrators away was lost: its connection was cut, or a pooler gave each "
                "statement another session. What was finished is recorded; nothing more was begun.",
                hint=f'behind a pooler: "MIGRATION_LOCK": "row" in DATABASES; else again: {self._again}',
            )

    @contextmanager
    def _guarded(self, step: Step) -> Iterator[None]:
        rebuilds = partial(may_rebuild_tables, step.revision.path, step.direction.value)
        with (
            self.dialect.revision_guard(self.connection, may_rebuild_tables=rebuilds) as guard,
            revision_transaction(self.context),
        ):
            yield
            # The commit that follows may fail, and then it committed nothing.
            self.statements.freeze()
            broken = guard.before_commit(self.connection)
            if broken:
                raise RevisionFailedError(
                    f"Migration {step.revision.id} was rolled back: after it, {broken}.",
                    hint=f"let {step.revision.path.name} mend or delete these rows",
                )
            following = self._left[1] if len(self._left) > 1 else None
            self._require_lock(following)
            self._announced = following

    def _run_or_fake(self, step: Step, account: StepAccount | None, player: Player | None) -> bool:
        faked = self.fake(self.connection, step)
        taken = revision_step(
            self.environment.script.revision_map,
            step.revision.id,
            is_upgrade=step.direction is Direction.UPGRADE,
            runs=not faked,
        )
        if not faked:
            with player or contextlib.nullcontext():
                self._call(step, taken)
        if player is not None:
            player.close(faked=faked)
        self._account_and_record(taken, account, faked=faked, sent=self.statements.writes)
        return faked

    def _account_and_record(self, taken: RevisionStep, account: StepAccount | None, *, faked: bool, sent: int) -> None:
        """Move the record, and say so in the ledger: in one statement where the database has one for it."""
        note = None
        if account is not None and self.dialect.updates_in_with:
            note = account.note(faked=faked, statements=sent)
        with own(self.connection):
            is_noted = self.record.move(taken, self.arguments, note)
        if account is not None and not is_noted:
            account.done(faked=faked, statements=sent)

    def _call(self, step: Step, taken: RevisionStep) -> None:
        """Run the function of the revision; keep what it drops, or put back what was kept."""
        if step.direction is Direction.DOWNGRADE and self.keep_data:
            self.kept.keep(losses_of(Plan("", (step,)), self.connection))
        taken.migration_fn(**self.arguments)
        if step.direction is Direction.UPGRADE and self.account is not None and self._has_kept:
            self.kept.put_back(step.revision.id)

    @cached_property
    def _has_kept(self) -> bool:
        """Whether anything was kept when this run began."""
        return self.kept.exists


def _interruption_in(error: BaseException) -> BaseException | None:
    """Ctrl-C, or what else is no Exception, where that is what led to an error; None where nothing of it did.

    SQLAlchemy drops the connection of an interrupted statement, and what closes a block of Alembic's then raises.
    """
    seen: BaseException | None = error
    while seen is not None and isinstance(seen, Exception):
        seen = seen.__context__
    return seen
