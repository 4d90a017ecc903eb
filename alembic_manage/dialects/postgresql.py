"""PostgreSQL."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import (
    AS_IT_STANDS,
    INFORMATION_SCHEMA,
    ColumnDrop,
    ConnectionFailure,
    Dialect,
    EnumUse,
    FirstDatabase,
    InvalidIndexSQL,
    KeyChecks,
    ScratchSQL,
    SessionLockSQL,
    ShellCall,
    TimeoutSQL,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import URL, Connection, Insert, Table
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine

# Source: PostgreSQL 18 manual, appendix A, "PostgreSQL Error Codes".
_SQLSTATES = {
    "28000": ConnectionFailure.PASSWORD,
    "28P01": ConnectionFailure.PASSWORD,
    "3D000": ConnectionFailure.MISSING,
}
# libpq gives no SQLSTATE for a failed connection, only the server's text; role and database names are quoted in it.
_TEXTS = (
    ("password authentication failed", ConnectionFailure.PASSWORD),
    ("no password supplied", ConnectionFailure.PASSWORD),
    ("no pg_hba.conf entry", ConnectionFailure.PASSWORD),
    ("the database system is", ConnectionFailure.DOWN),  # starting up, shutting down, in recovery
    ('role "', ConnectionFailure.PASSWORD),
    ('database "', ConnectionFailure.MISSING),
    ("connection refused", ConnectionFailure.DOWN),
    ("could not translate host name", ConnectionFailure.DOWN),
    ("failed to resolve host", ConnectionFailure.DOWN),
    ("timeout", ConnectionFailure.DOWN),
    ("no such file or directory", ConnectionFailure.DOWN),
)


# What objects look like, by their names; casts to text, as drivers read the catalog's own types in different ways.
_PICTURE = (
    "SELECT c.relname::text, c.relkind::text, c.relpersistence::text, c.reloptions::text, n.nspname::text, "
    "c.relreplident::text, c.relrowsecurity, obj_description(c.oid, 'pg_class'), t.spcname::text "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE c.relname = ANY(:names)",
    "SELECT c.relname::text, a.attname::text, a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
    "a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid), a.attstorage::text, "
    "col_description(c.oid, a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "WHERE c.relname = ANY(:names) AND a.attnum > 0 AND NOT a.attisdropped",
    "SELECT c.relname::text, k.conname::text, pg_get_constraintdef(k.oid), k.convalidated "
    "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relname = ANY(:names)",
    # Whether an index is valid does not show: what CONCURRENTLY left half done is to be done again.
    "SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid IN "
    "(i.indexrelid, i.indrelid) WHERE c.relname = ANY(:names)",
    "SELECT t.typname::text, e.enumlabel::text, e.enumsortorder FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid "
    "WHERE t.typname = ANY(:names)",
    "SELECT typname::text, typtype::text, typdefault FROM pg_type WHERE typname = ANY(:names)",
    "SELECT proname::text, md5(prosrc), pg_get_function_identity_arguments(oid) FROM pg_proc "
    "WHERE proname = ANY(:names) AND prokind <> 'a'",
    "SELECT tgname::text, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE tgname = ANY(:names)",
    "SELECT viewname::text, definition FROM pg_views WHERE viewname = ANY(:names)",
    "SELECT extname::text, extversion FROM pg_extension WHERE extname = ANY(:names)",
    "SELECT nspname::text FROM pg_namespace WHERE nspname = ANY(:names)",
    "SELECT datname::text FROM pg_database WHERE datname = ANY(:names)",
    "SELECT rolname::text FROM pg_roles WHERE rolname = ANY(:names)",
)


def _session_line(pid: int, user: str | None, state: str | None, start: datetime | None, query: str | None) -> str:
    """A session for a person. Of somebody else's an account without pg_read_all_stats sees the number alone."""
    told = [
        f"process {pid}",
        f" of {user}" if user else "",
        f" ({state})" if state else "",
        f", query since {start:%Y-%m-%d %H:%M:%S %Z}" if start else "",
        f": {' '.join(query.split())}" if start and query else "",
    ]
    return "".join(told)


class _DeferrableKeys(KeyChecks):
    """Source: PostgreSQL 16 manual, "SET CONSTRAINTS" and "ALTER TABLE", ALTER CONSTRAINT."""

    _FIND = (
        "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint "
        "WHERE conrelid = to_regclass(:table) AND contype = 'f' AND NOT condeferrable AND conparentid = 0"
    )

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._changed: list[str] = []

    def begin(self) -> None:
        # psycopg logs each executemany that fails, although the error is raised as well.
        logging.getLogger("psycopg").addFilter(_is_no_pipeline)
        self.connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")

    def restore(self) -> None:
        logging.getLogger("psycopg").removeFilter(_is_no_pipeline)

    def defer(self, table: Table) -> bool:
        from sqlalchemy import text

        path = DIALECT.path_of(table)
        found = self.connection.execute(text(self._FIND), {"table": path}).scalars().all()
        for alter in found:
            self.connection.execute(text(f"{alter.replace(':', chr(92) + ':')} DEFERRABLE INITIALLY DEFERRED"))
        self._changed += found
        return bool(found)

    def end(self) -> None:
        self.connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for alter in self._changed:
            self.connection.exec_driver_sql(f"{alter} NOT DEFERRABLE", execution_options=AS_IT_STANDS)


def _is_no_pipeline(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith("error ignored terminating")


@cache
def _overriding_insert() -> type[Insert]:
    """An INSERT for columns GENERATED ALWAYS AS IDENTITY. Source: PostgreSQL 16 manual, INSERT."""
    from sqlalchemy import Insert
    from sqlalchemy.ext.compiler import compiles

    class OverridingInsert(Insert):
        inherit_cache = True

    def visit(element: Insert, compiler: Any, **options: Any) -> str:
        sql: str = compiler.visit_insert(element, **options)
        return sql.replace(" VALUES ", " OVERRIDING SYSTEM VALUE VALUES ", 1)

    compiles(OverridingInsert)(visit)
    return OverridingInsert


class PostgreSQL(Dialect):
    """PostgreSQL: everything but a few statements can be rolled back."""

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why there is no connection; psycopg, psycopg2 and asyncpg are understood."""
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        if state in _SQLSTATES:
            return _SQLSTATES[state]
        # psycopg's first line repeats the address; what the server said follows "FATAL:".
        text = str(error).rpartition("FATAL:")[2].strip().lower()
        for start, failure in _TEXTS:
            if start in text:
                return failure
        return super().connection_failure(error)

    def generated_name(self, kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str | None:
        """`table_pkey`, `table_a_b_key`, `table_a_fkey`, `table_a_check`, with a number where it is taken.

        Source: PostgreSQL 16, ChooseIndexName and ChooseConstraintName (src/backend/commands/indexcmds.c).
        """
        middle = "_".join(columns)
        if kind == "primary" or (kind == "check" and len(columns) != 1):
            middle = ""
        for number in count():
            name = _object_name(table, middle, _LABELS[kind] + (str(number) if number else ""))
            if name not in taken:
                return name
        return None

    def is_behind_pooler(self, connection: Connection) -> bool:
        """Whether the driver was told another number of the session than the server tells. Poolers make one up.

        psycopg, psycopg2 and asyncpg tell it. Source: PostgreSQL 16 manual, 55.7 "Message Formats", BackendKeyData.
        """
        driver: Any = connection.connection.driver_connection
        if hasattr(driver, "info") and hasattr(driver.info, "backend_pid"):
            told = driver.info.backend_pid
        elif hasattr(driver, "get_server_pid"):
            told = driver.get_server_pid()
        else:
            return False
        return bool(told != connection.exec_driver_sql(str(self.session_id)).scalar())

    def without_prepared(self, connection: Connection) -> None:
        """psycopg prepares what it has sent five times. Source: psycopg 3 documentation, "Prepared statements"."""
        driver: Any = connection.connection.driver_connection
        if hasattr(driver, "prepare_threshold"):
            driver.prepare_threshold = None

    def is_lock_failure(self, error: BaseException) -> bool:
        """lock_not_available, deadlock_detected. Source: PostgreSQL 16 manual, appendix A."""
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        return state in ("55P03", "40P01")

    def is_statement_timeout(self, error: BaseException) -> bool:
        """query_canceled, by the time-out and not by a person. Source: PostgreSQL 16 manual, appendix A."""
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        return state == "57014" and "timeout" in str(error)

    def blockers(self, connection: Connection, statement: str) -> Sequence[str]:
        """Who holds locks on tables that the statement names. Source: PostgreSQL 16 manual, 54.12 "pg_locks"."""
        from sqlalchemy import text

        words = set(re.findall(r"\w+", statement))
        query = text(
            "SELECT DISTINCT a.pid, a.usename, a.state, a.query_start, left(a.query, 80) FROM pg_locks l "
            "JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid "
            "WHERE l.granted AND l.pid <> pg_backend_pid() AND c.relname = ANY(CAST(:names AS text[])) "
            "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "ORDER BY a.query_start"
        )
        rows = connection.execute(query, {"names": sorted(words | {word.lower() for word in words})})
        return [_session_line(*row) for row in rows.all()]

    def rename_index_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """ALTER INDEX ... RENAME TO."""
        index = ".".join(self.quoted(name) for name in (schema, old) if name)
        return f"ALTER INDEX {index} RENAME TO {self.quoted(new)}"

    def rename_constraint_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """ALTER TABLE ... RENAME CONSTRAINT."""
        name = ".".join(self.quoted(part) for part in (schema, table) if part)
        return f"ALTER TABLE {name} RENAME CONSTRAINT {self.quoted(old)} TO {self.quoted(new)}"

    def continue_numbers_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """setval. Source: PostgreSQL 16 manual, 9.17 "Sequence Manipulation Functions"."""
        path, name = self._path(schema, table), self.quoted(column)
        sequence = f"pg_get_serial_sequence({_quoted(path)}, {_quoted(column)})"
        return [f"SELECT setval({sequence}, COALESCE(max({name}), 0) + 1, false) FROM {path}"]

    def key_checks(self, connection: Connection) -> KeyChecks:
        """Keys are put off to the end; those that cannot be are made so for the time of the load."""
        return _DeferrableKeys(connection)

    def insert(self, table: Table, numbers_identity: bool) -> Insert:
        """With OVERRIDING SYSTEM VALUE where the statement numbers rows itself."""
        if not numbers_identity:
            return super().insert(table, numbers_identity)
        return _overriding_insert()(table)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """One TRUNCATE. Source: PostgreSQL 16 manual, TRUNCATE."""
        names = ", ".join(self.path_of(table) for table in tables)
        sequences = (sequence for table in tables for _, sequence in self.sequences_of(table))
        restarts = [f"ALTER SEQUENCE {sequence} RESTART" for sequence in sequences]
        return [f"TRUNCATE {names} RESTART IDENTITY", *restarts] if tables else []

    def reset_sequences_sql(self, table: Table) -> Sequence[str]:
        """setval, of sequences that belong to columns and of those that stand apart."""
        numbered = [column for column in table.columns if column is table.autoincrement_column or column.identity]
        apart = dict(self.sequences_of(table))
        found = [
            sql
            for column in numbered
            if column.name not in apart
            for sql in self.continue_numbers_sql(table.schema, table.name, column.name)
        ]
        for column, sequence in apart.items():
            highest = f"COALESCE(max({self.quoted(column)}), 0) + 1"
            found.append(f"SELECT setval({_quoted(sequence)}, {highest}, false) FROM {self.path_of(table)}")
        return found

    def stop_serial_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """DROP DEFAULT; the sequence by the name that SERIAL gives it. Source: PostgreSQL 16 manual, 8.1.4."""
        sequence = self._path(schema, _object_name(table, column, "seq"))
        return [
            f"ALTER TABLE {self._path(schema, table)} ALTER COLUMN {self.quoted(column)} DROP DEFAULT",
            f"DROP SEQUENCE IF EXISTS {sequence}",
        ]

    def start_serial_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """CREATE SEQUENCE ... OWNED BY and SET DEFAULT. Source: PostgreSQL 16 manual, 8.1.4 "Serial Types"."""
        path, name = self._path(schema, table), self.quoted(column)
        sequence = self._path(schema, _object_name(table, column, "seq"))
        return [
            f"CREATE SEQUENCE {sequence} OWNED BY {path}.{name}",
            f"ALTER TABLE {path} ALTER COLUMN {name} SET DEFAULT nextval({_quoted(sequence)})",
            f"SELECT setval({_quoted(sequence)}, COALESCE(max({name}), 0) + 1, false) FROM {path}",
        ]

    def move_table_sql(
        self, table: tuple[str | None, str], new: tuple[str | None, str], default_schema: str | None
    ) -> Sequence[str]:
        """ALTER TABLE ... SET SCHEMA, then RENAME TO. Source: PostgreSQL 16 manual, ALTER TABLE."""
        (schema, name), (new_schema, new_name) = table, new
        found: list[str] = []
        if schema != new_schema:
            place = self.quoted(new_schema or default_schema or str(self.default_schema))
            found.append(f"ALTER TABLE {self._path(schema, name)} SET SCHEMA {place}")
        if name != new_name:
            found.append(f"ALTER TABLE {self._path(new_schema, name)} RENAME TO {self.quoted(new_name)}")
        return found

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """UPDATE ... FROM, rows told apart by their place. Source: PostgreSQL 16 manual, 5.5 "System Columns"."""
        numbered = "SELECT ctid AS place, row_number() OVER () AS number"
        return (
            f"UPDATE {table} AS filled SET {column} = {value.format(number=f'(numbered.number + {start})')} "
            f"FROM ({numbered} FROM {table} WHERE {column} IS NULL) AS numbered WHERE filled.ctid = numbered.place"
        )

    def _path(self, schema: str | None, name: str) -> str:
        return ".".join(self.quoted(part) for part in (schema, name) if part)

    def enum_key(self, type_: TypeEngine[Any]) -> tuple[str | None, str] | None:
        """Of an enum that is a type of its own, also as the element of an array."""
        from sqlalchemy import ARRAY, Enum

        if isinstance(type_, ARRAY):
            return self.enum_key(type_.item_type)
        real = getattr(type_, "impl", type_) if not isinstance(type_, Enum) else type_
        if isinstance(real, Enum) and real.native_enum and real.name:
            return real.schema, str(real.name)
        return None

    def enum_source(self, enum: Any) -> tuple[str, str]:
        """postgresql.ENUM(..., create_type=False).

        Source: SQLAlchemy 2.0.31 and 2.1: other databases have it as they have sqlalchemy.Enum; that one has no
        create_type before 2.1.
        """
        arguments = [*map(repr, map(str, enum.enums)), f"name={str(enum.name)!r}"]
        arguments += [f"schema={str(enum.schema)!r}"] if enum.schema else []
        return (
            "from sqlalchemy.dialects import postgresql",
            f"postgresql.ENUM({', '.join(arguments)}, create_type=False)",
        )

    def enum_type(
        self, type_: TypeEngine[Any], schema: str | None, name: str, labels: Sequence[str]
    ) -> TypeEngine[Any]:
        """An ENUM that creates no type by itself; of an array, an array of it."""
        from sqlalchemy import ARRAY
        from sqlalchemy.dialects.postgresql import ENUM

        enum = ENUM(*labels, name=name, schema=schema, create_type=False)
        if isinstance(type_, ARRAY):
            return type(type_)(enum, dimensions=type_.dimensions)
        return enum

    def array_type(self, item: TypeEngine[Any], dimensions: int) -> TypeEngine[Any]:
        """PostgreSQL's own ARRAY."""
        from sqlalchemy.dialects.postgresql import ARRAY

        return ARRAY(item, dimensions=dimensions if dimensions > 1 else None)

    def cut_name(self, name: str) -> str:
        """The first 63 bytes. Source: PostgreSQL 16 manual, 4.1.1 "Identifiers and Key Words"."""
        return name.encode()[:_NAME_BYTES].decode(errors="ignore")

    def create_enum(self, schema: str | None, name: str, labels: Sequence[str]) -> Any:
        """CreateEnumType."""
        from sqlalchemy.dialects.postgresql import ENUM, CreateEnumType

        return CreateEnumType(ENUM(*labels, name=name, schema=schema))

    def numbered_type(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """SERIAL, in the size of the type."""
        from sqlalchemy.types import BigInteger, SmallInteger, UserDefinedType

        words = {BigInteger: "BIGSERIAL", SmallInteger: "SMALLSERIAL"}
        word = next((word for kind, word in words.items() if isinstance(type_, kind)), "SERIAL")

        class Serial(UserDefinedType[int]):
            cache_ok = True

            def get_col_spec(self, **_: Any) -> str:
                return word

        return Serial()

    def is_system_schema(self, name: str) -> bool:
        """information_schema, and what begins with pg_."""
        return name.startswith("pg_") or name == "information_schema"

    def described_default(self, default: str | None) -> str | None:
        """A sequence that belongs to a column keeps its first name, whatever the column is called later; and a literal
        keeps the type that the column had first: '0'::bigint, or 0 where it was an integer.
        """
        if not default:
            return default
        literal = _LITERAL.fullmatch(default)
        if literal is not None:
            return literal[1] if _NUMBER.fullmatch(literal[1]) else f"'{literal[1]}'"
        return re.sub(r"nextval\('.+'::regclass\)", "nextval(its sequence)", default)

    def picture(self, connection: Connection, names: Collection[str]) -> Sequence[tuple[object, ...]]:
        """The catalog's rows. Source: PostgreSQL documentation, "System Catalogs"."""
        from sqlalchemy import text

        stored = [self.cut_name(name) for name in names]
        given = {"names": [*stored, *(name.lower() for name in stored)]}
        return [tuple(row) for query in _PICTURE for row in connection.execute(text(query), given).all()]

    def described_objects(self, connection: Connection, leave_out: Container[str]) -> Iterator[tuple[str, str]]:
        """Constraints, indexes and sequences as the server writes them. Source: PostgreSQL 16 manual, 9.26.4."""
        for query, word in _DESCRIBED:
            for schema, name, table, text in connection.exec_driver_sql(query):
                place = "" if schema == self.default_schema else f"{schema}."
                if table not in leave_out:
                    owner = f" of {place}{table}" if table else ""
                    yield f"{word} {place}{name}{owner}, as PostgreSQL writes it", str(text)

    def spelled_expression(self, connection: Connection, schema: str | None, table: str, text: str) -> str:
        """As in the definition of a view, which is taken back at once. Source: PostgreSQL 16 manual, 9.26.4."""
        from sqlalchemy import text as statement

        source = ".".join(self.quoted(name) for name in (schema, table) if name)
        make = f"CREATE TEMPORARY VIEW {_SPELLING} AS SELECT ({text}\n) AS expression FROM {source}"
        with connection.begin_nested() as savepoint:
            connection.execute(statement(make.replace(":", "\\:")))
            found = connection.exec_driver_sql(f"SELECT pg_get_viewdef('pg_temp.{_SPELLING}'::regclass)").scalar_one()
            savepoint.rollback()
        body = str(found).strip().removeprefix("SELECT").rstrip(";")
        return body[: body.rindex(" AS expression")].strip()

    def enum_uses(self, connection: Connection, schema: str | None, name: str) -> Sequence[EnumUse]:
        """From pg_attribute; partitions and children follow their parents. Source: PostgreSQL 16 manual, chapter 53."""
        rows = connection.exec_driver_sql(_ENUM_USES.format(*map(_literal, (schema or self.default_schema, name))))
        return [
            EnumUse(None if own == self.default_schema else own, table, column, is_array, default)
            for own, table, column, is_array, default in rows
        ]

    def sequences(self, connection: Connection, schema: str | None) -> Mapping[str, Mapping[str, Any]]:
        """From pg_sequence. Source: PostgreSQL 16 manual, 53.47."""
        names = ("start", "increment", "minvalue", "maxvalue", "cache", "cycle", "data_type")
        rows = connection.exec_driver_sql(_SEQUENCES.format(_literal(schema or self.default_schema)))
        return {name: dict(zip(names, values, strict=True)) for name, *values in rows}

    def is_same_value(self, connection: Connection, type_: str, one: str, other: str) -> bool:
        """Both are cast to the type, and compared as the text that it prints."""
        query = f"SELECT (CAST({one} AS {type_}))::text = (CAST({other} AS {type_}))::text"
        with connection.begin_nested():
            return bool(connection.exec_driver_sql(query.replace("%", "%%")).scalar())

    def sequence_defaults(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Source: PostgreSQL 16 manual, CREATE SEQUENCE."""
        data_type = str(options.get("data_type") or "bigint").lower()
        most = 2 ** {"smallint": 15, "integer": 31}.get(data_type, 63) - 1
        is_rising = options.get("increment", 1) > 0
        least, most = (1, most) if is_rising else (-most - 1, -1)
        start = options.get("minvalue", least) if is_rising else options.get("maxvalue", most)
        return {
            "increment": 1,
            "minvalue": least,
            "maxvalue": most,
            "start": start,
            "cache": 1,
            "cycle": False,
            "data_type": data_type,
        }

    def collations(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_attribute: SQLAlchemy tells them since 2.1 only. Source: PostgreSQL 16 manual, 53.7."""
        rows = connection.exec_driver_sql(_COLLATIONS.format(_literal(schema or self.default_schema)))
        return {(table, column): collation for table, column, collation in rows}

    def canonical_type(self, text: str) -> str | None:
        """Synonyms resolved, lengths filled in. Source: PostgreSQL 16 manual, chapter 8 "Data Types"."""
        text = re.sub(r'\s+COLLATE\s+(?:(?:"[^"]*"|[\w.]+)\.?)+', "", text, flags=re.IGNORECASE)
        words, _, dimensions = text.partition("[")
        arguments = re.search(r"\(([^)]*)\)", words)
        given = [part.strip() for part in arguments[1].split(",")] if arguments else []
        name = " ".join(re.sub(r"\([^)]*\)", " ", words).split())
        name = name if '"' in name else name.lower()
        name = {"timestamp": "timestamp without time zone", "time": "time without time zone"}.get(name, name)
        name = self.type_aliases.get(name, name).removeprefix(f"{self.default_schema}.")
        if name == "float":
            return ("real" if given and int(given[0]) < 25 else "double precision") + "[]" * bool(dimensions)
        if name == "numeric" and len(given) == 1:
            given = [*given, "0"]
        if name in ("character", "bit") and not given:
            given = ["1"]
        return name + (f"({','.join(given)})" if given else "") + "[]" * bool(dimensions)

    def spelled_index(self, connection: Connection, schema: str | None, table: str, kind: str, definition: str) -> str:
        """As on an empty temporary copy of the table. Source: PostgreSQL 16 manual, CREATE TABLE, "LIKE"."""
        from sqlalchemy import text as statement

        source = ".".join(self.quoted(name) for name in (schema, table) if name)
        index = f"CREATE {kind} INDEX {_SPELLING}_index ON pg_temp.{_SPELLING} {definition}"
        with connection.begin_nested() as savepoint:
            connection.execute(statement(f"CREATE TEMPORARY TABLE {_SPELLING} (LIKE {source})".replace(":", "\\:")))
            connection.execute(statement(index.replace(":", "\\:")))
            found = connection.exec_driver_sql(f"SELECT pg_get_indexdef('pg_temp.{_SPELLING}_index'::regclass)")
            spelled = str(found.scalar_one())
            savepoint.rollback()
        return spelled

    def spelled_exclusion(self, connection: Connection, schema: str | None, table: str, definition: str) -> str:
        """As on an empty temporary copy of the table."""
        from sqlalchemy import text as statement

        source = ".".join(self.quoted(name) for name in (schema, table) if name)
        alter = f"ALTER TABLE pg_temp.{_SPELLING} ADD CONSTRAINT {_SPELLING}_exclusion {definition}"
        with connection.begin_nested() as savepoint:
            connection.execute(statement(f"CREATE TEMPORARY TABLE {_SPELLING} (LIKE {source})".replace(":", "\\:")))
            connection.execute(statement(alter.replace(":", "\\:")))
            found = connection.exec_driver_sql(
                f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'pg_temp.{_SPELLING}'::regclass "
                f"AND conname = '{_SPELLING}_exclusion'"
            )
            spelled = str(found.scalar_one())
            savepoint.rollback()
        return spelled

    def uniques(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_constraint."""
        return self._constraints(connection, schema, "u")

    def exclusions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_constraint."""
        return self._constraints(connection, schema, "x")

    def _constraints(self, connection: Connection, schema: str | None, kind: str) -> Mapping[tuple[str, str], str]:
        """Source: PostgreSQL 16 manual, 53.13 and 9.26.4."""
        rows = connection.exec_driver_sql(_CONSTRAINTS.format(kind, _literal(schema or self.default_schema)))
        return {(table, name): definition for table, name, definition in rows}

    def partitions(self, connection: Connection, schema: str | None) -> Collection[str]:
        """From pg_class. Source: PostgreSQL 16 manual, 53.11, relispartition."""
        query = (
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE c.relispartition AND n.nspname = {_literal(schema or self.default_schema)}"
        )
        return [str(name) for (name,) in connection.exec_driver_sql(query)]

    def index_definitions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """From pg_index. Source: PostgreSQL 16 manual, 53.26 and 9.26.4."""
        rows = connection.exec_driver_sql(_INDEXES.format(_literal(schema or self.default_schema)))
        return {(table, name): definition for table, name, definition in rows}

    def exclude_constraint(self, elements: Sequence[tuple[str, str]], **options: Any) -> Any:
        """ExcludeConstraint; Alembic needs a name for each of its elements."""
        from sqlalchemy import literal_column
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        return ExcludeConstraint(*((literal_column(text), operator) for text, operator in elements), **options)

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """PGDialect."""
        from sqlalchemy.dialects.postgresql.base import PGDialect

        return PGDialect

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """`pg_isready` for a silent server, `createdb` for a missing database."""
        place = f"-h {url.host or 'localhost'} -p {url.port or 5432}"
        if failure is ConnectionFailure.DOWN:
            return f"pg_isready {place}"
        if failure is ConnectionFailure.MISSING:
            return f"createdb {place}{f' -U {url.username}' if url.username else ''} {url.database}"
        return None

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall:
        """psql; the password in PGPASSWORD. Source: PostgreSQL 18 manual, psql, and 34.15 "Environment Variables"."""
        query = {name: _text(value) for name, value in url.query.items()}
        host, port = _place(url)
        argv = ["psql"]
        for option, value in (("-U", query.get("user") or url.username), ("-h", host), ("-p", port)):
            if value:
                argv += [option, value]
        database = query.get("dbname") or query.get("database") or url.database
        if database:
            argv += ["-d", _conninfo(database)]
        env = {variable: query[name] for name, variable in _VARIABLES.items() if query.get(name)}
        if query.get("ssl") in _SSL_MODES:
            env["PGSSLMODE"] = query["ssl"]
        password = query.get("password") or url.password
        if password:
            env["PGPASSWORD"] = str(password)
        return ShellCall(tuple(argv + list(parameters)), env, install="apt install postgresql-client")


_SPELLING = "alembic_manage_spelling"
_CONSTRAINTS = (
    "SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
    "JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace "
    "WHERE c.contype = '{}' AND n.nspname = {}"
)
_INDEXES = (
    "SELECT t.relname, i.relname, pg_get_indexdef(i.oid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
    "JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = {} "
    "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x'))"
)


def _quoted(text: str) -> str:
    """A string in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _literal(text: str | None) -> str:
    """A string in SQL that goes to the driver as it is."""
    return "'" + str(text).replace("'", "''").replace("%", "%%") + "'"


_ENUM_USES = """
    SELECT s.nspname, c.relname, a.attname, t.typelem <> 0, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type e ON e.oid IN (t.oid, t.typelem)
    JOIN pg_namespace n ON n.oid = e.typnamespace
    LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) AND a.attgenerated = ''
    WHERE n.nspname = {} AND e.typname = {} AND e.typtype = 'e' AND c.relkind IN ('r', 'p')
    AND NOT a.attisdropped AND a.attinhcount = 0 ORDER BY 1, 2, a.attnum"""
_SEQUENCES = """
    SELECT c.relname, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle, q.seqtypid::regtype::text
    FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = {}
    AND NOT EXISTS (SELECT 1 FROM pg_depend d
    WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))"""
_COLLATIONS = """
    SELECT c.relname, a.attname, l.collname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_collation l ON l.oid = a.attcollation
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = {} AND a.attcollation <> t.typcollation AND NOT a.attisdropped"""

_LITERAL = re.compile(r"\(*'((?:[^']|'')*)'\)*(?:::[\w \"\[\](),.]+?)+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

_DESCRIBED = (
    (
        "SELECT n.nspname, c.conname, t.relname, pg_get_constraintdef(c.oid) FROM pg_constraint c "
        "JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE c.contype <> 'n' "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
        "constraint",
    ),
    (
        "SELECT schemaname, indexname, tablename, indexdef FROM pg_indexes "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
        "index",
    ),
    (
        # Those of SERIAL and IDENTITY columns belong to their columns.
        "SELECT s.relnamespace::regnamespace::text, s.relname, NULL, concat_ws(' ', q.seqtypid::regtype, q.seqstart, "
        "q.seqmin, q.seqmax, q.seqincrement, q.seqcycle, q.seqcache) "
        "FROM pg_class s JOIN pg_sequence q ON q.seqrelid = s.oid WHERE NOT EXISTS (SELECT 1 "
        "FROM pg_depend d WHERE d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))",
        "sequence",
    ),
)

_LABELS = {
    "primary": "pkey",
    "unique": "key",
    "check": "check",
    "foreignkey": "fkey",
    "exclude": "excl",
    "index": "idx",
}
_NAME_BYTES = 63


def _object_name(table: str, middle: str, label: str) -> str:
    """The three parts with underscores between, the longer of the first two cut until they fit.

    Source: PostgreSQL 16, makeObjectName (src/backend/commands/indexcmds.c).
    """
    room = _NAME_BYTES - len(label) - 1 - (1 if middle else 0)
    while len(table) + len(middle) > room:
        if len(table) > len(middle):
            table = table[:-1]
        else:
            middle = middle[:-1]
    return "_".join(part for part in (table, middle, label) if part)


# What libpq reads from the environment, by the name that it has in a connection string.
_VARIABLES = {
    "application_name": "PGAPPNAME",
    "channel_binding": "PGCHANNELBINDING",
    "client_encoding": "PGCLIENTENCODING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "gssencmode": "PGGSSENCMODE",
    "hostaddr": "PGHOSTADDR",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslcert": "PGSSLCERT",
    "sslcrl": "PGSSLCRL",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
# asyncpg's `ssl` argument takes libpq's words.
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def _place(url: URL) -> tuple[str, str]:
    """Host and port as psql takes them: with commas between where the query names several.

    Source: SQLAlchemy 2.1, PostgreSQL dialect, "Specifying multiple fallback hosts".
    """
    port = _text(url.query.get("port")) or str(url.port or "")
    hosts = url.query.get("host")
    if not hosts:
        return url.host or "", port
    words = hosts.split(",") if isinstance(hosts, str) else hosts
    # Each may have its port: ?host=one:5432&host=two:5433; an IPv6 address has more than one colon.
    pairs = [word.split(":") if word.count(":") == 1 else [word, ""] for word in words]
    ports = ",".join(own for _, own in pairs)
    return ",".join(host for host, _ in pairs), ports if ports.strip(",") else port


def _conninfo(database: str) -> str:
    """The database's name, quoted where psql would take it for a connection string."""
    if "=" not in database and not database.startswith(("postgresql://", "postgres://")):
        return database
    escaped = database.replace("\\", r"\\").replace("'", r"\'")
    return f"dbname='{escaped}'"


def _text(value: str | tuple[str, ...] | None) -> str:
    return value if isinstance(value, str) else ",".join(value or ())


# Source: PostgreSQL 16 manual, chapters 37, 53 and 54.
_CATALOG = {
    **INFORMATION_SCHEMA,
    "pg_type": ("types", {"typname": "type", "typtype": "type_kind"}),
    "pg_enum": ("labels", {"enumlabel": "label", "enumtypid": "type"}),
    "pg_namespace": ("schemas", {"nspname": "schema"}),
    "pg_class": ("relations", {"relname": "relation", "relkind": "kind"}),
    "pg_attribute": ("columns", {"attname": "column", "attrelid": "table"}),
    "pg_constraint": (
        "constraints",
        {"conname": "constraint", "conrelid": "table", "contype": "constraint_kind"},
    ),
    "pg_tables": ("tables", {"tablename": "table", "schemaname": "schema"}),
    "pg_indexes": ("indexes", {"indexname": "index", "tablename": "table", "schemaname": "schema"}),
    "information_schema.sequences": ("sequences", {"sequence_name": "relation", "sequence_schema": "schema"}),
}

# Source: PostgreSQL 18 manual, chapter 9, "Functions and Operators".
_VALUE_WORDS = {
    "current_timestamp": "timestamp",
    "localtimestamp": "timestamp",
    "current_date": "date",
    "current_time": "time",
    "localtime": "time",
    "current_user": "text",
    "session_user": "text",
    "current_schema": "text",
}
_VALUE_FUNCTIONS = {
    **dict.fromkeys(
        ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "to_timestamp", "make_timestamp"),
        "timestamp",
    ),
    **dict.fromkeys(("make_date", "to_date"), "date"),
    "make_time": "time",
    **dict.fromkeys(("gen_random_uuid", "uuid_generate_v4", "uuidv4", "uuidv7"), "uuid"),
    **dict.fromkeys(("random", "nextval", "abs", "round", "length"), "number"),
    **dict.fromkeys(("lower", "upper", "md5", "concat", "current_database"), "text"),
    **dict.fromkeys(("json_build_object", "json_build_array", "jsonb_build_object", "jsonb_build_array"), "json"),
    **dict.fromkeys(("decode", "gen_random_bytes"), "bytes"),
}

_NUMBERS = ("integer", "number", "float")
# Source: PostgreSQL 16 manual, CREATE CAST, "AS ASSIGNMENT", and pg_cast; tried out on PostgreSQL 15.
_AUTOMATIC_CASTS = frozenset(
    (
        *((old, new) for old in _NUMBERS for new in _NUMBERS),
        *((old, "text") for old in (*_NUMBERS, "boolean", "date", "time", "timestamp", "timestamptz", "interval")),
        *((old, "text") for old in ("uuid", "json", "enum", "other")),
        ("date", "timestamp"),
        ("timestamp", "date"),
        ("timestamp", "time"),
        ("time", "interval"),
        ("interval", "time"),
    )
)
_CASTS = {
    **{("boolean", kind): "{column}::integer::{type}" for kind in _NUMBERS},
    **{(kind, "boolean"): "{column} <> 0" for kind in _NUMBERS},
    ("text", "bytes"): "convert_to({column}, 'UTF8')",
    ("bytes", "text"): "convert_from({column}, 'UTF8')",
    # Without the zone it would be that of the session, which may be another one on the way down.
    ("timestamp", "timestamptz"): "{column} AT TIME ZONE 'UTC'",
    ("timestamptz", "timestamp"): "{column} AT TIME ZONE 'UTC'",
    ("date", "timestamptz"): "{column}::timestamp AT TIME ZONE 'UTC'",
    ("timestamptz", "date"): "({column} AT TIME ZONE 'UTC')::date",
    ("timestamptz", "time"): "({column} AT TIME ZONE 'UTC')::time",
}
_MISFITS = {
    ("text", "integer"): "{column} !~ '^ *[-+]?[0-9]+ *$'",
    **{
        ("text", kind): "{column} !~ '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$'"
        for kind in ("number", "float")
    },
    ("text", "boolean"): (
        "lower(trim({column})) NOT IN ('t', 'true', 'y', 'yes', 'on', '1', 'f', 'false', 'n', 'no', 'off', '0')"
    ),
    **{
        ("text", kind): "{column} !~ '^ *[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}'"
        for kind in ("date", "timestamp", "timestamptz")
    },
    ("text", "time"): "{column} !~ '^ *[0-9]{{1,2}}:[0-9]{{2}}'",
    ("text", "uuid"): "replace({column}, '-', '') !~ '^[{{]?[0-9a-fA-F]{{32}}[}}]?$'",
    ("text", "json"): "{column} !~ '^[[:space:]]*([[{{\"0-9-]|true|false|null)'",
    ("timestamp", "date"): "{column} <> {column}::date",
    ("timestamptz", "date"): "{column} AT TIME ZONE 'UTC' <> ({column} AT TIME ZONE 'UTC')::date",
}

DIALECT = PostgreSQL(
    snapshot_level="REPEATABLE READ",
    has_text_of_types=True,
    names=("postgresql",),
    title="PostgreSQL",
    has_enum_types=True,
    generated_names={
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "pk": "%(table_name)s_pkey",
    },
    # Source: PostgreSQL 16 manual, chapter 8 "Data Types".
    neutral_literals={
        "inet": "'0.0.0.0'",
        "cidr": "'0.0.0.0/0'",
        "macaddr": "'00:00:00:00:00:00'",
        "macaddr8": "'00:00:00:00:00:00:00:00'",
        "money": "0",
        "oid": "0",
        "interval": "'0'",
        "tsvector": "''",
        "tsquery": "''",
        "hstore": "''",
        "array": "'{}'",
        **dict.fromkeys(("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"), "'empty'"),
    },
    numbered_values={
        "number": "{number}",
        "text": "{number}::text",
        "date": "(date '1970-01-01' + {number}::integer)",
        "timestamp": "(timestamp '1970-01-01' + {number} * interval '1 day')",
        "uuid": "lpad(to_hex({number}::bigint), 32, '0')::uuid",
    },
    transactional_ddl=True,
    float_bits={"real": 24},
    casts_are_written=True,
    automatic_casts=_AUTOMATIC_CASTS,
    casts=_CASTS,
    misfits=_MISFITS,
    # Source: PostgreSQL 16 manual, 20.11.1 "Statement Behavior".
    timeouts=TimeoutSQL(
        read="SELECT current_setting('lock_timeout'), current_setting('statement_timeout')",
        set_lock="SET lock_timeout = {milliseconds}",
        set_statement="SET statement_timeout = {milliseconds}",
        reset_lock="SET lock_timeout = '{lock}'",
        reset_statement="SET statement_timeout = '{statement}'",
        unset=frozenset(("0",)),
        patient=re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE),
        local_lock="SET LOCAL lock_timeout = {milliseconds}",
        local_statement="SET LOCAL statement_timeout = {milliseconds}",
    ),
    # Source: PostgreSQL 16 manual, CREATE INDEX, "Building Indexes Concurrently", and 28.4.4 "CREATE INDEX Progress
    # Reporting". Without the rights to see a session's work, that of any session counts. The index of a partitioned
    # table (relkind I) is invalid until all its parts are attached, and no failure.
    invalid_indexes=InvalidIndexSQL(
        find="SELECT n.nspname::text, t.relname::text, c.relname::text, (SELECT min(p.pid) "
        "FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid OR (p.relid IS NULL AND p.datid = "
        "(SELECT oid FROM pg_database WHERE datname = current_database()))) FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i' AND i.indrelid = "
        "COALESCE(to_regclass(CAST(:table AS text)), "
        "(SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass(CAST(:index AS text)))) ORDER BY c.relname",
        drop="DROP INDEX CONCURRENTLY IF EXISTS {path}",
    ),
    # Source: PostgreSQL 16 manual, 9.28.10 "Advisory Lock Functions" and 54.12 "pg_locks" (classid holds the upper half
    # of the key, objid the lower one, objsubid is 1).
    session_id="SELECT pg_backend_pid()",
    session_busy="SELECT query FROM pg_stat_activity WHERE CAST(pid AS text) = :id AND pid <> pg_backend_pid() "
    "AND datname = current_database() AND state = 'active'",
    session_lock=SessionLockSQL(
        key=lambda name, number: number,
        acquire="SELECT pg_try_advisory_lock(CAST(:key AS bigint))",
        is_held="SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() "
        "AND objsubid = 1 AND (CAST(classid AS bigint) << 32) | CAST(objid AS bigint) = CAST(:key AS bigint)",
        holder="SELECT a.pid, a.usename, COALESCE(a.client_hostname, host(a.client_addr), ''), a.application_name "
        "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted "
        "AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND (CAST(l.classid AS bigint) << 32) | CAST(l.objid AS bigint) = CAST(:key AS bigint)",
        release="SELECT pg_advisory_unlock(CAST(:key AS bigint))",
        announce="SELECT set_config('application_name', :text, false)",
    ),
    renames_indexes=True,
    renamed_constraints=frozenset(("unique", "check", "foreignkey", "primary", "exclude")),
    boolean_literals=("false", "true"),
    binary_literal=r"'\x{}'::bytea",
    value_words=_VALUE_WORDS,
    value_functions=_VALUE_FUNCTIONS,
    timestamps_have_zones=True,
    outside=re.compile(
        r"\b(CREATE|ALTER|DROP)\s+(USER(?!\s+MAPPING)|ROLE|GROUP|DATABASE|TABLESPACE|SYSTEM|SUBSCRIPTION)\b"
        r"|\bdblink\w*\s*\(|^\s*COPY\b.*\b(PROGRAM|TO\s+')|\bpg_(terminate|cancel)_backend\b",
        re.IGNORECASE | re.DOTALL,
    ),
    scratch_sql=ScratchSQL(
        create='CREATE DATABASE "{name}"',
        drop='DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        copy='CREATE DATABASE "{name}" TEMPLATE "{template}"',
        find="SELECT datname FROM pg_database WHERE datname LIKE '{name}%'",
        # A lock belongs to the database of its session, pg_locks has those of all. Source: PostgreSQL 16 manual, 54.12.
        lock="SELECT CASE WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() "
        "AND (classid::bigint << 32 | objid::bigint) = hashtext('{name}')) THEN false "
        "ELSE pg_try_advisory_lock(hashtext('{name}')) END",
        maintenance_database="postgres",
    ),
    server_version=(16, 0),
    catalog=re.compile(
        r"\b(information_schema|pg_(?!settings|sleep|\w*advisory\w*|is_in_recovery|backend_pid)\w+)\b", re.IGNORECASE
    ),
    changes_meaning=re.compile(
        r"\s*(?:SET\s+(?:LOCAL\s+|SESSION\s+)?search_path\s*(?:=|TO)\s*([^,;]+)|DROP\s+(?:FUNCTION|AGGREGATE|EXTENSION)\b.*CASCADE)",
        re.IGNORECASE | re.DOTALL,
    ),
    functions_change_tables=True,
    select_makes_tables=True,
    catalog_write=re.compile(r"\s*(UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+(pg_catalog\.)?pg_\w+", re.IGNORECASE),
    extension=re.compile(r"\s*CREATE\s+EXTENSION\b", re.IGNORECASE),
    finds_nothing=re.compile(
        r"select c\.relname, a\.attname from pg_class as c join pg_depend d|.*\bNOT\s+(\w+\.)?indisvalid\b",
        re.IGNORECASE | re.DOTALL,
    ),
    numbers_without_default=False,
    default_schema="public",
    identifier_quotes='"',
    folds_names=True,
    # Source: PostgreSQL 16 manual, table 8.1, "Data Types".
    type_aliases={
        "bool": "boolean",
        "char": "character",
        "nchar": "character",
        "varchar": "character varying",
        "nchar varying": "character varying",
        "varbit": "bit varying",
        "int": "integer",
        "int2": "smallint",
        "int4": "integer",
        "int8": "bigint",
        "float4": "real",
        "float8": "double precision",
        "dec": "numeric",
        "decimal": "numeric",
        "timestamptz": "timestamp with time zone",
        "timetz": "time with time zone",
    },
    numbered_types={
        "smallserial": "smallint",
        "serial2": "smallint",
        "serial": "integer",
        "serial4": "integer",
        "bigserial": "bigint",
        "serial8": "bigint",
    },
    # Source: PostgreSQL 16 manual, 10.2 "Operators".
    added_casts=frozenset(("text", "text[]", "character varying", "character", "numeric", "double precision")),
    catalog_relations=_CATALOG,
    column_drop=ColumnDrop.CASCADE,
    first_database=FirstDatabase(
        url="postgresql+psycopg://postgres@localhost:5432/{name}",
        asyncio_url="postgresql+asyncpg://postgres@localhost:5432/{name}",
        extra="postgresql",
        create="createdb -h localhost -U postgres {name}",
    ),
    drivers={
        "psycopg": "alembic-manage[postgresql]",
        "psycopg_async": "alembic-manage[postgresql]",
        "psycopg2": "psycopg2-binary",
        "asyncpg": "asyncpg",
        "pg8000": "pg8000",
    },
    doubles_percent=True,
    needs_a_column=False,
    heeds_match=True,
    default_collation="default",
    drops_expressions=True,
    stores_computed=True,
    merges_equal_keys=True,
)
