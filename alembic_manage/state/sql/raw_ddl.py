"""Applies DDL that comes as text; one small function a kind of statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from alembic_manage.state.objects import Key, Sequence
from alembic_manage.state.schema import Schema, SchemaError
from alembic_manage.state.sql.block import apply_block
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.index_text import read_index
from alembic_manage.state.sql.statements import StatementKind, kind_of
from alembic_manage.state.sql.table_alteration import alter_table
from alembic_manage.state.sql.table_copy import create_like
from alembic_manage.state.sql.table_text import TableText
from alembic_manage.state.sql.type_ddl import alter_type, create_type, drop_type

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect


def apply_ddl(schema: Schema, statement: str, dialect: SQLAlchemyDialect) -> None:
    """Apply one DDL statement, wholly or not at all; a statement of another kind does nothing.

    Raises:
        SchemaError: the database would refuse it.
        OpaqueStatementError: it is not read.
    """
    if kind_of(statement, schema.rules) is not StatementKind.DDL:
        return
    read = DdlReader(statement, schema, dialect)
    phrase = read.accept(*_APPLY)
    if not phrase:
        raise read.unexpected()
    _APPLY[phrase](read)
    read.expect_end()


# Tables


def _create_table(read: DdlReader) -> None:
    if_not_exists = read.if_not_exists()
    key = read.key()
    if read.at("AS", "SELECT"):
        raise read.opaque("CREATE TABLE ... AS SELECT is not read")
    if if_not_exists and (read.schema.find(key) is not None or key in read.schema.ignored):
        read.skip_rest()
    elif read.accept("PARTITION OF"):
        # What becomes of a partition is said by statements about its parent.
        read.schema.ignored.add(key)
        read.skip_rest()
    elif read.at("LIKE", "( LIKE"):
        create_like(read, key)
    elif read.at("OF"):
        raise read.opaque("CREATE TABLE ... OF is not read")
    else:
        table = TableText.of(read, key)
        read.expect_end()
        read.schema.create_table(table)
        read.schema.ignored.discard(key)


def _replace_table(read: DdlReader) -> None:
    rest = DdlReader(read.rest(), read.schema, read.dialect)
    with read.schema.atomic():
        read.schema.drop_table(rest.key(), if_exists=True)
        _create_table(read)


def _create_ignored_table(read: DdlReader) -> None:
    """A temporary, virtual or foreign table."""
    read.if_not_exists()
    read.schema.ignored.add(read.key())
    read.skip_rest()


def _drop_table(read: DdlReader) -> None:
    keys, if_exists, cascade = read.dropped(read.key)
    with read.schema.atomic():
        for key in keys:
            _drop_one_table(read, key, keys, if_exists, cascade)


def _drop_one_table(read: DdlReader, key: Key, together: list[Key], if_exists: bool, cascade: bool) -> None:
    """Foreign keys between tables that are dropped together keep none of them."""
    schema = read.schema
    referring = [table.key for table, _ in schema.referring(key)]
    alone = all(other in together for other in referring)
    schema.drop_table(key, if_exists=if_exists, cascade=cascade or (alone and len(together) > 1))


def _rename_tables(read: DdlReader) -> None:
    pairs = read.separated(lambda: _pair(read))
    read.expect_end()
    tables = [pair for pair in pairs if read.schema.find(pair[0]) is not None]
    with read.schema.atomic():
        for old, new in tables or pairs:  # among tables, what is not known is a view
            read.schema.rename_table(old, new)


def _pair(read: DdlReader) -> tuple[Key, Key]:
    read.if_exists()
    old = read.key()
    read.expect("TO")
    return old, read.key()


# Indexes


def _create_index(read: DdlReader, *, unique: bool = False, prefix: str = "") -> None:
    read.accept("CONCURRENTLY")
    if_not_exists = read.if_not_exists()
    schema, name = (None, "") if read.at("ON") else read.qualified()
    options = {read.option("prefix"): prefix} if prefix else {}
    if read.accept("USING"):
        options[read.option("using")] = read.name()
    read.expect("ON")
    read.accept("ONLY")
    table, owner = read.name(), schema
    if read.accept("."):
        table, owner = read.name(), table
    key = read.schema.key(owner, table)
    index = read_index(read, name, unique=unique, options=options)
    read.expect_end()
    if key not in read.schema.ignored:
        read.schema.create_index(key, index, if_not_exists=if_not_exists)


def _create_unique_index(read: DdlReader) -> None:
    _create_index(read, unique=True)


def _create_fulltext_index(read: DdlReader) -> None:
    _create_index(read, prefix="FULLTEXT")


def _create_spatial_index(read: DdlReader) -> None:
    _create_index(read, prefix="SPATIAL")


def _drop_index(read: DdlReader) -> None:
    read.accept("CONCURRENTLY")
    if_exists = read.if_exists()
    names = read.separated(read.qualified)
    key = read.key() if read.accept("ON") else None
    while read.accept("ALGORITHM", "LOCK"):
        read.accept("=")
        read.scalar()
    read.cascade()
    read.expect_end()
    with read.schema.atomic():
        for schema, name in names:
            read.schema.drop_index(name, key, schema=schema, if_exists=if_exists)


def _alter_index(read: DdlReader) -> None:
    if_exists = read.if_exists()
    schema, name = read.qualified()
    if not read.accept("RENAME TO"):
        read.expect("SET", "RESET", "ATTACH PARTITION", "ALTER", "DEPENDS ON EXTENSION", "NO DEPENDS", "OWNER TO")
        read.skip_rest()
        return
    new = read.name()
    read.expect_end()
    try:
        read.schema.rename_index(name, new, schema=schema)
    except SchemaError:
        if not if_exists:
            raise


# Sequences, schemas, comments


def _create_sequence(read: DdlReader) -> None:
    if_not_exists = read.if_not_exists()
    key, options = read.key(), dict(read.sequence_options())
    owner = options.pop("owner", None)
    read.expect_end()
    read.schema.create_sequence(Sequence(key, options, owner), if_not_exists=if_not_exists)


def _create_ignored_sequence(read: DdlReader) -> None:
    read.skip_rest()


def _drop_sequence(read: DdlReader) -> None:
    keys, if_exists, cascade = read.dropped(read.key)
    with read.schema.atomic():
        for key in keys:
            read.schema.drop_sequence(key, if_exists=if_exists, cascade=cascade)


def _alter_sequence(read: DdlReader) -> None:
    if_exists = read.if_exists()
    key = read.key()
    if if_exists and key not in read.schema.sequences:
        read.skip_rest()
    elif read.accept("RENAME TO"):
        _rename_sequence(read, key, Key(key.schema, read.name()))
    elif read.accept("SET SCHEMA"):
        _rename_sequence(read, key, read.schema.key(read.name(), key.name))
    elif read.accept("OWNER TO", "SET"):
        read.skip_rest()
    else:
        options = read.sequence_options()
        read.expect_end()
        read.schema.alter_sequence(key, options)


def _rename_sequence(read: DdlReader, key: Key, new: Key) -> None:
    read.expect_end()
    read.schema.rename_sequence(key, new)


def _create_schema(read: DdlReader) -> None:
    if_not_exists = read.if_not_exists()
    name = "" if read.at("AUTHORIZATION") else read.name()
    owner = read.name() if read.accept("AUTHORIZATION") else ""
    read.expect_end()
    read.schema.create_schema(name or owner, if_not_exists=if_not_exists)


def _drop_schema(read: DdlReader) -> None:
    names, if_exists, cascade = read.dropped(read.name)
    with read.schema.atomic():
        for name in names:
            read.schema.drop_schema(name, if_exists=if_exists, cascade=cascade)


def _alter_schema(read: DdlReader) -> None:
    read.name()
    if not read.accept("OWNER TO"):
        raise read.opaque("the new name of a schema is not followed")
    read.skip_rest()


def _comment_on_table(read: DdlReader) -> None:
    key = read.key()
    comment = _comment(read)
    if read.schema.find(key) is not None:  # it may be a view
        read.schema.set_table_comment(key, comment)


def _comment_on_column(read: DdlReader) -> None:
    names = [read.name()]
    while read.accept("."):
        names.append(read.name())
    if len(names) < 2:
        raise read.unexpected()
    key = read.schema.key(names[-3] if len(names) > 2 else None, names[-2])
    comment = _comment(read)
    if read.schema.find(key) is not None:
        read.schema.alter_column(key, names[-1], comment=comment)


def _comment(read: DdlReader) -> str | None:
    read.expect("IS")
    comment = None if read.accept("NULL") else read.body()
    read.expect_end()
    return comment or None


def _nothing(read: DdlReader) -> None:
    read.skip_rest()


def _do(read: DdlReader) -> None:
    read.accept("LANGUAGE PLPGSQL")
    body = read.body()
    read.accept("LANGUAGE PLPGSQL")
    read.expect_end()
    apply_block(body, read, apply_statement=lambda text: apply_ddl(read.schema, text, read.dialect))


def _call(read: DdlReader) -> None:
    raise read.opaque("what a procedure does is not known")


_APPLY: Mapping[str, Callable[[DdlReader], None]] = {
    "CREATE TABLE": _create_table,
    "CREATE UNLOGGED TABLE": _create_table,
    "CREATE OR REPLACE TABLE": _replace_table,
    **dict.fromkeys(
        (
            *("CREATE TEMP TABLE", "CREATE TEMPORARY TABLE", "CREATE OR REPLACE TEMPORARY TABLE"),
            *("CREATE LOCAL TEMP TABLE", "CREATE LOCAL TEMPORARY TABLE", "CREATE GLOBAL TEMPORARY TABLE"),
            *("CREATE VIRTUAL TABLE", "CREATE FOREIGN TABLE"),
        ),
        _create_ignored_table,
    ),
    "DROP TABLE": _drop_table,
    "DROP TEMPORARY TABLE": _drop_table,
    "DROP FOREIGN TABLE": _drop_table,
    "RENAME TABLE": _rename_tables,
    "ALTER TABLE": alter_table,
    "ALTER ONLINE TABLE": alter_table,
    "ALTER IGNORE TABLE": alter_table,
    "ALTER FOREIGN TABLE": alter_table,
    "CREATE INDEX": _create_index,
    "CREATE UNIQUE INDEX": _create_unique_index,
    "CREATE FULLTEXT INDEX": _create_fulltext_index,
    "CREATE SPATIAL INDEX": _create_spatial_index,
    "DROP INDEX": _drop_index,
    "ALTER INDEX": _alter_index,
    "CREATE TYPE": create_type,
    "CREATE DOMAIN": create_type,
    "DROP TYPE": drop_type,
    "DROP DOMAIN": drop_type,
    "ALTER TYPE": alter_type,
    "ALTER DOMAIN": alter_type,
    "CREATE SEQUENCE": _create_sequence,
    "CREATE TEMP SEQUENCE": _create_ignored_sequence,
    "CREATE TEMPORARY SEQUENCE": _create_ignored_sequence,
    "DROP SEQUENCE": _drop_sequence,
    "ALTER SEQUENCE": _alter_sequence,
    "CREATE SCHEMA": _create_schema,
    "DROP SCHEMA": _drop_schema,
    "ALTER SCHEMA": _alter_schema,
    "COMMENT ON TABLE": _comment_on_table,
    "COMMENT ON COLUMN": _comment_on_column,
    "DO": _do,
    "CALL": _call,
    "EXECUTE": _call,
}
