"""How plans and runs look: lines for people, stable shapes for --json."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import indent
from typing import TYPE_CHECKING, Any

from alembic_manage.console import OutputWrapper, Style
from alembic_manage.execution.observer import Silent
from alembic_manage.outline.change import Change
from alembic_manage.plan import BASE, HEAD, HEADS, ZERO, Direction, Plan, Step

if TYPE_CHECKING:
    from alembic_manage.execution.missing import MissingRevision
    from alembic_manage.history import History


class RunReport(Silent):
    """Prints a run as Django does; the executor's observer.

    Args:
        out: where it goes.
        style: its colours.
        verbosity: 0 prints nothing, 2 and above add the duration of each revision.
    """

    def __init__(self, out: OutputWrapper, style: Style, verbosity: int) -> None:
        self.out = out
        self.style = style
        self.verbosity = verbosity
        self.steps = 0
        """How many steps were planned, over all plans."""
        self.unfinished = ""
        """The line of the revision that is at work, as far as it is written."""

    def heading(self, history: History, target: str, title: str) -> None:
        """What the run is about."""
        if not self.verbosity:
            return
        self.out.write("Operations to perform:", self.style.MIGRATE_HEADING)
        if target in (HEAD, HEADS):
            what = self.style.MIGRATE_LABEL("  Apply all migrations: ") + title
        elif target in (ZERO, BASE):
            what = self.style.MIGRATE_LABEL("  Unapply all migrations: ") + title
        else:
            name = target if target[:1] in "+-" else history.find(target).id
            what = self.style.MIGRATE_LABEL("  Target specific migration: ") + name
        self.out.write(what)

    def undone(self, plan: Plan) -> None:
        """The revisions that a plan takes back, and below each what goes with it."""
        if not self.verbosity or plan.direction is not Direction.DOWNGRADE:
            return
        for step in plan.steps:
            self.out.write(f"{self.style.MIGRATE_LABEL('  Unapply:')} {step.revision.id}")
            for line in change_lines(changes_of(step)):
                self.out.write(f"    {line}")

    def planned(self, plan: Plan) -> None:
        """The heading of the run itself."""
        self.steps += len(plan.steps)
        if self.verbosity:
            self.out.write("Running migrations:", self.style.MIGRATE_HEADING)
            if not plan.steps:
                self.out.write("  No migrations to apply.")

    def started(self, step: Step) -> None:
        """The beginning of the revision's line."""
        if self.verbosity:
            word = "Applying" if step.direction is Direction.UPGRADE else "Unapplying"
            self.unfinished = ""
            self._begin(f"  {word} {step.revision.id}...")

    def _begin(self, text: str) -> None:
        self.unfinished += text
        self.out.write(text, ending="")
        self.out.flush()

    def resumed(self, step: Step, statement: int) -> None:
        """Where the revision goes on, in its line."""
        if self.verbosity:
            where = f"after its statement {statement}" if statement else "at its beginning"
            self._begin(f" resuming {where}...")

    def finished(self, step: Step, *, seconds: float, faked: bool) -> None:
        """The end of the revision's line."""
        if self.verbosity:
            elapsed = f" ({seconds:.3f}s)" if self.verbosity > 1 else ""
            self.unfinished = ""
            self.out.write(self.style.SUCCESS(f" {'FAKED' if faked else 'OK'}{elapsed}"))

    def failed(self, step: Step) -> None:
        """The end of the revision's line."""
        if self.verbosity:
            self.unfinished = ""
            self.out.write(self.style.ERROR(" FAILED"))

    def delayed(self, step: Step, blockers: Sequence[str], pause_s: float) -> None:
        """Who is waited for, and for how long; the revision's line goes on below."""
        if not self.verbosity:
            return
        self.out.write(self.style.WARNING(" WAITING"))
        for line in blockers:
            self.out.write(f"    held by {line}")
        self.out.write(f"    rolled back; tried again in {pause_s:.1f} s")
        self.started(step)

    def waiting(self, line: str) -> None:
        """Whom the run waits for, or what it removes first; a revision's line that had begun goes on below."""
        if not self.verbosity:
            return
        begun, self.unfinished = self.unfinished, ""
        if begun:
            self.out.write()
        self.out.write(f"  {line}", self.style.WARNING)
        self._begin(begun)


class RollbackReport(RunReport):
    """A run that first lists what it takes back."""

    def __init__(self, out: OutputWrapper, style: Style, verbosity: int) -> None:
        super().__init__(out, style, verbosity)
        self._shown: set[str] = set()

    def listed(self, plan: Plan) -> None:
        """The revisions of a plan, and below each what it undoes."""
        if self.verbosity:
            self.out.write("Operations to perform:", self.style.MIGRATE_HEADING)
        self.undone(plan)

    def recorded(self, missing: Sequence[MissingRevision]) -> None:
        """The recorded code of revisions that have no file, once each: what would run, or with verbosity 2 all of it.

        It is shown whatever the verbosity: nobody could agree to it otherwise.
        """
        for each in missing:
            if each.id in self._shown or each.source is None:
                continue
            self._shown.add(each.id)
            self.out.write(f"{self.style.MIGRATE_HEADING('Recorded code of')} {each.line}")
            self.out.write(indent(recorded_code(each.source, whole=self.verbosity > 1), "    "))

    def planned(self, plan: Plan) -> None:
        """The heading of the run itself."""
        self.steps += len(plan.steps)
        if self.verbosity:
            self.out.write("Running migrations:", self.style.MIGRATE_HEADING)
            if not plan.steps:
                self.out.write("  No migrations to unapply.")


def recorded_code(source: str, *, whole: bool) -> str:
    """Of a recorded source what taking it back would run; all of it where that has no downgrade() of its own."""
    from alembic_manage.execution.recorded_source import code_that_runs

    runs = code_that_runs(source)
    return source.rstrip() if whole or "def downgrade" not in runs else runs


def write_plan(plan: Plan, out: OutputWrapper, style: Style) -> None:
    """Print a plan that is not run."""
    out.write("Planned operations:", style.MIGRATE_LABEL)
    out.write("\n".join(plan_lines(plan, style)) or "  No planned migration operations.")


def plan_lines(plan: Plan, style: Style) -> Iterator[str]:
    """A plan as text: each revision, and below it its changes."""
    for step in plan.steps:
        yield style.MIGRATE_HEADING(step.revision.id)
        yield from (f"    {line}" for line in change_lines(changes_of(step)))


def change_lines(changes: tuple[Change, ...]) -> list[str]:
    """The changes with their symbols; a line that says so where there are none."""
    return [change.line for change in changes] or ["No operations"]


def changes_of(step: Step) -> tuple[Change, ...]:
    """What a step does, read from its file."""
    from alembic_manage.outline.revision import outline_of

    return outline_of(step.revision.path, step.direction.value)


def plan_as_json(plan: Plan, database: str) -> dict[str, Any]:
    """The shape of `migrate --plan --json`."""
    return {
        "database": database,
        "target": plan.target,
        "direction": plan.direction.value,
        "steps": [
            {"revision": step.revision.id, "changes": [change.as_json() for change in changes_of(step)]}
            for step in plan.steps
        ],
    }
