"""Scratch databases on the servers."""

import secrets
import time

import pytest
import sqlalchemy as sa
from support.databases import where

from alembic_manage.errors import CommandError
from alembic_manage.scratch import PREFIX, with_scratch
from alembic_manage.sources.source import upgrade_plan
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
    deadline = time.monotonic() + 10
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
