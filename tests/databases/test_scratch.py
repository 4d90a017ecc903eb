"""Scratch databases on the servers."""

import secrets
import time

import pytest
import sqlalchemy as sa
from support.databases import where

from alembic_manage.errors import CommandError
from alembic_manage.scratch import PREFIX, NoScratchError, with_scratch
from alembic_manage.sources.source import Source, read_at, upgrade_plan
from alembic_manage.sources.verification import verdicts
from alembic_manage.state.replay import Replay

on_servers = where(lambda dialect: dialect.scratch_sql is not None)


def exists(project, name: str) -> bool:
    sql = project.dialect.scratch_sql.find.format(name=name)
    return bool(project.rows(sql))


@on_servers
def test_it_is_there_while_it_is_used_and_gone_afterwards(tiny_project):
    def use(scratch):
        name = scratch.database.url.database
        assert name.startswith(PREFIX)
        assert exists(tiny_project, name)
        return name

    assert not exists(tiny_project, with_scratch(tiny_project.environment, use))


@on_servers
def test_an_error_inside_leaves_none(tiny_project):
    names = []

    def use(scratch):
        names.append(scratch.database.url.database)
        raise CommandError("inside")

    with pytest.raises(CommandError, match="inside"):
        with_scratch(tiny_project.environment, use)
    assert not exists(tiny_project, names[0])


@on_servers
def test_one_that_a_session_of_another_database_owns_is_left_alone_until_that_ends(tiny_project):
    sql, name = tiny_project.dialect.scratch_sql, PREFIX + secrets.token_hex(6)
    url = tiny_project.project.database().url.set(database=sql.maintenance_database or "")
    owner = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect()
    with owner:
        assert owner.exec_driver_sql(sql.lock.format(name=name)).scalar()
        owner.exec_driver_sql(sql.create.format(name=name))
        with_scratch(tiny_project.environment, lambda scratch: None)
        assert exists(tiny_project, name)
    deadline = time.monotonic() + 60
    while exists(tiny_project, name):
        # The server may take a moment to notice that the session has ended.
        assert time.monotonic() < deadline
        with_scratch(tiny_project.environment, lambda scratch: None)


@where(lambda dialect: dialect.scratch_sql is not None and dialect.scratch_sql.like is not None)
def test_it_has_the_collation_of_the_configured_database(tiny_project):
    tiny_project.execute("ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german1_ci")
    tiny_project.revision("a", 'op.create_table("t", sa.Column("name", sa.String(20)))')
    tiny_project.migrate()
    replay = Replay(tiny_project.environment)
    replay.run(upgrade_plan(tiny_project.environment, ["a"]))
    found = verdicts(tiny_project.environment, replay, ["a"])
    assert [each.line for verdict in found for each in verdict.differences] == []


reaches_others = where(lambda dialect: dialect.scratch_sql is not None and dialect.scratch_sql.databases is not None)
OUTSIDE = {
    "text": "op.execute('DROP TABLE {name}.keep')",
    "schema": "op.drop_table('keep', schema='{name}')",
    "cursor": "op.get_bind().connection.cursor().execute('DROP TABLE {name}.keep')",
    "composed": "op.execute(\"EXECUTE IMMEDIATE CONCAT('DROP TABLE {name}', '.keep')\")",
    "use": "op.execute('USE {name}')",
}


@reaches_others
@pytest.mark.parametrize("way", OUTSIDE)
def test_a_statement_that_names_the_configured_database_is_refused(tiny_project, way):
    name = tiny_project.project.database().url.database
    tiny_project.execute("CREATE TABLE keep (id INTEGER)")
    tiny_project.revision("a", OUTSIDE[way].format(name=name))
    with pytest.raises(NoScratchError, match="reaches beyond it"):
        read_at(tiny_project.environment, ["a"], lambda context: None, sources=(Source.SCRATCH,))
    assert tiny_project.rows("SELECT COUNT(*) FROM keep") == [(0,)]


@on_servers
@pytest.mark.parametrize("statement", ["CREATE USER somebody", "DROP DATABASE nothing"])
def test_a_statement_about_the_whole_server_is_refused(tiny_project, statement):
    tiny_project.revision("a", f'op.execute("{statement}")')
    with pytest.raises(NoScratchError, match="reaches beyond it"):
        read_at(tiny_project.environment, ["a"], lambda context: None, sources=(Source.SCRATCH,))


@on_servers
def test_an_env_py_of_several_databases_is_refused_instead_of_waiting(tiny_project):
    tiny_project.revision("a", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))")
    tiny_project.env(
        """
        from alembic import context

        engine = context.config.attributes["project"].database().engine
        with engine.connect() as first, engine.connect() as second:
            for connection in (first, second):
                context.configure(connection=connection, target_metadata=None)
                context.run_migrations()
        """
    )
    with pytest.raises(NoScratchError, match="several databases"):
        read_at(tiny_project.environment, ["a"], lambda context: None, sources=(Source.SCRATCH,))
