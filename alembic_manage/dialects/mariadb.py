"""MariaDB and MySQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import (
    INFORMATION_SCHEMA,
    ColumnDrop,
    ConnectionFailure,
    Dialect,
    FirstDatabase,
    KeyChecks,
    ScratchSQL,
    SessionLockSQL,
    ShellCall,
    TimeoutSQL,
)

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Table
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine

# Source: MariaDB server documentation, "MariaDB Error Code Reference"; 2002 to 2005 are the client's.
_ERRNOS = {
    1044: ConnectionFailure.PASSWORD,
    1045: ConnectionFailure.PASSWORD,
    1698: ConnectionFailure.PASSWORD,
    1049: ConnectionFailure.MISSING,
    2002: ConnectionFailure.DOWN,
    2003: ConnectionFailure.DOWN,
    2005: ConnectionFailure.DOWN,
    2013: ConnectionFailure.DOWN,
}


_COUNTER = re.compile(r" AUTO_INCREMENT=\d+")
_OTHER_OBJECTS = (
    "SELECT trigger_name, event_manipulation, action_timing, event_object_table, action_statement "
    "FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name IN ({0})",
    "SELECT routine_name, routine_type, routine_definition, last_altered "
    "FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_name IN ({0})",
    "SELECT event_name, event_definition, status, interval_value, interval_field "
    "FROM information_schema.events WHERE event_schema = DATABASE() AND event_name IN ({0})",
    "SELECT schema_name, default_character_set_name, default_collation_name "
    "FROM information_schema.schemata WHERE schema_name IN ({0})",
)


class _NoKeys(KeyChecks):
    """Source: MariaDB documentation, "Server System Variables", foreign_key_checks."""

    checks_itself = False

    def begin(self) -> None:
        self._before = self.connection.exec_driver_sql("SELECT @@SESSION.foreign_key_checks").scalar_one()
        self.connection.exec_driver_sql("SET SESSION foreign_key_checks = 0")

    def restore(self) -> None:
        if not self.connection.invalidated:
            self.connection.exec_driver_sql(f"SET SESSION foreign_key_checks = {int(self._before)}")


class MariaDB(Dialect):
    """MariaDB and MySQL: every DDL statement commits. Source: MariaDB documentation, "SQL statements that cause an
    implicit commit".
    """

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why there is no connection; PyMySQL, aiomysql, asyncmy and mysqlclient put the number first."""
        number = error.args[0] if error.args else None
        if isinstance(number, int) and number in _ERRNOS:
            return _ERRNOS[number]
        return super().connection_failure(error)

    def generated_name(self, kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str | None:
        """`first_column`, `first_column_2`; `table_ibfk_1`; `CONSTRAINT_1`.

        Source: MariaDB documentation, "CREATE TABLE": Index Definitions, "Foreign Keys", and "CONSTRAINT".
        """
        if kind == "primary":
            return None
        if kind in ("unique", "index"):
            return next(name for name in _numbered(columns[0]) if name not in taken)
        stem = f"{table}_ibfk_" if kind == "foreignkey" else "CONSTRAINT_"
        used = [int(name.removeprefix(stem)) for name in taken if re.fullmatch(re.escape(stem) + r"\d+", name)]
        return f"{stem}{max(used, default=0) + 1}"

    def long_text_type(self) -> TypeEngine[Any]:
        """LONGTEXT: a TEXT ends at 64 KiB. Source: MariaDB documentation, "TEXT"."""
        from sqlalchemy.dialects.mysql import LONGTEXT

        return LONGTEXT()

    def is_lock_failure(self, error: BaseException) -> bool:
        """ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK. Source: MariaDB documentation, "MariaDB Error Code Reference"."""
        return bool(error.args) and error.args[0] in (1205, 1213)

    def is_table_changing(self, error: BaseException) -> bool:
        """ER_TABLE_DEF_CHANGED, WARN_I_S_SKIPPED_TABLE. Source: MariaDB documentation, "Error Code Reference"."""
        return bool(error.args) and error.args[0] in (1412, 1684)

    def is_statement_timeout(self, error: BaseException) -> bool:
        """ER_STATEMENT_TIMEOUT; MySQL's is ER_QUERY_TIMEOUT. Source: MariaDB and MySQL documentation, error codes."""
        return bool(error.args) and error.args[0] in (1969, 3024)

    def blockers(self, connection: Connection, statement: str) -> Sequence[str]:
        """Sessions of this database with a transaction that is open. Source: MariaDB documentation, "INNODB_TRX"."""
        rows = connection.exec_driver_sql(
            "SELECT p.ID, p.USER, p.COMMAND, t.trx_started, COALESCE(LEFT(p.INFO, 80), '') "
            "FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p "
            "ON p.ID = t.trx_mysql_thread_id WHERE p.ID <> CONNECTION_ID() AND p.DB = DATABASE() ORDER BY t.trx_started"
        )
        return [
            f"process {id} of {user} ({command}), transaction since {start:%Y-%m-%d %H:%M:%S}: {query}".rstrip(": ")
            for id, user, command, start, query in rows.all()
        ]

    def picture(self, connection: Connection, names: Collection[str]) -> Sequence[tuple[object, ...]]:
        """SHOW CREATE TABLE without the counter; triggers, routines, events and databases by what they say.

        Source: MariaDB documentation, "Information Schema Tables".
        """
        quoted = ", ".join(self.text_literal(name) for name in names)
        found: list[tuple[object, ...]] = []
        tables = connection.exec_driver_sql(
            f"SELECT table_schema, table_name FROM information_schema.tables WHERE table_name IN ({quoted}) "
            f"AND (table_schema = DATABASE() OR table_schema IN ({quoted}))".replace("%", "%%")
        ).all()
        for schema, name in tables:
            path = f"{self.quoted(schema)}.{self.quoted(name)}".replace("%", "%%")
            text = str(connection.exec_driver_sql(f"SHOW CREATE TABLE {path}").one()[1])
            found.append((schema, name, _COUNTER.sub("", text)))
        for query in _OTHER_OBJECTS:
            found += [tuple(row) for row in connection.exec_driver_sql(query.format(quoted.replace("%", "%%"))).all()]
        return found

    def rename_index_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """ALTER TABLE ... RENAME INDEX. Source: MariaDB documentation, "ALTER TABLE", since 10.5.2."""
        name = ".".join(self.quoted(part) for part in (schema, table) if part)
        return f"ALTER TABLE {name} RENAME INDEX {self.quoted(old)} TO {self.quoted(new)}"

    def rename_constraint_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """As for an index: a UNIQUE is one."""
        return self.rename_index_sql(schema, table, old, new)

    def move_table_sql(
        self, table: tuple[str | None, str], new: tuple[str | None, str], default_schema: str | None
    ) -> Sequence[str]:
        """RENAME TABLE, to another database too. Source: MariaDB documentation, "RENAME TABLE"."""
        old, path = (".".join(self.quoted(part) for part in (schema, name) if part) for schema, name in (table, new))
        return [f"RENAME TABLE {old} TO {path}"]

    def table_options_sql(self, schema: str | None, table: str, options: Mapping[str, str | None]) -> Sequence[str]:
        """Character set and collation by CONVERT TO, which takes the columns along; DEFAULT is the database's.

        Source: MariaDB documentation, "ALTER TABLE", "CONVERT TO CHARACTER SET"; "CREATE TABLE", "Table Options".
        """
        place = ".".join(self.quoted(part) for part in (schema, table) if part)
        rest = {name: value for name, value in options.items() if name not in ("default_charset", "collate")}
        found = (
            [f"ALTER TABLE {place} {' '.join(_option(name, value) for name, value in rest.items())}"] if rest else []
        )
        if len(rest) < len(options):
            collation = options.get("collate")
            charset = options.get("default_charset") or (collation.partition("_")[0] if collation else "DEFAULT")
            suffix = f" COLLATE {collation}" if collation else ""
            found.append(f"ALTER TABLE {place} CONVERT TO CHARACTER SET {charset}{suffix}")
        return found

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """UPDATE with a variable that counts. Source: MariaDB documentation, "User-Defined Variables"."""
        counted = value.format(number="(@number := @number + 1)")
        return f"UPDATE {table}, (SELECT @number := {start}) AS start SET {column} = {counted} WHERE {column} IS NULL"

    def key_checks(self, connection: Connection) -> KeyChecks:
        """Keys are not checked: there is nothing that puts it off."""
        return _NoKeys(connection)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """TRUNCATE, which begins the numbers anew. Source: MariaDB documentation, "TRUNCATE TABLE"."""
        truncations = [f"TRUNCATE TABLE {self.path_of(table)}" for table in tables]
        restarts = [f"ALTER SEQUENCE {name} RESTART" for table in tables for _, name in self.sequences_of(table)]
        return ["SET FOREIGN_KEY_CHECKS = 0", *truncations, *restarts, "SET FOREIGN_KEY_CHECKS = 1"]

    def reset_sequences_sql(self, table: Table) -> Sequence[str]:
        """SETVAL, of sequences that are objects of their own; it takes a number, and nothing that gives one.

        Source: MariaDB documentation, "SETVAL" and "EXECUTE IMMEDIATE".
        """
        return [
            statement
            for column, sequence in self.sequences_of(table)
            for statement in (
                f"SELECT CONCAT({self.text_literal(f'SELECT SETVAL({sequence}, ')}, "
                f"COALESCE(MAX({self.quoted(column)}), 0) + 1, ', 0)') "
                f"INTO @next_number FROM {self.path_of(table)}",
                "EXECUTE IMMEDIATE @next_number",
            )
        ]

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """The one that has this name in URLs."""
        from sqlalchemy.dialects.mysql.base import MySQLDialect
        from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect

        return MariaDBDialect if name == "mariadb" else MySQLDialect

    def assume_version(self, dialect: Any, version: tuple[int, ...]) -> tuple[int, ...]:
        """As if the server had said so: only then does SQLAlchemy's dialect speak MariaDB."""
        return tuple(dialect._parse_server_version(f"{'.'.join(map(str, version))}-MariaDB"))

    def described_objects(self, connection: Connection, leave_out: Container[str]) -> Iterator[tuple[str, str]]:
        """The lines of SHOW CREATE TABLE; without the checks written at columns, which are no part of the state."""
        from sqlalchemy import inspect

        for table in sorted(name for name in inspect(connection).get_table_names() if name not in leave_out):
            text = connection.exec_driver_sql(
                f"SHOW CREATE TABLE {connection.dialect.identifier_preparer.quote(table)}"
            )
            lines = [_without_check(line.strip().rstrip(",")) for line in str(text.one()[1]).splitlines()]
            for line in lines[1:-1]:
                yield f"line of {table}: {line}", ""
            yield f"options of {table}", re.sub(r" AUTO_INCREMENT=\d+", "", lines[-1])

    def spelled_expression(self, connection: Connection, schema: str | None, table: str, text: str) -> str:
        """As in a CHECK of a temporary table, which begins and ends without a commit.

        Source: MariaDB documentation, "CREATE TABLE ... SELECT", and "SQL statements that cause an implicit commit".
        """
        from sqlalchemy import text as statement

        source = ".".join(self.quoted(name) for name in (schema, table) if name)
        make = f"CREATE TEMPORARY TABLE {_SPELLING} (CHECK ({text}\n)) SELECT * FROM {source} WHERE FALSE"
        connection.execute(statement(make.replace(":", "\\:")))
        try:
            lines = str(connection.exec_driver_sql(f"SHOW CREATE TABLE {_SPELLING}").one()[1]).splitlines()
        finally:
            connection.exec_driver_sql(f"DROP TEMPORARY TABLE {_SPELLING}")
        (line,) = [line for line in lines if line.startswith("  CONSTRAINT ")]
        return line[line.index("CHECK (") + len("CHECK (") : line.rindex(")")]

    def column_checks(self, connection: Connection, schema: str | None, table: str) -> Sequence[str]:
        """Those of level "Column"; MySQL has none. Source: MariaDB documentation, "Information Schema CHECK_CONSTRAINTS
        Table".
        """
        from sqlalchemy import text

        if not getattr(connection.dialect, "is_mariadb", False):
            return ()
        query = text(
            "SELECT check_clause FROM information_schema.check_constraints WHERE level = 'Column' "
            "AND constraint_schema = coalesce(:schema, database()) AND table_name = :table"
        )
        return [str(found) for found in connection.execute(query, {"schema": schema, "table": table}).scalars()]

    def index_definitions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From SHOW CREATE TABLE, which alone tells directions, lengths and parsers."""
        from sqlalchemy import inspect

        found = {}
        for table in inspect(connection).get_table_names(schema=schema):
            source = ".".join(self.quoted(name) for name in (schema, table) if name)
            text = str(connection.exec_driver_sql(f"SHOW CREATE TABLE {source.replace('%', '%%')}").one()[1])
            for match in _KEY.finditer(text):
                name = match["name"].replace("``", "`")
                definition = match["definition"].replace("/*!50100 ", "").replace(" */", "")
                found[table, name] = f"CREATE {match['kind']}INDEX `{match['name']}` ON {source} {definition}"
        return found

    def one_spelling(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """DEFAULT CHARACTER SET and COLLATE have several names. Source: MariaDB documentation, "CREATE TABLE"."""
        return {_OPTIONS.get(name.lower().replace(" ", "_"), name): value for name, value in options.items()}

    def sequences(self, connection: Connection, schema: str | None) -> Mapping[str, Mapping[str, Any]]:
        """Each is a table of one row. Source: MariaDB documentation, "CREATE SEQUENCE", since 10.3; MySQL has none."""
        from sqlalchemy import inspect

        if not connection.dialect.supports_sequences:
            return {}
        found: dict[str, Mapping[str, Any]] = {}
        for name in inspect(connection).get_sequence_names(schema=schema):
            place = ".".join(self.quoted(part) for part in (schema, name) if part).replace("%", "%%")
            row = connection.exec_driver_sql(
                f"SELECT start_value, increment, minimum_value, maximum_value, cache_size, cycle_option FROM {place}"
            ).one()
            start, increment, minvalue, maxvalue, cache, cycle = row
            limits = {"start": start, "increment": increment, "minvalue": minvalue, "maxvalue": maxvalue}
            found[name] = {**limits, "cache": cache, "cycle": bool(cycle)}
        return found

    def sequence_defaults(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Source: MariaDB documentation, "CREATE SEQUENCE"."""
        is_rising = options.get("increment", 1) >= 0
        least, most = (1, 2**63 - 2) if is_rising else (-(2**63) + 1, -1)
        start = options.get("minvalue", least) if is_rising else options.get("maxvalue", most)
        limits = {"increment": 1, "minvalue": least, "maxvalue": most, "start": start}
        return {**limits, "cache": 1000, "cycle": False}

    def canonical_type(self, text: str) -> str | None:
        """Synonyms resolved, lengths filled in, widths left out. Source: MariaDB documentation, "Data Types"."""
        text = _CHARSET.sub("", text)
        name, _, rest = text.partition("(")
        inside, _, after = rest.rpartition(")")
        name = " ".join(name.lower().split())
        said = [word for word in _ATTRIBUTES if word in f"{name} {after.lower()}".split()]
        # What is filled with zeros has no sign.
        words = " ".join(_ATTRIBUTES if "zerofill" in said else said)
        name = " ".join(word for word in name.split() if word not in _ATTRIBUTES)
        name = self.type_aliases.get(name, name).partition("(")[0]
        name = _SYNONYMS.get(name, name)
        if name in ("enum", "set"):
            return f"{name}({inside})"
        arguments = _arguments(name, [part.strip() for part in inside.split(",") if part.strip()])
        if name in ("text", "blob") and arguments:
            name, arguments = _sized(name, int(arguments[0])), []
        if name == "float" and len(arguments) == 1:
            name, arguments = ("float" if int(arguments[0]) < 25 else "double"), []
        return " ".join(part for part in (name + (f"({','.join(arguments)})" if arguments else ""), words) if part)

    def schema_of(self, url: URL) -> str | None:
        """The database itself."""
        return url.database

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """`mariadb-admin ping` for a silent server, CREATE DATABASE for a missing database."""
        place = f"-h {url.host or 'localhost'} -P {url.port or 3306}"
        user = f" -u {url.username}" if url.username else ""
        if failure is ConnectionFailure.DOWN:
            return f"mariadb-admin {place} ping"
        if failure is ConnectionFailure.MISSING:
            return f'mariadb {place}{user} -p -e "CREATE DATABASE {url.database}"'
        return None

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall:
        """mariadb or mysql; the password in MYSQL_PWD. Source: MariaDB documentation, "mariadb command-line client"."""
        query = {name: value for name, value in url.query.items() if isinstance(value, str)}
        argv = ["mariadb"]
        if "read_default_file" in query:
            # Must be the first option.
            argv += [f"--defaults-file={query['read_default_file']}"]
        argv += _place(url, query)
        options = {
            "--user": query.get("user") or url.username,
            "--database": query.get("db") or query.get("database") or url.database,
            "--default-character-set": query.get("charset"),
            **{f"--{name.replace('_', '-')}": query.get(name) for name in _SSL_ARGUMENTS},
        }
        argv += [f"{option}={value}" for option, value in options.items() if value]
        password = query.get("password") or query.get("passwd") or url.password
        return ShellCall(
            tuple(argv + list(parameters)),
            {"MYSQL_PWD": str(password)} if password else {},
            other_programs=("mysql",),
            install="apt install mariadb-client",
        )


_KEY = re.compile(
    r"^ +(?P<kind>(?:UNIQUE |FULLTEXT |SPATIAL )?)KEY `(?P<name>(?:[^`]|``)+)` (?P<definition>\(.*?),?$", re.MULTILINE
)
_SPELLING = "alembic_manage_spelling"
_CHARSET = re.compile(
    r"\s+(?:CHARACTER\s+SET|CHARSET|COLLATE)\s+\w+|\bNATIONAL\s+|\s+(?:ASCII|UNICODE|BINARY)\b", re.IGNORECASE
)
_ATTRIBUTES = ("unsigned", "zerofill")
_SYNONYMS = {"numeric": "decimal", "fixed": "decimal", "int": "integer", "json": "longtext", "nvarchar": "varchar"}
# Of utf8mb4.
_CHARACTER_BYTES = 4
_INTEGERS = ("tinyint", "smallint", "mediumint", "integer", "bigint", "year")


def _arguments(name: str, given: list[str]) -> list[str]:
    """Those of a type with what is said in vain, or not said at all, in one way."""
    if name in _INTEGERS:
        return []
    if name == "decimal":
        return [*given, *("10", "0")[len(given) :]]
    if name in ("char", "binary", "bit"):
        return given or ["1"]
    if name in ("datetime", "timestamp", "time") and given == ["0"]:
        return []
    return given


def _sized(name: str, length: int) -> str:
    """The smallest type that holds so much. Source: MariaDB documentation, "TEXT" and "BLOB"."""
    size = length * (_CHARACTER_BYTES if name == "text" else 1)
    return (
        next((prefix for prefix, most in (("tiny", 2**8), ("", 2**16), ("medium", 2**24)) if size < most), "long")
        + name
    )


def _option(name: str, value: str | None) -> str:
    return f"{name.upper()}={value or 'DEFAULT'}"


_OPTIONS = {
    **dict.fromkeys(
        (f"mysql_{name}" for name in ("charset", "character_set", "default_charset", "default_character_set")),
        "mysql_default_charset",
    ),
    **dict.fromkeys(
        (f"mariadb_{name}" for name in ("charset", "character_set", "default_charset", "default_character_set")),
        "mariadb_default_charset",
    ),
    "mysql_collate": "mysql_collate",
    "mysql_default_collate": "mysql_collate",
    "mariadb_default_collate": "mariadb_collate",
    **{f"{name}_{option}": f"{name}_{option}" for name in ("mysql", "mariadb") for option in ("engine", "row_format")},
}
_SSL_ARGUMENTS = ("ssl_ca", "ssl_capath", "ssl_cert", "ssl_cipher", "ssl_key")
# These are made of the same C library as the client: for them too "localhost" is the socket.
_C_DRIVERS = ("mysqldb", "mariadbconnector")


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}_{number}"


def _without_check(line: str) -> str:
    return re.sub(r" CHECK \(.*\)$", "", line) if line.startswith("`") else line


def _place(url: URL, query: Mapping[str, str]) -> list[str]:
    """Where the server is, as the driver would look for it."""
    if "unix_socket" in query:
        return [f"--socket={query['unix_socket']}"]
    host, port = query.get("host") or url.host, query.get("port") or url.port
    if url.get_driver_name() not in _C_DRIVERS and "read_default_file" not in query:
        # The drivers in Python speak TCP, where the client would take "localhost" for the socket.
        host = host or "localhost"
    place = [f"--host={host}"] if host else []
    if host == "localhost" and url.get_driver_name() not in _C_DRIVERS:
        place = ["--protocol=TCP", *place]
    return [*place, f"--port={port}"] if port else place


_CATALOG = {
    **INFORMATION_SCHEMA,
    "information_schema.statistics": (
        "indexes",
        {"index_name": "index", "table_name": "table", "table_schema": "schema"},
    ),
}

# Source: MariaDB documentation, "Date & Time Functions", "UUID", "JSON Functions".
_VALUE_WORDS = {
    **dict.fromkeys(("current_timestamp", "localtimestamp", "localtime", "utc_timestamp"), "timestamp"),
    **dict.fromkeys(("current_date", "utc_date"), "date"),
    **dict.fromkeys(("current_time", "utc_time"), "time"),
    "current_user": "text",
}
_VALUE_FUNCTIONS = {
    **dict.fromkeys(
        ("now", "current_timestamp", "localtimestamp", "localtime", "sysdate", "utc_timestamp", "from_unixtime"),
        "timestamp",
    ),
    **dict.fromkeys(("curdate", "current_date", "utc_date", "date", "makedate"), "date"),
    "str_to_date": "timestamp",
    **dict.fromkeys(("curtime", "current_time", "utc_time", "maketime"), "time"),
    **dict.fromkeys(("uuid", "sys_guid"), "uuid"),
    **dict.fromkeys(("uuid_short", "rand", "unix_timestamp", "abs", "round", "length"), "number"),
    **dict.fromkeys(("lower", "upper", "md5", "concat", "database", "current_user"), "text"),
    **dict.fromkeys(("json_object", "json_array"), "json"),
    **dict.fromkeys(("unhex", "random_bytes"), "bytes"),
}

# Source: MariaDB documentation, "Data Types"; tried out on MariaDB 10.11 in strict mode.
_TRUE, _FALSE = "'t', 'true', 'y', 'yes', 'on'", "'f', 'false', 'n', 'no', 'off'"
_REWRITES = {
    ("text", "boolean"): (
        f"CASE WHEN lower({{column}}) IN ({_TRUE}) THEN '1' ELSE '0' END",
        f"lower({{column}}) IN ({_TRUE}, {_FALSE})",
    ),
    ("text", "uuid"): ("replace({column}, '-', '')", "{column} LIKE '%-%'"),
}
_LATER_REWRITES = {
    # A UUID that was CHAR(32).
    ("uuid", "text"): (
        "lower(concat_ws('-', substr({column}, 1, 8), substr({column}, 9, 4), substr({column}, 13, 4), "
        "substr({column}, 17, 4), substr({column}, 21)))",
        "char_length({column}) = 32",
    ),
}
_MISFITS = {
    ("text", "integer"): "{column} NOT REGEXP '^ *[-+]?[0-9]+ *$'",
    **{
        ("text", kind): "{column} NOT REGEXP '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$'"
        for kind in ("number", "float")
    },
    ("text", "boolean"): f"lower({{column}}) NOT IN ({_TRUE}, {_FALSE}) AND {{column}} NOT REGEXP '^ *[-+]?[0-9]+ *$'",
    **{
        ("text", kind): "{column} NOT REGEXP '^[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}'"
        for kind in ("date", "timestamp", "timestamptz")
    },
    ("text", "uuid"): "replace({column}, '-', '') NOT REGEXP '^[0-9a-fA-F]{{32}}$'",
    ("text", "json"): "json_valid({column}) = 0",
    ("timestamp", "date"): "{column} <> CAST({column} AS DATE)",
}

DIALECT = MariaDB(
    snapshot_level="REPEATABLE READ",
    empties_whole=False,
    names=("mariadb", "mysql"),
    title="MariaDB",
    integer_bits={"tinyint": 8, "mediumint": 24, "year": 16},
    float_bits={"float": 24},
    text_lengths={"tinytext": 255, "text": 65535, "mediumtext": 16777215},
    number_digits=10,
    fraction_digits=0,
    rewrites=_REWRITES,
    later_rewrites=_LATER_REWRITES,
    misfits=_MISFITS,
    text_cast="CAST({column} AS CHAR)",
    name_bytes=64,
    names_primary_keys=False,
    # TIMESTAMP begins a second after the epoch, moved by the time zone.
    neutral_literals={"year": "1970", "bit": "0", "timestamp": "'1970-01-02 00:00:00'"},
    numbered_values={
        "number": "{number}",
        "text": "CAST({number} AS CHAR)",
        "date": "(DATE '1970-01-01' + INTERVAL {number} DAY)",
        "timestamp": "(TIMESTAMP '1970-01-02 00:00:00' + INTERVAL {number} DAY)",
        "uuid": "lpad(hex({number}), 32, '0')",
    },
    changes_meaning=re.compile(r"\s*(BEGIN\s+NOT\s+ATOMIC)\b", re.IGNORECASE),
    outside=re.compile(
        r"\b(CREATE|ALTER|DROP|RENAME)\s+(OR\s+REPLACE\s+)?(USER|ROLE|DATABASE|SCHEMA|SERVER)\b|\bSET\s+(@@)?(GLOBAL|PASSWORD)\b"
        r"|^\s*(GRANT|REVOKE|USE|FLUSH|KILL|RESET|PURGE|INSTALL|UNINSTALL|CHANGE|SHUTDOWN|PREPARE|EXECUTE|CALL|BEGIN\s+NOT)\b|\bINTO\s+(OUTFILE|DUMPFILE)\b",
        re.IGNORECASE,
    ),
    scratch_sql=ScratchSQL(
        databases="SELECT SCHEMA_NAME FROM information_schema.SCHEMATA",
        create="CREATE DATABASE `{name}`",
        drop="DROP DATABASE IF EXISTS `{name}`",
        find="SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '{name}%'",
        lock="SELECT GET_LOCK('{name}', 0)",
        maintenance_database=None,
        like="SELECT CONCAT(' CHARACTER SET ', @@character_set_database, ' COLLATE ', @@collation_database)",
    ),
    server_version=(10, 11, 6),
    catalog=re.compile(
        r"\b(information_schema|performance_schema|mysql\.\w+)\b|^\s*(DESC|DESCRIBE)\b"
        r"|^\s*SHOW\s+(FULL\s+)?(COLUMNS|FIELDS|TABLES?|INDEX(ES)?|KEYS|CREATE)\b",
        re.IGNORECASE,
    ),
    schemas_are_databases=True,
    ignores_case=True,
    ignores_case_of_labels=True,
    identifier_quotes="`",
    escapes_with_backslash=True,
    hash_is_comment=True,
    has_inline_indexes=True,
    unread_types=frozenset(("serial",)),
    keeps_column_checks=False,
    # Source: MariaDB documentation, "Data Types".
    type_aliases={
        "bool": "tinyint(1)",
        "boolean": "tinyint(1)",
        "dec": "decimal",
        "double precision": "double",
        "character": "char",
        "character varying": "varchar",
        "char varying": "varchar",
        "int1": "tinyint",
        "int2": "smallint",
        "int3": "mediumint",
        "int4": "integer",
        "int8": "bigint",
        "middleint": "mediumint",
        "float4": "float",
        "float8": "double",
        "real": "double",
        "long": "mediumtext",
    },
    # Source: MariaDB documentation, "LCASE", "UCASE", "CHAR_LENGTH", "OCTET_LENGTH", "POW".
    function_synonyms={
        "lcase": "lower",
        "ucase": "upper",
        "character_length": "char_length",
        "octet_length": "length",
        "pow": "power",
        "substr": "substring",
    },
    # What is said in no CREATE TABLE is the database's choice; the engine is everybody's.
    table_options={"engine": "InnoDB", "default_charset": None, "collate": None, "row_format": None},
    table_collations=True,
    moves_columns=True,
    untold_defaults=frozenset(f"bit({bits})" for bits in range(1, 65)),
    one_primary_key_name=True,
    unique_is_index=True,
    indexes_foreign_keys=True,
    keys_hold_types=True,
    index_names_span_tables=False,
    renames_generated=True,
    keeps_referred_tables=False,
    column_drop=ColumnDrop.SHRINK,
    renamed_column_forgets=True,
    # Source: MariaDB documentation, "Server System Variables": lock_wait_timeout is for tables, innodb's for rows.
    timeouts=TimeoutSQL(
        read="SELECT @@lock_wait_timeout, @@max_statement_time",
        set_lock="SET SESSION lock_wait_timeout = IF({seconds}, {seconds}, 86400), "
        "innodb_lock_wait_timeout = IF({seconds}, {seconds}, 50)",
        set_statement="SET SESSION max_statement_time = {seconds}",
        reset_lock="SET SESSION lock_wait_timeout = {lock}, innodb_lock_wait_timeout = DEFAULT",
        reset_statement="SET SESSION max_statement_time = {statement}",
        unset=frozenset(("86400", "31536000")),
    ),
    # Source: MariaDB documentation, "GET_LOCK", "IS_USED_LOCK", "RELEASE_LOCK", "Information Schema PROCESSLIST Table".
    session_lock=SessionLockSQL(
        key=lambda name, number: name,
        acquire="SELECT GET_LOCK(:key, 0)",
        is_held="SELECT IS_USED_LOCK(:key) = CONNECTION_ID()",
        holder="SELECT p.ID, p.USER, p.HOST, '' FROM information_schema.PROCESSLIST p WHERE p.ID = IS_USED_LOCK(:key)",
        release="SELECT RELEASE_LOCK(:key)",
    ),
    # CURRENT_TIMESTAMP is in the session's zone, and does not tell it.
    utc_now="SELECT UTC_TIMESTAMP()",
    session_id="SELECT CONNECTION_ID()",
    session_busy="SELECT COALESCE(INFO, COMMAND) FROM information_schema.PROCESSLIST WHERE ID = :id "
    "AND ID <> CONNECTION_ID() AND COMMAND <> 'Sleep' AND DB = DATABASE()",
    renames_indexes=True,
    renamed_constraints=frozenset(("unique",)),
    refusal="OperationalError",
    first_database=FirstDatabase(
        url="mysql+pymysql://root@localhost:3306/{name}",
        asyncio_url="mysql+aiomysql://root@localhost:3306/{name}",
        extra="mariadb",
        create='mariadb -h 127.0.0.1 -u root -e "CREATE DATABASE {name} CHARACTER SET utf8mb4"',
    ),
    drivers={
        "pymysql": "alembic-manage[mariadb]",
        "mysqldb": "mysqlclient",
        "mariadbconnector": "mariadb",
        "aiomysql": "aiomysql",
        "asyncmy": "asyncmy",
        "mysqlconnector": "mysql-connector-python",
    },
    doubles_percent=True,
    value_words=_VALUE_WORDS,
    value_functions=_VALUE_FUNCTIONS,
    numbers_need_key=True,
    catalog_relations=_CATALOG,
    refuses_nullable_keys=False,
)
