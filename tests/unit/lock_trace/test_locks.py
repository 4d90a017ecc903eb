"""The command, where there is no server."""

import json

import pytest
from support.commands import run_command

from alembic_manage.commands import locks
from alembic_manage.errors import EnvironmentFailedError
from alembic_manage.scratch import NoScratchError

UNREACHABLE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def project(make_tiny_project):
    project = make_tiny_project(UNREACHABLE)
    project.revision("first", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))")
    project.revision("second", "op.add_column('t', sa.Column('a', sa.Integer))", "op.drop_table('t')", down="first")
    return project


def test_without_a_server_it_says_how_to_go_on(project):
    with pytest.raises(NoScratchError) as raised:
        run_command(locks, project, "second")
    assert raised.value.hint == "python manage.py locks second --no-server"


def test_the_manual_needs_no_server(project):
    shown = run_command(locks, project, "head", "--no-server")
    assert "second (upgrade) on PostgreSQL, as the manual has it" in shown
    assert "t  ACCESS EXCLUSIVE  everything waits, SELECT too" in shown


def test_the_way_back_is_another_revision(project):
    document = json.loads(run_command(locks, project, "second", "--no-server", "--backwards", "--json"))
    assert (document["database"], document["direction"], document["measured"]) == ("default", "downgrade", False)
    assert [each["sql"] for each in document["statements"]] == ["DROP TABLE t"]


def test_sql_that_needs_a_connection_is_not_known_without_one(project):
    project.revision("third", "op.get_bind().execute(sa.text('SELECT 1')).scalar_one()", down="second")
    with pytest.raises(EnvironmentFailedError, match="third needs a connection"):
        run_command(locks, project, "third", "--no-server")
