"""What a database tells right after CREATE TABLE is no change, whatever the columns are and env.py asks for."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Computed, Enum, Identity, Integer, MetaData, Sequence, String, Table, Text, func, text
from sqlalchemy.dialects import mysql, postgresql
from support.comparison import operations_between, state_connection

from alembic_manage.autodetect.defaults import compare_server_default


class Trimmed(sa.TypeDecorator[str]):
    """A type of the project's own."""

    impl = String(30)
    cache_ok = True


class Document(sa.TypeDecorator[object]):
    """A type of the project's own, made of JSON."""

    impl = sa.JSON
    cache_ok = True


class Chosen(sa.TypeDecorator[str]):
    """A type of the project's own, made of an enum."""

    impl = Enum("p", "q", name="chosen")
    cache_ok = True


Kind = tuple[Any, Any]
"""A type, and a default or None."""

EVERYWHERE: list[Kind] = [
    *((Integer(), default) for default in (None, "0", text("0"), text("-1"))),
    (sa.BigInteger(), "12345678901"),
    (sa.SmallInteger(), None),
    *((String(60), default) for default in ("", "a b", "it's", "1", "now()", "null", 'a:b ::c 10% "q"', text("NULL"))),
    *((kind, None) for kind in (Text(), sa.Unicode(20), sa.UnicodeText(), sa.CHAR())),
    (sa.CHAR(3), "abc"),
    *((sa.Numeric(*size), None) for size in ((), (10,))),
    *((sa.Numeric(10, 2), default) for default in ("0", "0.0", text("1.50"))),
    (sa.Float(), text("0.5")),
    (sa.Float(), "1"),
    *((kind, None) for kind in (sa.Float(24), sa.Float(53), sa.Double(), sa.REAL())),
    *((sa.Boolean(), default) for default in (sa.true(), sa.false(), "0", "1")),
    (sa.Date(), "2020-01-01"),
    *((sa.DateTime(), default) for default in (func.now(), text("CURRENT_TIMESTAMP"), "2020-01-01 00:00:00")),
    (sa.DateTime(timezone=True), func.current_timestamp()),
    (sa.Time(), "10:00:00"),
    *(
        (kind, None)
        for kind in (sa.Interval(), sa.LargeBinary(), sa.LargeBinary(20), sa.JSON(), Document(), sa.PickleType())
    ),
    *((kind, None) for kind in (sa.Uuid(), sa.Uuid(native_uuid=False), Chosen())),
    (Enum("a", "b", name="letters"), "a"),
    (Enum("a", "longer", name="words", native_enum=False), "a"),
    (Enum("a", "b", name="wide", native_enum=False, length=20), None),
    (Trimmed(), "x"),
    (sa.TIMESTAMP(), func.now()),
]
POSTGRESQL: list[Kind] = [
    *((postgresql.JSONB(), default) for default in ("{}", text("""'{"a" : 5}'::jsonb"""), None)),
    (sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), "[]"),
    (postgresql.ARRAY(Integer), "{}"),
    (postgresql.ARRAY(String(5)), text("ARRAY[]::varchar[]")),
    (postgresql.ARRAY(Text, dimensions=2), None),
    (postgresql.ARRAY(Enum("a", "b", name="letters")), None),
    (postgresql.UUID(), func.gen_random_uuid()),
    *((kind, None) for kind in (postgresql.INET(), postgresql.CIDR(), postgresql.MACADDR(), postgresql.MONEY())),
    *((postgresql.BIT(*size, varying=varying), None) for size in ((), (3,)) for varying in (False, True)),
    (postgresql.BYTEA(), text("'\\x00'")),
    (postgresql.INTERVAL(), "1 days"),
    *((postgresql.INTERVAL(**how), None) for how in ({"precision": 3}, {"fields": "DAY TO SECOND"}, {"fields": "DAY"})),
    (postgresql.TIMESTAMP(precision=3), None),
    (postgresql.TIMESTAMP(timezone=True, precision=0), None),
    (postgresql.TIME(precision=3), None),
    *((kind, None) for kind in (postgresql.TSVECTOR(), postgresql.INT4RANGE(), postgresql.OID(), postgresql.VARCHAR())),
    (String(10, collation="C"), None),
    (sa.DateTime(), text("timezone('utc', now())")),
    (sa.DateTime(timezone=True), text("now() + interval '1 day'")),
    (sa.DateTime(timezone=True), text("(CURRENT_TIMESTAMP AT TIME ZONE 'utc')")),
    *((Integer(), text(default)) for default in ("1 + 2", "(random() * 10)::int", "CAST('5' AS INTEGER)")),
    (String(40), text("md5(random()::text)")),
    (String(40), text("current_user")),
    (sa.Boolean(), "t"),
    (Enum("x", "y", name="Odd Name"), "y"),
    (Enum("x", "y", name="placed", schema="public"), "x"),
    (Text(), text("E'a\\nb'")),
    (Text(), "a\\b"),
    (sa.Date(), text("CURRENT_DATE")),
]
MARIADB: list[Kind] = [
    (mysql.INTEGER(unsigned=True), "3"),
    *((kind, None) for kind in (mysql.INTEGER(11), mysql.TINYINT(1), mysql.TINYINT(4), mysql.MEDIUMINT())),
    *((kind, None) for kind in (mysql.BIGINT(20, unsigned=True), mysql.INTEGER(zerofill=True), mysql.YEAR())),
    *((kind, None) for kind in (mysql.DECIMAL(10, 2, unsigned=True), mysql.DOUBLE(10, 2), mysql.FLOAT(7, 3))),
    (mysql.DATETIME(fsp=6), text("CURRENT_TIMESTAMP(6)")),
    (mysql.TIMESTAMP(), text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
    *((kind, None) for kind in (mysql.DATETIME(fsp=0), mysql.TIME(fsp=3), mysql.LONGTEXT(), mysql.TINYTEXT())),
    *((kind, None) for kind in (Text(300), Text(70000), mysql.LONGBLOB(), sa.LargeBinary(300), sa.BINARY(16))),
    (mysql.SET("a", "b"), "a"),
    (mysql.ENUM("x", "y,z", "it's"), "it's"),
    (mysql.BIT(3), text("b'101'")),
    *((kind, None) for kind in (mysql.VARCHAR(20, charset="latin1"), mysql.VARCHAR(20, collation="utf8mb4_bin"))),
    *((kind, None) for kind in (sa.NVARCHAR(20), mysql.CHAR(36, charset="ascii"))),
    *((Integer(), text(default)) for default in ("(1 + 2)", "1")),
    (String(40), text("(uuid())")),
    (sa.Date(), text("(curdate())")),
]
SQLITE: list[Kind] = [
    *((String(10, collation=name), None) for name in ("NOCASE", "BINARY")),
    *((kind, None) for kind in (String(), sa.DECIMAL(5, 1), sa.BINARY(16), sa.VARBINARY(16))),
    (Integer(), text("(1 + 2)")),
    (sa.DateTime(), text("(datetime('now'))")),
    (sa.DateTime(), text("(strftime('%Y-%m-%d', 'now'))")),
    (Text(), text("(lower(hex(randomblob(16))))")),
    (Integer(), text("x'00'")),
]
KINDS = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "mysql": MARIADB}
IN_A_TABLE = 10


def columns(kinds: Iterable[Kind]) -> list[Column[Any]]:
    return [Column(f"c{place}", kind, server_default=default) for place, (kind, default) in enumerate(kinds)]


def key() -> Column[Any]:
    return Column("id", Integer, primary_key=True)


def model(name: str) -> MetaData:
    """Tables with every kind of column that a database has."""
    metadata = MetaData()
    kinds = [*EVERYWHERE, *KINDS[name]]
    for start in range(0, len(kinds), IN_A_TABLE):
        Table(f"t{start}", metadata, key(), *columns(kinds[start : start + IN_A_TABLE]))
    joined = "concat(a, ', b')" if name == "mysql" else "a || ', b'"
    made = [
        Column("d", String(50), Computed(joined, persisted=True)),
        Column("e", Integer, Computed("n * 2 + 1", persisted=True)),
        Column(
            "f", Integer, Computed("CASE WHEN n > 2 AND n IN (1, 2) THEN 1 ELSE coalesce(n, 0) END", persisted=True)
        ),
    ]
    Table("computed", metadata, key(), Column("a", String(9)), Column("n", Integer), *made)
    if name == "postgresql":
        _only_postgresql(metadata)
    if name == "mysql":
        _only_mariadb(metadata)
    return metadata


def _only_postgresql(metadata: MetaData) -> None:
    Table("begins", metadata, Column("id", Integer, Identity(start=5), primary_key=True))
    Table("ends", metadata, Column("id", sa.SmallInteger, Identity(maxvalue=100, cycle=True), primary_key=True))
    Table("always", metadata, Column("id", sa.BigInteger, Identity(always=True, increment=-1), primary_key=True))
    Table("from_a_sequence", metadata, Column("id", Integer, Sequence("own"), primary_key=True))
    numbers = Sequence("numbers", metadata=metadata, start=10, data_type=Integer())
    Table("takes_numbers", metadata, key(), Column("n", Integer, server_default=numbers.next_value()))
    Table("elsewhere", metadata, key(), Column("e", Enum("a", name="own", schema="other")), schema="other")


def _only_mariadb(metadata: MetaData) -> None:
    Table(
        "latin",
        metadata,
        key(),
        Column("a", String(10)),
        mysql_engine="InnoDB",
        mysql_charset="latin1",
        mysql_row_format="DYNAMIC",
    )
    Table(
        "binary_order",
        metadata,
        key(),
        Column("a", String(10)),
        Column("b", String(10, collation="utf8mb4_general_ci")),
        Column("c", sa.JSON),
        Column("d", mysql.LONGTEXT),
        mysql_engine="MyISAM",
        mysql_default_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
    )
    Table("unicode_order", metadata, key(), Column("a", String(10)), mysql_collate="utf8mb4_unicode_ci")


def found(connection: sa.Connection, metadata: MetaData, compare: Callable[..., Any] | bool) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        operations = operations_between(
            connection,
            metadata,
            compare_server_default=compare,
            include_schemas=connection.dialect.name == "postgresql",
        )
    return [each.to_diff_tuple() for each in operations]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("compare", [False, True, compare_server_default], ids=["unsaid", "on", "a function"])
def test_nothing_is_found_right_after_create_table(database_url: str, compare: Callable[..., Any] | bool):
    engine = sa.create_engine(database_url)
    metadata = model(engine.dialect.name)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.schema.CreateSchema("other"))
        metadata.create_all(connection)
        assert found(connection, metadata, compare) == []
    engine.dispose()


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_found_on_the_state(name: str):
    metadata = model(name)
    with state_connection(metadata, name) as connection:
        assert found(connection, metadata, False) == []
