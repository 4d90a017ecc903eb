"""A type change that PostgreSQL makes by copying the table."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.names import strings
from alembic_manage.lint.postgresql.code import execute, quoted
from alembic_manage.lint.postgresql.column_types import TypeChange, type_change
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import listed
from alembic_manage.state.objects import Key, columns_of

TITLE = "Another type of a column copies the table"
SEVERITY = Severity.WARNING
BY_SIZE = True
SQUAWK = ("changing-column-type",)
STRONG_MIGRATIONS = ("change_column",)


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column of a table in use whose new type needs other rows, or other indexes."""
    for effect in statement.of(AlterColumn):
        old, new = (view.context.type_text(column) for column in (effect.before, effect.after))
        if old == new or view.is_new(effect.table, statement):
            continue
        change = type_change(old, new, view.context.server_version)
        if not _is_plain(statement, effect.after.name):
            change = TypeChange(True)
        what = _what(statement, view, effect, change)
        if what is not None:
            yield Concern(
                f"Column {effect.table}.{effect.after.name} becomes {new} instead of {old}: {what}.",
                subject=f"{effect.table}.{effect.after.name}",
                lock=f"ACCESS EXCLUSIVE on {effect.table}: reads and writes wait meanwhile.",
                fix=_fix(effect.table, effect.after.name, new),
                table=effect.table,
            )


def _is_plain(statement: Statement, column: str) -> bool:
    """Whether no USING stands there, or one that is only a cast of the column."""
    words = statement.words
    if "USING" not in words or not statement.clause_says(column, "USING"):
        return True
    rest = statement.tokens[words.index("USING") + 1 :]
    values = [token.value.strip('"').lower() for token in rest[:2]]
    return bool(values) and values[0] == column.lower() and (len(rest) == 1 or rest[1].text in (":", "::"))


def _what(statement: Statement, view: RevisionView, effect: AlterColumn, change: TypeChange) -> str | None:
    """What the server does; None where that is nothing that takes long."""
    if change.copies and not (change.in_utc and _is_utc(statement, view)):
        return "every row is written anew" + ", unless the session's time zone is UTC" * change.in_utc
    table = statement.before.table(effect.table)
    names = [index.name for index in table.indexes if effect.before.name in columns_of(index, table.columns)]
    if change.builds_indexes and names:
        return f"the rows stay, but {listed(names)} is built again"
    return None


def _is_utc(statement: Statement, view: RevisionView) -> bool:
    """Whether an earlier statement sets the time zone in which nothing must be written."""
    return any(
        other.begins("SET") and ("TIMEZONE" in other.words or other.says("TIME ZONE")) and "UTC" in strings(other)
        for other in view.earlier(statement)
    )


def _fix(table: Key, column: str, new: str) -> str:
    return "\n".join(
        [
            execute(f"ALTER TABLE {quoted(table)} ADD COLUMN {quoted(f'{column}_new')} {new}"),
            "# write both columns, fill the old rows in batches, read the new one, drop the old one;",
            "# or: python manage.py makemigrations --zero-downtime",
        ]
    )
