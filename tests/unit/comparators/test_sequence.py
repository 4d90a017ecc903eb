"""Sequences, found on the history state."""

from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Sequence, Table, text
from support.comparison import lines_between


def plain(metadata: MetaData) -> None:
    Table("orders", metadata, Column("id", Integer, primary_key=True))


def numbers(**options: Any):
    def model(metadata: MetaData) -> None:
        plain(metadata)
        Sequence("numbers", metadata=metadata, **options)

    return model


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_a_sequence_is_created_and_dropped(name: str):
    assert lines_between(plain, numbers(start=5), name) == ["op.execute('CREATE SEQUENCE numbers START WITH 5')"]
    assert lines_between(numbers(start=5), plain, name) == ["op.execute('DROP SEQUENCE numbers')"]


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_options_that_differ_are_altered(name: str):
    lines = lines_between(numbers(start=5, cycle=True), numbers(increment=2), name)
    assert lines == ["op.execute('ALTER SEQUENCE numbers START WITH 1 INCREMENT BY 2 NO CYCLE')"]


@pytest.mark.parametrize("name", ["postgresql", "mysql"])
def test_what_the_database_chooses_by_itself_need_not_be_said(name: str):
    assert lines_between(numbers(), numbers(start=1, increment=1, minvalue=1, cycle=False), name) == ["pass"]
    assert lines_between(numbers(minvalue=5), numbers(minvalue=5, start=5), name) == ["pass"]


def test_a_smaller_type_has_other_limits():
    lines = lines_between(numbers(), numbers(data_type=Integer()), "postgresql")
    assert lines == ["op.execute('ALTER SEQUENCE numbers AS integer MAXVALUE 2147483647')"]


def test_the_sequence_of_a_serial_is_its_columns():
    assert lines_between(plain, plain, "postgresql") == ["pass"]


def test_an_optional_sequence_is_nobodys_where_columns_number_themselves():
    def optional(metadata: MetaData) -> None:
        Table("orders", metadata, Column("id", Integer, Sequence("own", optional=True), primary_key=True))

    assert lines_between(plain, optional, "postgresql") == ["pass"]


def test_env_py_may_leave_a_sequence_out():
    def include(thing: Any, name: str, kind: str, *_: Any) -> bool:
        return kind != "sequence"

    assert lines_between(plain, numbers(), "postgresql", include_object=include) == ["pass"]


def test_a_sequence_that_a_default_names_is_needed_though_it_is_no_models():
    def takes(metadata: MetaData) -> None:
        number = Column("number", Integer, server_default=text("nextval('numbers')"))
        Table("orders", metadata, Column("id", Integer, primary_key=True), number)

    def both(metadata: MetaData) -> None:
        takes(metadata)
        Sequence("numbers", metadata=metadata)

    assert lines_between(both, takes, "postgresql") == ["pass"]


def test_sqlite_has_none():
    assert lines_between(plain, numbers(), "sqlite") == ["pass"]
