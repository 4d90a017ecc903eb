"""The modes of table locks where a database has eight of them, and which wait for which.

Source: PostgreSQL 18 manual, 13.3.1 "Table-Level Locks", Table 13.2 "Conflicting Lock Modes".
"""

from __future__ import annotations

from alembic_manage.lock_trace.trace import Effect

MODES = (
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
"""From the weakest to the strongest."""
CONFLICTS = {
    "ACCESS SHARE": {7},
    "ROW SHARE": {6, 7},
    "ROW EXCLUSIVE": {4, 5, 6, 7},
    "SHARE UPDATE EXCLUSIVE": {3, 4, 5, 6, 7},
    "SHARE": {2, 3, 5, 6, 7},
    "SHARE ROW EXCLUSIVE": {2, 3, 4, 5, 6, 7},
    "EXCLUSIVE": {1, 2, 3, 4, 5, 6, 7},
    "ACCESS EXCLUSIVE": {0, 1, 2, 3, 4, 5, 6, 7},
}
"""The places in MODES of those that wait for a mode."""
WORK = (
    ("SELECT", "ACCESS SHARE"),
    ("SELECT FOR UPDATE", "ROW SHARE"),
    ("INSERT, UPDATE, DELETE", "ROW EXCLUSIVE"),
    ("VACUUM, CREATE INDEX CONCURRENTLY", "SHARE UPDATE EXCLUSIVE"),
    ("CREATE INDEX", "SHARE"),
    ("ADD FOREIGN KEY", "SHARE ROW EXCLUSIVE"),
    ("ALTER TABLE", "ACCESS EXCLUSIVE"),
)
"""What people do, with the lock that it takes."""


def waits_for(mode: str) -> tuple[str, ...]:
    """What waits while somebody has a lock of this mode, in the words of SQL."""
    waiting = {MODES[place] for place in CONFLICTS[mode]}
    return tuple(work for work, taken in WORK if taken in waiting)


def effect_of(mode: str) -> Effect:
    """What a lock of this mode does to those who read and write rows."""
    waiting = waits_for(mode)
    if "SELECT" in waiting:
        return Effect.EVERYTHING
    return Effect.WRITES if "INSERT, UPDATE, DELETE" in waiting else Effect.NONE


def strength(mode: str) -> int:
    """The place in the order from the weakest to the strongest."""
    return MODES.index(mode)


def mode_in_words(name: str) -> str:
    """ "ACCESS EXCLUSIVE" for "AccessExclusiveLock", as the catalog writes it."""
    compact = {mode.replace(" ", "").lower() + "lock": mode for mode in MODES}
    return compact[name.lower()]
