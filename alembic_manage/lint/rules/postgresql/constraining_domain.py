"""A domain with a constraint."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import execute, in_next, quoted
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

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
            fix="\n".join(
                [
                    execute(f"ALTER DOMAIN {quoted(name)} ADD CONSTRAINT ... CHECK (...) NOT VALID"),
                    in_next(execute(f"ALTER DOMAIN {quoted(name)} VALIDATE CONSTRAINT ...")),
                ]
            ),
        )


def _adds(statement: Statement) -> bool:
    return (statement.says("ADD") and not statement.says("NOT VALID")) or statement.says("SET NOT NULL")
