"""Where a thing stands in the schema, as the options of makemigrations name it."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_manage.state.objects import Key


@dataclass(frozen=True)
class Path:
    """The way to a table, or to something in a table or in a named type.

    `str()` gives what --rename takes: "orders.placed", "reporting.orders", "status.open".
    """

    schema: str | None
    """None for the default schema."""
    table: str
    """The table; of an enum value the named type, where it has one."""
    name: str | None = None
    """The column, enum value, index or constraint; None for the table itself."""
    column: str | None = None
    """The column whose type the enum value belongs to, where the type has no name of its own."""

    def __str__(self) -> str:
        return ".".join(part for part in (self.schema, self.table, self.column, self.name) if part is not None)


def path_of(key: Key, name: str | None = None, column: str | None = None) -> Path:
    """The path of a table or a named type, or of something in it."""
    return Path(key.schema, key.name, name, column)
