"""Runs revisions on a scratch database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alembic_manage.alembic_api import connection_of, load_module, revision_transaction
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.fake import FakePolicy, fake_all, run_all
from alembic_manage.execution.observer import Observer, Silent
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.scratch import ScratchEnvironment
from alembic_manage.state.replay import BASELINE


def migrated(scratch: ScratchEnvironment, plan: Plan) -> None:
    """Run a plan on an empty scratch database, the baseline first where the project has one.

    Args:
        scratch: of a scratch database.
        plan: what to run.

    Raises:
        RevisionFailedError: a revision raised.
    """
    run_baseline(scratch)
    execute(scratch, plan, Silent())


def note(scratch: ScratchEnvironment, ids: Sequence[str]) -> None:
    """Write into the version table of a scratch database that it is at some revisions; nothing of them is run."""
    steps = tuple(Step(scratch.history.find(id), Direction.UPGRADE) for id in ids)
    execute(scratch, Plan("", steps), Silent(), fake=fake_all)


def execute(scratch: ScratchEnvironment, plan: Plan, observer: Observer, *, fake: FakePolicy = run_all) -> None:
    """Run a plan on a scratch database, and on no other; no ledger is kept.

    Args:
        scratch: of a scratch database.
        plan: what to run.
        observer: is told of it.
        fake: says of a step whether to record it without running it.

    Raises:
        RevisionFailedError: a revision raised.
    """
    Executor(scratch, is_scratch=scratch.guard.owns).run(lambda recorded: plan, observer, fake=fake)


def run_baseline(scratch: ScratchEnvironment) -> None:
    """Make what is there before the first revision, if the project has a file for that."""
    path = scratch.project.migrations_dir / BASELINE
    if not path.is_file():
        return

    def run(context: Any, *_: Any) -> None:
        with revision_transaction(context):
            load_module(path).upgrade()
        connection_of(context).commit()

    scratch.online(run)
