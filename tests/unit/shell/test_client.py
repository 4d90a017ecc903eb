"""The client of a database, as far as it can be told without running it."""

import stat

import pytest

from alembic_manage import CommandError
from alembic_manage.database import Database
from alembic_manage.settings.database_settings import DatabaseSettings
from alembic_manage.shell.client import client_call, run_client


@pytest.fixture
def bin_folder(tmp_path, monkeypatch):
    """The only folder on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def install(bin_folder):
    def write(name, script="exit 0"):
        path = bin_folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    return write


def database(tmp_path, url, **options):
    return Database("default", DatabaseSettings(url, options), tmp_path)


def test_mysql_is_used_where_mariadb_is_not_installed(tmp_path, install):
    install("mysql")
    assert client_call(database(tmp_path, "mysql+pymysql://u@h/d")).argv[0] == "mysql"


def test_mariadb_is_preferred(tmp_path, install):
    install("mysql")
    install("mariadb")
    assert client_call(database(tmp_path, "mysql+pymysql://u@h/d")).argv[0] == "mariadb"


@pytest.mark.usefixtures("bin_folder")
def test_a_missing_client_is_one_line_and_an_install_command(tmp_path):
    with pytest.raises(CommandError, match="'psql' is not installed") as caught:
        client_call(database(tmp_path, "postgresql://u@h/d"))
    assert caught.value.hint == "apt install postgresql-client"


def test_a_database_in_memory_is_told_apart_from_an_unknown_one(tmp_path):
    with pytest.raises(CommandError, match="lives in the memory"):
        client_call(database(tmp_path, "sqlite://"))
    with pytest.raises(CommandError, match="No command-line client is known for oracle"):
        client_call(database(tmp_path, "oracle://u:hunter2@h/d"))


def test_connect_args_count_as_the_query_does(tmp_path, install):
    install("mariadb")
    arguments = {"ssl": {"ca": "/ca.pem"}, "charset": "utf8mb4", "password": "hunter2", "port": 3307, "conv": object()}
    call = client_call(database(tmp_path, "mysql+pymysql://u@h/d", connect_args=arguments))
    assert {"--ssl-ca=/ca.pem", "--default-character-set=utf8mb4", "--port=3307"} <= set(call.argv)
    assert call.env == {"MYSQL_PWD": "hunter2"}


def test_the_clients_exit_code_is_handed_on_without_the_password(tmp_path, install):
    install("psql", 'test "$PGPASSWORD" = hunter2 && exit 3')
    with pytest.raises(CommandError) as caught:
        run_client(database(tmp_path, "postgresql://u:hunter2@h/d"), ["-c", "select 1"])
    assert caught.value.returncode == 3
    assert str(caught.value) == "\"psql -U u -h h -d d -c 'select 1'\" returned non-zero exit status 3."


def test_a_client_that_ends_well_is_no_error(tmp_path, install):
    install("psql")
    run_client(database(tmp_path, "postgresql://u@h/d"))
