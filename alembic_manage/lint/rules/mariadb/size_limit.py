"""A key or a row that is longer than InnoDB takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.lint.effects import AddColumn, AddConstraint, AlterColumn, CreateIndex, CreateTable
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.mariadb.character_sets import bytes_of_character, charset_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.rollout.alter_way import KEY_BYTES
from alembic_manage.state.objects import Key, PrimaryKey, Unique
from alembic_manage.state.schema import Table

TITLE = "A key or a row is longer than InnoDB takes"
SEVERITY = Severity.ERROR
BY_SIZE = False
ROW_BYTES = 65_535


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each new key, and each table that gets columns, of too many bytes."""
    for created in statement.of(CreateIndex):
        if not created.index.options:  # a prefix length is none of the column's
            kind = "unique" if created.index.unique else "index"
            yield from _of_key(statement, created.table, created.index.name, created.index.columns, kind)
    for added in statement.of(AddConstraint):
        if isinstance(added.constraint, PrimaryKey | Unique):
            name = added.constraint.name or "PRIMARY"
            yield from _of_key(statement, added.table, name, added.constraint.columns, added.constraint.kind)
    changed = [each.table for kind in (AddColumn, AlterColumn, CreateTable) for each in statement.of(kind)]
    for key in dict.fromkeys(changed):
        yield from _of_row(statement.after.table(key))


def _of_key(statement: Statement, key: Key, name: str, columns: Sequence[str], kind: str) -> Iterator[Concern]:
    table = statement.after.table(key)
    size = sum(_bytes(table, column) for column in columns)
    if size > KEY_BYTES:
        severity, becomes = _BECOMES[kind]
        yield Concern(
            f"{name} of {key} has up to {size} bytes, and a key at most {KEY_BYTES}: {becomes}.",
            subject=f"{key}.{name}",
            severity=severity,
            fix=f'Index a beginning: mysql_length={{"{columns[0]}": 191}}; or make the column shorter.',
        )


# Measured on MariaDB 10.11; MySQL refuses them all in strict mode.
_BECOMES = {
    "index": (Severity.WARNING, "only the beginning of the values is indexed"),
    "unique": (Severity.WARNING, "it becomes a hash, and every later ALTER TABLE copies the table"),
    "primary": (Severity.ERROR, "it is refused"),
}


def _of_row(table: Table) -> Iterator[Concern]:
    size = sum(_bytes(table, name) for name in table.columns)
    if size > ROW_BYTES:
        yield Concern(
            f"A row of {table.key} may have {size} bytes, and at most {ROW_BYTES} are allowed: it is refused.",
            subject=str(table.key),
            fix="Make the longest columns TEXT: those do not count.",
        )


def _bytes(table: Table, name: str) -> int:
    """How long the value of a text column may be; other types are too short to matter."""
    column = table.columns.get(name)
    length = getattr(column.type, "length", None) if column is not None else None
    is_text = column is not None and type(column.type).__visit_name__.upper() in (
        "STRING",
        "VARCHAR",
        "CHAR",
        "UNICODE",
    )
    if not is_text or not isinstance(length, int):
        return 0
    assert column is not None
    return length * bytes_of_character(charset_of(column.type, table))
