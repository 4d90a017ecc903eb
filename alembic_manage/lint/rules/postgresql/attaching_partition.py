"""ATTACH PARTITION of a table whose rows must be read."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import key_after
from alembic_manage.lint.postgresql.code import in_next, quoted, validate
from alembic_manage.lint.postgresql.constraints import is_unchecked
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.state.objects import Check, Key

TITLE = "A partition is read as a whole before it is attached"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each ATTACH PARTITION of a table in use that has no CHECK about its bounds."""
    if not statement.says("ATTACH PARTITION"):
        return
    part, parent = key_after(statement, "ATTACH", "PARTITION"), key_after(statement, "ALTER", "TABLE")
    if part is None or view.is_new(part, statement) or _has_check(statement, part):
        return
    yield Concern(
        f"Every row of {part} is read, to see that it belongs into this partition of {parent}.",
        subject=str(part),
        lock=f"ACCESS EXCLUSIVE on {part}, and on a default partition: reads and writes wait until it is read.",
        fix="\n".join(
            [
                f"# say in a CHECK {quoted(f'{part.name}_bounds')} of {part}, NOT VALID, what FOR VALUES will say",
                in_next(validate(part, f"{part.name}_bounds"), "# and in the one after: ATTACH PARTITION"),
            ]
        ),
        table=part,
    )


def _has_check(statement: Statement, part: Key) -> bool:
    """Whether a valid CHECK may spare the reading; what it says is not compared with the bounds."""
    table = statement.before.find(part)
    return table is not None and any(isinstance(each, Check) and not is_unchecked(each) for each in table.constraints)
