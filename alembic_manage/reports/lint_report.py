"""What makemigrations and migrate say about the migrations that they have written, or are going to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from alembic_manage.errors import CommandError, RefusedError
from alembic_manage.lint.finding import Finding, Severity
from alembic_manage.lint.kinds import lint_kinds
from alembic_manage.lint.run import LintRun, run_lint
from alembic_manage.lint.summary import place
from alembic_manage.plan import Direction, Plan
from alembic_manage.quantity import counted

if TYPE_CHECKING:
    from alembic_manage.environment import Environment

Say = Callable[[str], None]
"""Is given a line for the person."""


def about_new(environment: Environment, ids: Sequence[str]) -> Iterator[str]:
    """Lines about migrations that were just written; none where there is nothing to say.

    The files are there whatever becomes of this: a failure is a line.

    Args:
        environment: of a database of the project.
        ids: theirs.
    """
    try:
        run = lint_kinds(environment.project, ids, asks_squawk=False)
    except CommandError as error:
        yield f"The new migration could not be judged: {error}"
        return
    findings = [each for each in run.result.findings if each.revision in ids and each.severity > Severity.NOTICE]
    yield from (_line(environment, finding) for finding in findings)
    if findings:
        found_in = dict.fromkeys(finding.revision for finding in findings)
        yield f"How it is written better: python manage.py lint {' '.join(found_in)}"


def review_run(environment: Environment, planner: Callable[[frozenset[str]], Plan], say: Say) -> None:
    """Judge what is going to run, by the sizes of the tables that it runs on; what leads down is not judged.

    Before the lock is asked for: another process that migrates meanwhile has judged its own.

    Args:
        environment: of the database.
        planner: the steps from what is recorded.
        say: is given a line a finding.

    Raises:
        RefusedError: LINT["ON_MIGRATE"] is "refuse", and there is an error among the findings.
        ConnectionFailedError: there is no connection.
    """
    plan = max((planner(recorded) for recorded in environment.records()), key=lambda each: len(each.steps))
    if not plan.steps or plan.direction is Direction.DOWNGRADE:
        return
    run = run_lint(environment, [revision.id for revision in plan.revisions], connects=True, asks_squawk=False)
    for finding in run.result.findings:
        say(_line(environment, finding))
    errors = _errors(run)
    if environment.project.settings.lint.on_migrate == "refuse" and errors:
        raise RefusedError(
            f"{counted(len(errors), 'finding')} of severity error, and LINT refuses to run them. Nothing was run.",
            hint=f"how to write it: python manage.py lint {errors[0].revision}; to run it as it is, write above the "
            f"operation: # lint: ignore {errors[0].rule} -- REASON",
        )


def _errors(run: LintRun) -> list[Finding]:
    return [finding for finding in run.result.findings if finding.severity is Severity.ERROR]


def _line(environment: Environment, finding: Finding) -> str:
    where = place(finding, environment.project.root)
    return f"{where}{': ' if where else ''}{finding.severity.word}: {finding.message} [{finding.label}]"
