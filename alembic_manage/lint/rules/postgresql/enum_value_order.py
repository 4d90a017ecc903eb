"""ADD VALUE without a place."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterEnum
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import execute, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A new enum value is put behind all others"
SEVERITY = Severity.NOTICE
BY_SIZE = False
SQUAWK = ("require-enum-value-ordering",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each value that is added without BEFORE or AFTER, where the models do not have it at the end too."""
    if "BEFORE" in statement.words or "AFTER" in statement.words:
        return
    for effect in statement.of(AlterEnum):
        for label in effect.added:
            if view.context.enums.stands_behind(effect.table, label, effect.before):
                continue
            last = effect.before[-1] if effect.before else None
            where = f" AFTER '{last}'" if last else ""
            yield Concern(
                f"'{label}' becomes the last value of {effect.table}, and sorts there; nothing can move it later.",
                subject=f"{effect.table}.{label}",
                fix=execute(f"ALTER TYPE {quoted(effect.table)} ADD VALUE '{label}'{where}"),
            )
