"""A UNIQUE constraint whose index is built while everybody waits."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddConstraint
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import autocommit, columns, execute, of_schema, quoted
from alembic_manage.lint.postgresql.constraints import uses_index
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python
from alembic_manage.state.objects import Key, Unique

TITLE = "A UNIQUE constraint stops the table while its index is built"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("disallowed-unique-constraint",)
STRONG_MIGRATIONS = ("add_unique_constraint",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each UNIQUE of a table in use that is not made of an index that is there."""
    for effect in statement.of(AddConstraint):
        added = effect.constraint
        if not isinstance(added, Unique) or view.is_new(effect.table, statement) or uses_index(statement, added):
            continue
        yield Concern(
            f"Nobody can read or write {effect.table} until the index of {added.name} is built.",
            subject=f"{effect.table}.{added.name}",
            lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until the index is built.",
            fix=_fix(effect.table, added),
            table=effect.table,
        )


def _fix(table: Key, added: Unique) -> str:
    index = (
        f"op.create_index({python(added.name)}, {python(table.name)}, {columns(added.columns)}{of_schema(table)}, "
        "unique=True, postgresql_concurrently=True)"
    )
    name = quoted(added.name)
    add = f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"
    return "\n".join([autocommit(index), execute(add)])
