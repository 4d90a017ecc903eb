"""Tables that are made anew and put in the place of the old ones, as Alembic's batches do on SQLite."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint import effects
from alembic_manage.lint.effects import CreateTable, DropTable, Effect, RebuildTable, RenameTable
from alembic_manage.lint.statement import Statement
from alembic_manage.state.schema import Table


def joined(statements: list[Statement]) -> list[Statement]:
    """The same statements; of a rebuild only the last has effects: RebuildTable, and what it changes."""
    made: dict[str, tuple[int, CreateTable]] = {}
    dropped: dict[str, tuple[int, DropTable]] = {}
    for place, statement in enumerate(statements):
        for effect in statement.effects:
            if isinstance(effect, CreateTable):
                made[str(effect.table)] = (place, effect)
            elif isinstance(effect, DropTable):
                dropped[str(effect.table)] = (place, effect)
            elif isinstance(effect, RenameTable) and str(effect.table) in made and str(effect.new) in dropped:
                first, _ = made[str(effect.table)]
                gone, old = dropped[str(effect.new)]
                if first < gone < place:
                    _join(statements[first : place + 1], old.dropped, statement)
    return statements


def _join(parts: list[Statement], old: Table, last: Statement) -> None:
    new = last.after.table(old.key)
    for part in parts:
        part.is_part_of_rebuild = True
        part.effects = ()
    last.effects = (RebuildTable(old.key, old, new), *_changes(old, new))


def _changes(old: Table, new: Table) -> Iterator[Effect]:
    """What differs between a table and the one that took its place; its indexes are made by statements of their own."""
    key = old.key
    for name, column in old.columns.items():
        if name not in new.columns:
            yield effects.DropColumn(key, column)
        elif new.columns[name] != column and not _are_equal(column, new.columns[name]):
            yield effects.AlterColumn(key, column, new.columns[name])
    for name, column in new.columns.items():
        if name not in old.columns:
            yield effects.AddColumn(key, column)
    for constraint in new.constraints:
        if not any(_is_same(constraint, each) for each in old.constraints):
            yield effects.AddConstraint(key, constraint)
    for constraint in old.constraints:
        if not any(_is_same(constraint, each) for each in new.constraints):
            yield effects.DropConstraint(key, str(constraint.name or ""), constraint)


def _are_equal(one: object, other: object) -> bool:
    """Types of SQLAlchemy are equal only to themselves: what they print counts."""
    return repr(one) == repr(other)


def _is_same(one: object, other: object) -> bool:
    return one == other or repr(one) == repr(other)
