"""What a statement changes, in the words in which MariaDB's online DDL is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from alembic_manage.lint import effects
from alembic_manage.lint.mariadb.columns import is_instant_type, varies
from alembic_manage.lint.mariadb.constraints import is_unchecked
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.rollout.alter_way import (
    Alteration,
    alterations_of_drop,
    alterations_of_nullability,
    is_hashed,
    is_plain_index,
)
from alembic_manage.state.objects import Check, ForeignKey, Unique
from alembic_manage.state.schema import Table

Kinds = Sequence[Alteration] | None


def alterations_of(statement: Statement, view: RevisionView) -> tuple[Alteration, ...]:
    """All that a statement changes; nothing where the table is copied for a part of it, or where that is not known."""
    found: list[Alteration] = []
    for kinds in _kinds(statement, view):
        if kinds is None:
            return ()
        found += kinds
    return tuple(found)


def _kinds(statement: Statement, view: RevisionView) -> Iterator[Kinds]:
    for effect in statement.effects:
        table = statement.before.find(effect.table)
        read = _READERS.get(type(effect))
        yield read(effect, table, statement, view) if read is not None and table is not None else None


def _catalog(*_: Any) -> Kinds:
    return (Alteration.CATALOG,)


def _index_goes(*_: Any) -> Kinds:
    return (Alteration.INDEX,)


def _column_comes(effect: effects.AddColumn, table: Table, statement: Statement, view: RevisionView) -> Kinds:
    column = effect.column
    is_stored = column.computed is not None and bool(column.computed.persisted)
    has_own = column.default is not None and varies(column.default, view.context.rules)
    if is_stored or has_own or column.autoincrement:
        return None
    is_placed = "AFTER" in statement.words or "FIRST" in statement.words
    return (Alteration.PLACED_COLUMN if is_placed else Alteration.COLUMN,)


def _column_goes(effect: effects.DropColumn, table: Table, *_: Any) -> Kinds:
    return alterations_of_drop(effect.column.name, table)


def _column_changes(effect: effects.AlterColumn, table: Table, statement: Statement, view: RevisionView) -> Kinds:
    before, after = effect.before, effect.after
    moves = (Alteration.COLUMN,) if "AFTER" in statement.words or "FIRST" in statement.words else ()
    is_same_type = view.context.type_text(before) == view.context.type_text(after)
    if not is_same_type and not is_instant_type(effect, table):
        return None
    if (before.computed, before.autoincrement) != (after.computed, after.autoincrement):
        return None
    if before.nullable == after.nullable:
        return (Alteration.CATALOG, *moves)
    found = alterations_of_nullability(after.type, nullable=after.nullable)
    return (*found, *moves) if found else None


def _constraint_comes(effect: effects.AddConstraint, table: Table, statement: Statement, view: RevisionView) -> Kinds:
    constraint = effect.constraint
    if isinstance(constraint, Unique):
        return None if is_hashed(constraint.columns, table) else (Alteration.INDEX,)
    if isinstance(constraint, ForeignKey) and is_unchecked(statement, view):
        return (Alteration.INDEX,)
    return None


def _constraint_goes(effect: effects.DropConstraint, *_: Any) -> Kinds:
    if isinstance(effect.constraint, ForeignKey | Check):
        return (Alteration.CATALOG,)
    return (Alteration.INDEX,) if isinstance(effect.constraint, Unique) else None


def _index_comes(effect: effects.CreateIndex, table: Table, *_: Any) -> Kinds:
    index = effect.index
    is_plain = is_plain_index(index.columns, index.options, table, unique=index.unique)
    return (Alteration.INDEX,) if is_plain else None


def _other(effect: effects.OtherEffect, table: Table, *_: Any) -> Kinds:
    """The comment of a table, and the place of a column; of the rest nothing is known."""
    if effect.method == "set_table_comment":
        return (Alteration.CATALOG,)
    if effect.method != "move_column":
        return None
    column = table.columns.get(effect.arguments["name"])
    return (Alteration.COLUMN,) if column is None or column.computed is None else None


_READERS: Mapping[type[effects.Effect], Callable[..., Kinds]] = {
    effects.AddColumn: _column_comes,
    effects.DropColumn: _column_goes,
    effects.RenameColumn: _catalog,
    effects.AlterColumn: _column_changes,
    effects.AddConstraint: _constraint_comes,
    effects.DropConstraint: _constraint_goes,
    effects.RenameConstraint: _catalog,
    effects.CreateIndex: _index_comes,
    effects.DropIndex: _index_goes,
    effects.RenameIndex: _catalog,
    effects.OtherEffect: _other,
}
