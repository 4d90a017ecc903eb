"""SQLite."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import sqlite_version_info
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from alembic_manage.dialects.dialect import (
    ConnectionFailure,
    Dialect,
    FirstDatabase,
    KeyChecks,
    RevisionGuard,
    ShellCall,
)

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine, Table
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

_TEXTS = (
    ("unable to open database file", ConnectionFailure.FILE),
    ("file is not a database", ConnectionFailure.FILE),
    ("readonly database", ConnectionFailure.FILE),
)
# Source: SQLAlchemy 2.1, SQLite dialect, "URI Connections".
_DRIVER_ARGUMENTS = ("uri", "timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements")


class SQLite(Dialect):
    """SQLite: DDL is transactional, once the driver is kept from committing on its own."""

    def resolve(self, url: URL, root: Path) -> URL:
        """The file of a relative path lies below `root`, wherever the command is started."""
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            return url
        return url.set(database=str(root / url.database))

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why the file cannot be used."""
        text = str(error).lower()
        for part, failure in _TEXTS:
            if part in text:
                return failure
        return super().connection_failure(error)

    def reflected_default(self, default: str | None) -> str | None:
        """Without the parentheses around it. Source: SQLite documentation, "PRAGMA table_info"."""
        return default[1:-1] if default and _is_in_parentheses(default) else default

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """By rowid. Source: SQLite documentation, "ROWIDs and the INTEGER PRIMARY KEY"."""
        return f"UPDATE {table} SET {column} = {value.format(number=f'(rowid + {start})')} WHERE {column} IS NULL"

    def is_lock_failure(self, error: BaseException) -> bool:
        """SQLITE_BUSY and SQLITE_LOCKED. Source: SQLite documentation, "Result and Error Codes"."""
        return "is locked" in str(error)

    def file_of(self, connection: Connection) -> str | None:
        """The file of the main database. Source: SQLite documentation, "PRAGMA database_list"."""
        rows = connection.exec_driver_sql("PRAGMA database_list").all()
        return next((row[2] for row in rows if row[1] == "main" and row[2]), None)

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """SQLiteDialect."""
        from sqlalchemy.dialects.sqlite.base import SQLiteDialect

        return SQLiteDialect

    def answer_from_catalog(
        self, ddl: Callable[[], Sequence[str]], query: str, parameters: Any
    ) -> tuple[Sequence[str], Sequence[tuple[Any, ...]]] | None:
        """SQLite itself answers, for an empty database in memory."""
        import sqlite3

        with closing(sqlite3.connect(":memory:")) as connection:
            for statement in ddl():
                connection.execute(statement)
            cursor = connection.execute(query, parameters or ())
            return [column[0] for column in cursor.description or ()], cursor.fetchall()

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """`mkdir` where the folder is missing, else a look at the file."""
        if failure is not ConnectionFailure.FILE or not url.database:
            return None
        path = Path(url.database)
        return f"ls -l {path}" if path.parent.is_dir() else f"mkdir -p {path.parent}"

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall | None:
        """sqlite3 on the file; None for a database in memory. Source: "Command Line Shell For SQLite"."""
        path = url.database or ":memory:"
        is_uri = _text(url.query.get("uri")).lower() in ("1", "true", "yes", "on")
        if path == ":memory:" or (is_uri and (":memory:" in path or url.query.get("mode") == "memory")):
            return None
        if is_uri:
            # What the driver does not take for itself belongs to the file's URI.
            rest = {name: _text(value) for name, value in sorted(url.query.items()) if name not in _DRIVER_ARGUMENTS}
            path += "?" * bool(rest) + urlencode(rest, safe="/:")
        return ShellCall(("sqlite3", path, *parameters), install="apt install sqlite3")

    def key_actions(
        self, connection: Connection, schema: str | None, table: str
    ) -> Mapping[tuple[str, tuple[str, ...]], tuple[str | None, str | None]]:
        """From the PRAGMA: SQLAlchemy 2.1 reads them at a FOREIGN KEY, and not at a column."""
        place = f"{self.quoted(schema)}." if schema else ""
        query = f"PRAGMA {place}foreign_key_list({self.quoted(table)})"
        rows = sorted(connection.exec_driver_sql(query).all(), key=lambda row: (row[0], row[1]))
        keys: dict[int, tuple[str, list[str], str, str]] = {}
        for id, _, referred, column, _, on_update, on_delete, _ in rows:
            keys.setdefault(id, (referred, [], on_update, on_delete))[1].append(column)
        return {
            (referred, tuple(columns)): tuple(None if each == "NO ACTION" else each for each in actions)  # type: ignore[misc]
            for referred, columns, *actions in keys.values()
        }

    def index_definitions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """As they were written. Source: SQLite documentation, "The Schema Table"."""
        place = f"{self.quoted(schema)}." if schema else ""
        query = f"SELECT tbl_name, name, sql FROM {place}sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        return {(table, name): sql for table, name, sql in connection.exec_driver_sql(query)}

    def picture(self, connection: Connection, names: Collection[str]) -> Sequence[tuple[object, ...]]:
        """The rows of sqlite_master."""
        quoted = ", ".join(self.text_literal(name.lower()) for name in names)
        query = (
            f"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE lower(tbl_name) IN ({quoted}) OR lower(name)"
        )
        return [tuple(row) for row in connection.exec_driver_sql(f"{query} IN ({quoted})").all()]

    def described_objects(self, connection: Connection, leave_out: Container[str]) -> Iterator[tuple[str, str]]:
        """What indexes of expressions hold: SQLAlchemy does not reflect those. Source: SQLite, "PRAGMA index_xinfo"."""
        indexes = connection.exec_driver_sql("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'")
        for name, table, sql in indexes.all():
            parts = connection.exec_driver_sql("SELECT cid FROM pragma_index_xinfo(?)", (name,)).scalars()
            if table not in leave_out and sql and -2 in parts.all():
                yield f"index {name} of {table}, as SQLite keeps it", "".join(sql[sql.index("(") :].split())

    def collations(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """As the CREATE TABLE says them: no PRAGMA tells."""
        return {
            (table, name): tokens[tokens.index("COLLATE") + 1].strip('"')
            for table, name, tokens in _columns(connection, schema)
            if "COLLATE" in tokens[:-1]
        }

    def computed(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """As the CREATE TABLE says them. SQLAlchemy 2.1 finds them with a pattern that a comma leads astray."""
        found: dict[tuple[str, str], str] = {}
        for table, name, tokens in _columns(connection, schema):
            for place, token in enumerate(tokens[:-1]):
                if token == "AS" and tokens[place + 1].startswith("("):
                    found[table, name] = tokens[place + 1][1:-1].strip()
        return found

    def types(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """As they were declared: SQLAlchemy puts its own in the place of those that it does not know."""
        place = f'"{schema}".' if schema else ""
        query = (
            f"SELECT m.name, c.name, c.type FROM {place}sqlite_master AS m, pragma_table_xinfo(m.name, ?) AS c "
            "WHERE m.type = 'table'"
        )
        rows = connection.exec_driver_sql(query, (schema or self.default_schema,)).all()
        # A computed column has GENERATED ALWAYS in its type. Source: SQLite, "PRAGMA table_xinfo".
        return {(table, column): type_.replace("GENERATED ALWAYS", "").strip() for table, column, type_ in rows}

    def canonical_type(self, text: str) -> str | None:
        """The words as they are, in capitals: SQLite keeps what was declared. Source: SQLite, "Datatypes In SQLite"."""
        return re.sub(r"\s*([(),])\s*", r"\1", " ".join(re.sub(r"\s+COLLATE\s+\S+", "", text).upper().split()))

    @contextmanager
    def snapshot(self, connection: Connection) -> Iterator[None]:
        """One transaction, which the driver would not begin for a SELECT. Source: SQLite documentation, "Isolation"."""
        if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            connection.exec_driver_sql("BEGIN")
        yield

    def key_checks(self, connection: Connection) -> KeyChecks:
        """Keys are checked when the transaction ends, if at all."""
        return _DeferredKeys(connection)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """DELETE, and the rows of sqlite_sequence. Source: SQLite documentation, "SQLite Autoincrement"."""
        found = ["PRAGMA defer_foreign_keys = ON", *super().empty_tables_sql(connection, tables)]
        if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").first():
            names = ", ".join(self.text_literal(table.name) for table in tables)
            found.append(f"DELETE FROM sqlite_sequence WHERE name IN ({names})")
        return found

    @contextmanager
    def migration_session(self, connection: Connection) -> Iterator[None]:
        """Every transaction of `connection` begins with BEGIN IMMEDIATE, so that DDL belongs to it.

        Python's sqlite3 begins a transaction only before INSERT, UPDATE, DELETE and REPLACE; with `isolation_level`
        None it begins none, and ours counts. Alembic's `autocommit_block()` sets SQLAlchemy's AUTOCOMMIT, and a
        transaction is then left out.
        Source: Python manual, sqlite3, "Transaction control via the isolation_level attribute".
        """
        from sqlalchemy import event

        def begin(begun: Connection) -> None:
            if begun is not connection or connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
                return
            if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                return  # the project has a listener of its own that begins
            _driver(connection).isolation_level = None
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        driver = connection.connection.driver_connection
        by_driver = getattr(driver, "autocommit", None) is False  # Python 3.12: the driver is always in a transaction
        if by_driver:
            driver.autocommit = True  # type: ignore[union-attr]
            # LEGACY_TRANSACTION_CONTROL: while it is True, commit() does nothing, and ours would be lost.
            driver.autocommit = -1  # type: ignore[union-attr]
        level = _driver(connection).isolation_level
        # Not on the connection: what listens there is called before the project's own listener on the engine.
        engine = _root_engine(connection)
        event.listen(engine, "begin", begin)
        try:
            yield
        finally:
            event.remove(engine, "begin", begin)
            if not connection.closed and not connection.invalidated:
                _driver(connection).isolation_level = level
                if by_driver:
                    driver.autocommit = False  # type: ignore[union-attr]

    def loss_in_foreign_transaction(self, connection: Connection) -> str | None:
        """Child rows, where foreign keys are enforced: inside a transaction that cannot be switched off."""
        return "the rows that refer to a rebuilt table" if _is_enforced(connection) else None

    @contextmanager
    def revision_guard(self, connection: Connection, *, may_rebuild_tables: bool) -> Iterator[RevisionGuard]:
        """Foreign keys are not enforced while a table may be rebuilt: dropping the old one would delete its children.

        PRAGMA foreign_keys does nothing inside a transaction, therefore it stands around it.
        Source: SQLite documentation, "ALTER TABLE", section 7, and "PRAGMA foreign_keys".
        """
        enforced = _is_enforced(connection)
        switch = enforced and may_rebuild_tables
        guard = RevisionGuard() if enforced and not switch else ForeignKeyGuard(_orphans(connection))
        if switch:
            _pragma(connection, "foreign_keys=OFF")
        try:
            yield guard
        finally:
            if switch and not connection.closed and not connection.invalidated:
                # After a failed COMMIT the driver is still in the transaction, where the PRAGMA would do nothing.
                _driver(connection).rollback()
                _pragma(connection, "foreign_keys=ON")
                if not _is_enforced(connection):
                    connection.invalidate()


class _DeferredKeys(KeyChecks):
    """Until the transaction ends. Source: SQLite documentation, "PRAGMA defer_foreign_keys"."""

    checks_itself = False

    def begin(self) -> None:
        self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


class ForeignKeyGuard(RevisionGuard):
    """Sees to it that a revision leaves no more rows without a parent than it found."""

    def __init__(self, before: Counter[tuple[str, str]]) -> None:
        self.before = before

    def before_commit(self, connection: Connection) -> str | None:
        """The first pair of tables between which new orphans appeared. Source: "PRAGMA foreign_key_check"."""
        for (child, parent), count in (_orphans(connection) - self.before).items():
            said = f"1 row of {child} refers" if count == 1 else f"{count:,} rows of {child} refer"
            return f"{said} to rows of {parent} that do not exist"
        return None


_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|\w+|\S""", re.DOTALL)
_NO_COLUMN = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")


def _columns(connection: Connection, schema: str | None) -> Iterator[tuple[str, str, list[str]]]:
    """Table, name and definition of every column; see _definitions."""
    place = f'"{schema}".' if schema else ""
    rows = connection.exec_driver_sql(f"SELECT name, sql FROM {place}sqlite_master WHERE type = 'table'")
    for table, sql in rows.all():
        for first, *rest in _definitions(str(sql)):
            if first not in _NO_COLUMN:
                yield str(table), _unquoted(first), rest


def _definitions(sql: str) -> Iterator[list[str]]:
    """The tokens of each definition in a CREATE TABLE: names as they are, other words in capitals, groups whole."""
    depth, start, found = 0, 0, list[str]()
    for token in _TOKEN.finditer(sql):
        text = token[0]
        if text.startswith(("--", "/*")):
            continue
        depth += (text == "(") - (text == ")")
        if text == "(" and depth == 2:
            start = token.start()
        elif text == ")" and depth == 1:
            found.append(sql[start : token.end()])
        elif depth == 0 and found:
            yield found
            return
        elif depth == 1 and text == ",":
            yield found
            found = []
        elif depth == 1 and text != "(":
            # The first word is the name, in its own spelling; a definition may begin with a word of its own instead.
            is_name = not found and text.upper() not in _NO_COLUMN
            found.append(text if is_name or text[0] in "'\"`[" else text.upper())


def _unquoted(name: str) -> str:
    if name[:1] in ('"', "`"):
        return name[1:-1].replace(name[0] * 2, name[0])
    return name[1:-1] if name.startswith("[") else name


def _is_in_parentheses(text: str) -> bool:
    """Whether the first parenthesis is closed by the last one."""
    depth = 0
    quoted = False
    for place, character in enumerate(text):
        quoted ^= character == "'"
        depth += 0 if quoted else (character == "(") - (character == ")")
        if depth == 0 and place < len(text) - 1:
            return False
    return text.startswith("(") and text.endswith(")")


def _is_enforced(connection: Connection) -> bool:
    return _pragma(connection, "foreign_keys")[0][0] == 1


def _orphans(connection: Connection) -> Counter[tuple[str, str]]:
    """The number of rows without a parent, by child and parent table."""
    from sqlite3 import DatabaseError

    try:
        rows = _pragma(connection, "foreign_key_check")
    except DatabaseError:
        # One key that refers to no unique column ("foreign key mismatch") stops the whole check: go table by table.
        rows = [row for table in _tables(connection) for row in _orphans_of(connection, table)]
    return Counter((str(child), str(parent)) for child, _, parent, _ in rows)


def _orphans_of(connection: Connection, table: str) -> list[Sequence[object]]:
    from sqlite3 import DatabaseError

    quoted = table.replace('"', '""')
    try:
        return _pragma(connection, f'foreign_key_check("{quoted}")')
    except DatabaseError:
        return []


def _tables(connection: Connection) -> list[str]:
    return [
        str(name) for schema, name, kind, *_ in _pragma(connection, "table_list") if (schema, kind) == ("main", "table")
    ]


def _text(value: str | tuple[str, ...] | None) -> str:
    return value if isinstance(value, str) else ",".join(value or ())


def _pragma(connection: Connection, text: str) -> list[Sequence[object]]:
    """The rows of a PRAGMA, run on the driver's own connection, so that SQLAlchemy begins no transaction for it."""
    cursor = _driver(connection).cursor()
    try:
        cursor.execute(f"PRAGMA {text}")
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _root_engine(connection: Connection) -> Engine:
    """The engine that was made; `execution_options()` makes others around it."""
    engine = connection.engine
    while hasattr(engine, "_proxied"):
        engine = engine._proxied
    return engine


def _driver(connection: Connection) -> Any:
    """The DBAPI connection: sqlite3's own, or SQLAlchemy's adapter around aiosqlite's."""
    return connection.connection.dbapi_connection


# A value has no type of its own here. Source: SQLite documentation, "Date And Time Functions", "Scalar SQL Functions".
_VALUE_FUNCTIONS = {
    **dict.fromkeys(("date", "time", "datetime", "strftime", "unixepoch", "julianday"), "any"),
    **dict.fromkeys(("random", "abs", "round", "length"), "number"),
    **dict.fromkeys(("lower", "upper", "hex", "char"), "text"),
    **dict.fromkeys(("json", "json_array", "json_object"), "json"),
    **dict.fromkeys(("randomblob", "zeroblob"), "bytes"),
}

# Source: SQLite documentation, "Datatypes In SQLite", sections 3 and 4. Dates, times and UUIDs are texts, as SQLAlchemy
# stores them.
_TRUE, _FALSE = "'t', 'true', 'y', 'yes', 'on'", "'f', 'false', 'n', 'no', 'off'"
_REWRITES = {
    ("date", "timestamp"): ("{column} || ' 00:00:00.000000'", "length({column}) = 10"),
    ("timestamp", "date"): ("substr({column}, 1, 10)", "length({column}) > 10"),
    ("timestamp", "time"): ("substr({column}, 12)", "length({column}) > 10"),
    ("text", "boolean"): (
        f"CASE WHEN lower({{column}}) IN ({_TRUE}) THEN '1' ELSE '0' END",
        f"lower({{column}}) IN ({_TRUE}, {_FALSE})",
    ),
    ("text", "uuid"): ("replace({column}, '-', '')", "{column} LIKE '%-%'"),
}
_LATER_REWRITES = {
    ("uuid", "text"): (
        "substr({column}, 1, 8) || '-' || substr({column}, 9, 4) || '-' || substr({column}, 13, 4) || '-' "
        "|| substr({column}, 17, 4) || '-' || substr({column}, 21)",
        "length({column}) = 32",
    ),
}
_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_MISFITS = {
    ("text", "integer"): "typeof({column}) NOT IN ('integer', 'null')",
    ("text", "number"): "typeof({column}) NOT IN ('integer', 'real', 'null')",
    ("text", "float"): "typeof({column}) NOT IN ('integer', 'real', 'null')",
    ("number", "integer"): "typeof({column}) NOT IN ('integer', 'null')",
    ("float", "integer"): "typeof({column}) NOT IN ('integer', 'null')",
    ("text", "boolean"): "{column} NOT IN (0, 1)",
    ("text", "date"): f"{{column}} NOT GLOB '{_DATE}' OR date({{column}}) IS NULL",
    ("text", "timestamp"): f"{{column}} NOT GLOB '{_DATE}*' OR datetime({{column}}) IS NULL",
    ("text", "uuid"): "length({column}) <> 32 OR {column} GLOB '*[^0-9a-fA-F]*'",
    ("text", "json"): "NOT json_valid({column})",
    ("timestamp", "date"): "length({column}) > 10 AND {column} NOT LIKE '% 00:00:00%'",
}

DIALECT = SQLite(
    names=("sqlite",),
    title="SQLite",
    keeps_misfits=True,
    rewrites=_REWRITES,
    later_rewrites=_LATER_REWRITES,
    misfits=_MISFITS,
    text_length="length({column})",
    numbered_values={
        "number": "{number}",
        "text": "CAST({number} AS TEXT)",
        "date": "date('1970-01-01', {number} || ' days')",
        # As SQLAlchemy stores it.
        "timestamp": "strftime('%Y-%m-%d %H:%M:%S.000000', '1970-01-01', {number} || ' days')",
        "uuid": "printf('%032x', {number})",
    },
    transactional_ddl=True,
    needs_batch=True,
    refers_ahead=True,
    first_database=FirstDatabase(url="sqlite:///db.sqlite3", asyncio_url="sqlite+aiosqlite:///db.sqlite3"),
    drivers={"aiosqlite": "aiosqlite", "pysqlcipher": "sqlcipher3"},
    is_file=True,
    scratch_url="sqlite://",
    changes_meaning=re.compile(r"\s*PRAGMA\s+(legacy_alter_table)\s*[=(]\s*(?:ON|1|TRUE|YES)", re.IGNORECASE),
    catalog_write=re.compile(r"\s*(UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+sqlite_(master|schema)\b", re.IGNORECASE),
    outside=re.compile(r"\b(ATTACH|VACUUM\s+INTO)\b", re.IGNORECASE),
    script_prelude=("PRAGMA foreign_keys=OFF;",),
    server_version=sqlite_version_info,
    catalog=re.compile(r"\b(sqlite_(master|schema|sequence|temp_\w+)|pragma_\w+)\b|^\s*PRAGMA\b", re.IGNORECASE),
    default_schema="main",
    identifier_quotes='"`[',
    has_free_type_names=True,
    numbers_integer_keys=True,
    schemas_are_databases=True,
    ignores_case=True,
    primary_key_is_not_null=False,
    keeps_referred_tables=False,
    parenthesizes_defaults=True,
    names_constraints=False,
    refusal="OperationalError",
    merges_equal_keys=True,
    reflects_expressions=False,
    reflects_key_actions=False,
    default_collation="binary",
    hidden_options=("sqlite_autoincrement",),
    value_functions=_VALUE_FUNCTIONS,
)
