"""An engine of any dialect that runs on the state instead of a server."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, NullPool
from sqlalchemy.engine import Dialect

from alembic_manage.engine_guard import instead_of_every_engine
from alembic_manage.state import driver
from alembic_manage.state.interpreter import Interpreter
from alembic_manage.state.reflection import StateReflection
from alembic_manage.state.schema import Schema


def state_engine(schema: Schema, name: str, url: URL | None = None) -> Engine:
    """An engine whose database is `schema`.

    Args:
        schema: what its connections read and change.
        name: SQLAlchemy's name of the dialect ("postgresql", "mysql", ...).
        url: what the engine says that its URL is; without a password.

    Raises:
        NoSuchModuleError: SQLAlchemy knows none of this name.
    """
    dialect = state_dialect(schema, name)
    interpreter = Interpreter(schema, dialect)
    pool = NullPool(lambda: driver.DriverConnection(interpreter.run), dialect=dialect)  # type: ignore[arg-type]
    shown = url.set(password=None) if url is not None else URL.create(name)
    dialect.driver = shown.get_driver_name() if url is not None else dialect.driver
    engine = Engine(pool, dialect, shown)
    engine.interpreter = interpreter  # type: ignore[attr-defined]
    with instead_of_every_engine(engine), engine.connect() as connection:
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
    is_autocommit = False
    """Whether what is sent now is in no transaction."""

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
        self.is_autocommit = level == "AUTOCOMMIT"

    def reset_isolation_level(self, dbapi_conn: Any) -> None:
        self.is_autocommit = False

    def is_disconnect(self, *_: Any) -> bool:
        return False

    def _extract_error_code(self, exception: BaseException) -> int | None:
        return None

    def detect_autocommit_setting(self, dbapi_conn: Any) -> bool:
        return False

    def do_begin(self, dbapi_connection: Any) -> None:
        pass

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
