"""An engine of any dialect that runs on the state instead of a server."""

from __future__ import annotations

import contextlib
import datetime
import re
import traceback
import uuid
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import URL, Engine, NullPool, types
from sqlalchemy.engine import Dialect

from alembic_manage.state import driver
from alembic_manage.state.catalog_query import rows_of
from alembic_manage.state.constructs import apply_construct
from alembic_manage.state.metadata import sql_of
from alembic_manage.state.reflection import StateReflection
from alembic_manage.state.schema import Schema, SchemaError
from alembic_manage.state.sql_values import Values
from alembic_manage.state.statements import OpaqueStatementError, StatementKind, apply_ddl, kind_of, split_statements


class NeedsDatabaseError(Exception):
    """A statement whose answer only a real database knows.

    Args:
        statement: the statement.
        reason: why, in a few words.
    """

    def __init__(self, statement: str, reason: str) -> None:
        super().__init__(f"{reason}: {statement}")
        self.statement = statement
        self.reason = reason


Obstacle = TypeVar("Obstacle", bound=OpaqueStatementError | NeedsDatabaseError)


class Interpreter:
    """Runs statements on a schema.

    Args:
        schema: what DDL changes.
        dialect: SQLAlchemy's, whose DDL it is.
    """

    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema = schema
        self.dialect = dialect
        self.obstacles: list[OpaqueStatementError | NeedsDatabaseError] = []
        """What could not be run, in order, also where the revision caught the error."""
        self.asked: str | None = None
        """The last query of rows, to which there was no answer."""
        self._rows = count(1)
        self._refusal: type[Exception] = getattr(driver, schema.rules.refusal)

    def show_all(self) -> None:
        """Answer for a comparison instead of for a revision."""
        self.dialect.shows_all = True  # type: ignore[attr-defined]

    def run(self, statement: str, parameters: Any, compiled: Any) -> driver.Answer:
        """One call of a cursor: DDL as an object, or text with any number of statements.

        Raises:
            driver.Error: a database would refuse it.
            NeedsDatabaseError: it asks for what only a database knows.
            OpaqueStatementError: it changes the schema in a way that cannot be read.
        """
        try:
            if compiled is not None and apply_construct(self.schema, compiled.statement, self.dialect):
                return driver.Answer()
            if compiled is None and self.schema.rules.doubles_percent:
                statement = statement.replace("%%", "%")
            return self._run_text(statement, parameters, compiled)
        except SchemaError as error:
            raise self._refusal(str(error)) from error
        except NotImplementedError as error:
            raise self._noted(NeedsDatabaseError(statement, str(error))) from error

    def _noted(self, obstacle: Obstacle) -> Obstacle:
        """The obstacle, remembered together with the place in the revision that it comes from."""
        obstacle.stack = traceback.extract_stack()  # type: ignore[union-attr]
        self.obstacles.append(obstacle)
        return obstacle

    def _run_text(self, text: str, parameters: Any, compiled: Any) -> driver.Answer:
        answer = driver.Answer()
        for statement in split_statements(text, self.schema.rules):
            kind = kind_of(statement, self.schema.rules)
            if self.schema.rules.extension and self.schema.rules.extension.match(statement):
                self.schema.extensions[statement.strip().rstrip(";")] = None
            if kind is StatementKind.DDL:
                self._apply(statement)
            elif kind is StatementKind.QUERY:
                answer = self._query(statement, parameters, compiled)
            elif kind is StatementKind.ROWS:
                answer = self._rows_changed(statement, parameters, compiled)
        return answer

    def _apply(self, statement: str) -> None:
        """DDL in text; what cannot be read is remembered, and the revision goes on."""
        try:
            apply_ddl(self.schema, statement, self.dialect)
        except OpaqueStatementError as error:
            self._noted(error)

    def _query(self, statement: str, parameters: Any, compiled: Any) -> driver.Answer:
        if self.schema.rules.catalog.search(statement):
            return self._catalog(statement, parameters)
        function = _CALL.match(statement)
        if function and function[1].lower() not in _HARMLESS and not _FROM.search(statement):
            raise self._noted(NeedsDatabaseError(statement, "it calls a function that may change tables"))
        self.asked = statement
        columns = _result_columns(compiled) or ["column"]
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
            raise self._noted(NeedsDatabaseError(statement, "it reads the database's own catalog"))
        return driver.Answer(*found)

    def _with_values(self, statement: str, parameters: Any) -> str:
        """The statement with its parameters, marked as SQLAlchemy does here or as the real drivers do."""
        styles = [self.dialect.paramstyle, *(("pyformat",) if "%" in statement else ("qmark",))]
        for style in styles:
            with contextlib.suppress(KeyError, TypeError, StopIteration, IndexError):
                statement = Values(self.schema.rules, style).into(statement, parameters)
        return statement

    def _rows_changed(self, statement: str, parameters: Any, compiled: Any) -> driver.Answer:
        if self.schema.rules.catalog_write and self.schema.rules.catalog_write.match(statement):
            raise self._noted(NeedsDatabaseError(statement, "it writes to the database's own catalog"))
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
_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
_CALL = re.compile(r"\s*SELECT\s+(?:pg_catalog\.)?(\w+(?:\.\w+)*)\s*\(", re.IGNORECASE)
# Functions that a SELECT without FROM may call: they change no table.
_HARMLESS = frozenset(
    re.findall(
        r"\w+",
        "abs array cast char_length coalesce concat count currval current_database current_schema "
        "current_setting database date exists extract from_unixtime gen_random_uuid greatest if ifnull "
        "json_object last_insert_id lastval least length lower max md5 min nextval not now nullif "
        "pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_is_in_recovery pg_try_advisory_lock "
        "pg_sleep random replace round schema set_config setval sleep sqlite_version strftime sum to_char "
        "to_regclass to_regtype unix_timestamp upper utc_timestamp uuid uuid_generate_v4 values version ",
    )
)
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


def state_engine(schema: Schema, name: str) -> Engine:
    """An engine whose database is `schema`.

    Args:
        schema: what its connections read and change.
        name: SQLAlchemy's name of the dialect ("postgresql", "mysql", ...).

    Raises:
        NoSuchModuleError: SQLAlchemy knows none of this name.
    """
    dialect = state_dialect(schema, name)
    interpreter = Interpreter(schema, dialect)
    pool = NullPool(lambda: driver.DriverConnection(interpreter.run), dialect=dialect)  # type: ignore[arg-type]
    engine = Engine(pool, dialect, URL.create(name))
    engine.interpreter = interpreter  # type: ignore[attr-defined]
    with engine.connect() as connection:
        dialect.initialize(connection)
    return engine


def state_dialect(schema: Schema, name: str) -> Dialect:
    """SQLAlchemy's dialect, without a driver, that reflects `schema`."""
    rules = schema.rules
    base = rules.dialect_class(name)
    made: Any = type(base.__name__, (_StateDialect, StateReflection, base), {"supports_statement_cache": True})
    dialect: Any = made(dbapi=driver)
    dialect.state = schema
    return dialect  # type: ignore[no-any-return]


class _StateDialect:
    """The part of a dialect that talks to the driver: there is no server to ask."""

    driver = "state"
    # One INSERT a row, with one row that it returns.
    insertmanyvalues_page_size = 1
    state: Schema

    def initialize(self, connection: Any) -> None:
        """What the dialects find out with queries, as far as they keep it in methods of their own."""
        super().initialize(connection)  # type: ignore[misc]

    def _get_server_version_info(self, connection: Any) -> tuple[int, ...] | None:
        return self.state.rules.assume_version(self, self.state.server_version)

    def _get_default_schema_name(self, connection: Any) -> str | None:
        return self.state.default_schema

    def get_default_isolation_level(self, dbapi_conn: Any) -> str:
        return "READ COMMITTED"

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        return "READ COMMITTED"

    def get_isolation_level_values(self, dbapi_connection: Any) -> list[str]:
        return ["SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED", "READ UNCOMMITTED", "AUTOCOMMIT"]

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        pass

    def reset_isolation_level(self, dbapi_conn: Any) -> None:
        pass

    def is_disconnect(self, *_: Any) -> bool:
        return False

    def _extract_error_code(self, exception: BaseException) -> int | None:
        return None

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        return False

    def do_begin(self, dbapi_connection: Any) -> None:
        pass

    def do_savepoint(self, connection: Any, name: str) -> None:
        pass

    do_rollback_to_savepoint = do_release_savepoint = do_savepoint

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        cursor.execute(statement, parameters, context.compiled if context is not None else None)

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        self.do_execute(cursor, statement, None, context)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        self.do_execute(cursor, statement, parameters[0] if parameters else None, context)

    # What the MySQL dialects ask the server for when they begin.
    def _detect_sql_mode(self, connection: Any) -> None:
        self._sql_mode = ""

    def _detect_ansiquotes(self, connection: Any) -> None:
        self._server_ansiquotes = False
        self._backslash_escapes = True

    def _detect_casing(self, connection: Any) -> int:
        self._casing = 0
        return 0

    def _detect_charset(self, connection: Any) -> str:
        return "utf8mb4"

    def _set_backslash_escapes(self, connection: Any) -> None:
        self._backslash_escapes = False
