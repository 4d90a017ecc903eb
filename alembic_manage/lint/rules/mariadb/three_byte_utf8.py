"""A column in which no character of four bytes can be stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alembic_manage.lint.effects import AddColumn, AlterColumn, CreateTable, OtherEffect
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.character_sets import THREE_BYTES, charset_of_table, own_charset
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "utf8mb3 holds no emoji"
SEVERITY = Severity.WARNING
BY_SIZE = False


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each table and column that gets utf8mb3, also under its name "utf8"."""
    effects = [effect for kind in (CreateTable, OtherEffect) for effect in statement.of(kind)]
    for key in dict.fromkeys(effect.table for effect in effects):
        before, after = statement.before.find(key), statement.after.find(key)
        is_new = before is None or charset_of_table(before) not in THREE_BYTES
        if after is not None and is_new and charset_of_table(after) in THREE_BYTES:
            yield _concern("Table", str(key), is_converted=statement.says("CONVERT TO"))
    for path, type_ in _columns(statement):
        if own_charset(type_) in THREE_BYTES:
            yield _concern("Column", path, is_converted=any(statement.of(AlterColumn)))


def _columns(statement: Statement) -> Iterator[tuple[str, Any]]:
    """The columns that get a type: their paths and types."""
    for created in statement.of(CreateTable):
        yield from ((f"{created.table}.{each.name}", each.type) for each in created.made.columns.values())
    for added in statement.of(AddColumn):
        yield f"{added.table}.{added.column.name}", added.column.type
    for altered in statement.of(AlterColumn):
        if own_charset(altered.before.type) not in THREE_BYTES:
            yield f"{altered.table}.{altered.after.name}", altered.after.type


def _concern(kind: str, path: str, *, is_converted: bool) -> Concern:
    there = " Values with such characters stop the statement, or lose them." if is_converted else ""
    return Concern(
        f"{kind} {path} is utf8mb3: an INSERT with a character of four bytes (emoji, rare Chinese) fails, "
        f"or stores '?' where the server is not strict.{there}",
        subject=path,
        fix='Write utf8mb4: mysql_charset="utf8mb4" for a table, CHARACTER SET utf8mb4 for a column.',
    )
