"""What a database holds, looked at from outside, over a connection of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, text


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection; what is done on it is committed at the end of the block."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def rows_of(url: str, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connected(url) as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def execute(url: str, *statements: str) -> None:
    """Run statements, and commit."""
    with connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement))


def recorded_in(url: str) -> list[str]:
    """What the version table holds."""
    return sorted(row[0] for row in rows_of(url, "SELECT version_num FROM alembic_version"))


def tables_of(url: str) -> set[str]:
    """The tables, without those of Alembic and the suite."""
    with connected(url) as connection:
        return {name for name in inspect(connection).get_table_names() if not name.startswith("alembic_version")}


def contents_of(url: str) -> dict[str, list[str]]:
    """The rows of every table, in no order of their own; empty where the file of the database does not exist."""
    if _is_missing_file(url):
        return {}
    with connected(url) as connection:
        quote = connection.dialect.identifier_preparer.quote
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {quote(name)}")))
            for name in inspect(connection).get_table_names()
        }


def schema_of(url: str) -> dict[str, Any]:
    """Columns, keys, indexes and checks of every table that is not the suite's, in a form that can be compared."""
    with connected(url) as connection:
        inspector = inspect(connection)
        names = [name for name in inspector.get_table_names() if not name.startswith("alembic_version")]
        return {
            name: {
                "columns": [str({**column, "type": str(column["type"])}) for column in inspector.get_columns(name)],
                "primary key": str(inspector.get_pk_constraint(name)),
                "foreign keys": _sorted(inspector.get_foreign_keys(name)),
                "indexes": _sorted(inspector.get_indexes(name)),
                "unique": _sorted(inspector.get_unique_constraints(name)),
                "checks": _sorted(inspector.get_check_constraints(name)),
            }
            for name in names
        }


def _is_missing_file(url: str) -> bool:
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists()


def _sorted(found: list[Any]) -> list[str]:
    return sorted(str(each) for each in found)
