"""A table, as a value: what changes it makes another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from alembic_manage.state.objects import Column, Constraint, ForeignKey, Index, Key, PrimaryKey
from alembic_manage.state.schema.spelling import found_by_name


@dataclass(frozen=True)
class Table:
    """A table: what its CREATE TABLE would hold now."""

    key: Key
    columns: Mapping[str, Column] = field(default_factory=dict)
    """By name, in order."""
    constraints: tuple[Constraint, ...] = ()
    """In the order in which they were added."""
    indexes: tuple[Index, ...] = ()
    """In the order in which they were added."""
    comment: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """Dialect keyword arguments of sqlalchemy.Table."""

    @property
    def primary_key(self) -> PrimaryKey | None:
        """The primary key, if it has one."""
        return next((each for each in self.constraints if isinstance(each, PrimaryKey)), None)

    @property
    def primary_columns(self) -> tuple[str, ...]:
        """The columns of the primary key; empty where there is none."""
        return self.primary_key.columns if self.primary_key else ()

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The foreign keys, in order."""
        return tuple(each for each in self.constraints if isinstance(each, ForeignKey))

    def find_column(self, name: str, *, ignores_case: bool) -> Column | None:
        """A column; where case is ignored, in any spelling that is not ambiguous."""
        return found_by_name(self.columns, name, ignores_case=ignores_case)

    def with_column(self, column: Column) -> Table:
        """With this column, in the place of the one of its name, or as the last."""
        return replace(self, columns={**self.columns, column.name: column})

    def without_column(self, name: str) -> Table:
        """Without a column; what uses it stays."""
        return replace(self, columns={each: column for each, column in self.columns.items() if each != name})

    def with_constraint(self, old: Constraint, new: Constraint) -> Table:
        """With a constraint in the place of one of its own."""
        return replace(self, constraints=tuple(new if each is old else each for each in self.constraints))

    def without_constraint(self, constraint: Constraint) -> Table:
        """Without one of its constraints."""
        return replace(self, constraints=tuple(each for each in self.constraints if each is not constraint))

    def with_index(self, old: Index, new: Index) -> Table:
        """With an index in the place of one of its own."""
        return replace(self, indexes=tuple(new if each is old else each for each in self.indexes))

    def without_index(self, index: Index) -> Table:
        """Without one of its indexes."""
        return replace(self, indexes=tuple(each for each in self.indexes if each is not index))
