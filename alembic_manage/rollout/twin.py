"""A second column beside the first one, for as long as old code and new code run side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alembic.operations import ops
from sqlalchemy import Column

from alembic_manage.rollout.dependents import Dependents
from alembic_manage.rollout.server import Server, short_name

Conversion = Callable[[str], str]
"""From the SQL of a value of one type to that of the other."""


def as_it_is(value: str) -> str:
    """The same value."""
    return value


@dataclass(frozen=True)
class Twin:
    """Two columns that hold the same."""

    table: str
    schema: str | None
    key: str
    """The first column of the primary key."""
    first: Column[Any]
    """As the old code knows it."""
    second: Column[Any]
    """As the new code will know it, under the name that it has meanwhile."""
    final: str
    """The name that the second one has in the end."""
    dependents: Dependents
    place: str
    """The name of the column before the first one; "" where it is the first of all."""
    to_second: Conversion = as_it_is
    to_first: Conversion = as_it_is

    @property
    def both_write(self) -> bool:
        """Whether the new code knows the second column by its name; else nobody writes it but the trigger."""
        return self.final == self.second_name

    @property
    def first_name(self) -> str:
        """The name of the first."""
        return str(self.first.name)

    @property
    def second_name(self) -> str:
        """The name of the second, meanwhile."""
        return str(self.second.name)

    @property
    def sync_name(self) -> str:
        """The beginning of the names of triggers."""
        return short_name(self.table, self.first_name, "sync")

    def bare(self, column: Column[Any]) -> Column[Any]:
        """A column that may be empty and has no default: what it holds comes from its twin."""
        made = column._copy()
        made.nullable, made.server_default = True, None
        return made

    def opened(self, column: Column[Any]) -> list[ops.AlterColumnOp]:
        """From what a column is in the end to `bare`."""
        found = []
        nullable = bool(column.nullable)
        if column.server_default is not None:
            found.append(self._altered(column, nullable, column.server_default, modify_server_default=None))
        if not nullable:
            found.append(self._altered(column, nullable, None, modify_nullable=True))
        return found

    def closed(self, column: Column[Any]) -> list[ops.AlterColumnOp]:
        """From `bare` to what a column is in the end."""
        found = []
        if not column.nullable:
            found.append(self._altered(column, True, None, modify_nullable=False))
        if column.server_default is not None:
            default = column.server_default
            found.append(self._altered(column, bool(column.nullable), None, modify_server_default=default))
        return found

    def _altered(self, column: Column[Any], nullable: bool, default: Any, **changes: Any) -> ops.AlterColumnOp:
        return ops.AlterColumnOp(
            self.table,
            str(column.name),
            schema=self.schema,
            existing_type=column.type,
            existing_nullable=nullable,
            existing_server_default=default,
            existing_comment=column.comment,
            **changes,
        )

    def sql_names(self, server: Server) -> tuple[str, str]:
        """Both names in SQL."""
        return server.quoted(self.first_name), server.quoted(self.second_name)

    def opened_first(self) -> list[ops.AlterColumnOp]:
        """The first column may be empty, so that nothing fails where nobody fills it any more."""
        nullable = bool(self.first.nullable)
        default = self.first.server_default
        return [] if nullable else [self._altered(self.first, nullable, default, modify_nullable=True)]
