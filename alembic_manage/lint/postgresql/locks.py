"""The locks of a statement that keep others waiting.

Source: PostgreSQL 16 manual, "Explicit Locking", "Table-Level Locks"; and the pages of the statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any

from alembic_manage.lint import effects
from alembic_manage.lint.names import key_after
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import ForeignKey, Key
from alembic_manage.state.sql.statements import StatementKind


class LockMode(IntEnum):
    """A lock on a table; a higher one keeps more of the others waiting."""

    SHARE = 5
    """Writes wait."""
    SHARE_ROW_EXCLUSIVE = 6
    """Writes wait, and a second one of its kind."""
    ACCESS_EXCLUSIVE = 8
    """Everybody waits, SELECT too."""

    @property
    def text(self) -> str:
        """As the manual has it."""
        return self.name.replace("_", " ")


def locks_of(statement: Statement) -> dict[Key, LockMode]:
    """The tables that a statement locks so that writes wait, with the strongest lock on each; in order.

    What runs CONCURRENTLY takes none, and neither does VALIDATE.
    """
    found: dict[Key, LockMode] = {}
    if statement.says("CONCURRENTLY"):
        return found
    for table, mode in [*_of_effects(statement), *_of_text(statement)]:
        found[table] = max(mode, found.get(table, mode))
    return found


def _of_effects(statement: Statement) -> Iterator[tuple[Key, LockMode]]:
    for effect in statement.effects:
        read = _READERS.get(type(effect))
        if read is not None:
            yield from read(effect)


def _exclusive(effect: effects.Effect) -> Iterator[tuple[Key, LockMode]]:
    yield effect.table, LockMode.ACCESS_EXCLUSIVE


def _share(effect: effects.Effect) -> Iterator[tuple[Key, LockMode]]:
    yield effect.table, LockMode.SHARE


def _add_constraint(effect: Any) -> Iterator[tuple[Key, LockMode]]:
    if isinstance(effect.constraint, ForeignKey):
        yield effect.table, LockMode.SHARE_ROW_EXCLUSIVE
        yield effect.constraint.referred, LockMode.SHARE_ROW_EXCLUSIVE
    else:
        yield effect.table, LockMode.ACCESS_EXCLUSIVE


def _drop_constraint(effect: Any) -> Iterator[tuple[Key, LockMode]]:
    yield effect.table, LockMode.ACCESS_EXCLUSIVE
    if isinstance(effect.constraint, ForeignKey):
        yield effect.constraint.referred, LockMode.ACCESS_EXCLUSIVE


def _create_table(effect: Any) -> Iterator[tuple[Key, LockMode]]:
    for key in effect.made.foreign_keys:
        yield key.referred, LockMode.SHARE_ROW_EXCLUSIVE


_READERS: dict[type, Callable[[Any], Iterator[tuple[Key, LockMode]]]] = {
    effects.AddColumn: _exclusive,
    effects.AlterColumn: _exclusive,
    effects.DropColumn: _exclusive,
    effects.RenameColumn: _exclusive,
    effects.DropTable: _exclusive,
    effects.RenameTable: _exclusive,
    effects.RenameConstraint: _exclusive,
    effects.DropIndex: _exclusive,
    effects.CreateIndex: _share,
    effects.AddConstraint: _add_constraint,
    effects.DropConstraint: _drop_constraint,
    effects.CreateTable: _create_table,
}
_MODES = {
    ("ACCESS", "EXCLUSIVE"): LockMode.ACCESS_EXCLUSIVE,
    ("ROW", "EXCLUSIVE"): LockMode.SHARE_ROW_EXCLUSIVE,
    ("IN", "EXCLUSIVE"): LockMode.SHARE_ROW_EXCLUSIVE,
}


def _of_text(statement: Statement) -> Iterator[tuple[Key, LockMode]]:
    """The locks of statements that change no schema."""
    table: Key | None = None
    if statement.kind is StatementKind.ROWS:
        table = statement.rows.table if statement.rows is not None and statement.rows.verb == "TRUNCATE" else None
    elif statement.begins("LOCK"):
        mode = lock_table_mode(statement)
        table = key_after(statement, "LOCK", "TABLE") or key_after(statement, "LOCK")
        if table is not None and mode is not None:
            yield table, mode
        return
    elif statement.begins("CLUSTER"):
        table = key_after(statement, "CLUSTER")
    elif statement.begins("VACUUM") and statement.says("FULL"):
        table = key_after(statement, "FULL") or key_after(statement, ")")
    elif statement.begins("ALTER TABLE") and not statement.effects and _is_exclusive_alteration(statement):
        table = key_after(statement, "ALTER", "TABLE")
    if table is not None:
        yield table, LockMode.ACCESS_EXCLUSIVE


def _is_exclusive_alteration(statement: Statement) -> bool:
    """Whether an ALTER TABLE that changes no column or constraint keeps everybody waiting."""
    return any(
        statement.says(words)
        for words in ("SET LOGGED", "SET UNLOGGED", "SET TABLESPACE", "SET ACCESS METHOD", "DETACH PARTITION")
    )


def lock_table_mode(statement: Statement) -> LockMode | None:
    """The lock that LOCK TABLE asks for; None where writes go on."""
    words = statement.words
    if "MODE" not in words:
        return LockMode.ACCESS_EXCLUSIVE
    end = words.index("MODE")
    wanted = words[words.index("IN") : end] if "IN" in words else ()
    if wanted in (("IN", "ROW", "EXCLUSIVE"), ("IN", "SHARE", "UPDATE", "EXCLUSIVE")):
        return None
    if wanted == ("IN", "SHARE"):
        return LockMode.SHARE
    return next((mode for ends, mode in _MODES.items() if wanted[-2:] == ends), None)
