"""How a database of the user's server is made for a moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScratchSQL:
    """How a database of the user's server is made for a moment; each text has a place for `{name}`."""

    create: str
    drop: str
    find: str
    """A query for the names of those that begin with `{name}`."""
    lock: str
    """A query that gives a true value if this session now owns the name; the session's end gives it back."""
    maintenance_database: str | None
    """A database to connect to where the configured one is not there; None for no database at all."""
    like: str | None = None
    """A query for the words behind `create` that make it like the database of the connection."""
    databases: str | None = None
    """A query for the names of all databases that a statement could reach by name; None where there are none."""
    copy: str | None = None
    """Makes it as a copy of `{template}`; None where the server cannot."""
