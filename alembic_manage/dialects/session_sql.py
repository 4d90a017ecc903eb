"""The statements that a session needs: its lock, its time-outs, what it leaves behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class SessionLockSQL:
    """A lock that belongs to a session of the server, which gives it back when the session ends.

    Each text is a query with the parameter `:key`, and answers at once.
    """

    key: Callable[[str, int], str | int]
    """The parameter, from the lock's name and number."""
    acquire: str
    """Gives a true value if the session has the lock now."""
    is_held: str
    """Gives a true value if this very session has it."""
    holder: str
    """Gives number, user, host and client text of the session that has it; no row where nobody has."""
    release: str
    announce: str | None = None
    """A query with the parameter `:text` that shows a text beside the session; None where there is no such thing."""


@dataclass(frozen=True)
class TimeoutSQL:
    """The time-outs of a session. The texts that set have places for `{seconds}`, whole ones, and `{milliseconds}`."""

    read: str
    """A query for the lock time-out and the statement time-out, as text."""
    set_lock: str
    """How long a statement waits for a lock; 0 is for ever."""
    set_statement: str
    """How long a statement may take; 0 is for ever."""
    reset_lock: str
    """With a place for `{lock}`, which `read` gave."""
    reset_statement: str
    """With a place for `{statement}`."""
    unset: frozenset[str]
    """The lock time-outs of a server on which nobody has set one."""
    patient: re.Pattern[str] | None = None
    """Finds statements that keep nobody waiting while they wait."""
    local_lock: str | None = None
    """As `set_lock`, until the transaction ends; None where there is no such thing."""
    local_statement: str | None = None
    """As `set_statement`, until the transaction ends."""


@dataclass(frozen=True)
class InvalidIndexSQL:
    """What is left of an index that was to be made or removed while others go on working, and that failed."""

    find: str
    """A query with the parameters `:table` and `:index`, names as they stand in SQL, of which one is NULL.

    Of the table, or of the index's table, it gives each index that is not used and not kept whole: its schema, its
    table, its name, and the session that is at work on it, or NULL."""
    drop: str
    """Removes one, and keeps nobody waiting; with a place for `{path}`."""
