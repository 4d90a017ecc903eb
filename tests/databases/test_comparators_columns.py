"""Columns, types, sequences and table options: each change is seen by the suite and by plain Alembic, and runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Computed, Enum, Identity, Integer, MetaData, Sequence, String, Table
from sqlalchemy.dialects import mysql, postgresql
from support.autodetection import Evolution
from support.comparison import context_on, operations_between
from support.databases import where
from support.twins import Twins, connection_to

from alembic_manage.dialects import dialect_named
from alembic_manage.operations import MoveTable, RenameEnumValue
from alembic_manage.questions import Answer, Proceed

pytestmark = pytest.mark.filterwarnings("ignore:Computed column .* is being created as 'STORED'")

Model = Callable[[MetaData], object]


@dataclass(frozen=True)
class Change:
    """A change of the models."""

    fact: str
    before: Model
    after: Model
    names: tuple[str, ...] = ("sqlite", "postgresql", "mariadb")
    """The databases that have the thing."""
    rows: tuple[str, ...] = ()
    """Statements that put rows into the tables before."""
    expected: tuple[str, ...] = ()
    """What upgrade() holds."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    """What is answered, by path."""


def column(type_: Any = Integer, *arguments: Any, index: bool = False, **options: Any) -> Model:
    """A table of one column `c` besides its key and a number."""

    def model(metadata: MetaData) -> None:
        table = Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("n", Integer),
            Column("c", type_, *arguments, **options),
        )
        if index:
            sa.Index("ix_t_c", table.c.c)

    return model


def status(
    *labels: str, default: str | None = None, check: str | None = None, where: str | None = None, array: bool = False
) -> Model:
    """A table with an enum."""

    def model(metadata: MetaData) -> None:
        enum: Any = Enum(*labels, name="status")
        constraints = [sa.CheckConstraint(check, name="ck_t_c")] if check else []
        Table(
            "t",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("c", postgresql.ARRAY(enum) if array else enum, server_default=default),
            *constraints,
        )
        if where is not None:
            sa.Index("ix_t", metadata.tables["t"].c.id, postgresql_where=sa.text(where))

    return model


def ordered(*names: str) -> Model:
    """A table whose columns stand in an order."""

    def model(metadata: MetaData) -> None:
        kinds = {"id": Column("id", Integer, primary_key=True), "name": Column("name", String(20), server_default="x")}
        found = [kinds[name] if name in kinds else Column(name, Integer, comment=f"the {name}") for name in names]
        Table("t", metadata, *found)

    return model


def options(**given: Any) -> Model:
    """A table with options."""

    def model(metadata: MetaData) -> None:
        Table("t", metadata, Column("id", Integer, primary_key=True), Column("c", String(20)), **given)

    return model


def collated(own: Any, **given: Any) -> Model:
    """A table with options, whose columns have a collation of their own, none, or JSON's."""

    def model(metadata: MetaData) -> None:
        columns = [Column("own", own, nullable=False, comment="c"), Column("none", String(20)), Column("json", sa.JSON)]
        Table("t", metadata, Column("id", Integer, primary_key=True), *columns, **given)

    return model


def sequence(**given: Any) -> Model:
    """A sequence beside a table."""

    def model(metadata: MetaData) -> None:
        Sequence("numbers", metadata=metadata, **given)
        Table("t", metadata, Column("id", Integer, primary_key=True))

    return model


def plain(metadata: MetaData) -> None:
    """The table of `sequence`, alone."""
    Table("t", metadata, Column("id", Integer, primary_key=True))


def key(*arguments: Any, type_: Any = Integer, **options: Any) -> Model:
    """A table of which only the key matters."""

    def model(metadata: MetaData) -> None:
        Table("t", metadata, Column("id", type_, *arguments, primary_key=True, **options), Column("c", Integer))

    return model


SQLITE, POSTGRESQL, MARIADB = ("sqlite",), ("postgresql",), ("mariadb",)
ROW = ("INSERT INTO t (id, n) VALUES (1, 2)",)
CHANGES = [
    # Enums
    Change("a value is appended", status("a", "b"), status("a", "b", "c"), POSTGRESQL + MARIADB),
    Change("a value is put first", status("a", "b"), status("x", "a", "b"), POSTGRESQL + MARIADB),
    Change("a value is put between", status("a", "b"), status("a", "x", "b"), POSTGRESQL + MARIADB),
    Change("values are reordered", status("a", "b"), status("b", "a"), POSTGRESQL + MARIADB),
    Change(
        "a value is added and is the default",
        status("a", "b", default="a"),
        status("a", "b", "c", default="c"),
        POSTGRESQL,
        expected=("autocommit_block",),
    ),
    Change(
        "a value is added and checked",
        status("a", "b"),
        status("a", "b", "c", check="c <> 'c'"),
        POSTGRESQL,
        expected=("autocommit_block",),
    ),
    Change(
        "values are reordered under a check",
        status("a", "b", check="c <> 'b'"),
        status("b", "a", check="c <> 'b'"),
        POSTGRESQL,
    ),
    Change(
        "values are reordered where an index chooses rows by them",
        status("a", "b", where="c = 'a'"),
        status("b", "a", where="c = 'a'"),
        POSTGRESQL,
    ),
    Change(
        "a value goes together with what names it",
        status("a", "b", check="c <> 'b'", where="c = 'b'"),
        status("a"),
        POSTGRESQL,
        answers={"status.b": Proceed()},
    ),
    Change("an array's values are reordered", status("a", "b", array=True), status("b", "a", array=True), POSTGRESQL),
    Change("an array's value is added", status("a", "b", array=True), status("a", "b", "c", array=True), POSTGRESQL),
    # Defaults
    Change("a default is added", column(String(40)), column(String(40), server_default="it's 5:00 :x 10%")),
    Change("a default is removed", column(Integer, server_default="1"), column(Integer)),
    Change("a default is changed", column(Integer, server_default="1"), column(Integer, server_default=sa.text("2"))),
    Change("a default becomes now", column(sa.DateTime), column(sa.DateTime, server_default=sa.func.now())),
    Change(
        "a boolean's default",
        column(sa.Boolean, server_default=sa.true()),
        column(sa.Boolean, server_default=sa.false()),
    ),
    # Types
    Change("a length is added", column(String), column(String(9)), SQLITE + POSTGRESQL),
    Change("a length is dropped", column(String(9)), column(String), SQLITE + POSTGRESQL),
    Change("a precision is added", column(sa.Numeric), column(sa.Numeric(10, 2)), SQLITE + MARIADB),
    Change(
        "a precision is added",
        column(sa.Numeric),
        column(sa.Numeric(10, 2)),
        POSTGRESQL,
        answers={"t.c": Proceed()},
    ),
    Change("a scale is changed", column(sa.Numeric(10, 2)), column(sa.Numeric(10, 4))),
    Change("unsigned is added", column(Integer), column(mysql.INTEGER(unsigned=True)), MARIADB),
    Change("fractions of seconds are added", column(mysql.DATETIME()), column(mysql.DATETIME(fsp=6)), MARIADB),
    Change("a set gets a member", column(mysql.SET("a", "b")), column(mysql.SET("a", "b", "c")), MARIADB),
    Change(
        "a text becomes JSON",
        column(mysql.LONGTEXT),
        column(sa.JSON),
        MARIADB,
        ("INSERT INTO t (id, c) VALUES (1, '[]')",),
    ),
    Change("JSON becomes a text", column(sa.JSON), column(mysql.LONGTEXT), MARIADB),
    Change("JSON may be NULL", column(sa.JSON, nullable=False), column(sa.JSON), MARIADB),
    Change("a time gets a zone", column(sa.DateTime), column(sa.DateTime(timezone=True)), POSTGRESQL),
    Change(
        "a time gets a precision",
        column(postgresql.TIMESTAMP()),
        column(postgresql.TIMESTAMP(precision=3)),
        POSTGRESQL,
        answers={"t.c": Proceed()},
    ),
    Change("bits vary", column(postgresql.BIT(3)), column(postgresql.BIT(3, varying=True)), POSTGRESQL),
    # Collations
    Change("a collation is added", column(String(9)), column(String(9, collation="C")), POSTGRESQL),
    Change("a collation is removed", column(String(9, collation="C")), column(String(9)), POSTGRESQL),
    Change("a collation is added", column(String(9)), column(String(9, collation="NOCASE")), SQLITE),
    Change("a collation is removed", column(String(9, collation="NOCASE")), column(String(9)), SQLITE),
    Change("a collation is added", column(String(9)), column(String(9, collation="utf8mb4_bin")), MARIADB),
    Change("a collation is removed", column(String(9, collation="utf8mb4_bin")), column(String(9)), MARIADB),
    Change("a character set is added", column(String(9)), column(mysql.VARCHAR(9, charset="latin1")), MARIADB),
    # Identities
    Change(
        "a column becomes an identity",
        column(nullable=False),
        column(Integer, Identity()),
        POSTGRESQL,
        ("INSERT INTO t (id, c) VALUES (1, 41)",),
    ),
    Change("an identity is removed", column(Integer, Identity()), column(nullable=False), POSTGRESQL, ROW),
    Change("an identity begins elsewhere", column(Integer, Identity()), column(Integer, Identity(start=5)), POSTGRESQL),
    Change(
        "an identity loses its options",
        column(Integer, Identity(always=True, start=5, increment=2, cycle=True)),
        column(Integer, Identity()),
        POSTGRESQL,
    ),
    Change(
        "an identity instead of a default",
        column(Integer, server_default="7", nullable=False),
        column(Integer, Identity()),
        POSTGRESQL,
    ),
    Change("a serial key becomes an identity", key(), key(Identity()), POSTGRESQL, ("INSERT INTO t (c) VALUES (1)",)),
    # Numbering
    Change(
        "a key gets numbers from the database",
        key(autoincrement=False),
        key(),
        POSTGRESQL + MARIADB,
        ("INSERT INTO t (id, c) VALUES (7, 1)",),
    ),
    Change(
        "a key gets numbers no more, and is longer",
        key(),
        key(type_=sa.BigInteger, autoincrement=False),
        POSTGRESQL + MARIADB,
        ("INSERT INTO t (c) VALUES (1)",),
    ),
    # Computed columns
    Change("a column becomes computed", column(), column(Integer, Computed("n * 2")), rows=ROW),
    Change("a column is computed no more", column(Integer, Computed("n * 2")), column(), rows=ROW),
    Change(
        "another expression",
        column(Integer, Computed("n * 2")),
        column(Integer, Computed("n * 3 + coalesce(n, 1)")),
        rows=ROW,
    ),
    Change(
        "another expression under an index",
        column(Integer, Computed("n * 2", persisted=True), index=True),
        column(Integer, Computed("n * 3", persisted=True), index=True),
        rows=ROW,
    ),
    Change(
        "it is stored",
        column(Integer, Computed("n * 2", persisted=False)),
        column(Integer, Computed("n * 2", persisted=True)),
        SQLITE + MARIADB,
        ROW,
    ),
    # Order
    Change("a column goes to the front", ordered("id", "a", "b", "name"), ordered("name", "id", "a", "b"), MARIADB),
    Change("a column is added between", ordered("id", "a", "b"), ordered("id", "a", "x", "b"), MARIADB),
    Change("columns are turned round", ordered("id", "a", "b", "name"), ordered("name", "b", "a", "id"), MARIADB),
    # Sequences
    Change("a sequence is created", plain, sequence(start=5, increment=2), POSTGRESQL + MARIADB),
    Change("a sequence is dropped", sequence(start=5, minvalue=2, cycle=True), plain, POSTGRESQL + MARIADB),
    Change("a sequence changes", sequence(start=5), sequence(increment=3, maxvalue=1000), POSTGRESQL + MARIADB),
    Change("a sequence gets a type", sequence(), sequence(data_type=Integer()), POSTGRESQL),
    # Options of tables
    Change("another engine", options(), options(mysql_engine="MyISAM"), MARIADB),
    Change("another character set", options(mysql_charset="utf8mb4"), options(mysql_charset="latin1"), MARIADB),
    Change(
        "another collation",
        options(mysql_charset="utf8mb4"),
        options(mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin"),
        MARIADB,
    ),
    Change(
        "another character set of a table whose columns have their own",
        collated(mysql.VARCHAR(20, charset="latin1"), mysql_charset="utf8mb4"),
        collated(mysql.VARCHAR(20, charset="latin1"), mysql_charset="latin1"),
        MARIADB,
    ),
    Change(
        "another collation of a table whose columns have their own",
        collated(mysql.VARCHAR(20, collation="utf8mb4_bin"), mysql_charset="utf8mb4"),
        collated(mysql.VARCHAR(20), mysql_charset="utf8mb4", mysql_collate="utf8mb4_unicode_ci"),
        MARIADB,
    ),
    Change("another row format", options(), options(mysql_row_format="DYNAMIC"), MARIADB),
]


def metadata_of(model: Model) -> MetaData:
    metadata = MetaData()
    model(metadata)
    return metadata


CASES = [pytest.param(name, change, id=f"{name}: {change.fact}") for change in CHANGES for name in change.names]


@pytest.mark.parametrize(("database_url", "change"), CASES, indirect=["database_url"])
def test_a_change_is_written_and_runs_up_and_down(evolution: Evolution, change: Change):
    evolution.become(metadata_of(change.before))
    evolution.execute(*change.rows)
    path = evolution.write(metadata_of(change.after), change.answers)
    text = evolution.text(path)
    assert all(each in text for each in change.expected), text
    evolution.assert_up_down_up()


@pytest.mark.parametrize(("database_url", "change"), CASES, indirect=["database_url"])
def test_what_plain_alembic_writes_runs_up_and_down(database_url: str, change: Change):
    before, after = metadata_of(change.before), metadata_of(change.after)
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        before.create_all(connection)
        connection.commit()
        assert operations_between(connection, before) == []
        up, down = written(connection, after)
        execute(connection, after, up)
        assert operations_between(connection, after) == []
        execute(connection, after, down)
        assert operations_between(connection, before) == []
    engine.dispose()


def test_json_of_mariadb_keeps_its_check_when_plain_alembic_changes_the_column(new_database: Callable[[str], sa.URL]):
    before, after = metadata_of(column(sa.JSON, nullable=False)), metadata_of(column(sa.JSON))
    engine = sa.create_engine(new_database("mariadb"))
    with engine.connect() as connection:
        before.create_all(connection)
        for body in written(connection, after):
            execute(connection, after, body)
            assert dialect_named("mariadb").column_checks(connection, None, "t") == ["json_valid(`c`)"]
    engine.dispose()


def written(connection: sa.Connection, models: MetaData) -> tuple[str, str]:
    """The bodies of both functions, as Alembic alone renders them with an env.py that asks for nothing."""
    context = context_on(connection, models)
    script = produce_migrations(context, models)
    found = [
        render_python_code(each, render_as_batch=context.opts["render_as_batch"], migration_context=context)
        for each in (script.upgrade_ops, script.downgrade_ops)
        if each is not None
    ]
    connection.rollback()
    assert found[0].strip() != "pass"
    return found[0], found[1]


def execute(connection: sa.Connection, models: MetaData, body: str) -> None:
    """Run what is in a function of a revision file."""
    connection.commit()  # Alembic begins and ends transactions only where none is open
    context = context_on(connection, models)
    names = {"sa": sa, "mysql": mysql, "postgresql": postgresql, "op": Operations(context)}
    with context.begin_transaction():
        exec(dedent(f"    {body}"), names)


def test_a_value_gets_another_name_and_its_old_one_again(postgresql_url: str):
    rename = RenameEnumValue("status", "a", "it's a")
    with connection_to(postgresql_url) as connection:
        both = Twins(connection)
        lines = [
            "op.execute(\"CREATE TYPE status AS ENUM ('a', 'b')\")",
            "op.execute(\"CREATE TABLE t (c status DEFAULT 'a', CHECK (c <> 'a'))\")",
        ]
        assert all(both.run(line) for line in lines)
        before = both.description()
        for operation in (rename, rename.reverse()):
            for statement in operation.statements(connection.dialect):
                assert both.run(f"op.execute({statement!r})")
        assert both.description() == before
        both.compare()
        both.close()


def test_a_table_is_moved_to_another_schema_and_back(postgresql_url: str):
    move = MoveTable("t", None, "archive", "old_t")
    with connection_to(postgresql_url) as connection:
        both = Twins(connection)
        lines = [
            "op.execute('CREATE SCHEMA archive')",
            "op.execute('CREATE TABLE t (id serial PRIMARY KEY, c int UNIQUE)')",
            "op.execute('CREATE TABLE kid (t_id int REFERENCES t)')",
        ]
        assert all(both.run(line) for line in lines)
        before = both.description()
        for operation in (move, move.reverse()):
            for statement in operation.statements(connection.dialect):
                assert both.run(f"op.execute({statement!r})")
        assert both.description() == before
        both.compare()
        both.close()


def test_a_table_is_moved_to_another_database_and_back(new_database: Callable[[str], sa.URL]):
    url, other = new_database("mariadb"), new_database("mariadb")
    move = MoveTable("t", None, str(other.database))
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY)"))
        connection.execute(sa.text("INSERT INTO t VALUES (1)"))
        operations = Operations(MigrationContext.configure(connection))
        operations.invoke(move)
        assert connection.execute(sa.text(f"SELECT id FROM {other.database}.t")).all() == [(1,)]
        operations.invoke(move.reverse())
        assert connection.execute(sa.text("SELECT id FROM t")).all() == [(1,)]
    engine.dispose()


ENV = """
from alembic import context
from sqlalchemy import Column, Enum, Integer, MetaData, NullPool, String, Table, create_engine

target_metadata = MetaData()
LABELS = ("a", "b"{label})
Table(
    "t",
    target_metadata,
    Column("id", Integer, primary_key=True),
    Column("status", Enum(*LABELS, name="status")),
    Column("name", String({length}), server_default={default}),
)
with create_engine({url!r}, poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
"""


@where(lambda dialect: not dialect.is_file)
def test_the_command_alembic_revision_sees_changes_with_an_env_py_that_asks_for_nothing(
    tmp_path: Path, database_url: str
):
    config = Config(tmp_path / "alembic.ini")
    config.set_main_option("script_location", str(tmp_path / "plain"))
    command.init(config, str(tmp_path / "plain"))

    def revise(message: str, **models: object) -> str:
        (tmp_path / "plain" / "env.py").write_text(ENV.format(url=database_url, **models))
        made: Any = command.revision(config, message, autogenerate=True)
        command.upgrade(config, "head")
        return Path(made.path).read_text(encoding="utf-8")

    revise("first", label="", length=9, default=None)
    changed = revise("second", label=', "c"', length=9, default="'x'")
    assert "server_default='x'" in changed
    assert ("ADD VALUE 'c'" in changed) or ("'a', 'b', 'c'" in changed)
    nothing = revise("third", label=', "c"', length=9, default="'x'")
    assert "op." not in nothing
    command.downgrade(config, "base")
