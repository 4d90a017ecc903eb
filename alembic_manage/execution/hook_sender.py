"""Calls the hooks of a project while a run goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from alembic_manage.alembic_api import connection_of, owns_transaction
from alembic_manage.errors import CommandError, HookFailedError
from alembic_manage.execution.go_on import GoOn
from alembic_manage.execution.observer import Silent
from alembic_manage.hooks import HookEvent, HookFunction, NamedHooks, functions_of, name_of
from alembic_manage.location import location_of, one_line
from alembic_manage.plan import Direction, Plan, Step

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


class HookSender(Silent):
    """An observer that calls hooks; around the run it is entered.

    Once `pre_migrate` was called, either `post_migrate` or `migrate_failed` is, whatever happens.

    Args:
        named: the functions that the settings name; those that are connected in Python come on top.
        database: the alias, for the events.
        is_fake: whether all of it is recorded without being run.
        root: the project's folder, for file names in messages.
        warn: is told, in one line, of a function of `migrate_failed` that raises: the run has failed already.
        go_on: what was typed, for the hint of a failure.
    """

    def __init__(
        self,
        named: NamedHooks,
        database: str,
        *,
        is_fake: bool,
        root: Path,
        warn: Callable[[str], object],
        go_on: GoOn,
    ) -> None:
        self._named = named
        self._database = database
        self._is_fake = is_fake
        self._root = root
        self._warn = warn
        self._go_on = go_on
        self._context: MigrationContext | None = None
        self._plan: Plan | None = None
        self._step: Step | None = None
        self._done: list[Step] = []
        self._began = 0.0

    def __enter__(self) -> HookSender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._plan is not None:
            self._tell_failure(self._plan, error)

    def opened(self, context: MigrationContext) -> None:
        """The connection that hooks get."""
        self._context = context

    def planned(self, plan: Plan) -> None:
        """`pre_migrate`, where there is something to do."""
        if not plan.steps:
            return
        self._plan, self._step, self._done, self._began = plan, None, [], time.monotonic()
        self._send("pre_migrate", plan)

    def started(self, step: Step) -> None:
        """`before_revision`."""
        self._step = step
        if self._plan is not None:
            self._send("before_revision", self._plan, step=step)

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """`after_revision`, and after the last one `post_migrate`."""
        plan = self._plan
        if plan is None:
            return
        self._done.append(step)
        self._send("after_revision", plan, step=step, seconds=seconds, is_fake=faked)
        self._step = None
        if len(self._done) == len(plan.steps):
            self._plan = None
            self._send("post_migrate", plan, seconds=time.monotonic() - self._began)

    def _send(self, hook: str, plan: Plan, **fields: Any) -> None:
        """Call the functions of a hook one by one.

        Raises:
            HookFailedError: one raised; those after it are not called.
        """
        assert self._context is not None, "opened() comes first"
        connection = connection_of(self._context)
        owned = owns_transaction(self._context)
        for function in functions_of(hook, self._named):
            try:
                function(self._event(hook, plan, connection=connection, **fields))
                if owned and connection.in_transaction():
                    connection.commit()
            except Exception as error:
                if owned and not connection.closed and not connection.invalidated:
                    connection.rollback()
                raise self._failure(hook, plan, function, error, owned=owned) from error

    def _event(self, hook: str, plan: Plan, **fields: Any) -> HookEvent:
        return HookEvent(
            **{
                "hook": hook,
                "database": self._database,
                "plan": plan,
                "done": tuple(self._done),
                "is_fake": self._is_fake,
                **fields,
            }
        )

    def _failure(
        self, hook: str, plan: Plan, function: HookFunction, error: Exception, *, owned: bool
    ) -> HookFailedError:
        place = location_of(error, self._root)
        said = str(error) if isinstance(error, CommandError) else one_line(error)
        stays = self._what_stays(plan) if owned else "env.py began the transaction, so it decides what is kept."
        left = plan.steps[len(self._done) :]
        if left:
            again = f"mend it, then: {self._go_on.line(left)}"
        else:
            command = "migrate" if plan.direction is Direction.UPGRADE else "rollback"
            again = f"mend it, and do by hand what it left undone: {command} does not call it again"
        return HookFailedError(
            f"The hook {name_of(function)} ({hook}) failed{f' at {place}' if place else ''}: {said}\n{stays}",
            hint=(isinstance(error, CommandError) and error.hint) or again,
            returncode=error.returncode if isinstance(error, CommandError) else None,
        )

    def _what_stays(self, plan: Plan) -> str:
        word = "applied" if plan.direction is Direction.UPGRADE else "taken back"
        done, left = len(self._done), len(plan.steps) - len(self._done)
        if not done:
            return f"Nothing was {word}."
        last = self._done[-1].revision.id
        what = f"{last} is {word} and stays so" if done == 1 else f"{done} migrations are {word} and stay so"
        return f"{what}{f'; {left} more were not begun' if left else ''}."

    def _tell_failure(self, plan: Plan, error: BaseException) -> None:
        seconds = time.monotonic() - self._began
        for function in functions_of("migrate_failed", self._named):
            try:
                function(
                    self._event("migrate_failed", plan, connection=None, step=self._step, seconds=seconds, error=error)
                )
            except Exception as raised:
                place = location_of(raised, self._root)
                at = f" at {place}" if place else ""
                self._warn(f"The hook {name_of(function)} (migrate_failed) failed{at}: {one_line(raised)}")
