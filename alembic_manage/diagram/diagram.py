"""What a diagram shows: tables, their columns, and the foreign keys between them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum


class Mark(Enum):
    """How a table or a column of a diagram differs from another diagram."""

    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"
    LEFT_OUT = "left out"
    """It stands for columns that are the same in both."""


@dataclass(frozen=True)
class Column:
    """A line of a table."""

    name: str
    type: str
    """As SQL has it, shortened where it is long."""
    is_primary: bool = False
    is_foreign: bool = False
    is_unique: bool = False
    is_nullable: bool = False
    mark: Mark | None = None
    """Where two diagrams are compared: how it differs; None where it does not."""

    @property
    def marks(self) -> str:
        """ "PK", "FK", "UK", or several with a comma; empty for a plain column."""
        marks = (("PK", self.is_primary), ("FK", self.is_foreign), ("UK", self.is_unique and not self.is_primary))
        return ",".join(mark for mark, counts in marks if counts)


@dataclass(frozen=True)
class Table:
    """A box."""

    name: str
    """With its schema, where it has one."""
    columns: tuple[Column, ...]
    comment: str = ""
    mark: Mark | None = None
    """Where two diagrams are compared: how it differs; None where it does not, or only in its columns."""


@dataclass(frozen=True)
class Relation:
    """A foreign key."""

    child: str
    """The table that has the key."""
    parent: str
    """The table that it refers to."""
    columns: tuple[str, ...]
    """Of the child."""
    is_optional: bool = False
    """Whether a child may be without a parent."""
    is_single: bool = False
    """Whether a parent has one child at most."""

    @property
    def label(self) -> str:
        """For a person: "orders.customer_id refers to customers"."""
        return f"{self.child}.{', '.join(self.columns)} refers to {self.parent}"


@dataclass(frozen=True)
class Diagram:
    """Tables, and the relations between them."""

    title: str
    tables: tuple[Table, ...]
    relations: tuple[Relation, ...]

    @property
    def description(self) -> str:
        """For a person who does not see it: "3 tables, 2 foreign keys"."""
        return f"{_counted(len(self.tables), 'table')}, {_counted(len(self.relations), 'foreign key')}"

    def only(self, names: Collection[str]) -> Diagram:
        """The part of it that has these tables, and the relations that lie between them."""
        tables = tuple(table for table in self.tables if table.name in names)
        inside = tuple(each for each in self.relations if each.child in names and each.parent in names)
        return replace(self, tables=tables, relations=inside)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
