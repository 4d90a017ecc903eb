"""What MariaDB asks of rows when a constraint is added."""

from __future__ import annotations

from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement


def is_unchecked(statement: Statement, view: RevisionView) -> bool:
    """Whether the last SET FOREIGN_KEY_CHECKS before a statement says 0: rows then may refer to nothing."""
    values = [each.tokens[-1].text for each in view.earlier(statement) if "FOREIGN_KEY_CHECKS" in each.words]
    return bool(values) and values[-1].upper() in ("0", "OFF")
