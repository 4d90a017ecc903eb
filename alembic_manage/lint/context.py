"""What is known about the database and the history, besides the migrations themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.lint.finding import Size
from alembic_manage.lint.model_enums import ModelEnums
from alembic_manage.state.metadata import type_text
from alembic_manage.state.objects import Column, Key

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from alembic_manage.dialects import Dialect
    from alembic_manage.history import History
    from alembic_manage.lint.stored_program import StoredProgram


@dataclass(frozen=True)
class Context:
    """The database that the migrations are for, and the history that they belong to."""

    rules: Dialect
    """What is known about this kind of database."""
    server_version: tuple[int, ...]
    """The server's own where it was asked, else the one that is assumed: SERVER_VERSION."""
    history: History
    sizes: Mapping[Key, Size] | None = None
    """By table, in the target database; a table that is not among them is not there. None where nobody asked."""
    released: Mapping[str, str] = field(default_factory=dict)
    """The source that the base branch of git has, by id, of the revisions whose file is another one here."""
    changed: frozenset[str] = frozenset()
    """The ids of revisions whose file does something else now than when the target database applied it."""
    has_lock_timeout: bool = True
    """Whether `migrate` limits how long a statement waits for a lock."""
    applied: frozenset[str] = frozenset()
    """The ids of revisions that the target database has; none where nobody asked."""
    programs: Mapping[str, StoredProgram] | None = None
    """The triggers and views of the target database; None where nobody asked, or where nothing needs them."""
    enums: ModelEnums = field(default_factory=ModelEnums)
    """The enum types of the models."""
    read_programs: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    """The statements about triggers and views in the files that a rule has read, so that each is read once."""

    @cached_property
    def dialect(self) -> SQLAlchemyDialect:
        """SQLAlchemy's dialect, for texts; it has no connection."""
        made: Any = self.rules.dialect_class(self.rules.names[0])
        return made()  # type: ignore[no-any-return]

    def type_text(self, column: Column) -> str:
        """A column's type as DDL has it."""
        return type_text(column.type, self.dialect)

    def size_of(self, table: Key) -> Size | None:
        """The size of a table; None where it is not known."""
        if self.sizes is None:
            return None
        return self.sizes.get(table, Size(0, 0))
