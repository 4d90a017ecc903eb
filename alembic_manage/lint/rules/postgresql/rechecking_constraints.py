"""A free type change of a column that a CHECK looks at."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import execute, in_next, quoted, validate
from alembic_manage.lint.postgresql.column_types import type_change
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Check, Key, columns_of

TITLE = "A type change checks every row against the column's CHECK again"
SEVERITY = Severity.WARNING
BY_SIZE = True
STRONG_MIGRATIONS = ("change_column_constraint",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each type change that copies nothing, but has the rows read for a CHECK."""
    for effect in statement.of(AlterColumn):
        old, new = (view.context.type_text(column) for column in (effect.before, effect.after))
        if old == new or view.is_new(effect.table, statement) or type_change(old, new, (16,)).copies:
            continue
        table = statement.before.table(effect.table)
        for check in table.constraints:
            if isinstance(check, Check) and effect.before.name in columns_of(check, table.columns):
                yield Concern(
                    f"{check.name} is checked again for every row, because {effect.after.name} becomes {new}.",
                    subject=f"{effect.table}.{check.name}",
                    lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait until every row is read.",
                    fix=_fix(effect.table, check, statement.sql.strip()),
                    table=effect.table,
                )


def _fix(table: Key, check: Check, sql: str) -> str:
    return "\n".join(
        [
            execute(f"ALTER TABLE {quoted(table)} DROP CONSTRAINT {quoted(check.name)}"),
            execute(sql),
            execute(f"ALTER TABLE {quoted(table)} ADD CONSTRAINT {quoted(check.name)} CHECK ({check.text}) NOT VALID"),
            in_next(validate(table, str(check.name))),
        ]
    )
