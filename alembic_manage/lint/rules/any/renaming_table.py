"""A table that gets another name while running code uses the old one."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RenameTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import python

TITLE = "Running code does not know a table's new name"
SEVERITY = Severity.WARNING
BY_SIZE = False
SQUAWK = ("renaming-table",)
STRONG_MIGRATIONS = ("rename_table",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each table that is renamed, and was there before the migration."""
    for effect in statement.of(RenameTable):
        old, new = effect.table, effect.new
        if view.is_new(old, statement):
            continue
        yield Concern(
            f"Code that runs now fails from the moment at which {old} is called {new}.",
            subject=str(old),
            fix=(
                "Rename the class and keep the table's name:\n"
                f"    __tablename__ = {python(old.name)}\n"
                "Or let the old name lead to the table until no old code runs:\n"
                f"    op.rename_table({python(old.name)}, {python(new.name)})\n"
                f'    op.execute("CREATE VIEW {old} AS SELECT * FROM {new}")'
            ),
            table=old,
        )
