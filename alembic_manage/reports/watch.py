"""Who watches a run of migrate or rollback: the report, the hooks of the project, and the progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic_manage.console import OutputWrapper, VanishingLine, has_live_lines
from alembic_manage.environment import Environment
from alembic_manage.execution.go_on import GoOn
from alembic_manage.execution.hook_sender import HookSender
from alembic_manage.execution.observer import Observer, Observers
from alembic_manage.execution.progress import Display, LiveLine, LogLines, Progress
from alembic_manage.hooks import named_hooks
from alembic_manage.reports.run_report import RunReport


@contextmanager
def watched(
    environment: Environment, report: RunReport, err: OutputWrapper, go_on: GoOn, *, is_fake: bool = False
) -> Iterator[Observer]:
    """The observer of a run, while it goes on.

    Args:
        environment: of the database.
        report: what prints the run.
        err: standard error, for warnings and for what takes long.
        go_on: what was typed, for the hint of a failure.
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
        go_on=go_on,
    )
    if not report.verbosity:
        with sender:
            yield Observers(sender, report)
        return
    with sender, Progress(_display(report, err)) as progress:
        yield Observers(sender, report, progress)


def _display(report: RunReport, err: OutputWrapper) -> Display:
    """A line that changes, on a terminal; else lines that stay."""
    if has_live_lines(report.out):
        line = VanishingLine(report.out, lambda: report.unfinished)
        return LiveLine(line.show, line.hide)

    def write(line: str) -> None:
        err.write(line)
        err.flush()

    return LogLines(write)
