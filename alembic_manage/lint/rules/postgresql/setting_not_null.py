"""SET NOT NULL reads the table while everybody waits."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import autocommit, execute, of_schema, quoted, validate
from alembic_manage.lint.postgresql.constraints import not_null_check
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python
from alembic_manage.state.objects import Key

TITLE = "SET NOT NULL reads the whole table while nobody can use it"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("adding-not-nullable-field",)
STRONG_MIGRATIONS = ("change_column_null", "change_column_with_not_null")
BELIEVES_CHECK = (12,)
"""Since then a validated CHECK (... IS NOT NULL) spares the reading.

Source: PostgreSQL 12 release notes, "Allow ALTER TABLE ... SET NOT NULL to avoid unnecessary table scans".
"""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column of a table in use that becomes NOT NULL without a CHECK that says so already."""
    for effect in statement.of(AlterColumn):
        if not effect.becomes_not_null or view.is_new(effect.table, statement):
            continue
        believes = view.context.server_version >= BELIEVES_CHECK
        if believes and not_null_check(statement.before.table(effect.table), effect.before.name) is not None:
            continue
        yield Concern(
            f"Every row of {effect.table} is read, to see that {effect.after.name} is nowhere NULL.",
            subject=f"{effect.table}.{effect.after.name}",
            lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until every row is read.",
            fix=_fix(effect.table, effect.after.name) if believes else None,
            table=effect.table,
        )


def _fix(table: Key, column: str) -> str:
    name, check = f"{table.name}_{column}_not_null", f"{quoted(column)} IS NOT NULL"
    return "\n".join(
        [
            execute(f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {quoted(name)} CHECK ({check}) NOT VALID"),
            autocommit(validate(table, name)),
            f"op.alter_column({python(table.name)}, {python(column)}, nullable=False{of_schema(table)})",
            execute(f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(name)}"),
        ]
    )
