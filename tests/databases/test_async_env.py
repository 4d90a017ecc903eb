"""The forms of env.py that projects with asyncio have: each command runs it as it is."""

import asyncio
from textwrap import dedent

import pytest
import sqlalchemy as sa

from alembic_manage.alembic_api import connection_of
from alembic_manage.lock_trace.tracer import measured
from alembic_manage.plan import Direction, Step
from alembic_manage.sources.source import Source, read_at, upgrade_plan
from alembic_manage.sources.verification import verdicts
from alembic_manage.state.replay import Replay

CREATE = 'op.create_table("kept", sa.Column("id", sa.Integer, primary_key=True))'
ADD = 'op.add_column("kept", sa.Column("name", sa.String(20)))'
BEGINNING = """
import asyncio
import concurrent.futures
import threading

from alembic import context
from sqlalchemy import create_engine, engine_from_config, make_url, pool, text
from sqlalchemy.ext.asyncio import AsyncEngine, async_engine_from_config, create_async_engine

config = context.config
section = config.get_section(config.config_ini_section, {})
url = config.get_main_option("sqlalchemy.url")


def run_sync(connection):
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()


async def run(engine=None):
    engine = engine or async_engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run_sync)
    await engine.dispose()
"""
FORMS = {
    "Alembic's template": "asyncio.run(run())",
    "the current loop": "asyncio.get_event_loop().run_until_complete(run())",
    "a loop of its own": """
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(run())
        finally:
            loop.close()
    """,
    "a thread": """
        with concurrent.futures.ThreadPoolExecutor(max_workers=1) as threads:
            threads.submit(asyncio.run, run()).result()
    """,
    "the loop of another thread": """
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(run(), loop).result()
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
    """,
    "an AsyncEngine around an engine": """
        asyncio.run(run(AsyncEngine(engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool))))
    """,
    "the engine of the application": """
        async def run_and_keep():
            async with config.attributes["project"].database().engine.connect() as connection:
                await connection.run_sync(run_sync)

        asyncio.run(run_and_keep())
    """,
    "a statement before the migrations": """
        async def run_after_a_statement():
            async with create_async_engine(url, poolclass=pool.NullPool).connect() as connection:
                await connection.execute(text("SELECT 1"))
                await connection.exec_driver_sql("SELECT 1")
                await connection.commit()
                await connection.run_sync(run_sync)

        asyncio.run(run_after_a_statement())
    """,
    "a transaction of its own": """
        async def run_in_transaction():
            async with create_async_engine(url, poolclass=pool.NullPool).begin() as connection:
                await connection.run_sync(run_sync)

        asyncio.run(run_in_transaction())
    """,
    "the driver without asyncio": """
        drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
        plain = make_url(url).set(drivername=drivers[make_url(url).get_backend_name()])
        with create_engine(plain, poolclass=pool.NullPool).connect() as connection:
            run_sync(connection)
    """,
}


@pytest.fixture(autouse=True)
def current_loop():
    """A process begins with one, and code that ran before in this one may have taken it away."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture(params=FORMS)
def shop(request, make_tiny_project, async_database_url):
    project = make_tiny_project(async_database_url)
    project.env(BEGINNING + dedent(FORMS[request.param]))
    project.revision("a", CREATE, 'op.drop_table("kept")')
    project.revision("b", ADD, 'op.drop_column("kept", "name")', down="a")
    return project


def test_revisions_run_up_and_down(shop):
    assert shop.migrate().done == ["a", "b"]
    assert shop.migrate("a").done == ["b"]
    assert shop.columns("kept") == {"id"}


def test_revisions_run_while_the_caller_has_a_running_loop(shop):
    async def main():
        return shop.migrate().done

    assert asyncio.run(main()) == ["a", "b"]


def test_the_history_state_is_read(shop):
    def names(context):
        return {column["name"] for column in sa.inspect(connection_of(context)).get_columns("kept")}

    assert read_at(shop.environment, ["b"], names, sources=(Source.HISTORY,)) == [{"id", "name"}]


def test_a_scratch_database_is_migrated(shop):
    shop.migrate()
    replay = Replay(shop.environment)
    replay.run(upgrade_plan(shop.environment, ["b"]))
    found = verdicts(shop.environment, replay, ["b"])
    assert [(each.reason, each.differences) for each in found] == [(None, ()), (None, ())]


def test_the_locks_are_measured(shop):
    trace = measured(shop.environment, Step(shop.environment.history.find("b"), Direction.UPGRADE))
    assert trace.error is None
    assert [each.sql.split()[:3] for each in trace.statements] == [["ALTER", "TABLE", "kept"]]
