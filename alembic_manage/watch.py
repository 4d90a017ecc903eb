"""Who watches a run of migrate or rollback: the report, the hooks of the project, and the progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic_manage.console import OutputWrapper
from alembic_manage.environment import Environment
from alembic_manage.execution.hook_sender import HookSender
from alembic_manage.execution.observer import Observer, Observers
from alembic_manage.hooks import named_hooks
from alembic_manage.reports import RunReport


@contextmanager
def watched(
    environment: Environment, report: RunReport, err: OutputWrapper, *, is_fake: bool = False
) -> Iterator[Observer]:
    """The observer of a run, while it goes on.

    Args:
        environment: of the database.
        report: what prints the run.
        err: standard error, for warnings and for what takes long.
        is_fake: whether all of it is recorded without being run.

    Raises:
        SettingsError: a hook that the settings name cannot be called.
    """
    project = environment.project
    sender = HookSender(
        named_hooks(project.settings.hooks, project.root),
        environment.database.alias,
        is_fake=is_fake,
        root=project.root,
        warn=err.write,
    )
    with sender:
        yield Observers(sender, report)
