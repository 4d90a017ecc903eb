"""An ALTER TABLE that may copy the table without a word, where the server could be made to refuse that."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.alterations import alterations_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python
from alembic_manage.rollout.alter_way import clause_of, way_of

TITLE = "Nothing keeps the server from copying the table"
SEVERITY = Severity.NOTICE
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each statement about a table in use that need not copy it, and does not say so."""
    if "ALGORITHM" in statement.words or "LOCK" in statement.words:
        return
    keys = {effect.table for effect in statement.effects}
    kinds = alterations_of(statement, view)
    if len(keys) != 1 or not kinds or view.is_new(key := keys.pop(), statement):
        return
    table = statement.before.find(key)
    way = way_of(kinds, table) if table is not None else None
    if way is not None:
        yield Concern(
            f"{key} need not be copied for this; where the server would do it all the same, it does so without a word.",
            subject=str(key),
            fix=f"op.execute({python(clause_of(way, statement.sql))})",
            table=key,
        )
