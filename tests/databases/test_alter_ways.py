"""What lint and --zero-downtime ask of MariaDB is what the server does; what they ask nothing of, it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError
from support.tiny_projects import TinyProject

from alembic_manage.lint.context import Context
from alembic_manage.lint.linter import Linter
from alembic_manage.lint.rules import rule_named
from alembic_manage.rollout.alter_way import Way, clause_of

COLUMNS = "id int PRIMARY KEY, a int NOT NULL, b int, n varchar(20), d int DEFAULT 7, e enum('x','y'), t text"
TABLES = {
    "plain": f"({COLUMNS})",
    "indexed": f"({COLUMNS}, KEY ix (n))",
    "index of two columns": f"({COLUMNS}, KEY ix (n, a))",
    "virtual": f"({COLUMNS}, g int AS (b + 1) VIRTUAL)",
    "virtual and indexed": f"({COLUMNS}, g int AS (b + 1) VIRTUAL, KEY (g))",
    "stored": f"({COLUMNS}, g int AS (b + 1) STORED)",
    "full text": f"({COLUMNS}, FULLTEXT KEY (t))",
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


@pytest.fixture
def server(new_database: Callable[[str], URL]) -> Iterator[Connection]:
    """A connection to an empty database."""
    engine = create_engine(new_database("mariadb"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def fixes(project: TinyProject, tables: list[str], statements: list[str]) -> dict[str, str]:
    """By table, what lint says to write instead of the statement about it; all tables in one run."""
    project.revision("a", "\n".join(f"op.execute({each!r})" for each in tables))
    project.revision("b", "\n".join(f"op.execute({each!r})" for each in statements), down="a")
    environment = project.environment
    rules = environment.database.dialect
    context = Context(rules, rules.server_version, environment.history)
    linter = Linter(environment, context, (), [rule_named("missing-algorithm")], asks_squawk=False)
    result = linter.run([environment.history.by_id["b"]])
    assert not result.unseen
    return {each.subject: json.loads(str(each.fix).removeprefix("op.execute(")[:-1]) for each in result.findings}


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
    found = fixes(make_tiny_project("mysql+pymysql://nobody@localhost:1/shop"), tables, statements)
    for create, name, statement in zip(tables, names, statements, strict=True):
        server.exec_driver_sql(create)
        if name in found:
            assert not refused(server, found[name]), found[name]
        else:
            assert refused(server, clause_of(Way.INPLACE, statement)), statement
