"""Rows that are filled while the table is locked."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.postgresql.code import autocommit, execute, in_next, quoted
from alembic_manage.lint.postgresql.locks import LockMode, locks_of
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement
from alembic_manage.lint.words import listed, python
from alembic_manage.outline.sql import change_of_sql
from alembic_manage.state.objects import Key

TITLE = "Rows are filled in the transaction that has locked the table"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each statement that changes many rows behind one that keeps a table locked until the end."""
    rows = statement.rows
    if rows is None or rows.table is None or statement.is_autocommit or not _is_many(statement, rows.verb):
        return
    locked = _locked(statement, view)
    if locked and not view.is_new(rows.table, statement):
        yield Concern(
            f"{listed(map(str, locked))} stays locked until {rows.verb} has gone through the rows of {rows.table}.",
            subject=str(rows.table),
            lock=f"ACCESS EXCLUSIVE on {listed(map(str, locked))}: reads and writes wait until the rows are written.",
            fix=in_next(_fix(statement, rows.table)),
            table=rows.table,
        )


def _fix(statement: Statement, table: Key) -> str:
    """The statement, outside of a transaction; in portions where it says itself which rows are left."""
    sql = statement.sql.strip()
    if statement.construct is not None and statement.construct.compile().params:  # values that are not in the text
        return autocommit(f"pass  # here: the {statement.words[0]}, in portions")
    filled, key = change_of_sql(sql), statement.before.table(table).primary_columns
    rest = f" WHERE {quoted(filled.name)} IS NULL"
    if filled.kind != "fill_rows" or not sql.endswith(rest) or len(key) != 1:
        return autocommit(execute(sql))
    column = quoted(key[0])
    inner = f"SELECT {column} FROM {quoted(table)}{rest} LIMIT 5000"
    portion = f"{sql.removesuffix(rest)} WHERE {column} IN ({inner})"
    lines = (f"while op.get_bind().exec_driver_sql({python(portion)}).rowcount:", "    pass")
    return autocommit(*lines)


def _is_many(statement: Statement, verb: str) -> bool:
    return verb in ("UPDATE", "DELETE", "MERGE") or (verb == "INSERT" and "SELECT" in statement.words)


def _locked(statement: Statement, view: RevisionView) -> list[Key]:
    """The tables in use that earlier statements of the transaction have locked."""
    earlier = view.earlier(statement)
    return [
        table
        for other in view.same_transaction(statement)
        if other in earlier
        for table, mode in locks_of(other).items()
        if mode is LockMode.ACCESS_EXCLUSIVE and not view.is_new(table, other)
    ][:1]
