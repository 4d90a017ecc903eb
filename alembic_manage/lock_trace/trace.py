"""What was found out about the locks of a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum


class Effect(IntEnum):
    """What others must wait for, the worst last."""

    NONE = 0
    """Nobody waits who does not change the schema."""
    WRITES = 1
    """INSERT, UPDATE and DELETE wait; SELECT goes on."""
    EVERYTHING = 2
    """SELECT waits too."""


WHOLE_DATABASE = "(the whole file)"
"""In the place of a table, where there is one lock for all of them."""


@dataclass(frozen=True)
class Lock:
    """A lock on a table."""

    table: str
    mode: str
    """As the database calls it."""
    waits: tuple[str, ...]
    """What waits for it: "SELECT", "INSERT, UPDATE, DELETE", "CREATE INDEX", ..."""
    effect: Effect
    since: int | None = None
    """The number of the statement that took it, where that was an earlier one."""
    is_new: bool = False
    """Whether the revision makes the table: nobody else knows it yet."""
    is_brief: bool = False
    """Whether it is let go before the statement's long work begins."""

    @property
    def line(self) -> str:
        """What it means to others."""
        if self.is_new:
            return "nobody waits: the table is new"
        return f"{_WORDS.get(self.effect) or _gently(self.waits)}{', for a moment' if self.is_brief else ''}"

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        return {
            "table": self.table,
            "mode": self.mode,
            "waits": list(self.waits),
            "effect": self.effect.name.lower(),
            "held_since": self.since,
            "new_table": self.is_new,
            "brief": self.is_brief,
        }


_WORDS = {
    Effect.EVERYTHING: "everything waits, SELECT too",
    Effect.WRITES: "INSERT, UPDATE, DELETE and DDL wait; SELECT goes on",
}


def _gently(waits: tuple[str, ...]) -> str:
    """For a lock that lets rows be read and written."""
    if not waits:
        return "nothing waits"
    if any("same rows" in each for each in waits):
        return "only who changes the same rows waits, and DDL"
    others = any("VACUUM" in each for each in waits)
    return f"only DDL {'and VACUUM wait' if others else 'waits'}; SELECT, INSERT, UPDATE, DELETE go on"


@dataclass(frozen=True)
class Found:
    """What one statement did, apart from its text."""

    locks: tuple[Lock, ...] = ()
    """Those that it took, then those that are still held."""
    rewrites: tuple[str, ...] = ()
    """The tables of which every row was written anew."""
    scans: tuple[str, ...] = ()
    """The tables of which every row was read, and not written."""
    notes: tuple[str, ...] = ()
    """What else a person should know, a sentence each."""


@dataclass(frozen=True)
class TracedStatement:
    """A statement of a revision."""

    number: int
    """From 1."""
    sql: str
    found: Found
    in_transaction: bool = True
    """Whether its locks stay until the revision ends."""

    @property
    def taken(self) -> tuple[Lock, ...]:
        """The locks that this statement took."""
        return tuple(lock for lock in self.found.locks if lock.since is None)

    @property
    def held(self) -> tuple[Lock, ...]:
        """The locks of earlier statements that are still held."""
        return tuple(lock for lock in self.found.locks if lock.since is not None)

    @property
    def worth_saying(self) -> tuple[Lock, ...]:
        """Those of `held` that others feel; the one lock of a database that has no other is said once."""
        return tuple(
            lock
            for lock in self.held
            if not lock.is_new and lock.effect is not Effect.NONE and lock.table != WHOLE_DATABASE
        )

    @property
    def effect(self) -> Effect:
        """The worst that others feel while it runs."""
        return max((lock.effect for lock in self.found.locks if not lock.is_new), default=Effect.NONE)

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        return {
            "number": self.number,
            "sql": self.sql,
            "in_transaction": self.in_transaction,
            "locks": [lock.as_json() for lock in self.found.locks],
            "rewrites": list(self.found.rewrites),
            "scans": list(self.found.scans),
            "notes": list(self.found.notes),
        }


@dataclass(frozen=True)
class LockTrace:
    """The statements of a revision in one direction, with their locks."""

    revision: str
    direction: str
    server: str
    """Which database it was, with its version: "PostgreSQL 15.4"."""
    is_measured: bool
    """Whether it ran; else the locks are what the manual says."""
    statements: Sequence[TracedStatement]
    source: str
    """Where the database's manual says what waits for what."""
    notes: Sequence[str] = field(default=())
    """What holds for all statements, a sentence each."""
    error: str | None = None
    """Why it stopped on the way; None where it did not."""

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        return {
            "revision": self.revision,
            "direction": self.direction,
            "server": self.server,
            "measured": self.is_measured,
            "error": self.error,
            "statements": [each.as_json() for each in self.statements],
            "notes": list(self.notes),
            "source": self.source,
        }
