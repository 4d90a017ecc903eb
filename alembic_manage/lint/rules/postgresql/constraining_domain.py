"""A domain with a constraint."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import execute, in_next, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Key

TITLE = "A constraint of a domain is checked in every table that has it"
SEVERITY = Severity.WARNING
BY_SIZE = False
SQUAWK = (
    "ban-create-domain-with-constraint",
    "ban-alter-domain-with-add-constraint",
)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """CREATE DOMAIN with CHECK or NOT NULL, and ALTER DOMAIN that adds one."""
    name = key_after(statement, "DOMAIN")
    if name is None:
        return
    if statement.begins("CREATE DOMAIN") and ("CHECK" in statement.words or statement.says("NOT NULL")):
        yield Concern(
            f"The rules of {name} are looked at only when a value is cast, and to change them later reads every table.",
            subject=str(name),
            fix="A CHECK in each table; that can be added NOT VALID, and validated while others write.",
            severity=Severity.NOTICE,
        )
    elif statement.begins("ALTER DOMAIN") and _adds(statement):
        yield Concern(
            f"Every table with a column of {name} is read, and nobody writes to them meanwhile.",
            subject=str(name),
            lock=f"SHARE on every table with a column of {name}: reads go on, writes wait.",
            fix=_fix(statement, name),
        )


def _fix(statement: Statement, name: Key) -> str | None:
    """The same constraint, NOT VALID; None where the server names it, so that nobody can say which to validate."""
    added = statement.sql.strip().rstrip(";")
    constraint = key_after(statement, "CONSTRAINT")
    if statement.says("SET NOT NULL"):
        constraint = Key(None, f"{name.name}_not_null")
        added = f"ALTER DOMAIN {quoted(name)} ADD CONSTRAINT {quoted(constraint)} CHECK (VALUE IS NOT NULL)"
    if constraint is None:
        return None
    validated = execute(f"ALTER DOMAIN {quoted(name)} VALIDATE CONSTRAINT {quoted(constraint)}")
    return "\n".join([execute(f"{added} NOT VALID"), in_next(validated)])


def _adds(statement: Statement) -> bool:
    return (statement.says("ADD") and not statement.says("NOT VALID")) or statement.says("SET NOT NULL")
