"""A type change that is made by copying the table."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "Another type of a column copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True
BYTES_PER_CHARACTER = 4
"""In utf8mb4, the widest that there is."""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that gets another type, but for what is changed in the catalog alone."""
    for effect in statement.of(AlterColumn):
        old, new = (view.context.type_text(column) for column in (effect.before, effect.after))
        if old == new or view.is_new(effect.table, statement) or _is_instant(effect):
            continue
        subject = f"{effect.table}.{effect.after.name}"
        yield Concern(
            f"Column {subject} becomes {new} instead of {old}: the whole table is copied.",
            subject=subject,
            lock=f"LOCK=SHARED on {effect.table}: reads go on, writes wait until every row is copied.",
            table=effect.table,
        )


def _is_instant(effect: AlterColumn) -> bool:
    """Whether only the catalog changes: a VARCHAR that gets longer, an ENUM that gets values at its end.

    A VARCHAR of 128 to 255 bytes that gets more than 255 is copied. Measured on MariaDB 10.11.
    Source: MariaDB documentation, "InnoDB Online DDL Operations with the INSTANT Alter Algorithm", Changing Data Type.
    """
    old, new = effect.before.type, effect.after.type
    labels = [list(getattr(each, "enums", ())) for each in (old, new)]
    if labels[0] and labels[1][: len(labels[0])] == labels[0]:
        return True
    if type(old).__visit_name__ != type(new).__visit_name__:
        return False
    if hasattr(old, "enums") and hasattr(new, "enums"):
        return bool(list(new.enums[: len(old.enums)]) == list(old.enums))
    was, now = getattr(old, "length", None), getattr(new, "length", None)
    if was is None or now is None or was > now or "VARCHAR" not in str(type(old)).upper():
        return False
    least, most = was * BYTES_PER_CHARACTER, now * BYTES_PER_CHARACTER
    return bool(least <= 127 or least > 255 or most <= 255)
