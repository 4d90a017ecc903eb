"""What a constraint is checked against when it is added."""

from __future__ import annotations

import re

from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Check, Constraint
from alembic_manage.state.schema import Table

NOT_VALID = "postgresql_not_valid"


def is_not_valid(statement: Statement, constraint: Constraint) -> bool:
    """Whether a statement adds a constraint without a look at the rows that are there."""
    return bool(constraint.options.get(NOT_VALID)) or statement.clause_says(constraint.name, "NOT VALID")


def uses_index(statement: Statement, constraint: Constraint) -> bool:
    """Whether a statement makes a constraint of an index that is there."""
    return statement.clause_says(constraint.name, "USING INDEX") and not statement.says("USING INDEX TABLESPACE")


def is_unchecked(constraint: Constraint) -> bool:
    """Whether rows that are there may break a constraint: it was added NOT VALID and nobody has validated it."""
    return bool(constraint.options.get(NOT_VALID))


def not_null_check(table: Table, column: str) -> Check | None:
    """The validated CHECK that says that a column is not NULL; None where there is none."""
    wanted = re.compile(rf'\(*"?{re.escape(column)}"?\)* IS NOT NULL\)*', re.IGNORECASE)
    for constraint in table.constraints:
        text = " ".join(constraint.text.split()) if isinstance(constraint, Check) else ""
        if isinstance(constraint, Check) and not is_unchecked(constraint) and wanted.fullmatch(text):
            return constraint
    return None
