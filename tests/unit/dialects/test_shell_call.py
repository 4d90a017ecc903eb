"""The client's command line: a pure function from the URL to arguments and environment."""

import pytest
from sqlalchemy import make_url

from alembic_manage.dialects import Dialect, dialect_named


def call(url, *parameters):
    parsed = make_url(url)
    return dialect_named(parsed.get_backend_name()).shell_call(parsed, parameters)


@pytest.mark.parametrize(
    ("url", "argv"),
    [
        ("postgresql+psycopg://u@h:5433/d", "psql -U u -h h -p 5433 -d d"),
        ("postgresql+asyncpg://u@h/d", "psql -U u -h h -d d"),
        ("postgresql://", "psql"),
        ("postgresql:///d?host=/var/run/postgresql", "psql -h /var/run/postgresql -d d"),
        ("postgresql:///d?host=/run/pg&port=5433", "psql -h /run/pg -p 5433 -d d"),
        ("postgresql://u@[::1]:5433/d", "psql -U u -h ::1 -p 5433 -d d"),
        ("postgresql://u@/d?host=one:5432&host=two:5433", "psql -U u -h one,two -p 5432,5433 -d d"),
        ("postgresql://u@/d?host=one,two&port=5432,5433", "psql -U u -h one,two -p 5432,5433 -d d"),
        ("postgresql://u@/d?host=one:5433", "psql -U u -h one -p 5433 -d d"),
        ("postgresql://h/d?user=me&dbname=other", "psql -U me -h h -d other"),
        ("mysql+pymysql://u@h:3307/d", "mariadb --host=h --port=3307 --user=u --database=d"),
        ("mariadb+asyncmy://u@h/d", "mariadb --host=h --user=u --database=d"),
        ("mysql+pymysql://u@h/?charset=utf8mb4", "mariadb --host=h --user=u --default-character-set=utf8mb4"),
        ("mysql+pymysql://u@h/d?unix_socket=/run/m.sock", "mariadb --socket=/run/m.sock --user=u --database=d"),
        ("mysql+pymysql://u@h/d?ssl_ca=/ca.pem", "mariadb --host=h --user=u --database=d --ssl-ca=/ca.pem"),
        ("mysql+pymysql:///d?read_default_file=/my.cnf", "mariadb --defaults-file=/my.cnf --database=d"),
        ("sqlite:////data/db.sqlite3", "sqlite3 /data/db.sqlite3"),
        ("sqlite+aiosqlite:////data/db.sqlite3?timeout=5", "sqlite3 /data/db.sqlite3"),
        ("sqlite:///file:/data/db.sqlite3?mode=ro&uri=true", "sqlite3 file:/data/db.sqlite3?mode=ro"),
    ],
)  # fmt: skip
def test_arguments_say_where_the_database_is(url, argv):
    assert call(url).argv == tuple(argv.split())


@pytest.mark.parametrize("host", ["localhost", ""])
def test_a_driver_in_python_reaches_localhost_by_tcp_and_so_does_the_client(host):
    assert call(f"mysql+pymysql://u@{host}/d").argv[1:3] == ("--protocol=TCP", "--host=localhost")


@pytest.mark.parametrize(
    ("host", "argv"),
    [("localhost", ("--host=localhost", "--user=u")), ("", ("--user=u",)), ("h", ("--host=h", "--user=u"))],
)
def test_a_driver_in_c_takes_localhost_for_the_socket_and_so_does_the_client(host, argv):
    assert call(f"mysql+mysqldb://u@{host}/d").argv[1:-1] == argv


def test_the_defaults_file_is_the_first_option_because_the_client_looks_nowhere_else_for_it():
    assert call("mysql+pymysql://u@h:3307/d?read_default_file=/my.cnf").argv[1] == "--defaults-file=/my.cnf"


PASSWORD = "p@ss/wo:rd ü%$'\""
ESCAPED = "p%40ss%2Fwo%3Ard%20%C3%BC%25%24%27%22"


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        (f"postgresql+psycopg://u:{ESCAPED}@h/d", "PGPASSWORD"),
        (f"postgresql+psycopg://u@h/d?password={ESCAPED}", "PGPASSWORD"),
        (f"mysql+pymysql://u:{ESCAPED}@h/d", "MYSQL_PWD"),
        (f"mysql+pymysql://u@h/d?password={ESCAPED}", "MYSQL_PWD"),
        (f"mysql+pymysql://u@h/d?passwd={ESCAPED}", "MYSQL_PWD"),
    ],
)
def test_the_password_is_in_the_environment_and_never_an_argument(url, variable):
    shell_call = call(url)
    assert shell_call.env == {variable: PASSWORD}
    assert not any(PASSWORD in argument or ESCAPED in argument for argument in shell_call.argv)


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "mysql+pymysql://u@h/d", "sqlite:////d"])
def test_without_a_password_the_environment_stays_as_it_is(url):
    assert call(url).env == {}


def test_what_libpq_knows_of_the_query_goes_to_its_environment():
    env = call("postgresql://u@h/d?sslmode=require&sslrootcert=/ca.pem&options=-csearch_path%3Da&connect_timeout=3").env
    assert env == {
        "PGSSLMODE": "require",
        "PGSSLROOTCERT": "/ca.pem",
        "PGOPTIONS": "-csearch_path=a",
        "PGCONNECT_TIMEOUT": "3",
    }


def test_asyncpgs_ssl_is_libpqs_sslmode():
    assert call("postgresql+asyncpg://u@h/d?ssl=verify-full").env == {"PGSSLMODE": "verify-full"}


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("my-db", "my-db"),
        ("a%3Db", "dbname='a=b'"),
        ("it%27s%3D", r"dbname='it\'s='"),
        ("b%5C%3D", r"dbname='b\\='"),
        ("postgres%3A%2F%2Fx", "dbname='postgres://x'"),
    ],
)
def test_a_database_name_is_never_taken_for_a_connection_string(name, argument):
    assert call(f"postgresql://u@h/{name}").argv[-1] == argument


@pytest.mark.parametrize("url", ["mysql+pymysql://-u%20x@h/-d%20'x", "mysql+pymysql://-u%20x@h/-d%20%27x"])
def test_names_that_look_like_options_stay_values(url):
    assert call(url).argv[-2:] == ("--user=-u x", "--database=-d 'x")


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "mysql+pymysql://u@h/d", "sqlite:////d"])
def test_the_users_parameters_come_last_so_that_they_win(url):
    assert call(url, "-c", "select 1").argv == (*call(url).argv, "-c", "select 1")


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite://", "sqlite:///file::memory:?uri=true", "sqlite:///file:x?mode=memory&uri=1"],
)  # fmt: skip
def test_no_client_can_open_a_database_in_memory(url):
    assert call(url) is None


def test_a_file_called_memory_is_a_file_without_uri():
    assert call("sqlite:////data/db?mode=memory").argv == ("sqlite3", "/data/db")


def test_mariadb_is_called_mysql_elsewhere():
    assert call("mysql+pymysql://u@h/d").other_programs == ("mysql",)


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "mysql+pymysql://u@h/d", "sqlite:////d"])
def test_each_client_can_be_installed_with_a_command(url):
    assert call(url).install.startswith("apt install ")


def test_an_unknown_database_has_no_client():
    assert Dialect(names=("oracle",), title="Oracle").shell_call(make_url("oracle://u@h/d"), ()) is None
