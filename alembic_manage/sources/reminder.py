"""Whether the models have changes, for the reminder of a `migrate` that found nothing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_manage.environment import Environment

MOST = 400
"""The number of revisions and tables that are compared although nothing is kept of them: half a second, at most."""


def have_changes(environment: Environment) -> bool | None:
    """Whether `makemigrations` would find something; None where telling would take long.

    It takes long where there are many revisions or tables, and nothing is kept of an earlier comparison: in a container
    that has just begun, for one. Where a revision cannot be replayed, the database itself is asked.

    Raises:
        CommandError: the models cannot be compared.
    """
    if _takes_long(environment):
        return None
    # What compares costs as much as Alembic, and is not needed by who does not compare.
    from alembic_manage.autodetect.detector import detector
    from alembic_manage.autodetect.known_differences import read_known
    from alembic_manage.questions import FixedQuestioner
    from alembic_manage.sources.clean import Clean
    from alembic_manage.sources.source import Source, read_at
    from alembic_manage.writer import Draft

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


def _takes_long(environment: Environment) -> bool:
    tables = sum(len(metadata.tables) for metadata in environment.project.metadata)
    if len(environment.history) + tables <= MOST:
        return False
    from alembic_manage.state.cache import StateCache

    return not StateCache.of(environment).has_states
