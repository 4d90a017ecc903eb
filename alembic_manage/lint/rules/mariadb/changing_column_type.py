"""A type change that MariaDB can make only by copying the table."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "Another type of a column copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that gets another type, but for a longer VARCHAR that keeps its length byte."""
    for effect in statement.of(AlterColumn):
        old, new = (view.context.type_text(column) for column in (effect.before, effect.after))
        if old == new or view.is_new(effect.table, statement) or _only_longer(effect):
            continue
        subject = f"{effect.table}.{effect.after.name}"
        yield Concern(
            f"Column {subject} becomes {new} instead of {old}: the whole table is copied.",
            subject=subject,
            lock=f"LOCK=SHARED on {effect.table}: reads go on, writes wait until every row is copied.",
            table=effect.table,
        )


def _only_longer(effect: AlterColumn) -> bool:
    """Whether a VARCHAR gets longer, and its length still takes as many bytes.

    Source: MariaDB documentation, "InnoDB Online DDL Operations with the INSTANT Alter Algorithm", Changing Data Type.
    """
    old, new = effect.before.type, effect.after.type
    if type(old).__visit_name__ != type(new).__visit_name__ or "VARCHAR" not in str(type(old)).upper():
        return False
    was, now = getattr(old, "length", None), getattr(new, "length", None)
    return was is not None and now is not None and was <= now and (was * 4 > 255) == (now * 4 > 255)
