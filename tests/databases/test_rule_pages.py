"""The corrected migrations on the pages of docs/rules run on the right server, and back where that is given."""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import OperationalError
from support.databases import fresh_database
from support.projects import ROOT

from alembic_manage.lint.rule import Rule
from alembic_manage.lint.rules import all_rules, rule_named

GIVEN = tomllib.loads((ROOT / "tests" / "lint" / "pages.toml").read_text(encoding="utf-8"))
FUNCTION = re.compile(r"^def (upgrade|downgrade)\(.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
# Empties a database.
EMPTIES = {
    "postgresql": ("DROP SCHEMA IF EXISTS public, sales, shop CASCADE", "CREATE SCHEMA public"),
    "mariadb": ("DROP DATABASE {0}", "CREATE DATABASE {0} CHARACTER SET utf8mb4", "USE {0}"),
    "sqlite": (),
}


def functions(rule: Rule | None, heading: str) -> list[tuple[str, str]]:
    """The functions under a heading of a page, in order: "upgrade" or "downgrade", and the source."""
    assert rule is not None
    section = rule.page_text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    code = [line for line in section.splitlines() if not line.strip() or line.startswith("    ")]
    return [(match[1], match[0]) for match in FUNCTION.finditer(textwrap.dedent("\n".join(code)) + "\n")]


def migrations(rule: Rule) -> list[dict[str, str]]:
    """The migrations of a solution; a way back without a way there is that of the problem."""
    found: list[dict[str, str]] = []
    for name, source in functions(rule, "Solution"):
        if name == "upgrade":
            found.append({})
        elif not found:
            found.append(dict(functions(rule, "Problem")[:1]))
        found[-1][name] = source
    return found


RULES = [rule for rule in all_rules() if migrations(rule)]


def kind_of(rule: Rule) -> str:
    """The kind of database to run it on."""
    return "postgresql" if rule.database == "any" else rule.database


@pytest.fixture(scope="module")
def engine_of(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Engine]]:
    """The engine of a database for all pages of one kind; SQLite's are in memory."""
    with ExitStack() as stack:
        known: dict[str, Engine] = {}

        def get(kind: str) -> Engine:
            if kind not in known:
                url: URL | str = "sqlite://"
                if kind != "sqlite":
                    url = stack.enter_context(fresh_database(request.getfixturevalue(f"{kind}_server")))
                known[kind] = create_engine(url, poolclass=NullPool)
            return known[kind]

        yield get


def run(connection: Connection, source: str, name: str) -> None:
    """Run a function of a migration as Alembic does."""
    namespace: dict[str, Any] = {"sa": sa, "op": op, "postgresql": postgresql}
    exec(source, namespace)
    context = MigrationContext.configure(connection)
    with Operations.context(context), context.begin_transaction():
        namespace[name]()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_solution_runs(rule: Rule, engine_of: Callable[[str], Engine]) -> None:
    kind, values = kind_of(rule), GIVEN.get(rule.id, {})
    given = values.get("given", [*GIVEN["default"][kind], *values.get("more", [])])
    engine = engine_of(kind)
    with engine.connect() as connection:
        version = connection.dialect.server_version_info or (0,)
        if version[0] < values.get("since", 0):
            pytest.skip(f"{kind} {values['since']} knows the solution of {rule.id}, and this is {version[0]}")
        for statement in (*EMPTIES[kind], *given):
            connection.exec_driver_sql(statement.format(engine.url.database))
        connection.commit()
        for migration in migrations(rule):
            for name in ("upgrade", "downgrade", "upgrade") if "downgrade" in migration else ("upgrade",):
                run(connection, migration[name], name)


def test_the_trigger_is_lost_without_an_error_and_the_view_stops_the_batch() -> None:
    with create_engine("sqlite://").connect() as connection:
        for statement in GIVEN["default"]["sqlite"]:
            connection.exec_driver_sql(statement)
        run(connection, functions(rule_named("losing-trigger"), "Problem")[0][1], "upgrade")
        assert sa.inspect(connection).get_table_names() == ["log", "orders"]
        assert not connection.scalar(sa.text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"))
        for statement in GIVEN["view-in-the-way"]["more"]:
            connection.exec_driver_sql(statement)
        with pytest.raises(OperationalError, match=r"error in view recent: no such table: main\.orders"):
            run(connection, functions(rule_named("view-in-the-way"), "Problem")[0][1], "upgrade")


def test_every_page_that_has_something_given_has_a_solution_to_run() -> None:
    assert set(GIVEN) - {"default"} <= {rule.id for rule in RULES}
