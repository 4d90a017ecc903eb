"""Each database that is named: reachable, and at a revision that the history knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import CommandError
from alembic_manage.location import display_path
from alembic_manage.project import Project
from alembic_manage.quantity import counted

TAG = "record"
NEEDS_DATABASE = True
DEPLOY = False


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """A database without a connection, at an unknown revision, or behind."""
    from alembic_manage.environment import Environment
    from alembic_manage.execution.ahead import read_missing, way_back
    from alembic_manage.execution.changed import changed_since
    from alembic_manage.execution.ledger import Ledger
    from alembic_manage.execution.missing import completed
    from alembic_manage.plan import pending

    for alias in databases:
        environment = Environment(project, alias)
        try:
            read = environment.read(lambda context, heads: (heads, Ledger(context).applied()))
            recorded = frozenset(id for heads, _ in read for id in heads)
            gone = () if all(id in environment.history for id in recorded) else read_missing(environment)
        except CommandError as error:
            yield Problem("record.E001", Level.ERROR, str(error), error.hint)
            continue
        for each in gone:
            yield Problem(
                "record.E002",
                Level.ERROR,
                f"Database '{alias}' has migration '{each.id}', which has no file ({each.how}).",
                way_back(gone, alias),
            )
        missing = pending(completed(environment.history, gone), recorded)
        if missing:
            yield Problem(
                "record.W001",
                Level.WARNING,
                f"{counted(len(missing), 'migration', ('is', 'are'))} not applied to database '{alias}', "
                f"the first is {missing[0].id}.",
                f"python manage.py migrate --database {alias}",
            )
        for revision in changed_since(
            environment.history, {id: entry for _, by_id in read for id, entry in by_id.items()}, project.root
        ):
            shown = display_path(revision.path, project.root)
            yield Problem(
                "record.W002",
                Level.WARNING,
                f"{shown} does something else now than when it was applied to database '{alias}'.",
                f"git log -p -- {shown}; write a new migration for what it should do",
            )
