"""Test databases: migrated once, copied, brought back to what they were. On every kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from support.databases import where
from support.tiny_projects import TinyProject

from alembic_manage import RevisionFailedError
from alembic_manage.database import Database
from alembic_manage.settings.database_settings import DatabaseSettings
from alembic_manage.testing.errors import TestDatabaseError
from alembic_manage.testing.migrated_database import MigratedDatabase
from alembic_manage.testing.template import Template, settings_of_copy

UP = """
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20)),
        sa.Column("boss", sa.Integer, sa.ForeignKey("people.id")),
    )
    op.execute("INSERT INTO people (name) VALUES ('Ann'), ('Bob')")
    op.execute("UPDATE people SET boss = 1 WHERE id = 2")
"""
CODE = """
    op.execute("CREATE VIEW b_names AS SELECT name FROM a_people")
    op.execute("CREATE VIEW c_names AS SELECT name FROM b_names")
    op.execute("CREATE SEQUENCE numbers START WITH 5")
    op.execute("CREATE TRIGGER louder BEFORE INSERT ON a_people FOR EACH ROW SET NEW.name = upper(NEW.name)")
    op.execute("CREATE FUNCTION one() RETURNS INT DETERMINISTIC RETURN 1")
"""


@pytest.fixture
def project(tiny_project: TinyProject) -> TinyProject:
    tiny_project.revision("a", UP, 'op.drop_table("people")')
    tiny_project.execute("CREATE TABLE own (id INTEGER)")
    return tiny_project


@contextmanager
def opened(
    project: TinyProject, run: str = "run", worker: str = "main", *, keeps: bool = False
) -> Iterator[MigratedDatabase]:
    """The copy of a worker, as the fixtures give it."""
    template = Template(project.environment, run, worker, keeps=keeps)
    template.open()
    database = MigratedDatabase(Database("default", settings_of_copy(template), project.root), template)
    try:
        yield database
    finally:
        database.dispose()
        template.close()


def names(database: MigratedDatabase) -> list[str]:
    with database.sync_engine.connect() as connection:
        return sorted(row[0] for row in connection.execute(sa.text("SELECT name FROM people")))


def execute(database: MigratedDatabase, *statements: str) -> None:
    with database.sync_engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def tables(database: MigratedDatabase) -> set[str]:
    return set(sa.inspect(database.sync_engine).get_table_names())


def test_a_copy_holds_what_migrations_made_and_the_own_database_is_left_alone(project: TinyProject):
    with opened(project) as database:
        assert names(database) == ["Ann", "Bob"]
        assert "own" not in tables(database)
    assert project.tables == {"own"}
    assert project.recorded == set()


def test_what_a_test_changed_is_gone_for_the_next(project: TinyProject):
    with opened(project) as database:
        database.changing()
        execute(database, "INSERT INTO people (name) VALUES ('Eve')", "DELETE FROM people WHERE name = 'Bob'")
        execute(database, "CREATE TABLE more (id INTEGER)")
        database.clean()
        assert names(database) == ["Ann", "Bob"]
        assert "more" not in tables(database)


def test_rows_are_numbered_as_before(project: TinyProject):
    with opened(project) as database:
        for _ in range(2):
            database.clean()
            database.changing()
            execute(database, "INSERT INTO people (name) VALUES ('Eve')")
            with database.sync_engine.connect() as connection:
                assert connection.scalar(sa.text("SELECT max(id) FROM people")) == 3


def test_rows_without_numbers_are_gone_too(tiny_project: TinyProject):
    tiny_project.revision("a", 'op.create_table("people", sa.Column("name", sa.String(20)))')
    with opened(tiny_project) as database:
        for _ in range(2):
            database.clean()
            assert names(database) == []
            database.changing()
            execute(database, "INSERT INTO people (name) VALUES ('Eve')")


@where(lambda dialect: not dialect.is_file)
def test_where_only_rows_have_come_no_new_copy_is_made(tiny_project: TinyProject, monkeypatch: pytest.MonkeyPatch):
    tiny_project.revision("a", CIRCLE)
    with opened(tiny_project) as database:
        monkeypatch.setattr(database._template.store, "copy", None)
        for _ in range(2):
            database.clean()
            database.changing()
            execute(
                database,
                "INSERT INTO chiefs (name) VALUES ('Ann')",
                "INSERT INTO teams (chief) SELECT max(id) FROM chiefs",
                "UPDATE chiefs SET team = (SELECT max(id) FROM teams)",
            )
            with database.sync_engine.connect() as connection:
                assert connection.execute(sa.text("SELECT id, team FROM chiefs")).all() == [(1, 1)]


CIRCLE = """
    op.create_table(
        "chiefs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20)),
        sa.Column("team", sa.Integer),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chief", sa.Integer, sa.ForeignKey("chiefs.id"), nullable=False),
    )
    op.create_foreign_key("fk_chiefs_team", "chiefs", "teams", ["team"], ["id"])
"""


def test_a_session_is_rolled_back_with_its_commits(project: TinyProject):
    with opened(project) as database:
        with database.session() as session:
            session.execute(sa.text("INSERT INTO people (name) VALUES ('Eve')"))
            session.commit()
            session.execute(sa.text("INSERT INTO people (name) VALUES ('Fay')"))
            session.rollback()
            assert session.scalar(sa.text("SELECT count(*) FROM people")) == 3
        assert names(database) == ["Ann", "Bob"]


def test_each_worker_has_a_copy_and_the_last_one_drops_the_test_database(project: TinyProject):
    with opened(project, worker="gw0") as one:
        store = one._template.store
        with opened(project, worker="gw1") as other:
            execute(one, "DELETE FROM people WHERE boss IS NOT NULL")
            assert (names(one), names(other)) == (["Ann"], ["Ann", "Bob"])
            assert len(store.copies()) == 2
        assert store.exists(store.name)
    assert not store.exists(store.name)
    assert not store.copies()


@where(lambda dialect: dialect.is_file)
def test_another_run_is_refused_while_one_goes_on(project: TinyProject):
    with opened(project, run="one"):
        with pytest.raises(TestDatabaseError, match="Another test run uses"), opened(project, run="two", worker="gw0"):
            pass
        with pytest.raises(TestDatabaseError, match="process"), opened(project, run="two"):
            pass


def test_a_database_that_somebody_else_made_is_not_touched(project: TinyProject):
    template = Template(project.environment, "run", "main", keeps=False)
    template.store.make(template.store.name)
    try:
        with pytest.raises(TestDatabaseError, match="was not made for tests by"):
            template.open()
        assert template.store.exists(template.store.name)
    finally:
        template.store.drop(template.store.name)


@where(lambda dialect: dialect.is_file)
def test_the_copy_of_a_run_that_was_killed_goes_with_the_next(project: TinyProject):
    with opened(project) as database:
        template = database._template
        leftover = template.store.copy_name("gw7")
        template.store.copy(leftover)
    with opened(project, run="next"):
        assert not template.store.exists(leftover)


@where(lambda dialect: dialect.transactional_ddl)
def test_keeping_it_applies_what_is_new_and_makes_it_anew_where_something_changed(project: TinyProject):
    with opened(project, run="1", keeps=True) as database:
        template = database._template
    try:
        execute_on_template(template, "INSERT INTO people (name) VALUES ('Kept')")
        project.revision("b", 'op.create_table("b", sa.Column("id", sa.Integer))', down="a")
        with opened(project, run="2", keeps=True) as database:
            assert names(database) == ["Ann", "Bob", "Kept"]
            assert "b" in tables(database)
        project.revision("a", UP.replace("Bob", "Cy"), 'op.drop_table("people")')
        with opened(project, run="3", keeps=True) as database:
            assert names(database) == ["Ann", "Cy"]
        with opened(project, run="4") as database:
            assert names(database) == ["Ann", "Cy"]
        assert not template.store.exists(template.store.name)
    finally:
        template.store.drop(template.store.name)


def execute_on_template(template: Template, statement: str) -> None:
    engine = sa.create_engine(template.store.url(template.store.name), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


@where(lambda dialect: dialect.is_file)
def test_a_migration_that_fails_leaves_no_test_database(project: TinyProject):
    project.revision("b", 'op.execute("nonsense")', down="a")
    template = Template(project.environment, "run", "main", keeps=True)
    with pytest.raises(RevisionFailedError, match="Migration b failed"):
        template.open()
    assert not template.store.exists(template.store.name)


@where(lambda dialect: dialect.transactional_ddl)
def test_the_test_database_cannot_be_the_own_one(project: TinyProject):
    url = project.project.database().url
    own = DatabaseSettings(url.render_as_string(hide_password=False), test_name=url.database)
    project.settings.databases["default"] = own
    with pytest.raises(TestDatabaseError, match="would be the database of 'default'"):
        Template(project.environment, "run", "main", keeps=False)


@where(lambda dialect: not dialect.transactional_ddl)
def test_views_sequences_triggers_and_functions_are_copied_statement_by_statement(tiny_project: TinyProject):
    tiny_project.revision(
        "a",
        UP.replace('"people"', '"a_people"')
        .replace("people.id", "a_people.id")
        .replace("INTO people", "INTO a_people")
        .replace("UPDATE people", "UPDATE a_people"),
    )
    tiny_project.revision("b", CODE, down="a")
    with opened(tiny_project) as database:
        for _ in range(2):
            database.clean()
            database.changing()
            execute(database, "INSERT INTO a_people (id, name) SELECT NEXTVAL(numbers), 'eve'")
            with database.sync_engine.connect() as connection:
                rows = connection.execute(sa.text("SELECT name FROM c_names ORDER BY name")).scalars().all()
                assert rows == ["Ann", "Bob", "EVE"]
                assert connection.scalar(sa.text("SELECT one() + max(id) FROM a_people")) == 6


@where(lambda dialect: not dialect.transactional_ddl)
def test_ddl_in_a_session_is_told_and_undone_for_the_next_test(project: TinyProject):
    with opened(project) as database:
        with pytest.raises(TestDatabaseError, match="could not be rolled back"), database.session() as session:
            session.execute(sa.text("CREATE TABLE more (id INTEGER)"))
        with database.session():
            assert "more" not in tables(database)


def test_a_transaction_that_a_test_left_open_does_not_stop_the_next(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
):
    if project.dialect.is_file:
        monkeypatch.setattr("alembic_manage.testing.stores.file_store.TRIES", 1)
    monkeypatch.setattr("alembic_manage.testing.stores.reload._SESSION", SHORT_WAITS)
    with opened(project) as database:
        database.changing()
        left = database.sync_engine.connect()
        left.execute(sa.text("INSERT INTO people (name) VALUES ('Eve')"))
        if project.dialect.is_file:
            with pytest.raises(TestDatabaseError, match="left a transaction open"):
                database.clean()
        else:
            database.clean()
            assert names(database) == ["Ann", "Bob"]
        left.invalidate()
        left.close()


SHORT_WAITS = (
    "SET SESSION foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO', lock_wait_timeout = 1, "
    "innodb_lock_wait_timeout = 1"
)


def test_a_project_with_asyncio_has_its_engine_and_a_session_without(
    make_tiny_project: Callable[[str], TinyProject], async_database_url: str
):
    import asyncio

    project = make_tiny_project(async_database_url)
    project.revision("a", UP)

    async def story(database: MigratedDatabase) -> None:
        async with database.async_session() as session:
            await session.execute(sa.text("INSERT INTO people (name) VALUES ('Eve')"))
            await session.commit()
            assert await session.scalar(sa.text("SELECT count(*) FROM people")) == 3

    with opened(project) as database:
        asyncio.run(story(database))
        with database.session() as session:
            assert session.scalar(sa.text("SELECT count(*) FROM people")) == 2
