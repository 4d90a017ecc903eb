"""The rows of a schema in memory: there are none, and what queries and statements about rows get is made of that."""

from __future__ import annotations

import contextlib
import datetime
import re
import uuid
from itertools import count
from typing import Any

from sqlalchemy import types
from sqlalchemy.engine import Dialect

from alembic_manage.state import driver
from alembic_manage.state.metadata import sql_of
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.catalog_query import rows_of
from alembic_manage.state.sql.functions import function_called, may_change_tables
from alembic_manage.state.sql.sql_values import Values
from alembic_manage.state.sql.statements import NeedsDatabaseError, OpaqueStatementError


class Rows:
    """Answers for the tables of a schema.

    Args:
        schema: whose tables have no rows.
        dialect: SQLAlchemy's.
    """

    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema = schema
        self.dialect = dialect
        self.asked: str | None = None
        """The last query of rows, to which there was no answer."""
        self.seen: list[str] = []
        """Every statement that read or changed rows of tables, in order."""
        self._rows = count(1)

    def query(self, statement: str, parameters: Any, compiled: Any) -> driver.Answer:
        """What a statement that answers rows gives.

        Raises:
            NeedsDatabaseError: only a database knows the answer.
            OpaqueStatementError: it makes a table, or calls a function that may.
        """
        function = function_called(statement)
        if function is not None and self.schema.rules.functions_change_tables and may_change_tables(function):
            raise OpaqueStatementError(statement, "it calls a function that may change tables")
        columns = _result_columns(compiled) or ["column"]
        if function is not None:
            return driver.Answer(columns, [(next(self._rows) if function in ("nextval", "setval") else None,)])
        if self.schema.rules.catalog.search(statement):
            return self._catalog(statement, parameters)
        if self.schema.rules.select_makes_tables and _INTO.match(statement):
            raise OpaqueStatementError(statement, "SELECT INTO is not read")
        self.asked = statement
        self.seen.append(statement)
        if _COUNT.match(statement) and not _GROUPED.search(statement):
            return driver.Answer(columns[:1], [(0,)])
        if _EXISTS.match(statement):
            return driver.Answer(columns[:1], [(False,)])
        return driver.Answer(columns)

    def _catalog(self, statement: str, parameters: Any) -> driver.Answer:
        """The answer to a query about the schema itself."""
        if self.schema.rules.finds_nothing and self.schema.rules.finds_nothing.match(statement):
            return driver.Answer(["column"])
        found = self.schema.rules.answer_from_catalog(lambda: sql_of(self.schema, self.dialect), statement, parameters)
        if found is None:
            found = rows_of(self._with_values(statement, parameters), self.schema)
        if found is None:
            raise NeedsDatabaseError(statement, "it reads the database's own catalog")
        return driver.Answer(*found)

    def _with_values(self, statement: str, parameters: Any) -> str:
        """The statement with its parameters, marked as SQLAlchemy does here or as the real drivers do."""
        styles = [self.dialect.paramstyle, *(("pyformat",) if "%" in statement else ("qmark",))]
        for style in styles:
            with contextlib.suppress(KeyError, TypeError, StopIteration, IndexError):
                statement = Values(self.schema.rules, style).into(statement, parameters)
        return statement

    def changed(self, statement: str, parameters: Any, compiled: Any) -> driver.Answer:
        """What a statement that changes rows gives: there are no rows to change.

        Raises:
            NeedsDatabaseError: it changes the database's own tables.
        """
        if self.schema.rules.catalog_write and self.schema.rules.catalog_write.match(statement):
            raise NeedsDatabaseError(statement, "it writes to the database's own catalog")
        self.seen.append(statement)
        number = next(self._rows)
        columns = _result_columns(compiled)
        if columns is None:
            returning = _RETURNING.search(statement)
            return driver.Answer(["column"] if returning else None, lastrowid=number)
        if not getattr(compiled, "isinsert", False):
            return driver.Answer(columns)
        return driver.Answer(columns, [self._inserted(compiled, parameters, number)], lastrowid=number)

    def _inserted(self, compiled: Any, parameters: Any, number: int) -> driver.Row:
        """The row that RETURNING gives: what was inserted, and new keys, so that an ORM session can go on."""
        given = parameters if isinstance(parameters, dict) else {}
        return tuple(
            # SQLAlchemy numbers the parameters of an INSERT of several rows.
            given.get(entry.keyname, given.get(f"{entry.keyname}__0", _invented(entry.type, number)))
            for entry in compiled._result_columns
        )


_COUNT = re.compile(r"\s*SELECT\s+count\s*\([^()]*\)(\s+AS\s+\w+)?\s+FROM\b", re.IGNORECASE)
_GROUPED = re.compile(r"\bGROUP\s+BY\b|\bHAVING\b", re.IGNORECASE)
_EXISTS = re.compile(r"\s*SELECT\s+\(?\s*EXISTS\s*\(", re.IGNORECASE)
_INTO = re.compile(r"\s*SELECT\b(?:[^']|'[^']*')*?\bINTO\s+(?!STRICT\b|@)\w", re.IGNORECASE)
_RETURNING = re.compile(r"\bRETURNING\b", re.IGNORECASE)


def _result_columns(compiled: Any) -> list[str] | None:
    """The names of the columns that SQLAlchemy expects back; None where it expects no rows, or does not know."""
    entries = getattr(compiled, "_result_columns", None)
    return [str(entry.keyname) for entry in entries] if entries else None


def _invented(type_: Any, number: int) -> object:
    if isinstance(type_, types.Integer):
        return number
    if isinstance(type_, types.Uuid):
        return uuid.uuid4() if type_.as_uuid else str(uuid.uuid4())
    if isinstance(type_, types.DateTime):
        return datetime.datetime.now(datetime.UTC)
    return None
