"""A foreign key that is checked while nobody can write."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddColumn, AddConstraint
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import in_next, validate
from alembic_manage.lint.postgresql.constraints import is_not_valid
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import create_foreign_key, listed
from alembic_manage.state.objects import ForeignKey

TITLE = "A foreign key stops writes to two tables while it is checked"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("adding-foreign-key-constraint",)
STRONG_MIGRATIONS = ("add_foreign_key", "add_reference")


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each foreign key of a table in use that is not NOT VALID."""
    for effect in statement.of(AddConstraint):
        key = effect.constraint
        if not isinstance(key, ForeignKey) or view.is_new(effect.table, statement) or is_not_valid(statement, key):
            continue
        if _is_unread(statement, key):
            continue
        tables = list(dict.fromkeys(map(str, (effect.table, key.referred))))
        yield Concern(
            f"Nobody can write to {' or '.join(tables)} until {key.name} is checked for every row.",
            subject=f"{effect.table}.{key.name}",
            lock=f"SHARE ROW EXCLUSIVE on {listed(tables)}: reads go on, writes wait.",
            fix="\n".join(
                [
                    create_foreign_key(effect.table, key, "postgresql_not_valid=True"),
                    in_next(validate(effect.table, str(key.name))),
                ]
            ),
            table=effect.table,
        )


def _is_unread(statement: Statement, key: ForeignKey) -> bool:
    """Whether the same statement adds the columns, and they are NULL in every row: then no row is looked at.

    Source: PostgreSQL 16, src/backend/parser/parse_utilcmd.c, `skipValidation`; and measured.
    """
    empty = {
        effect.column.name
        for effect in statement.of(AddColumn)
        if effect.column.default is None and not (effect.column.computed or effect.column.autoincrement)
    }
    return set(key.columns) <= empty
