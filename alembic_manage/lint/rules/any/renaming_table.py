"""A table that gets another name while running code uses the old one."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import RenameTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.stored_program import changed_by
from alembic_manage.lint.words import python
from alembic_manage.state.objects import Key

TITLE = "Running code does not know a table's new name"
SEVERITY = Severity.WARNING
BY_SIZE = False
SQUAWK = ("renaming-table",)
STRONG_MIGRATIONS = ("rename_table",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each table that is renamed, and was there before the migration, unless a view gets its name."""
    for effect in statement.of(RenameTable):
        old, new = effect.table, effect.new
        if view.is_new(old, statement) or _has_stand_in(old, statement, view):
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


def _has_stand_in(table: Key, statement: Statement, view: RevisionView) -> bool:
    """Whether a view answers to the old name: made behind it, or renamed by the same statement, as MariaDB can."""
    later = view.statements[view.statements.index(statement) :]
    made = changed_by({}, (each.sql for each in later), view.context.rules).get(table.name.lower())
    if made is not None:
        return made.kind == "VIEW"
    return statement.begins("RENAME TABLE") and statement.words[-2] == "TO" and statement.tokens[-1].value == table.name
