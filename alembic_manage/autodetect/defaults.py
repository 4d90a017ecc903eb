"""Server defaults that mean the same though a database spells them differently."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

# Source: MariaDB documentation, "NOW" (CURRENT_TIMESTAMP and its synonyms); SQLite, "CREATE TABLE", section 3.2.
_NOW = re.compile(r"(now|current_timestamp|localtime|localtimestamp)(\(\))?", re.IGNORECASE)


def compare_server_default(
    context: MigrationContext,
    inspected_column: Any,
    metadata_column: Any,
    inspected_default: str | None,
    metadata_default: Any,
    rendered_metadata_default: str | None,
) -> bool | None:
    """For env.py: False where the two defaults are the same but for spelling, None to let Alembic compare them.

    Args:
        context: Alembic's.
        inspected_column: the column of the database.
        metadata_column: the column of the models.
        inspected_default: the default's text in the database; None where there is none.
        metadata_default: the default in the models.
        rendered_metadata_default: its text for this database.
    """
    if inspected_default is None or rendered_metadata_default is None:
        return None
    return False if _normal(inspected_default) == _normal(rendered_metadata_default) else None


def _normal(default: str) -> str:
    text = default.strip()
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    return "now" if _NOW.fullmatch(text) else text
