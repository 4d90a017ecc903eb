"""Whether the models have changes, for the reminder of a `migrate` that found nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_manage.standing.outlook import Outlook
from alembic_manage.unchanged.check import is_unchanged

if TYPE_CHECKING:
    from alembic_manage.environment import Environment

MOST = 400
"""The number of revisions and tables that are compared although nothing is kept of them: half a second, at most."""


def have_changes(environment: Environment) -> bool:
    """Whether `makemigrations` would find something.

    Where a revision cannot be replayed, the database itself is asked.

    Raises:
        CommandError: the models cannot be compared.
    """
    # What compares costs as much as Alembic, and is not needed by who does not compare.
    from alembic_manage.autodetect.detector import detector
    from alembic_manage.autodetect.known_differences import read_known
    from alembic_manage.questions import FixedQuestioner
    from alembic_manage.sources.clean import Clean
    from alembic_manage.sources.source import Source, read_at
    from alembic_manage.writing.draft import Draft

    project, history = environment.project, environment.history
    questioner = FixedQuestioner()
    drafts = read_at(
        environment,
        [head.id for head in history.heads],
        detector(environment, questioner, known=read_known(project)),
        sources=(Source.HISTORY, Source.DATABASE),
        clean=Clean(Draft.empty(), lambda draft: not draft.changes and not questioner.asked),
    )
    return any(draft.changes for draft in drafts)


def known_outlook(environment: Environment, *, may_be_kept: bool) -> Outlook | None:
    """What is known without a comparison; None where it would not take long to compare.

    It takes long where there are many revisions or tables, and nothing is kept of an earlier comparison: in a container
    that has just begun, for one.

    Args:
        environment: of the database.
        may_be_kept: whether what is kept of a comparison counts, as it does where env.py is the suite's own.

    Raises:
        CommandError: the models cannot be imported.
    """
    if may_be_kept and is_unchanged(environment.project, environment.database.alias):
        return Outlook.UNCHANGED
    return Outlook.NOT_COMPARED if _has_much(environment) and not _has_states(environment) else None


def _has_much(environment: Environment) -> bool:
    revisions = len(environment.history)
    return revisions > MOST or revisions + sum(len(each.tables) for each in environment.project.metadata) > MOST


def _has_states(environment: Environment) -> bool:
    from alembic_manage.state.cache import StateCache

    return StateCache.of(environment).has_states
