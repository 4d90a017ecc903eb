"""A migration of several statements, of which each is committed by itself."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.state.sql.statements import StatementKind

TITLE = "A migration that fails halfway stays halfway"
SEVERITY = Severity.NOTICE
BY_SIZE = False


def check_revision(view: RevisionView) -> Iterator[Concern]:
    """A migration with DDL and something else that can fail."""
    changing = [each for each in view.statements if each.kind in (StatementKind.DDL, StatementKind.ROWS)]
    ddl = [each for each in changing if each.kind is StatementKind.DDL]
    if ddl and len(changing) > 1:
        yield Concern(
            f"{view.revision.id} has {len(changing)} statements, and DDL commits: if one fails, those before it stay.",
            subject=view.revision.id,
            fix="One DDL statement a migration, or one ALTER TABLE with several clauses.",
            line=ddl[0].line,
        )
