"""Server defaults that mean the same though a database spells them differently."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

# Source: MariaDB documentation, "NOW" (CURRENT_TIMESTAMP and its synonyms); SQLite, "CREATE TABLE", section 3.2.
_CAST = re.compile(r"::[\w ]+(\(\d+(,\d+)?\))?(\[\])?$")
_TODAY = re.compile(r"(curdate|current_date)(\(\))?", re.IGNORECASE)
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
    kind = getattr(metadata_column, "type", None)
    is_text = isinstance(kind, String)
    if _normal(inspected_default, is_text=is_text) == _normal(rendered_metadata_default, is_text=is_text):
        return False
    # On PostgreSQL Alembic would ask the server, which cannot compare JSON, and would not quote the text.
    asks_in_vain = isinstance(kind, JSON) or "'" in rendered_metadata_default.strip("'")
    return True if asks_in_vain else None


def _normal(default: str, *, is_text: bool) -> tuple[str, str]:
    """What a default is, and its value: without parentheses and casts, booleans as 1 and 0, numbers without scale.

    Of a column of text the value is taken as it is: there '1' and '1.0' differ.
    """
    text = default.strip()
    while text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    text = _CAST.sub("", text)
    for name, pattern in (("now", _NOW), ("today", _TODAY)):
        if pattern.fullmatch(text):
            return "function", name
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1].replace("''", "'").replace("\\'", "'")
    if is_text:
        return "text", text
    try:
        return "value", format(Decimal({"true": "1", "false": "0"}.get(text.lower(), text)).normalize(), "f")
    except InvalidOperation:
        return "value", text
