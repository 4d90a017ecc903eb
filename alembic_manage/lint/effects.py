"""What a statement does to the schema, the same whether it came from an operation or from SQL in text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alembic_manage.state.objects import Column, Constraint, EnumType, Index, Key
from alembic_manage.state.schema import Table


@dataclass(frozen=True)
class Effect:
    """One change of the schema."""

    table: Key
    """The table; of types, sequences and schemas their own key."""


@dataclass(frozen=True)
class CreateTable(Effect):
    """A table is made; its constraints are in it, and are no effects of their own."""

    made: Table


@dataclass(frozen=True)
class DropTable(Effect):
    """A table goes, with its rows."""

    dropped: Table


@dataclass(frozen=True)
class RenameTable(Effect):
    """A table gets another name, or schema."""

    new: Key


@dataclass(frozen=True)
class AddColumn(Effect):
    """A column is added; a constraint written at it is an AddConstraint of the same statement."""

    column: Column


@dataclass(frozen=True)
class DropColumn(Effect):
    """A column goes, with its values."""

    column: Column


@dataclass(frozen=True)
class RenameColumn(Effect):
    """A column gets another name."""

    old: str
    new: str


@dataclass(frozen=True)
class AlterColumn(Effect):
    """A column changes: type, NOT NULL, default, comment, identity, or several."""

    before: Column
    after: Column

    @property
    def becomes_not_null(self) -> bool:
        """Whether it could be NULL before, and cannot any more."""
        return self.before.nullable and not self.after.nullable

    @property
    def becomes_nullable(self) -> bool:
        """Whether it can be NULL from now on."""
        return not self.before.nullable and self.after.nullable


@dataclass(frozen=True)
class AddConstraint(Effect):
    """A constraint is added to a table that is there: primary key, UNIQUE, CHECK, foreign key, EXCLUDE."""

    constraint: Constraint


@dataclass(frozen=True)
class DropConstraint(Effect):
    """A constraint goes."""

    name: str
    constraint: Constraint | None
    """None where the state does not know it."""


@dataclass(frozen=True)
class RenameConstraint(Effect):
    """A constraint gets another name."""

    old: str
    new: str


@dataclass(frozen=True)
class CreateIndex(Effect):
    """An index is made."""

    index: Index


@dataclass(frozen=True)
class DropIndex(Effect):
    """An index goes."""

    index: Index


@dataclass(frozen=True)
class RenameIndex(Effect):
    """An index gets another name."""

    old: str
    new: str


@dataclass(frozen=True)
class CreateEnum(Effect):
    """An enum type is made."""

    enum: EnumType


@dataclass(frozen=True)
class DropEnum(Effect):
    """An enum type goes."""


@dataclass(frozen=True)
class AlterEnum(Effect):
    """An enum type has other labels from now on."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def added(self) -> tuple[str, ...]:
        """The labels that are new, where none is gone; a label that is renamed is none of them."""
        new = tuple(label for label in self.after if label not in self.before)
        return new if len(self.after) > len(self.before) else ()


@dataclass(frozen=True)
class RenameEnum(Effect):
    """An enum type gets another name, or schema."""

    new: Key


@dataclass(frozen=True)
class RebuildTable(Effect):
    """A table is made anew, filled from the old one, and put in its place: what a batch of Alembic does on SQLite.

    What it changes follows in effects of their own.
    """

    before: Table
    after: Table


@dataclass(frozen=True)
class OtherEffect(Effect):
    """Anything else: comments, options, the order of columns, sequences, schemas."""

    method: str
    """What it is, as a method of the state's Schema: "set_table_comment", "create_sequence"."""
    arguments: dict[str, Any]
