"""URLs with an asyncio driver work as the others do."""

import pytest

from alembic_manage import ConnectionFailedError, RevisionFailedError

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))'
DROP = 'op.drop_table("{0}")'


ENV_OF_ALEMBIC = """
import asyncio

from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config

config = context.config

def do_run_migrations(connection) -> None:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()

async def run_async_migrations() -> None:
    connectable = async_engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()

asyncio.run(run_async_migrations())
"""


@pytest.fixture
def shop(make_tiny_project, async_database_url):
    project = make_tiny_project(async_database_url)
    project.revision("a", CREATE.format("kept"), DROP.format("kept"))
    project.revision("b", CREATE.format("more"), DROP.format("more"), down="a")
    assert project.migrate().done == ["a", "b"]
    project.execute("INSERT INTO kept (id) VALUES (1), (2)")
    return project


def test_revisions_run_up_and_down(shop):
    assert shop.recorded == {"b"}
    assert shop.migrate("a").done == ["b"]
    assert shop.tables == {"kept"}
    assert shop.migrate().done == ["b"]
    assert shop.rows("SELECT id FROM kept ORDER BY id") == [(1,), (2,)]


def test_a_revision_that_fails_is_rolled_back_where_that_is_possible(shop):
    shop.revision("c", f'{CREATE.format("half")}\nop.execute("SELECT * FROM no_such_table")', down="b")
    with pytest.raises(RevisionFailedError, match=r"c\.py:\d+") as caught:
        shop.migrate()
    assert shop.recorded == {"b"}
    assert ("half" in shop.tables) is not shop.dialect.transactional_ddl
    assert caught.value.returncode == (1 if shop.dialect.transactional_ddl else 7)


def test_an_autocommit_block_works(shop):
    shop.revision(
        "c",
        'with op.get_context().autocommit_block():\n    op.create_index("ix_kept", "kept", ["id"])',
        down="b",
    )
    assert shop.migrate().done == ["c"]
    assert shop.indexes("kept") == {"ix_kept"}


def test_rows_are_read_and_written(shop):
    shop.revision(
        "c",
        """
        highest = op.get_bind().execute(sa.text("SELECT MAX(id) FROM kept")).scalar_one()
        op.execute(f"INSERT INTO kept (id) VALUES ({highest + 1})")
        """,
        down="b",
    )
    shop.migrate()
    assert shop.rows("SELECT MAX(id) FROM kept") == [(3,)]


def test_the_template_of_alembic_for_asyncio_works(shop):
    """Source: Alembic 1.20, templates/async/env.py."""
    shop.env(ENV_OF_ALEMBIC)
    shop.revision("c", CREATE.format("late"), down="b")
    assert shop.migrate().done == ["c"]
    assert shop.recorded == {"c"}


def test_a_missing_server_is_one_line(make_tiny_project):
    project = make_tiny_project("postgresql+asyncpg://postgres:s3cr3t@127.0.0.1:1/nowhere")
    with pytest.raises(ConnectionFailedError, match="does not answer") as caught:
        project.environment.recorded()
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.hint == "pg_isready -h 127.0.0.1 -p 1"


def test_a_server_that_the_own_engine_of_env_py_misses_is_one_line(make_tiny_project):
    project = make_tiny_project("postgresql+asyncpg://postgres:s3cr3t@127.0.0.1:1/nowhere")
    project.env(ENV_OF_ALEMBIC)
    with pytest.raises(ConnectionFailedError, match="does not answer") as caught:
        project.environment.recorded()
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.hint == "pg_isready -h 127.0.0.1 -p 1"
