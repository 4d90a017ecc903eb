"""Another process makes a table in the instant in which this one reads it: it reads again, and nothing fails."""

import pytest
from support.contents import execute
from support.databases import where
from support.tiny_projects import TinyProject

from alembic_manage import environment
from alembic_manage.dialects import dialect_named
from alembic_manage.errors import EnvironmentFailedError

in_no_snapshot = where(lambda dialect: not dialect.transactional_ddl)
"""The others keep the catalog in the snapshot, or lock it."""


def url_of(tiny: TinyProject) -> str:
    """For connections of another process."""
    return tiny.settings.databases["default"].url


class DriverError(Exception):
    """What a driver of MariaDB raises."""


@pytest.mark.parametrize("number", [1412, 1684])
def test_mariadb_says_it_with_two_numbers(number: int):
    assert dialect_named("mariadb").is_table_changing(DriverError(number, "said in words"))
    assert not dialect_named("mariadb").is_table_changing(DriverError(1146, "Table doesn't exist"))
    assert not dialect_named("postgresql").is_table_changing(DriverError(number, "said in words"))


@in_no_snapshot
def test_a_table_that_is_younger_than_the_snapshot_is_read_again(tiny_project: TinyProject):
    times = []

    def read(context, heads):
        connection = context.connection
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        times.append(len(times))
        if len(times) == 1:
            execute(url_of(tiny_project), "CREATE TABLE young (id INTEGER)", "INSERT INTO young VALUES (7)")
        return connection.exec_driver_sql("SELECT id FROM young").scalar()

    assert tiny_project.environment.read(read) == [7]
    assert times == [0, 1]


@in_no_snapshot
def test_what_never_settles_is_told(tiny_project: TinyProject, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "TABLE_PAUSE_S", 0)

    def read(context, heads):
        context.connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        execute(url_of(tiny_project), "CREATE OR REPLACE TABLE young (id INTEGER)")
        return context.connection.exec_driver_sql("SELECT id FROM young").scalar()

    with pytest.raises(EnvironmentFailedError, match="Table definition has changed"):
        tiny_project.environment.read(read)
