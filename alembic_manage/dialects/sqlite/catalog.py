"""What the inspector does not tell about a SQLite database: its own tables are asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy import Connection


class SQLiteCatalog(Dialect):
    """Reads the catalog of SQLite."""

    def reflected_default(self, default: str | None) -> str | None:
        """Without the parentheses around it. Source: SQLite documentation, "PRAGMA table_info"."""
        return default[1:-1] if default and _is_in_parentheses(default) else default

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
        """What SQLAlchemy does not reflect: collations, and what indexes of expressions hold.

        Source: SQLite, "PRAGMA index_xinfo".
        """
        for (table, column), collation in self.collations(connection, None).items():
            if table not in leave_out:
                yield f"collation of {table}.{column}", collation
        indexes = connection.exec_driver_sql("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'")
        for name, table, sql in indexes.all():
            parts = connection.exec_driver_sql("SELECT cid FROM pragma_index_xinfo(?)", (name,)).scalars()
            if table not in leave_out and sql and -2 in parts.all():
                yield f"index {name} of {table}, as SQLite keeps it", _without_spaces(_parts(sql))

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


def _parts(sql: str) -> str:
    """What a CREATE INDEX says behind the table: its name, or the index's, may have a parenthesis too."""
    start = next(token.start() for token in _TOKEN.finditer(sql) if token[0] == "(")
    return sql[start:]


def _without_spaces(text: str) -> str:
    return "".join(text.split())


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
