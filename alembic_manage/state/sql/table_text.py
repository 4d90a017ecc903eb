"""CREATE TABLE: reads the table that it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import types as sqltypes

from alembic_manage.state.objects import Column, Constraint, Index, IndexPart, Key, Unique
from alembic_manage.state.schema import SchemaError, Table
from alembic_manage.state.schema.spelling import is_same_name
from alembic_manage.state.sql.column_text import ColumnText
from alembic_manage.state.sql.constraint_text import (
    CONSTRAINT_PHRASES,
    INDEX_PHRASES,
    read_constraint,
    read_inline_index,
)
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.index_text import storage_parameters


class TableText:
    """Reads what follows the name of a new table.

    Args:
        read: stands before the parentheses.
        key: of the table.
    """

    def __init__(self, read: DdlReader, key: Key) -> None:
        self.read = read
        self.key = key
        self.columns: dict[str, Column] = {}
        self.constraints: list[Constraint] = []
        self.indexes: list[Index] = []
        self.options: dict[str, Any] = {}

    @classmethod
    def of(cls, read: DdlReader, key: Key) -> Table:
        """The table, from the parentheses on."""
        text = cls(read, key)
        read.parenthesized(text._element)
        table = Table(key, text.columns, tuple(text.constraints), tuple(text.indexes), options=text.options)
        return _with_complete_key(read, read_table_options(read, table))

    def _element(self) -> None:
        read = self.read
        if read.at(*CONSTRAINT_PHRASES):
            self._add(read_constraint(read))
        elif read.rules.has_inline_indexes and read.at(*INDEX_PHRASES):
            self.indexes.append(read_inline_index(read))
        elif read.at("LIKE", "PERIOD FOR"):
            raise read.opaque(f"CREATE TABLE ({read.token.text.upper()} ...) is not read")
        else:
            self._column()

    def _column(self) -> None:
        text = ColumnText(self.read)
        ignores_case = self.read.rules.ignores_case
        if any(is_same_name(name, text.name, ignores_case=ignores_case) for name in self.columns):
            raise SchemaError(f'the column "{text.name}" is there twice')
        self.columns[text.name] = text.column
        for constraint in text.constraints:
            self._add(constraint)
        self.options |= text.table_options

    def _add(self, found: Constraint | Index) -> None:
        """Keep a constraint; where UNIQUE makes an index, among the indexes, for names are found in their order."""
        if isinstance(found, Unique) and self.read.rules.unique_is_index:
            parts = tuple(IndexPart(name) for name in found.columns)
            found = Index(found.name or "", parts, unique=True, is_constraint=True)
        if isinstance(found, Index):
            self.indexes.append(found)
        else:
            self.constraints.append(found)


def _with_complete_key(read: DdlReader, table: Table) -> Table:
    """A key of one INTEGER column is numbered; without a ROWID it is NOT NULL instead.

    Source: SQLite documentation, "Rowid Tables", and "The WITHOUT ROWID Optimization".
    """
    key = table.primary_key
    if not read.rules.numbers_integer_keys or key is None:
        return table
    for column in [table.columns[name] for name in key.columns if name in table.columns]:
        if table.options.get(read.option("with_rowid")) is False:
            table = table.with_column(replace(column, nullable=False))
        elif len(key.columns) == 1 and isinstance(column.type, sqltypes.INTEGER):
            table = table.with_column(replace(column, autoincrement=True))
    return table


def read_table_options(read: DdlReader, table: Table) -> Table:
    """The table with the options after the parentheses, which go up to the end."""
    comment, options = table.comment, dict(table.options)
    while not read.is_done:
        if read.accept("COMMENT"):
            read.accept("=")
            comment = read.string() or None
        else:
            options |= {name: value for name, value in read_table_option(read).items() if value is not None}
        read.accept(",")
    return replace(table, comment=comment, options=options)


def read_table_option(read: DdlReader) -> dict[str, Any]:
    """One option, under the keyword that sqlalchemy.Table takes."""
    if read.at("AS", "SELECT", "WITH SYSTEM", "VALUES", "("):
        raise read.opaque("CREATE TABLE ... AS SELECT is not read")
    if read.accept("PARTITION BY"):
        return {read.option("partition_by"): read.skip_rest()}
    if read.accept("INHERITS"):
        raise read.opaque("INHERITS is not read")
    if read.accept("WITHOUT ROWID"):
        return {read.option("with_rowid"): False}
    if read.accept("STRICT"):
        return {read.option("strict"): True}
    if read.accept("WITHOUT OIDS", "ON COMMIT PRESERVE ROWS", "ON COMMIT DELETE ROWS"):
        return {}
    if read.accept("WITH"):
        return {read.option("with"): storage_parameters(read)}
    if read.accept("USING"):
        return {read.option("using"): read.name()}
    if read.accept("TABLESPACE"):
        return {read.option("tablespace"): read.name()}
    return _assignment(read)


_SYNONYMS = {"character set": "charset", "storage engine": "engine"}
_OPTIONS = [
    "ENGINE",
    "CHARSET",
    "COLLATE",
    "ROW_FORMAT",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "AVG_ROW_LENGTH",
    "CHECKSUM",
    "DELAY_KEY_WRITE",
    "PACK_KEYS",
    "STATS_PERSISTENT",
    "STATS_AUTO_RECALC",
    "STATS_SAMPLE_PAGES",
    "PAGE_CHECKSUM",
    "TRANSACTIONAL",
    "ENCRYPTED",
    "PAGE_COMPRESSED",
    "INSERT_METHOD",
    "CONNECTION",
]


def _assignment(read: DdlReader) -> dict[str, Any]:
    """`DEFAULT CHARSET = utf8mb4`: MariaDB's form."""
    if not read.rules.has_inline_indexes:
        raise read.unexpected()
    read.accept("DEFAULT")
    if read.accept("AUTO_INCREMENT"):
        read.accept("=")
        read.number()
        return {}
    word = read.expect("CHARACTER SET", "STORAGE ENGINE", *_OPTIONS).lower()
    read.accept("=")
    value = read.scalar()
    return {read.option(_SYNONYMS.get(word, word)): None if value.upper() == "DEFAULT" else value}
