"""What makemigrations would write."""

from __future__ import annotations

from alembic_manage.autodetect.detector import differences
from alembic_manage.autodetect.known_differences import read_known
from alembic_manage.environment import Environment
from alembic_manage.sources.source import Source, read_at


def unwritten(environment: Environment) -> tuple[str, ...]:
    """The differences between history and models, a line each, without those that the project lives with.

    Raises:
        CommandError: the history or the models cannot be read.
    """
    heads = [head.id for head in environment.history.require_sound().heads]
    # Not from the configured database: what it holds is not what a test is about.
    found = read_at(environment, heads, differences(environment), sources=(Source.HISTORY, Source.SCRATCH))
    known = read_known(environment.project)
    return tuple(dict.fromkeys(line for lines in found for line in lines if line not in known))
