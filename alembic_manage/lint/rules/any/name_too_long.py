"""A name that is longer than the database keeps."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.sql.tokens import TokenKind
from alembic_manage.state.sql.statements import StatementKind

TITLE = "A name is longer than the database keeps"
SEVERITY = Severity.WARNING
BY_SIZE = False
SQUAWK = ("identifier-too-long",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each name in DDL that the database cuts, or refuses."""
    if statement.kind is not StatementKind.DDL:
        return
    names = {token.value for token in statement.tokens if token.kind in (TokenKind.WORD, TokenKind.NAME)}
    rules = view.context.rules
    limit = min(view.context.dialect.max_identifier_length, rules.name_characters or sys.maxsize)
    for name in sorted(names):
        cut = rules.cut_name(name)
        if cut != name:
            yield _concern(name, f"is cut to {cut}: code that uses the long name may not find it")
        elif len(name) > limit:
            yield _concern(name, f"is refused: a name has at most {limit} characters")


def _concern(name: str, what: str) -> Concern:
    return Concern(f"The name {name} {what}.", subject=name, fix="Give it a shorter name.")
