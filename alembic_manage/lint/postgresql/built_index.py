"""Constraints that build an index of their own, and how they are made of one that was built before."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddConstraint
from alembic_manage.lint.finding import Concern
from alembic_manage.lint.postgresql.code import autocommit, execute, of_schema, quoted
from alembic_manage.lint.postgresql.constraints import uses_index
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import columns, python
from alembic_manage.state.objects import Key, PrimaryKey, Unique


def concerns_of_built_index(
    statement: Statement, view: RevisionView, kind: type[PrimaryKey | Unique], word: str
) -> Iterator[Concern]:
    """What a statement makes wait with each constraint of a kind that is not made of an index that is there.

    Args:
        statement: of the revision.
        view: of the revision; a table that is new in it has nobody who waits.
        kind: the class of the constraints.
        word: what they are called in SQL.
    """
    for effect in statement.of(AddConstraint):
        added = effect.constraint
        if not isinstance(added, kind) or view.is_new(effect.table, statement) or uses_index(statement, added):
            continue
        yield Concern(
            f"Nobody can read or write {effect.table} until the index of {added.name} is built.",
            subject=f"{effect.table}.{added.name}",
            lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until the index is built.",
            fix=_fix(effect.table, added, word),
            table=effect.table,
        )


def _fix(table: Key, added: PrimaryKey | Unique, word: str) -> str:
    index = (
        f"op.create_index({python(added.name)}, {python(table.name)}, {columns(added.columns)}{of_schema(table)}, "
        "unique=True, postgresql_concurrently=True)"
    )
    name = quoted(added.name)
    add = f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {name} {word} USING INDEX {name}"
    return "\n".join([autocommit(index), execute(add)])
