"""Server defaults that mean the same though a database spells them differently, for `compare_server_default` in env.py.

An env.py without it detects the same: the comparators see to that. This one lets Alembic's own comparison alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def compare_server_default(
    context: MigrationContext,
    inspected_column: Any,
    metadata_column: Any,
    inspected_default: str | None,
    metadata_default: Any,
    rendered_metadata_default: str | None,
) -> bool | None:
    """For env.py: False where the two defaults are the same but for spelling, None to let the comparators decide.

    Args:
        context: Alembic's.
        inspected_column: the column of the database.
        metadata_column: the column of the models.
        inspected_default: the default's text in the database; None where there is none.
        metadata_default: the default in the models.
        rendered_metadata_default: its text for this database; of a string without its quotes.
    """
    if inspected_default is None or rendered_metadata_default is None:
        return None
    from alembic_manage.comparators.server_default import is_same_default
    from alembic_manage.operations.enum import literal

    is_string = isinstance(getattr(metadata_default, "arg", None), str)
    wanted = literal(rendered_metadata_default) if is_string else rendered_metadata_default
    same = is_same_default(inspected_default, wanted, getattr(metadata_column, "type", None))
    return False if same else None
