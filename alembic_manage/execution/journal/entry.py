"""One statement of a revision, as the journal keeps it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alembic_manage.execution.journal.answer import Answer, text_of_parameters
from alembic_manage.sql.beginning import beginning

SHOWN = 200
"""How much of a statement's text is kept, for people to read."""


class Kind(StrEnum):
    """What a statement does to what comes after it."""

    READ = "read"
    """It changes nothing."""
    WRITE = "write"
    """It waits for the commit."""
    FINAL = "final"
    """It commits itself, and all before it."""
    SESSION = "session"
    """It changes the session only, and is sent again where there is a new one."""


class State(StrEnum):
    """How far a statement is known to have come."""

    STARTED = "started"
    """It was sent."""
    DONE = "done"
    """It came back without an error."""


@dataclass(frozen=True)
class Entry:
    """One statement that a revision has sent."""

    kind: Kind
    digest: str
    """Of its text and its parameters."""
    text: str
    """The beginning of it."""
    state: State = State.DONE
    answer: Answer | None = None
    """What the database said; None where that is not known, or too long to keep."""
    picture: str | None = None
    """For one that is final: what the objects that it names looked like before it."""
    id: int = 0
    """Its row in the journal; 0 where it has none yet."""

    @property
    def counts(self) -> bool:
        """Whether it has a number that people see: what only reads has none."""
        return self.kind in (Kind.WRITE, Kind.FINAL)


# Source: MariaDB documentation, "SQL statements that cause an implicit commit"; PostgreSQL documentation, "SET".
_READS = re.compile(r"(SELECT|SHOW|DESCRIBE|DESC|EXPLAIN|PRAGMA\s+[\w.]+\s*(\(|$))", re.IGNORECASE)
_SESSION = re.compile(r"(SET|USE|PRAGMA|SAVEPOINT|RELEASE\s+SAVEPOINT|ROLLBACK\s+TO|BEGIN|START)\b", re.IGNORECASE)
_WAITS = re.compile(r"(INSERT|UPDATE|DELETE|REPLACE|WITH|MERGE|COPY|VALUES|LOAD)\b", re.IGNORECASE)
COMMITS = re.compile(r"(COMMIT|END)\b", re.IGNORECASE)


def kind_of(statement: str, *, is_final: bool) -> Kind:
    """What kind a statement is.

    Args:
        statement: its text.
        is_final: whether whatever is not known to wait for the commit commits itself.
    """
    text = beginning(statement)
    if _READS.match(text):
        return Kind.READ
    if _SESSION.match(text):
        return Kind.SESSION
    return Kind.FINAL if COMMITS.match(text) or (is_final and not _WAITS.match(text)) else Kind.WRITE


def entry_of(kind: Kind, statement: str, parameters: Any) -> Entry:
    """The entry of a statement that is about to be sent."""
    text = " ".join(statement.split())
    digest = hashlib.sha256(f"{text}\x00{text_of_parameters(parameters)}".encode()).hexdigest()
    return Entry(kind, digest, text[:SHOWN])
