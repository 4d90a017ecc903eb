"""One configured database: URL, password, driver, connection errors."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from alembic_manage import ConnectionFailedError, SettingsError
from alembic_manage.database import Database, hide_password, mask, mask_text, parse_url
from alembic_manage.settings.database_settings import DatabaseSettings

SECRET = "s3cr3t"


def database(url: str, root: Path = Path("/project"), **options) -> Database:
    return Database("default", DatabaseSettings(url, options), root)


# The password


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://user:s3cr3t@host/db",
        "postgresql+psycopg://user:s3cr3t@host:5432/db",
        "postgresql+psycopg://:s3cr3t@host/db",
        "postgresql+psycopg://user@host/db?password=s3cr3t",
        "postgresql+psycopg:///db?host=/tmp&user=u&password=s3cr3t",
        "postgresql+psycopg://user@host/db?sslpassword=s3cr3t",
        "mysql+pymysql://host/db?user=root&passwd=s3cr3t",
        "mysql+pymysql://user:s3cr3t@host/db?charset=utf8mb4",
        "postgresql+psycopg:///user:s3cr3t@host/db",
        "unknown://user:s3cr3t@host/db",
    ],
)
def test_a_url_is_shown_without_its_password(url):
    assert SECRET not in database(url).display


def test_a_url_without_a_password_is_shown_as_it_is():
    assert database("postgresql+psycopg://user@host:5432/db").display == "postgresql+psycopg://user@host:5432/db"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:s3cr3t@host:port/db",
        "postgresql://user:s3cr3t",
        "postgresql://user:s3cr3t/db",
        "postgresql://user:s3cr3t%40host/db",
        "postgresql//user:s3cr3t@host/db",
        "postgresql:/user:s3cr3t@host/db",
        "postgresql:user:s3cr3t@host/db",
        "://user:s3cr3t@host/db",
        "user:s3cr3t@host/db",
        "postgresql://user:s3cr3t@host@other:x/db",
        "postgresql://user:pa:s3cr3t@host:x/db",
        "postgresql://user:pa/s3cr3t@host:x/db",
        "postgresql://user:pa@s3cr3t@host:x/db",
        "postgresql://user:pa#s3cr3t@host:x/db",
        "postgresql://user:pa?s3cr3t@host:x/db",
        "postgresql://:s3cr3t@host:x/db",
        "postgresql://us:er:s3cr3t@host:x/db",
        "postgresql://host:x/db?password=s3cr3t",
        "postgresql://host:x/db?user=u&password=s3cr3t&sslmode=require",
        "mysql+pymysql://host:x/db?passwd=s3cr3t",
        " postgresql://user:s3cr3t@host:x/db",
        "'postgresql://user:s3cr3t@host/db'",
        "DATABASE_URL=postgresql://user:s3cr3t@host/db",
        "jdbc:postgresql://user:s3cr3t@host/db",
        "postgresql://user:s3cr3t@[::1/db",
    ],
)
def test_a_malformed_url_is_shown_without_what_could_be_a_password(url):
    try:
        parsed = parse_url(url, "default")
    except SettingsError as error:
        assert SECRET not in f"{error} {error.hint}"
        assert error.__cause__ is None or SECRET not in mask_text(url)
    else:
        assert SECRET not in mask(parsed)


def test_a_malformed_url_is_still_recognisable():
    with pytest.raises(SettingsError, match=r"'default'.*postgresql://user:\*\*\*@host:port/db"):
        parse_url("postgresql://user:s3cr3t@host:port/db", "default")


@pytest.mark.parametrize("url", ["", "   ", "postgresql", "no url at all", "://", "sqlite:/file.db"])
def test_what_is_no_url_is_refused_with_an_example(url):
    with pytest.raises(SettingsError) as caught:
        parse_url(url, "default")
    assert "DATABASE_URL=" in caught.value.hint


def test_the_password_is_hidden_in_the_drivers_words():
    made = database("postgresql+psycopg://user:s3cr3t@host/db")
    assert hide_password(made.url, "no entry for s3cr3t") == "no entry for ***"
    assert hide_password(database("sqlite://").url, "as it is") == "as it is"


def test_a_connection_error_shows_neither_password_nor_more_than_one_line():
    made = database("postgresql+psycopg://user:s3cr3t@host/db")
    error = made.connection_error(ValueError("it was s3cr3t\nand more"))
    assert SECRET not in str(error)
    assert "\n" not in str(error)
    assert "user:***@host/db" in str(error)


@pytest.mark.parametrize("password", ["p@ss", "p%ss", "p/ss", "päss", "p:ss"])
def test_a_password_with_special_characters_stays_what_it_is(password):
    from urllib.parse import quote

    made = database(f"postgresql+psycopg://user:{quote(password, safe='')}@host/db")
    assert made.url.password == password
    assert password not in made.display


# The file of SQLite


def test_a_relative_file_lies_below_the_project():
    assert database("sqlite:///db.sqlite3").url.database == "/project/db.sqlite3"
    assert database("sqlite+aiosqlite:///data/db.sqlite3").url.database == "/project/data/db.sqlite3"


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:////var/db.sqlite3", "/var/db.sqlite3"), ("sqlite://", None), ("sqlite:///:memory:", ":memory:")],
)
def test_an_absolute_file_and_memory_stay_what_they_are(url, path):
    assert database(url).url.database == path


def test_a_file_uri_stays_what_it_is():
    assert database("sqlite:///file:db.sqlite3?mode=ro&uri=true").url.database == "file:db.sqlite3"


def test_the_database_of_a_server_is_no_file():
    assert database("postgresql+psycopg://host/db").url.database == "db"


# Drivers


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("postgresql+psycopg2://host/db", "pip install 'psycopg2-binary'"),
        ("postgresql+pg8000://host/db", "pip install 'pg8000'"),
        ("mysql+mysqldb://host/db", "pip install 'mysqlclient'"),
        ("mysql+mysqlconnector://host/db", "pip install 'mysql-connector-python'"),
        ("oracle+oracledb://host/db", "pip install 'oracledb'"),
        ("mssql+pyodbc://host/db", "pip install 'pyodbc'"),
    ],
)
def test_a_missing_driver_is_named_with_the_command_that_installs_it(url, hint):
    with pytest.raises(ConnectionFailedError, match="is not installed") as caught:
        database(url).require_driver()
    assert caught.value.hint == hint


@pytest.mark.parametrize("url", ["postgres://host/db", "foo://host/db", "postgresql+nothing://host/db"])
def test_an_unknown_dialect_or_driver_is_refused(url):
    with pytest.raises(ConnectionFailedError, match="SQLAlchemy knows no") as caught:
        database(url).require_driver()
    assert "DATABASE_URL=" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite+aiosqlite://",
        "postgresql+psycopg://host/db",
        "postgresql+asyncpg://host/db",
        "mysql+pymysql://host/db",
        "mysql+aiomysql://host/db",
    ],
)
def test_an_installed_driver_is_fine(url):
    database(url).require_driver()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite://", False),
        ("sqlite+aiosqlite://", True),
        ("postgresql+psycopg://h/d", False),
        ("postgresql+asyncpg://h/d", True),
    ],
)
def test_an_asyncio_driver_is_recognised(url, expected):
    assert database(url).is_async is expected


# Engine and connection


def test_an_option_that_create_engine_does_not_take_is_refused():
    with pytest.raises(SettingsError, match="'pool_sze'"):
        _ = database("sqlite://", pool_sze=3).engine


def test_options_are_handed_to_create_engine():
    assert database("sqlite://", echo=True).engine.echo is True


def test_a_file_that_cannot_be_opened_is_told_with_a_command(tmp_path):
    made = database(f"sqlite:///{tmp_path / 'no' / 'folder' / 'db.sqlite3'}")
    with pytest.raises(ConnectionFailedError, match="the file cannot be opened") as caught:
        made.run(lambda connection: None)
    assert caught.value.hint == f"mkdir -p {tmp_path / 'no' / 'folder'}"


@pytest.mark.parametrize("drivername", ["sqlite", "sqlite+aiosqlite"])
def test_work_is_called_with_an_open_connection(drivername, tmp_path):
    made = database(f"{drivername}:///{tmp_path / 'db.sqlite3'}")
    assert made.run(lambda connection: connection.execute(text("SELECT 7")).scalar()) == 7
    made.dispose()


def test_work_on_an_asyncio_driver_runs_also_within_a_running_loop(tmp_path):
    made = database(f"sqlite+aiosqlite:///{tmp_path / 'db.sqlite3'}")

    async def main() -> int:
        return made.run(lambda connection: connection.execute(text("SELECT 7")).scalar())

    assert asyncio.run(main()) == 7


def test_the_error_of_the_work_is_its_own(tmp_path):
    made = database("sqlite+aiosqlite:///" + str(tmp_path / "db.sqlite3"))

    def work(connection):
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        made.run(work)


def test_disposing_of_an_engine_that_was_never_made_is_fine():
    database("sqlite://").dispose()


def test_an_asyncio_driver_leaves_the_current_loop_of_the_caller_alone(tmp_path):
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        database(f"sqlite+aiosqlite:///{tmp_path / 'db.sqlite3'}").run(lambda connection: None)
        assert asyncio.get_event_loop() is loop
    finally:
        asyncio.set_event_loop(None)
        loop.close()


@pytest.mark.parametrize("drivername", ["sqlite", "sqlite+aiosqlite"])
def test_a_kept_connection_stays_the_same(drivername, tmp_path):
    made = database(f"{drivername}:///{tmp_path / 'db.sqlite3'}")
    with made.kept() as on_connection:
        on_connection(lambda connection: connection.execute(text("CREATE TEMP TABLE mine (id INTEGER)")))
        assert on_connection(lambda connection: connection.execute(text("SELECT COUNT(*) FROM mine")).scalar()) == 0
    made.dispose()


def test_beside_a_kept_connection_runs_no_loop(tmp_path):
    async def main() -> int:
        return 7

    with database(f"sqlite+aiosqlite:///{tmp_path / 'db.sqlite3'}").kept():
        assert asyncio.run(main()) == 7


def test_a_kept_connection_that_cannot_be_made_is_one_line(tmp_path):
    made = database(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'folder' / 'db.sqlite3'}")
    with pytest.raises(ConnectionFailedError, match="the file cannot be opened"), made.kept():
        pass
