"""The DBAPI without a database."""

import pytest

from alembic_manage.state import driver
from alembic_manage.state.driver import Answer, DriverConnection


def connection(*answers: Answer) -> DriverConnection:
    left = list(answers)
    return DriverConnection(lambda statement, parameters, compiled: left.pop(0))


def test_a_cursor_gives_the_rows_of_the_answer():
    cursor = connection(Answer(["a"], [(1,), (2,), (3,)])).cursor()
    cursor.execute("SELECT")
    assert [column[0] for column in cursor.description] == ["a"]
    assert cursor.rowcount == 3
    assert (cursor.fetchone(), cursor.fetchmany(1), cursor.fetchall(), cursor.fetchone()) == (
        (1,),
        [(2,)],
        [(3,)],
        None,
    )


def test_a_statement_without_rows_has_no_description():
    cursor = connection(Answer(["a"], [(1,)]), Answer(lastrowid=7)).cursor()
    cursor.execute("SELECT")
    cursor.execute("INSERT")
    assert (cursor.description, cursor.lastrowid, cursor.fetchall()) == (None, 7, [])


def test_many_rows_are_one_statement():
    sent = []
    made = DriverConnection(lambda statement, parameters, compiled: sent.append(parameters) or Answer())
    made.cursor().executemany("INSERT", [(1,), (2,)])
    assert sent == [(1,)]


def test_it_takes_what_listeners_of_a_project_call():
    made = connection(Answer(), Answer(["a"], [(1,)]))
    made.execute("PRAGMA foreign_keys=ON")
    with made.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert list(cursor) == [(1,)]
    made.create_function("f", 1, len)
    made.set_charset_collation("utf8mb4")
    made.autocommit = True
    assert not hasattr(made, "__len__")


@pytest.mark.parametrize("name", ["OperationalError", "ProgrammingError", "IntegrityError"])
def test_errors_are_those_of_the_specification(name):
    assert issubclass(getattr(driver, name), driver.DatabaseError)
    assert issubclass(driver.DatabaseError, driver.Error)
