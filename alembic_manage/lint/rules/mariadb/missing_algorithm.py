"""An ALTER TABLE that may copy the table without a word, where the server could be made to refuse that."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.alterations import alterations_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python
from alembic_manage.rollout.alter_way import Way, clause_of, way_of
from alembic_manage.state.objects import Key

TITLE = "Nothing keeps the server from copying the table"
SEVERITY = Severity.NOTICE
BY_SIZE = True


def check_revision(view: RevisionView) -> Iterator[Concern]:
    """Each table in use of which something changes that need not copy it, where that is not said; once a migration."""
    found: dict[Key, list[tuple[Statement, Way]]] = {}
    for statement in view.statements:
        if (way := _way(statement, view)) is not None:
            found.setdefault(way[0], []).append((statement, way[1]))
    for key, members in found.items():
        yield Concern(
            f"{key} need not be copied for this; where the server would do it all the same, it does so without a word.",
            subject=str(key),
            fix="\n".join(f"op.execute({python(clause_of(way, each.sql))})" for each, way in members),
            table=key,
            line=members[0][0].line,
        )


def _way(statement: Statement, view: RevisionView) -> tuple[Key, Way] | None:
    """The table of a statement, and how it could be asked for; None where it says that, or where there is no way."""
    if "ALGORITHM" in statement.words or "LOCK" in statement.words:
        return None
    keys = {effect.table for effect in statement.effects}
    kinds = alterations_of(statement, view)
    if len(keys) != 1 or not kinds or view.is_new(key := keys.pop(), statement):
        return None
    table = statement.before.find(key)
    way = way_of(kinds, table) if table is not None else None
    return (key, way) if way is not None else None
