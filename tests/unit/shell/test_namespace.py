"""The names that are ready in a shell."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from alembic_manage import ConnectionFailedError, Project, UnknownDatabaseError
from alembic_manage.settings.settings import load_settings
from alembic_manage.shell.namespace import Name, Namespace, namespace_of

MODELS = """
    from sqlalchemy import Column, Integer, Table
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase): pass

    class Author(Base):
        __tablename__ = "authors"
        id: Mapped[int] = mapped_column(primary_key=True)

    links = Table("links", Base.metadata, Column("id", Integer))
    session = Table("sessions", Base.metadata, Column("id", Integer))
"""


@pytest.fixture
def project(write_module):
    """A project with one app, on the database of a URL."""

    def write(url="sqlite://"):
        write_module("shop/models.py", MODELS)
        databases = {"default": {"URL": url}, "other": {"URL": "sqlite://"}}
        write_module("shell_settings.py", f"DATABASES = {databases}\nINSTALLED_APPS = ['shop']")
        return Project(load_settings("shell_settings"))

    return write


def test_models_tables_session_engine_project_and_sqlalchemys_functions_are_there(project):
    names = set(namespace_of(project()).values())
    functions = {"select", "insert", "update", "delete", "func", "text"}
    assert names == {"Author", "links", "session", "engine", "project"} | functions


def test_the_session_works_on_the_database(project):
    namespace = namespace_of(project())
    session = namespace.values()["session"]
    assert isinstance(session, Session)
    assert session.scalar(select(text("1"))) == 1
    namespace.close()


def test_the_alias_chooses_the_database(project):
    loaded = project()
    assert namespace_of(loaded, "other").values()["engine"] is loaded.database("other").engine
    with pytest.raises(UnknownDatabaseError):
        namespace_of(loaded, "nowhere")


def test_a_table_called_session_does_not_hide_the_session(project):
    assert isinstance(namespace_of(project()).values()["session"], Session)


def test_an_asyncio_driver_gives_an_async_session(project):
    namespace = namespace_of(project("sqlite+aiosqlite://"))

    async def use():
        session = namespace.values()["session"]
        assert isinstance(session, AsyncSession)
        assert await session.scalar(select(text("1"))) == 1
        await namespace.aclose()

    assert namespace.is_async
    asyncio.run(use())


def test_an_async_namespace_that_was_not_used_can_be_closed_without_a_loop(project):
    namespace_of(project("sqlite+aiosqlite://")).close()


def test_a_missing_driver_is_named(project):
    with pytest.raises(ConnectionFailedError, match="not installed"):
        namespace_of(project("postgresql+pg8000://u@h/d"))


def test_lines_are_the_python_that_gives_the_same_names(project):
    namespace = namespace_of(project())
    assert namespace.lines()[0] == "from shop.models import Author, links"
    again = {}
    exec("import alembic_manage, sqlalchemy.orm", again)
    exec("\n".join(namespace.lines()).replace("Project.load()", "Project.load('shell_settings')"), again)
    assert set(namespace.values()) <= set(again)
    assert again["Author"] is namespace.values()["Author"]
    again["session"].close()
    again["engine"].dispose()


def test_the_values_are_a_new_dict_each_time():
    namespace = Namespace([Name("a", 1)])
    namespace.values()["a"] = 2
    assert namespace.values() == {"a": 1}


def test_an_empty_namespace_can_be_closed():
    namespace = Namespace()
    assert len(namespace) == 0
    namespace.close()
    asyncio.run(namespace.aclose())
