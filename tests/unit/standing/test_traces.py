"""What importing models leaves behind."""

import os
import sqlite3
import sys
import types
import warnings
from collections.abc import Iterator

import pytest
from alembic.operations import Operations
from sqlalchemy import Column, Engine, Integer, MetaData, Table, event
from sqlalchemy.dialects import registry
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import CreateTable

from alembic_manage.hooks import pre_migrate
from alembic_manage.standing.traces import are_left, name_a_driver, traces


def listener(*_: object) -> None:
    """Does nothing."""


def set_variable() -> Iterator[None]:
    os.environ["LEFT_BEHIND"] = "1"
    yield
    del os.environ["LEFT_BEHIND"]


def extend_path() -> Iterator[None]:
    sys.path.append("/nowhere")
    yield
    sys.path.remove("/nowhere")


def turn_warnings_into_errors() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


def listen_to_connections() -> Iterator[None]:
    event.listen(Engine, "connect", listener)
    yield
    event.remove(Engine, "connect", listener)


def listen_to_every_table() -> Iterator[None]:
    event.listen(Table, "after_create", listener)
    yield
    event.remove(Table, "after_create", listener)


def compile_otherwise() -> Iterator[None]:
    compiles(CreateTable, "sqlite")(listener)
    yield
    deregister(CreateTable)


def patch() -> Iterator[None]:
    original = MetaData.create_all
    MetaData.create_all = listener  # type: ignore[method-assign]
    yield
    MetaData.create_all = original  # type: ignore[method-assign]


def patch_with_an_object() -> Iterator[None]:
    original = MetaData.create_all
    MetaData.create_all = object()  # type: ignore[method-assign, assignment]
    yield
    MetaData.create_all = original  # type: ignore[method-assign]


def connect_a_hook() -> Iterator[None]:
    pre_migrate.connect(listener)
    yield
    pre_migrate.disconnect(listener)


def register_a_dialect() -> Iterator[None]:
    registry.register("left_behind", "nowhere", "Dialect")
    yield
    del registry.impls["left_behind"]


def implement_an_operation() -> Iterator[None]:
    Operations._to_impl.dispatch_for(listener)(listener)
    yield
    del Operations._to_impl._registry[(listener, "default")]


@pytest.mark.parametrize(
    "work",
    [
        set_variable,
        extend_path,
        turn_warnings_into_errors,
        listen_to_connections,
        listen_to_every_table,
        compile_otherwise,
        patch,
        patch_with_an_object,
        connect_a_hook,
        register_a_dialect,
        implement_an_operation,
    ],
    ids=lambda work: work.__name__,
)
def test_what_revisions_could_meet_is_left(work):
    before = traces()
    steps = work()
    next(steps)
    try:
        assert are_left(before)
    finally:
        list(steps)
    assert not are_left(before)


def test_models_and_what_listens_to_them_are_not_left():
    before = traces()
    table = Table("book", MetaData(), Column("id", Integer, primary_key=True))
    event.listen(table, "after_create", listener)

    class Base(DeclarativeBase):
        pass

    class Author(Base):
        __tablename__ = "author"
        id: Mapped[int] = mapped_column(primary_key=True)

    event.listen(Author, "init", listener)
    assert not are_left(before)


@pytest.mark.parametrize(
    "named",
    [sqlite3, sqlite3.Row, sqlite3.register_adapter, sqlite3.connect],
    ids=["itself", "class", "function", "other"],
)
def test_a_module_that_has_a_driver_names_it(named):
    module = types.ModuleType("models")
    assert not name_a_driver([module], {"sqlite3"})
    module.named = named  # type: ignore[attr-defined]
    assert name_a_driver([module], {"sqlite3"})
    assert not name_a_driver([module], {"psycopg"})
