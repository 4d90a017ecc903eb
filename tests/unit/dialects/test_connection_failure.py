"""Why there is no connection, from what the driver raises."""

import pytest
from sqlalchemy import make_url

from alembic_manage.dialects import ConnectionFailure, dialect_named

DOWN, PASSWORD, MISSING, FILE, OTHER = ConnectionFailure


class Raised(Exception):
    """An error of a driver, with its SQLSTATE where it has one."""

    def __init__(self, *args: object, sqlstate: str | None = None) -> None:
        super().__init__(*args)
        self.sqlstate = sqlstate


AT = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Raised("x", sqlstate="28P01"), PASSWORD),
        (Raised("x", sqlstate="28000"), PASSWORD),
        (Raised("x", sqlstate="3D000"), MISSING),
        (Raised(AT + "Connection refused\n\tIs the server running on that host?"), DOWN),
        (Raised(AT + 'FATAL:  password authentication failed for user "u"'), PASSWORD),
        (Raised(AT + "fe_sendauth: no password supplied"), PASSWORD),
        (Raised(AT + 'FATAL:  role "u" does not exist'), PASSWORD),
        (Raised(AT + 'FATAL:  database "d" does not exist'), MISSING),
        (Raised(AT + "FATAL:  the database system is starting up"), DOWN),
        (Raised(AT + "FATAL:  the database system is shutting down"), DOWN),
        (Raised(AT + 'FATAL:  no pg_hba.conf entry for host "::1", user "u", database "d", no encryption'), PASSWORD),
        (Raised("failed to resolve host 'nowhere': [Errno -2] Name or service not known"), DOWN),
        (Raised("connection timeout expired"), DOWN),
        (Raised('connection to server on socket "/tmp/.s.PGSQL.5432" failed: No such file or directory'), DOWN),
        (Raised(AT + "FATAL:  sorry, too many clients already"), OTHER),
        (ConnectionRefusedError(111, "Connect call failed"), DOWN),
        (OSError("Multiple exceptions"), DOWN),
    ],
)  # fmt: skip
def test_postgresql_tells_why_it_refuses(error, failure):
    assert dialect_named("postgresql").connection_failure(error) is failure


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (Raised(1045, "Access denied for user 'u'@'h'"), PASSWORD),
        (Raised(1698, "Access denied for user 'root'@'localhost'"), PASSWORD),
        (Raised(1044, "Access denied for user 'u'@'h' to database 'd'"), PASSWORD),
        (Raised(1049, "Unknown database 'd'"), MISSING),
        (Raised(2003, "Can't connect to MySQL server on 'h'"), DOWN),
        (Raised(2002, "Can't connect through socket"), DOWN),
        (Raised(2013, "Lost connection"), DOWN),
        (Raised(1040, "Too many connections"), OTHER),
        (Raised("no number"), OTHER),
        (Raised(), OTHER),
        (ConnectionRefusedError(111, "refused"), DOWN),
    ],
)
def test_mariadb_tells_why_it_refuses(error, failure):
    assert dialect_named("mysql").connection_failure(error) is failure


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("unable to open database file", FILE),
        ("file is not a database", FILE),
        ("attempt to write a readonly database", FILE),
        ("something else", OTHER),
    ],
)
def test_sqlite_tells_why_it_refuses(text, failure):
    assert dialect_named("sqlite").connection_failure(Raised(text)) is failure


@pytest.mark.parametrize(
    ("url", "failure", "hint"),
    [
        ("postgresql://u:p@h:5433/d", DOWN, "pg_isready -h h -p 5433"),
        ("postgresql://u:p@h/d", MISSING, "createdb -h h -p 5432 -U u d"),
        ("postgresql:///d", MISSING, "createdb -h localhost -p 5432 d"),
        ("mysql://u:p@h/d", DOWN, "mariadb-admin -h h -P 3306 ping"),
        ("mysql://u:p@h/d", MISSING, 'mariadb -h h -P 3306 -u u -p -e "CREATE DATABASE d"'),
        ("postgresql://u:p@h/d", PASSWORD, None),
        ("mysql://u:p@h/d", PASSWORD, None),
        ("oracle://u:p@h/d", DOWN, None),
    ],
)
def test_a_hint_is_a_command_to_type(url, failure, hint):
    parsed = make_url(url)
    assert dialect_named(parsed.get_backend_name()).failure_hint(failure, parsed) == hint


def test_the_hint_for_a_missing_folder_makes_it_and_for_a_file_shows_it(tmp_path):
    sqlite = dialect_named("sqlite")
    missing = make_url(f"sqlite:///{tmp_path / 'no' / 'db'}")
    assert sqlite.failure_hint(FILE, missing) == f"mkdir -p {tmp_path / 'no'}"
    there = make_url(f"sqlite:///{tmp_path / 'db'}")
    assert sqlite.failure_hint(FILE, there) == f"ls -l {tmp_path / 'db'}"
    assert sqlite.failure_hint(OTHER, there) is None


def test_nothing_is_known_of_another_database():
    assert dialect_named("oracle").connection_failure(Raised("ORA-12541")) is OTHER
    assert dialect_named("oracle").connection_failure(OSError()) is DOWN
