"""Scratch databases, as far as no server is needed: on SQLite they are in memory."""

import pytest
import sqlalchemy as sa

from alembic_manage import CommandError
from alembic_manage.dialects import dialect_named
from alembic_manage.scratch import PREFIX, NoScratchError, with_scratch


@pytest.fixture
def project(make_tiny_project, sqlite_url):
    made = make_tiny_project(sqlite_url)
    made.execute("CREATE TABLE real (id INTEGER)")
    return made


def names(connection) -> list[str]:
    return sa.inspect(connection).get_table_names()


def test_it_is_empty_and_gone_afterwards(project):
    def use(scratch):
        assert scratch.database.run(names) == []
        scratch.database.run(lambda connection: connection.exec_driver_sql("CREATE TABLE made (id INTEGER)"))
        return scratch.database.run(names)

    assert with_scratch(project.environment, use) == ["made"]
    assert with_scratch(project.environment, lambda scratch: scratch.database.run(names)) == []
    assert project.tables == {"real"}


def test_no_connection_reaches_the_project_s_own_database_meanwhile(project):
    own = project.project.database().engine

    def use(scratch):
        with own.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE made (id INTEGER)")
        return scratch.database.run(names)

    assert with_scratch(project.environment, use) == ["made"]
    assert project.tables == {"real"}


def test_it_has_the_same_revisions_and_alias(project):
    project.revision("a")
    scratch = with_scratch(project.environment, lambda scratch: scratch)
    assert [head.id for head in scratch.history.heads] == ["a"]
    assert scratch.database.alias == "default"


def test_an_error_inside_is_what_it_was(project):
    def use(scratch):
        raise CommandError("inside")

    with pytest.raises(CommandError, match="inside"):
        with_scratch(project.environment, use)


def test_a_stopped_server_is_no_scratch_database(make_tiny_project):
    project = make_tiny_project("postgresql+psycopg://shop:secret@127.0.0.1:1/shop")
    with pytest.raises(NoScratchError) as caught:
        with_scratch(project.environment, lambda scratch: None)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_the_sql_of_a_server_names_only_scratch_databases(name):
    sql = dialect_named(name).scratch_sql
    for text in (sql.create, sql.drop, sql.find, sql.lock):
        assert f"{PREFIX}1a2b" in text.format(name=f"{PREFIX}1a2b")


def test_one_in_memory_needs_no_driver_of_the_project(make_tiny_project):
    project = make_tiny_project("postgresql+psycopg2cffi://nobody@127.0.0.1:1/nowhere")
    use = lambda scratch: scratch.database.run(names)  # noqa: E731
    assert with_scratch(project.environment, use, dialect_named("sqlite")) == []
