"""What must hold of the configured database where it stands for the history."""

from __future__ import annotations

from collections.abc import Collection

from alembic_manage.environment import Environment
from alembic_manage.errors import RecordError
from alembic_manage.plan import applied_ids, require_known
from alembic_manage.quantity import counted
from alembic_manage.settings.alias import database_flag


def require_at(environment: Environment, recorded: Collection[str], expected: Collection[str]) -> None:
    """Raise, unless the database is exactly at the revisions `expected`.

    Args:
        environment: of the database.
        recorded: the ids that its version table holds.
        expected: the ids that it must be at.

    Raises:
        RecordError: it is behind, ahead, or at a migration without a file.
    """
    history, alias = environment.history, environment.database.alias
    applied, wanted = applied_ids(history, require_known(history, recorded)), history.ancestors(expected)
    missing, ahead = history.in_order(wanted - applied), history.in_order(applied - wanted)
    if missing:
        names = ", ".join(revision.id for revision in missing[:5])
        raise RecordError(
            f"The database '{alias}' is behind: {counted(len(missing), 'migration')} not applied "
            f"({names}{', ...' * (len(missing) > 5)}), so the models cannot be compared with it.",
            hint=f"python manage.py migrate{database_flag(alias)}",
        )
    if ahead:
        raise RecordError(
            f"The database '{alias}' is ahead: {ahead[-1].id} is applied to it, so the schema before that cannot be "
            "read from it.",
            hint=f"python manage.py rollback{database_flag(alias)}",
        )
