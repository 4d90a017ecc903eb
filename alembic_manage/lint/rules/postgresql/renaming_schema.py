"""A schema that gets another name."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import execute
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "Running code does not know a schema's new name"
SEVERITY = Severity.WARNING
BY_SIZE = False
STRONG_MIGRATIONS = ("rename_schema",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each ALTER SCHEMA ... RENAME TO."""
    old, new = key_after(statement, "ALTER", "SCHEMA"), key_after(statement, "RENAME", "TO")
    if old is None or new is None or not statement.begins("ALTER SCHEMA"):
        return
    yield Concern(
        f"Code that runs now fails from the moment at which the schema {old.name} is called {new.name}.",
        subject=old.name,
        fix=(
            f"{execute('CREATE SCHEMA ' + new.name)}\n"
            "# write to both, copy the tables, read the new ones, then drop the old schema"
        ),
    )
