"""CREATE INDEX CONCURRENTLY on a version that damages it."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import CreateIndex
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "PostgreSQL 14.0 to 14.3 may leave rows out of an index built CONCURRENTLY"
SEVERITY = Severity.ERROR
BY_SIZE = False
STRONG_MIGRATIONS = ("add_index_corruption",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each index that is built CONCURRENTLY on one of those versions.

    Source: PostgreSQL 14.4 release notes, corruption of indexes built CONCURRENTLY.
    """
    version = view.context.server_version
    if not (len(version) > 1 and (14, 0) <= version < (14, 4)) or "CONCURRENTLY" not in statement.words:
        return
    if statement.begins("CREATE") or statement.begins("REINDEX"):
        names = [effect.index.name for effect in statement.of(CreateIndex)]
        yield Concern(
            f"PostgreSQL {'.'.join(map(str, version))} may leave rows out of the index: queries then miss them.",
            subject=names[0] if names else "REINDEX",
            fix="Update the server to 14.4 or later, which needs a restart only; then REINDEX what was built before.",
        )
