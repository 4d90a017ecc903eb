"""A type change that is made by copying the table."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.columns import is_instant_type
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python
from alembic_manage.state.objects import Key

TITLE = "Another type of a column copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that gets another type, but for what is changed in the catalog alone."""
    for effect in statement.of(AlterColumn):
        old, new = (view.context.type_text(column) for column in (effect.before, effect.after))
        if old == new or statement.says("CONVERT TO") or view.is_new(effect.table, statement):
            continue
        if is_instant_type(effect, statement.before.table(effect.table)):
            continue
        subject = f"{effect.table}.{effect.after.name}"
        yield Concern(
            f"Column {subject} becomes {new} instead of {old}: the whole table is copied.",
            subject=subject,
            lock=f"LOCK=SHARED on {effect.table}: reads go on, writes wait until every row is copied.",
            fix=_fix(effect.table, effect.after.name, new),
            table=effect.table,
        )


def _fix(table: Key, column: str, type_text: str) -> str:
    added = f"ALTER TABLE {table} ADD COLUMN {column}_new {type_text}, ALGORITHM=INSTANT"
    return (
        f"op.execute({python(added)})\n"
        "# write both columns, fill the old rows in portions, read the new one, drop the old one;\n"
        "# or: python manage.py makemigrations --zero-downtime"
    )
