"""Expressions come back from a database in its own spelling, and count as the same; no other one does."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from alembic_manage.comparators.expression import same_expression

COLUMNS = "id INT, a INT, b VARCHAR(20), c NUMERIC(10, 2), d DATE, f BOOLEAN, ts TIMESTAMP NULL, n TEXT"
EXPRESSIONS = [
    "a > 0",
    "b IN ('x', 'y')",
    "b NOT IN ('x', 'y')",
    "b IN ('x')",
    "a IN (1, 2, 3)",
    "b IN (n, 'x')",
    "a BETWEEN 1 AND 5",
    "a NOT BETWEEN 1 AND 5",
    "b LIKE '%z%'",
    "NOT b LIKE 'a%'",
    "upper(b) LIKE '%:x%'",
    "c > 0.5 AND c < 100",
    "a + 1 > 2 * id",
    "a - 1 - id > 0",
    "a - (1 - id) > 0",
    "-a < 5",
    "a > -1",
    "a / 2 = 1",
    "a % 2 = 0",
    "b <> '' OR a IS NULL",
    "(a > 1 OR a < 0) AND id != 3",
    "NOT (a = 5)",
    "NOT (a > 1 AND id > 2)",
    "a IS NULL AND id IS NOT NULL OR a IS NOT NULL AND id IS NULL",
    "f",
    "NOT f",
    "f = true",
    "f IS TRUE",
    "NOT f IS TRUE",
    "lower(b) = 'x'",
    "length(b) >= 3 AND length(b)<=10",
    "trim(b) <> ''",
    "coalesce(a, 0) > 0",
    "nullif(b, '') IS NOT NULL",
    "CASE WHEN a > 1 THEN b ELSE 'q' END = 'x'",
    "d > '2020-01-01'",
    "ts >= '2020-01-01 00:00:00'",
    "c * 2 > a",
    "round(c, 1) = c",
    "CAST(a AS DECIMAL(10, 2)) > 1",
    "substring(b FROM 1 FOR 2) = 'ab'",
    "(a, id) = (1, 2)",
    # PostgreSQL's own.
    "a::bigint > 1",
    "a = ANY (ARRAY[1, 2])",
    "a IS DISTINCT FROM id",
    "b ~ '^a'",
    "b ILIKE 'x%'",
    "b SIMILAR TO 'a%'",
    "b COLLATE \"C\" > 'a'",
    "b || n = 'xy'",
    "ts > now() - interval '1 day'",
    "ts AT TIME ZONE 'UTC' > now()",
    "extract(year from d) > 2000",
    "num_nonnulls(a, id) = 1",
    "n::json ->> 'a' = 'b'",
    "position('a' in b) > 0",
]
FEWEST = {"sqlite": 40, "postgresql": 56, "mysql": 40}
"""How many of them each database understands, at least."""


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def told(connection: Connection, expression: str) -> str | None:
    """The text of a CHECK as the database tells it; None where it refuses the expression."""
    connection.execute(text("DROP TABLE IF EXISTS things"))
    definition = f"{COLUMNS}, CONSTRAINT q CHECK ({expression})".replace(":", "\\:")
    try:
        connection.execute(text(f"CREATE TABLE things ({definition})"))
    except DBAPIError:
        connection.rollback()
        return None
    connection.commit()
    (found,) = inspect(connection).get_check_constraints("things")
    return str(found["sqltext"])


def test_what_a_database_prints_is_what_it_was_given(connection: Connection) -> None:
    context: Any = SimpleNamespace(dialect=connection.dialect, connection=connection)
    understood, wrong = 0, []
    for place, expression in enumerate(EXPRESSIONS):
        found = told(connection, expression)
        if found is None:
            continue
        understood += 1
        if not same_expression(context, None, "things", found, expression):
            wrong.append((expression, found))
        other = EXPRESSIONS[place - 1]
        if same_expression(context, None, "things", found, other):
            wrong.append((other, found))
    assert not wrong
    assert understood >= FEWEST[connection.dialect.name]


def test_asking_leaves_nothing_and_ends_no_transaction(connection: Connection) -> None:
    told(connection, "a > 0")
    connection.commit()
    connection.execute(text("INSERT INTO things (id, a) VALUES (1, 1)"))
    context: Any = SimpleNamespace(dialect=connection.dialect, connection=connection)
    for expression in ("similar(a)", "abs(a) > 0", "no_such_function(a) > 0"):
        assert not same_expression(context, None, "things", "a > 0", expression)
    assert inspect(connection).get_table_names() == ["things"]
    connection.rollback()
    assert connection.execute(text("SELECT count(*) FROM things")).scalar() == 0
