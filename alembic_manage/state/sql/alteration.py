"""The actions of one ALTER TABLE, collected to be applied together."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import partial
from typing import Any, TypeAlias

from alembic_manage.state.objects import Key
from alembic_manage.state.schema import SchemaError
from alembic_manage.state.sql.ddl_reader import DdlReader

Change: TypeAlias = Callable[[], None]


class Phase(IntEnum):
    """In which order the actions of one statement count.

    Source: PostgreSQL 16, AlterTablePass (src/backend/commands/tablecmds.c); MariaDB looks at all of them together.
    """

    DROP_CONSTRAINT = 0
    DROP_INDEX = 1
    DROP_COLUMN = 2
    CHANGE = 3
    ADD = 4
    MOVE = 5


class Alteration:
    """What is to be done to one table.

    Args:
        read: stands before the first action.
        key: of the table.
    """

    def __init__(self, read: DdlReader, key: Key) -> None:
        self.read = read
        self.schema = read.schema
        self.key = key
        self._changes: list[tuple[int, Change]] = []

    def apply(self) -> None:
        """Apply what was read, wholly or not at all."""
        changes = [change for _, change in sorted(self._changes, key=lambda pair: pair[0])]
        if len(changes) == 1:
            changes[0]()
            return
        with self.schema.atomic():
            for change in changes:
                change()

    def _later(self, phase: int, change: Callable[..., Any], *arguments: Any, **keywords: Any) -> None:
        self._changes.append((phase, partial(change, *arguments, **keywords)))

    def _refuse_rebuild(self, what: str) -> None:
        """A database whose tables must be rebuilt for most changes does not know the words for them."""
        if self.read.rules.needs_batch:
            raise SchemaError(f"{what} is not known here")

    def _place(self) -> str | None:
        if self.read.accept("FIRST"):
            return ""
        return self.read.name() if self.read.accept("AFTER") else None
