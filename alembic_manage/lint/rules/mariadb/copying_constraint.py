"""A foreign key or a CHECK, for which MariaDB copies the table."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AddConstraint
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.constraints import is_unchecked
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import create_foreign_key
from alembic_manage.state.objects import Check, ForeignKey, Key

TITLE = "A foreign key or a CHECK copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each foreign key and CHECK that is added to a table in use; a foreign key only while the server checks them."""
    for effect in statement.of(AddConstraint):
        constraint = effect.constraint
        if not isinstance(constraint, ForeignKey | Check) or view.is_new(effect.table, statement):
            continue
        if isinstance(constraint, ForeignKey) and is_unchecked(statement, view):
            continue
        kind = "foreign key" if isinstance(constraint, ForeignKey) else "CHECK"
        yield Concern(
            f"For the {kind} {constraint.name} every row of {effect.table} is copied.",
            subject=f"{effect.table}.{constraint.name}",
            lock=f"LOCK=SHARED on {effect.table}: reads go on, writes wait until every row is copied.",
            fix=_fix(effect.table, constraint) if isinstance(constraint, ForeignKey) else _NO_WAY,
            table=effect.table,
        )


_NO_WAY = "MariaDB knows no other way: run it while nobody writes, or leave the check to the code."


def _fix(table: Key, key: ForeignKey) -> str:
    return "\n".join(
        [
            f"# first make sure that no row refers to nothing{_orphans(table, key)}",
            'op.execute("SET SESSION foreign_key_checks = 0")',
            create_foreign_key(table, key),
            'op.execute("SET SESSION foreign_key_checks = 1")',
        ]
    )


def _orphans(table: Key, key: ForeignKey) -> str:
    """The query for such rows; empty where the key does not say to which columns it refers."""
    if not key.referred_columns:
        return ""
    pairs = list(zip(key.columns, key.referred_columns, strict=True))
    same = " AND ".join(f"p.{referred} = c.{column}" for column, referred in pairs)
    given = " AND ".join(f"c.{column} IS NOT NULL" for column, _ in pairs)
    return f": SELECT * FROM {table} c WHERE {given} AND NOT EXISTS (SELECT 1 FROM {key.referred} p WHERE {same})"
