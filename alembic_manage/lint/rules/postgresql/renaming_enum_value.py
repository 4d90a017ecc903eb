"""A value of an enum that gets another name."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterEnum, CreateEnum
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import execute, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "Running code does not know an enum value's new name"
SEVERITY = Severity.WARNING
BY_SIZE = False
STRONG_MIGRATIONS = ("rename_enum_value",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each RENAME VALUE of a type that was there before the migration."""
    if not statement.says("RENAME VALUE"):
        return
    made = {each.table for other in view.earlier(statement) for each in other.of(CreateEnum)}
    for effect in statement.of(AlterEnum):
        if effect.table in made:
            continue
        for old, new in zip(effect.before, effect.after, strict=False):
            if old != new:
                yield Concern(
                    f"Code that runs now writes and expects '{old}', which {effect.table} does not have any more.",
                    subject=f"{effect.table}.{old}",
                    fix=(
                        execute(f"ALTER TYPE {quoted(effect.table)} ADD VALUE '{new}' AFTER '{old}'") + "\n"
                        "# release code that reads both and writes the new one; then UPDATE the old rows"
                    ),
                )
