"""One engine in place of all others."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_manage.engine_guard import instead_of_every_engine
from alembic_manage.errors import EnvironmentFailedError


@pytest.fixture
def engines():
    made = [sa.create_engine("sqlite://", poolclass=sa.StaticPool) for _ in range(2)]
    for engine, name in zip(made, ("mine", "other"), strict=True):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE {name} (id INTEGER)")
    yield made
    for engine in made:
        engine.dispose()


def tables(engine) -> list[str]:
    return sa.inspect(engine).get_table_names()


def test_every_engine_connects_to_the_one(engines):
    mine, other = engines
    with instead_of_every_engine(mine):
        assert tables(other) == ["mine"]
        with other.begin() as connection:
            assert sa.inspect(connection).get_table_names() == ["mine"]
        assert other.raw_connection().execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
        assert tables(sa.create_engine("sqlite://")) == ["mine"]
        assert tables(sa.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/x")) == ["mine"]
    assert tables(other) == ["other"]


def test_an_asyncio_engine_too(engines):
    async def names() -> list[str]:
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as connection:
            return await connection.run_sync(lambda inner: sa.inspect(inner).get_table_names())

    with instead_of_every_engine(engines[0]):
        assert asyncio.run(names()) == ["mine"]


def test_it_ends_with_an_error_too(engines):
    mine, other = engines
    with pytest.raises(RuntimeError), instead_of_every_engine(mine):
        raise RuntimeError
    assert tables(other) == ["other"]


def test_one_inside_another_counts_until_it_ends(engines):
    mine, other = engines
    third = sa.create_engine("sqlite://")
    with instead_of_every_engine(mine):
        with instead_of_every_engine(other):
            assert tables(third) == ["other"]
        assert tables(third) == ["mine"]


def test_a_pool_gives_connections_of_the_one_too(engines):
    mine, other = engines
    with instead_of_every_engine(mine):
        connection = other.pool.connect()
        assert connection.cursor().execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_a_connection_from_before_is_refused_when_it_is_used(engines):
    mine, other = engines
    with other.connect() as before:
        with instead_of_every_engine(mine), pytest.raises(EnvironmentFailedError, match="opened before"):
            before.exec_driver_sql("DROP TABLE other")
        before.rollback()
        assert sa.inspect(before).get_table_names() == ["other"]


def test_there_may_be_no_engine_at_all(engines):
    with instead_of_every_engine(None), pytest.raises(EnvironmentFailedError, match="connects to a database by itself"):
        engines[1].connect()


def test_open_connections_are_counted(engines):
    mine, other = engines
    with instead_of_every_engine(mine) as guard:
        with other.connect(), mine.connect():
            assert guard.open_connections() == 2
        assert guard.open_connections() == 0


@pytest.fixture
def asyncio_engine(tmp_path):
    path = tmp_path / "mine.sqlite3"
    plain = sa.create_engine(f"sqlite:///{path}")
    with plain.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mine (id INTEGER)")
    plain.dispose()
    return create_async_engine(f"sqlite+aiosqlite:///{path}", poolclass=sa.NullPool).sync_engine


def test_in_place_of_one_without_asyncio_comes_one_without(engines, asyncio_engine):
    with instead_of_every_engine(asyncio_engine):
        assert tables(engines[1]) == ["mine"]


def test_a_listener_hears_both(engines, asyncio_engine):
    heard = []

    async def select() -> None:
        async with create_async_engine("sqlite+aiosqlite://").connect() as connection:
            await connection.exec_driver_sql("SELECT 2")

    with instead_of_every_engine(asyncio_engine) as guard:
        with engines[1].connect() as connection:
            connection.exec_driver_sql("SELECT 0")
            guard.listen("before_cursor_execute", lambda *arguments: heard.append(arguments[2]))
            connection.exec_driver_sql("SELECT 1")
        asyncio.run(select())
    assert heard == ["SELECT 1", "SELECT 2"]
