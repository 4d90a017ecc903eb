"""What the inspector does not tell about a MariaDB database: its own tables are asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.catalog import INFORMATION_SCHEMA
from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection


_NAME = r"(`(?:[^`]|``)+`|[\w$]+)"
_ONE_TABLE = re.compile(
    r"(?:CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?|ALTER\s+TABLE"
    rf"|CREATE\s+(?:(?:UNIQUE|FULLTEXT|SPATIAL)\s+)?INDEX\s+{_NAME}\s+ON|DROP\s+INDEX\s+{_NAME}\s+ON)"
    rf"\s+(?:{_NAME}\s*\.\s*)?{_NAME}(?![\w$`.])",
    re.IGNORECASE,
)
"""A statement that changes no other object than the table that it names first."""
_OTHERS_TOO = re.compile(r"\b(RENAME(?!\s+(COLUMN|INDEX|KEY)\b)|EXCHANGE)\b", re.IGNORECASE)
_NO_SUCH_TABLE = 1146
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


class MariaDBCatalog(Dialect):
    """Reads the catalog of MariaDB."""

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

    def picture_around(
        self, connection: Connection, statement: str, names: Collection[str]
    ) -> Sequence[tuple[object, ...]] | None:
        """SHOW CREATE TABLE alone, for what changes one table: the other questions open every table there is.

        Source: MariaDB documentation, "Optimizing for Information Schema Tables".
        """
        match = _ONE_TABLE.match(statement)
        if match is None or _OTHERS_TOO.search(statement):
            return self.picture(connection, names)
        path = ".".join(name for name in match.groups()[2:] if name)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(f"SHOW CREATE TABLE {path}")
            return [(path, _COUNTER.sub("", str(row[1]))) for row in cursor.fetchall()]
        except connection.dialect.loaded_dbapi.Error as error:
            return [] if error.args[:1] == (_NO_SUCH_TABLE,) else self.picture(connection, names)
        finally:
            cursor.close()

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

    def types(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """JSON, which the inspector takes for the LONGTEXT that it is; see is_json. MySQL has a type of its own."""
        from sqlalchemy import text

        if not getattr(connection.dialect, "is_mariadb", False):
            return {}
        query = text(
            "SELECT c.table_name, c.column_name, k.check_clause FROM information_schema.columns AS c "
            "JOIN information_schema.check_constraints AS k ON k.constraint_schema = c.table_schema "
            "AND k.table_name = c.table_name AND k.constraint_name = c.column_name AND k.level = 'Column' "
            "WHERE c.table_schema = coalesce(:schema, database()) AND c.data_type = 'longtext' "
            "AND c.collation_name = 'utf8mb4_bin'"
        )
        rows = connection.execute(query, {"schema": schema}).all()
        text_type = "LONGTEXT COLLATE utf8mb4_bin"
        return {(table, column): "JSON" for table, column, check in rows if self.is_json(text_type, column, [check])}

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

    def schema_of(self, url: URL) -> str | None:
        """The database itself."""
        return url.database


_KEY = re.compile(
    r"^ +(?P<kind>(?:UNIQUE |FULLTEXT |SPATIAL )?)KEY `(?P<name>(?:[^`]|``)+)` (?P<definition>\(.*?),?$", re.MULTILINE
)


_SPELLING = "alembic_manage_spelling"


def _without_check(line: str) -> str:
    return re.sub(r" CHECK \(.*\)$", "", line) if line.startswith("`") else line


CATALOG_RELATIONS = {
    **INFORMATION_SCHEMA,
    "information_schema.statistics": (
        "indexes",
        {"index_name": "index", "table_name": "table", "table_schema": "schema"},
    ),
}
