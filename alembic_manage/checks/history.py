"""The revision files: readable, with ids of their own, parents that exist, and one head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.checks.problem import Level, Problem
from alembic_manage.errors import MultipleHeadsError, SettingsError
from alembic_manage.project import Project
from alembic_manage.settings.alias import DEFAULT_ALIAS

TAG = "history"
NEEDS_DATABASE = False
DEPLOY = False

_IDS = {
    "unreadable": "history.E001",
    "duplicate": "history.E002",
    "missing-parent": "history.E003",
    "cycle": "history.E004",
    "folder": "history.E005",
}
ID_LENGTH = 32


def check(project: Project, databases: Sequence[str]) -> Iterator[Problem]:
    """Every problem of the history, from its files alone."""
    from alembic_manage.environment import Environment

    try:
        history = Environment(project, DEFAULT_ALIAS).history
    except SettingsError:
        return  # settings.E001 has said it
    for problem in history.problems:
        yield Problem(_IDS[problem.kind], Level.ERROR, problem.message, problem.hint)
    try:
        history.require_single_head()
    except MultipleHeadsError as error:
        yield Problem("history.W001", Level.WARNING, str(error), error.hint)
    for revision in history:
        if len(revision.id) > ID_LENGTH:
            yield Problem(
                "history.W002",
                Level.WARNING,
                f"The id '{revision.id}' has {len(revision.id)} characters; the version table holds {ID_LENGTH}.",
                f"shorten revision in {revision.path.name}, and down_revision in the files that follow it",
            )
