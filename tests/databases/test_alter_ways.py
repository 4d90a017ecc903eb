"""What lint and --zero-downtime ask of MariaDB is what the server does; what they ask nothing of, it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError
from support.tiny_projects import TinyProject

from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Finding
from alembic_manage.lint.linter import Linter
from alembic_manage.lint.rules import rule_named
from alembic_manage.rollout.alter_way import Way, clause_of

COLUMNS = (
    "id int PRIMARY KEY, a int NOT NULL, b int, n varchar(20), d int DEFAULT 7, e enum('x','y'), "
    "t text, s timestamp NULL"
)
TABLES = {
    "plain": f"({COLUMNS})",
    "indexed": f"({COLUMNS}, KEY ix (n))",
    "index of two columns": f"({COLUMNS}, KEY ix (n, a))",
    "virtual": f"({COLUMNS}, g int AS (b + 1) VIRTUAL)",
    "virtual and indexed": f"({COLUMNS}, g int AS (b + 1) VIRTUAL, KEY (g))",
    "stored": f"({COLUMNS}, g int AS (b + 1) STORED)",
    "full text": f"({COLUMNS}, FULLTEXT KEY (t))",
    "unique and long": f"({COLUMNS}, UNIQUE KEY (t))",
    "compressed": f"({COLUMNS}) ROW_FORMAT=COMPRESSED",
}
STATEMENTS = (
    "ALTER TABLE {} ADD COLUMN x int NOT NULL DEFAULT 5",
    "ALTER TABLE {} ADD COLUMN x int AFTER a",
    "ALTER TABLE {} ADD COLUMN x int GENERATED ALWAYS AS (a * 2) STORED",
    "ALTER TABLE {} ADD COLUMN x varchar(36) DEFAULT (uuid())",
    "ALTER TABLE {} DROP COLUMN n",
    "ALTER TABLE {} RENAME COLUMN n TO m",
    "ALTER TABLE {} MODIFY a int NULL",
    "ALTER TABLE {} MODIFY b int NOT NULL",
    "ALTER TABLE {} MODIFY s timestamp NOT NULL DEFAULT '2000-01-01'",
    "ALTER TABLE {} ALTER COLUMN d DROP DEFAULT",
    "ALTER TABLE {} MODIFY n varchar(50)",
    "ALTER TABLE {} MODIFY n varchar(10)",
    "ALTER TABLE {} MODIFY a bigint NOT NULL",
    "ALTER TABLE {} MODIFY e enum('x','y','z')",
    "ALTER TABLE {} MODIFY e enum('y','x')",
    "ALTER TABLE {} ADD CONSTRAINT ck CHECK (a > 0)",
    "ALTER TABLE {} ADD UNIQUE uq (b)",
    "ALTER TABLE {} ADD UNIQUE uq_text (t)",
    "CREATE INDEX ix_b ON {} (b)",
    "CREATE FULLTEXT INDEX ft ON {} (n)",
)
NOWHERE = "mysql+pymysql://nobody@localhost:1/shop"
CONVERSIONS = [
    *(
        (column, "utf8mb3", "utf8mb4")
        for column in ("char(9)", "varchar(63)", "varchar(64)", "varchar(85)", "varchar(86)")
    ),
    *((column, "utf8mb3", "utf8mb4") for column in ("text", "longtext", "enum('x','y')", "int", "varbinary(9)")),
    *(("varchar(9)", *pair) for pair in (("utf8mb4", "utf8mb3"), ("latin1", "utf8mb4"), ("ascii", "latin1"))),
    *((column, "utf8mb4", "utf8mb4 COLLATE utf8mb4_bin") for column in ("varchar(9)", "text", "enum('x','y')")),
]


@pytest.fixture
def server(new_database: Callable[[str], URL]) -> Iterator[Connection]:
    """A connection to an empty database."""
    engine = create_engine(new_database("mariadb"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def found(project: TinyProject, rule: str, tables: Iterable[str], statements: Iterable[str]) -> dict[str, Finding]:
    """What a rule says of statements, by the table that each is about; all of them in one run."""
    project.revision("a", "\n".join(f"op.execute({each!r})" for each in tables))
    project.revision("b", "\n".join(f"op.execute({each!r})" for each in statements), down="a")
    environment = project.environment
    rules = environment.database.dialect
    context = Context(rules, rules.server_version, environment.history)
    linter = Linter(environment, context, (), [rule_named(rule)], asks_squawk=False)
    result = linter.run([environment.history.by_id["b"]])
    assert not result.unseen
    return {each.subject: each for each in result.findings}


def sql_of(finding: Finding) -> str:
    """The statement that it says to write."""
    return str(json.loads(str(finding.fix).removeprefix("op.execute(")[:-1]))


def refused(server: Connection, statement: str) -> bool:
    try:
        server.exec_driver_sql(statement)
    except DBAPIError as error:
        assert error.orig.args[0] in (1845, 1846), error
        return True
    return False


@pytest.mark.parametrize("table", TABLES)
def test_the_server_accepts_what_lint_writes_and_refuses_to_do_the_rest_online(
    table: str, server: Connection, make_tiny_project: Callable[[str], TinyProject]
) -> None:
    names = [f"t{number}" for number in range(len(STATEMENTS))]
    tables = [f"CREATE TABLE {name} {TABLES[table]}" for name in names]
    statements = [each.format(name) for each, name in zip(STATEMENTS, names, strict=True)]
    findings = found(make_tiny_project(NOWHERE), "missing-algorithm", tables, statements)
    for create, name, statement in zip(tables, names, statements, strict=True):
        server.exec_driver_sql(create)
        if name in findings:
            assert not refused(server, sql_of(findings[name])), findings[name]
        else:
            assert refused(server, clause_of(Way.INPLACE, statement)), statement


def test_the_server_copies_what_lint_says_is_copied_for_another_character_set(
    server: Connection, make_tiny_project: Callable[[str], TinyProject]
) -> None:
    tables, statements = {}, []
    for number, (column, old, new) in enumerate(CONVERSIONS):
        name = f"t{number}"
        tables[name] = f"CREATE TABLE {name} (id int PRIMARY KEY, c {column}) CHARACTER SET {old}"
        statements.append(f"ALTER TABLE {name} CONVERT TO CHARACTER SET {new}")
    findings = found(make_tiny_project(NOWHERE), "converting-character-set", tables.values(), statements)
    for name, statement, case in zip(tables, statements, CONVERSIONS, strict=True):
        server.exec_driver_sql(tables[name])
        assert refused(server, clause_of(Way.INPLACE, statement)) == (name in findings), case


@pytest.mark.parametrize("prefix, column", [("FULLTEXT", "t text"), ("SPATIAL", "t geometry NOT NULL")])
def test_a_full_text_or_spatial_index_is_built_while_others_read(server: Connection, prefix: str, column: str) -> None:
    server.exec_driver_sql(f"CREATE TABLE a (id int PRIMARY KEY, {column})")
    create = f"CREATE {prefix} INDEX ix ON a (t) ALGORITHM=INPLACE"
    assert refused(server, f"{create} LOCK=NONE")
    assert not refused(server, f"{create} LOCK=SHARED")


def test_two_full_text_indexes_at_once_copy_the_table(server: Connection) -> None:
    server.exec_driver_sql("CREATE TABLE a (id int PRIMARY KEY, t text, u text)")
    assert refused(server, "ALTER TABLE a ADD FULLTEXT (t), ADD FULLTEXT (u), ALGORITHM=INPLACE, LOCK=SHARED")


def test_three_byte_utf8_refuses_four_bytes_or_loses_them(server: Connection) -> None:
    server.exec_driver_sql("CREATE TABLE a (c varchar(9)) CHARACTER SET utf8")
    insert = "INSERT INTO a VALUES ('\N{GRINNING FACE}')"
    with pytest.raises(DBAPIError, match="Incorrect string value"):
        server.exec_driver_sql(insert)
    server.exec_driver_sql("SET SESSION sql_mode = ''")
    server.exec_driver_sql(insert)
    assert server.exec_driver_sql("SELECT c FROM a").scalar_one() == "?"
