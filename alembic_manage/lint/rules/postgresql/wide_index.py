"""An index on more than three columns."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import CreateIndex
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "An index on many columns costs more than it gives"
SEVERITY = Severity.NOTICE
BY_SIZE = False
STRONG_MIGRATIONS = ("add_index_columns",)
MOST_COLUMNS = 3
"""As many as strong_migrations lets pass."""


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each index for searching, not for uniqueness, that has more than three columns."""
    for effect in statement.of(CreateIndex):
        index = effect.index
        count = len(index.parts)
        if count > MOST_COLUMNS and not index.unique and index.options.get("postgresql_using") in (None, "", "btree"):
            yield Concern(
                f"Index {index.name} has {count} columns: it is large, and helps only queries by the first ones.",
                subject=f"{effect.table}.{index.name}",
                fix=f"Begin with the column that leaves the fewest rows: {index.parts[0].text}, or two of them.",
            )
