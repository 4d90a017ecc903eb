"""Whether a statement happened of which only the beginning is known: the schema is asked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from alembic_manage.dialects import dialect_named
from alembic_manage.execution.journal.entry import COMMITS, Entry
from alembic_manage.sql.beginning import beginning
from alembic_manage.sql.repeatable import REPEATABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NAMES = re.compile(r'`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([^\W\d][\w$]*)')
# These leave a trace in the schema, where they are not among those that change rows as well.
_DEFINES = re.compile(r"(CREATE|ALTER|DROP|RENAME|COMMENT)\b", re.IGNORECASE)
_CHANGES_ROWS = re.compile(
    r"CREATE\s+OR\s+REPLACE\s+TABLE\b|\b(TRUNCATE|EXCHANGE|REORGANIZE|COALESCE)\s+PARTITION\b|\bTABLESPACE\b",
    re.IGNORECASE,
)
# These may run twice: the second time changes nothing.
_AGAIN = re.compile(
    r"(GRANT|REVOKE|ANALYZE|ANALYSE|OPTIMIZE|CHECK|REPAIR|FLUSH|VACUUM|REINDEX|CLUSTER|REFRESH|LOCK|UNLOCK|RESET)\b",
    re.IGNORECASE,
)


def picture_of(connection: Connection, statement: str) -> str | None:
    """What the objects that a statement names look like, as a short text to compare; None where that tells nothing.

    Args:
        connection: to the database.
        statement: the whole of it.
    """
    text = beginning(statement)
    if not _DEFINES.match(text) or _CHANGES_ROWS.search(statement):
        return None
    found = dialect_named(connection.dialect.name).picture_around(connection, text, _words(statement))
    if found is None:
        return None
    return hashlib.sha256(json.dumps(sorted(map(repr, found))).encode()).hexdigest()


def has_happened(connection: Connection, entry: Entry, statement: str) -> bool | None:
    """Whether the statement of an entry that was started took effect; None where nothing tells.

    True where something that it names looks other than before. Where nothing does, it did not happen; or it changes
    nothing, and may be sent again.

    Args:
        connection: to the database; nobody else changes its schema now.
        entry: with the picture from before.
        statement: the whole of its text.
    """
    begin = beginning(statement)
    if COMMITS.match(begin):
        return True  # else its entry would not be there
    if entry.picture is not None:
        return picture_of(connection, statement) != entry.picture
    is_repeatable = statement.lstrip().startswith(REPEATABLE)
    return False if is_repeatable or _AGAIN.match(begin) else None


def _words(statement: str) -> Collection[str]:
    """Everything in a statement that may be a name."""
    return {next(filter(None, match.groups())) for match in _NAMES.finditer(statement)}
