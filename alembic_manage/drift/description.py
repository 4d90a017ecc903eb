"""What a database holds, as the server itself tells it: one line of text an object."""

from __future__ import annotations

import warnings
from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlalchemy.exc import CompileError, SAWarning

from alembic_manage.dialects import dialect_named

if TYPE_CHECKING:
    from sqlalchemy import Connection

Description = Mapping[str, str]
"""Definitions by object: "column orders.note" gives "VARCHAR(500) NULL"."""


def describe(connection: Connection, leave_out: Container[str] = ()) -> Description:
    """What the database of a connection holds: tables, columns, constraints, indexes, types and sequences.

    Names that a server makes up differ between two servers only where their makers say so; see docs/history-state.md.

    Args:
        connection: to a real database.
        leave_out: names of tables that do not count.
    """
    with warnings.catch_warnings():
        # What SQLAlchemy cannot reflect is described by the dialect.
        warnings.simplefilter("ignore", SAWarning)
        return dict(_Describer(connection, leave_out).objects())


class _Describer:
    def __init__(self, connection: Connection, leave_out: Container[str]) -> None:
        self.connection = connection
        self.inspector: Any = inspect(connection)
        self.leave_out = leave_out
        self.rules = dialect_named(connection.dialect.name)

    def objects(self) -> Iterator[tuple[str, str]]:
        for schema in self._schemas():
            for table in self.inspector.get_table_names(schema=schema):
                if table not in self.leave_out:
                    yield from self._table(schema, table)
        for enum in getattr(self.inspector, "get_enums", lambda schema: [])(schema="*"):
            yield f"type {_named(enum['schema'], enum['name'])}", ", ".join(enum["labels"])
        yield from self.rules.described_objects(self.connection, self.leave_out)

    def _schemas(self) -> list[str | None]:
        names = [name for name in self.inspector.get_schema_names() if not self.rules.is_system_schema(name)]
        default = self.inspector.default_schema_name
        if self.rules.schemas_are_databases:
            return [None]
        return [None, *(name for name in names if name != default)]

    def _table(self, schema: str | None, table: str) -> Iterator[tuple[str, str]]:
        name = _named(schema, table)
        inspector = self.inspector
        yield f"table {name}", self._comment(table, schema)
        columns = inspector.get_columns(table, schema=schema)
        yield f"order of the columns of {name}", ", ".join(column["name"] for column in columns)
        for column in columns:
            yield f"column {name}.{column['name']}", self._column(column)
        key = inspector.get_pk_constraint(table, schema=schema)
        if key["constrained_columns"]:
            yield f"primary key of {name}", f"{key['name']} ({', '.join(key['constrained_columns'])})"
        yield from _numbered(name, "foreign key", inspector.get_foreign_keys(table, schema=schema), _foreign_key)
        yield from _numbered(name, "unique constraint", inspector.get_unique_constraints(table, schema=schema), _unique)
        yield from _numbered(name, "check", inspector.get_check_constraints(table, schema=schema), _check)
        yield from _numbered(name, "index", inspector.get_indexes(table, schema=schema), _index)

    def _comment(self, table: str, schema: str | None) -> str:
        if not self.connection.dialect.supports_comments:
            return ""
        text = self.inspector.get_table_comment(table, schema=schema).get("text")
        return f"COMMENT {text!r}" if text else ""

    def _column(self, column: Mapping[str, Any]) -> str:
        default = self.rules.described_default(column.get("default"))
        parts = [
            self._type(column["type"]),
            "NULL" if column["nullable"] else "NOT NULL",
            f"DEFAULT {default}" if default is not None else "",
            f"IDENTITY {sorted(column['identity'].items())}" if column.get("identity") else "",
            f"COMPUTED {sorted(column['computed'].items())}" if column.get("computed") else "",
            f"COMMENT {column['comment']!r}" if column.get("comment") else "",
            "AUTOINCREMENT" if column.get("autoincrement") is True and default is None else "",
        ]
        return " ".join(part for part in parts if part)

    def _type(self, type_: Any) -> str:
        try:
            return str(self.connection.dialect.type_compiler_instance.process(type_))
        except (CompileError, NotImplementedError):
            return repr(type_)


def _numbered(table: str, word: str, found: list[Any], describe: Any) -> Iterator[tuple[str, str]]:
    """One object each; those without a name are told apart by what they are."""
    for each in sorted(found, key=lambda item: (str(item["name"]), str(describe(item)))):
        text = describe(each)
        name = each["name"] or f"({text})"
        yield f"{word} {name} of {table}", text


def _foreign_key(each: Mapping[str, Any]) -> str:
    referred = _named(each["referred_schema"], each["referred_table"])
    options = " ".join(f"{name}={value}" for name, value in sorted(each.get("options", {}).items()))
    own, other = ", ".join(each["constrained_columns"]), ", ".join(each["referred_columns"])
    return f"({own}) -> {referred} ({other}) {options}".strip()


def _unique(each: Mapping[str, Any]) -> str:
    return f"({', '.join(each['column_names'])}) {_options(each)}".strip()


def _check(each: Mapping[str, Any]) -> str:
    return " ".join(str(each["sqltext"]).split())


def _index(each: Mapping[str, Any]) -> str:
    parts = each.get("expressions") or each["column_names"]
    sorting = sorted((name, tuple(how)) for name, how in (each.get("column_sorting") or {}).items())
    text = f"{'UNIQUE ' * bool(each['unique'])}({', '.join(map(str, parts))}) {_options(each)} {sorting or ''}"
    return text.strip()


def _options(each: Mapping[str, Any]) -> str:
    given = (each.get("dialect_options") or {}).items()
    found = {name: str(value) for name, value in given if value is not None and value is not False and value != ()}
    return " ".join(f"{name}={value}" for name, value in sorted(found.items()))


def _named(schema: str | None, name: str) -> str:
    return f"{schema}.{name}" if schema else name
